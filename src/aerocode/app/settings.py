"""Facts of the installation, from `AEROCODE_*` and `aerocode.toml`. The only module that reads the environment.

Whatever is unknown, unsafe or unreadable keeps Aerocode from starting, in one sentence that names the setting.
"""

import os
import tomllib
from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import fields
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from aerocode.app import values
from aerocode.app.seeds import Seeds
from aerocode.app.seeds import read_seeds
from aerocode.crypto import Secret
from aerocode.errors import CannotStart
from aerocode.model.policy import Mode
from aerocode.smsaero import GATES

PREFIX = "AEROCODE_"
FILE = "aerocode.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`gates` and `database` are None when nothing was said; `given` names what was."""

    host: str = "127.0.0.1"
    port: int = 8080
    workers: int = 1
    data_dir: Path = Path("aerocode-data")
    database_url: Path | None = None
    secret_key: Secret | None = None
    secret_keys_old: tuple[Secret, ...] = ()
    api_key: Secret | None = None
    connector_file: Path | None = None
    gates: tuple[str, ...] | None = None
    gate_timeout: float = 8.0
    default_region: str = "RU"
    allowed_countries: frozenset[str] | None = frozenset({"RU"})
    limits: Mode = Mode.ENFORCE
    daily_budget: Decimal | None = None
    retention: timedelta = timedelta(days=30)
    sandbox_port: int = 8081
    metrics_port: int | None = None
    log_format: str = "text"
    log_level: str = "info"
    seeds: Seeds = field(default_factory=Seeds)

    @property
    def database(self) -> Path:
        return self.database_url or self.data_dir / "aerocode.db"

    @property
    def gates_in_order(self) -> tuple[str, ...]:
        return self.gates or GATES


_READERS: Mapping[str, Callable[[str], Any]] = {
    "host": values.host,
    "port": values.port,
    "workers": values.workers,
    "data_dir": values.path,
    "database_url": values.database,
    "secret_key": values.secret_key,
    "secret_keys_old": values.secret_keys,
    "api_key": values.api_key,
    "connector_file": values.path,
    "gates": values.gates,
    "gate_timeout": values.seconds,
    "default_region": values.country,
    "allowed_countries": values.countries,
    "limits": values.mode,
    "daily_budget": values.roubles,
    "retention": values.days,
    "sandbox_port": values.port,
    "metrics_port": values.port,
    "log_format": values.one_of("text", "json"),
    "log_level": values.one_of("debug", "info", "warning", "error"),
}

#: May also come from a file named by `X_FILE`, so that they never stand in a process list or a container's settings.
SECRETS = frozenset({"secret_key", "secret_keys_old", "api_key"})


def load(environment: Mapping[str, str] = os.environ, file: Path = Path(FILE)) -> Settings:
    """Raises CannotStart."""
    table = _read_file(file)
    seeds = read_seeds(
        table.pop("policy", {}), table.pop("limits", {}) if isinstance(table.get("limits"), dict) else {}
    )
    written = {**_from_file(table, file), **_from_environment(environment)}
    said: dict[str, Any] = {}
    wrong: list[str] = []
    for name, (text, where) in written.items():
        try:
            said[name] = _READERS[name](text)
        except ValueError as cause:
            wrong.append(f"{where} {cause}")
    if wrong:
        raise CannotStart(f"{'; '.join(wrong)}.")
    return Settings(**said, seeds=seeds)


def described(settings: Settings) -> dict[str, str]:
    """Each setting as it stands, for `check-config`; a secret only says that it is there."""
    shown = {}
    for each in fields(settings):
        value = getattr(settings, each.name)
        if each.name != "seeds":
            shown[f"{PREFIX}{each.name.upper()}"] = _shown(value)
    return shown


def _shown(value: object) -> str:
    if value is None or value == ():
        return "(not set)"
    if isinstance(value, Secret | tuple) and "Secret" in repr(value):
        return "(set)"
    if isinstance(value, tuple | frozenset):
        return ",".join(sorted(value) if isinstance(value, frozenset) else value)
    if isinstance(value, timedelta):
        return f"{value.days} days"
    return str(value)


def _read_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as cause:
        raise CannotStart(f"{file} cannot be read: {cause}.") from cause


def _from_file(table: Mapping[str, Any], file: Path) -> dict[str, tuple[str, str]]:
    found = {}
    for key, value in table.items():
        name = key.lower().removeprefix(PREFIX.lower())
        found[_known(name, f"{key} in {file}")] = _text(value, f"{key} in {file}"), f"{key} in {file}"
    return _with_files(found)


def _from_environment(environment: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    found = {}
    for key, value in environment.items():
        # Orchestrators inject AEROCODE_SERVICE_HOST, AEROCODE_PORT=tcp://… for a service of our name.
        injected = key.startswith((f"{PREFIX}SERVICE_", f"{PREFIX}PORT_")) or value.startswith("tcp://")
        if key.startswith(PREFIX) and not injected:
            found[_known(key.removeprefix(PREFIX).lower(), key)] = value, key
    return _with_files(found)


def _known(name: str, where: str) -> str:
    if name in _READERS or (name.endswith("_file") and name.removesuffix("_file") in SECRETS):
        return name
    raise CannotStart(f"{where} is not a setting of Aerocode.")


def _with_files(found: dict[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    for name in SECRETS:
        if f"{name}_file" not in found:
            continue
        path, where = found.pop(f"{name}_file")
        if name in found:
            raise CannotStart(f"{where} and {found[name][1]} are both set; keep one.")
        try:
            found[name] = Path(path).read_text("utf-8").strip(), where
        except (OSError, ValueError) as cause:
            raise CannotStart(f"{where} cannot be read: {cause}.") from cause
    return found


def _text(value: object, where: str) -> str:
    if isinstance(value, bool | dict) or value is None:
        raise CannotStart(f"{where} must be a text, a number or a list.")
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)
