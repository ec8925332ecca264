"""What stands in a database before the first request: its marker, policy, the default application, a connector."""

import asyncio
import hashlib
import logging
from datetime import timedelta
from pathlib import Path

from aerocode.app.datadir import DataDir
from aerocode.app.datadir import DataMode
from aerocode.app.demo import DEMO_CONFIG
from aerocode.app.settings import Settings
from aerocode.app.store import Store
from aerocode.connectors.check import check
from aerocode.connectors.kit import SMS_AERO
from aerocode.crypto import fingerprint
from aerocode.crypto import new_id
from aerocode.crypto import new_short_id
from aerocode.crypto import new_token
from aerocode.errors import CannotStart
from aerocode.errors import EntityExists
from aerocode.model.application import DEFAULT_APPLICATION
from aerocode.model.application import ApiKey
from aerocode.model.application import Application
from aerocode.model.application import Scope
from aerocode.model.audit import By
from aerocode.model.connector import SavedConnector

log = logging.getLogger(__name__)

_APPLIED = "connector_file"


async def mark(store: Store, data: DataDir, mode: DataMode) -> None:
    """The folder's marker and the database's must agree: a live database in a sandbox would never send."""
    marked = await store.settings.seed("mode", mode)
    if marked != mode:
        raise CannotStart(f"The database was born {marked}, but {data.path} is {mode}.")
    data.mark(mode)


async def seed(store: Store, settings: Settings, mode: DataMode) -> None:
    await store.settings.seed_policy(settings.seeds.policy, settings.seeds.limits)
    await default_application(store)
    policy = await store.settings.policy()
    if settings.connector_file is not None:
        await _apply(store, settings.connector_file, policy.lifetime)
    elif mode is DataMode.SANDBOX and await store.connectors.live() is None:
        await _save(store, dict(DEMO_CONFIG), By(actor="settings", reason="sandbox"))


async def default_application(store: Store) -> Application:
    found = await store.applications.application(DEFAULT_APPLICATION)
    if found is not None:
        return found
    try:
        return await store.applications.add_application(DEFAULT_APPLICATION, "Aerocode")
    except EntityExists:  # another replica begins at the same moment
        found = await store.applications.application(DEFAULT_APPLICATION)
        if found is None:
            raise
        return found


async def first_key(store: Store) -> str | None:
    """A full key of the default application when there is none yet; its text exists only in the answer."""
    if await store.applications.keys(DEFAULT_APPLICATION):
        return None
    token = new_token()
    key = ApiKey(
        id=new_id(),
        application=DEFAULT_APPLICATION,
        name="first run",
        scopes=frozenset({Scope.ALL}),
        created_at=await store.now(),
    )
    await store.applications.add_key(key, fingerprint(token))
    return token


async def _apply(store: Store, file: Path, life: timedelta) -> None:
    """Apply the operator's file when it changed since it was last applied; what was saved later stands until then."""
    raw = await asyncio.get_running_loop().run_in_executor(None, _read, file)
    digest = hashlib.sha256(raw).hexdigest()
    if await store.settings.fact(_APPLIED) == digest:
        return
    checked = check(raw, life=life)
    if checked.config is None:
        first = checked.faults[0]
        more = f" (and {len(checked.faults) - 1} more)" if len(checked.faults) > 1 else ""
        place = f"{file}:{first.line}:{first.column}"
        raise CannotStart(f"AEROCODE_CONNECTOR_FILE {place}: {first.fault.message.rstrip('.')}{more}.")
    await _save(store, SMS_AERO.clean(checked.config), By(actor="settings", reason="AEROCODE_CONNECTOR_FILE"))
    await store.settings.put(_APPLIED, digest)
    log.info("the connector file %s was applied", file)


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as cause:
        raise CannotStart(f"AEROCODE_CONNECTOR_FILE {file} cannot be read: {cause.strerror}.") from cause


async def _save(store: Store, config: dict[str, object], by: By) -> None:
    now = await store.now()
    new = SavedConnector(id=new_short_id(), factory=SMS_AERO.id, config=config, created_at=now)
    await store.connectors.replace(new, by=by)
