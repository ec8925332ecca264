"""The data folder: made private, born `sandbox` or `live` and so for ever, with the secret key where none is given."""

import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from aerocode.app.database import database_of
from aerocode.app.settings import Settings
from aerocode.crypto import Keyring
from aerocode.crypto import new_token
from aerocode.errors import CannotStart
from aerocode.store.sqlite.open import Lock

_MARKER = "mode"
_KEYS = "secret.key"
_CONTROL = "control.json"


class DataMode(StrEnum):
    """What the folder's data are about: nothing that leaves the machine, or real SMS."""

    SANDBOX = "sandbox"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Control:
    """How a command reaches the server that owns the folder: only a reader of this 0600 file can."""

    address: str
    token: str
    pid: int
    sandbox: bool


class DataDir:
    def __init__(self, settings: Settings) -> None:
        self.path = settings.data_dir
        self._settings = settings
        self.database = database_of(settings)

    def make(self) -> None:
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not os.access(self.path, os.W_OK | os.X_OK):
                raise CannotStart(f"{self.path} cannot be written.")
        except OSError as cause:
            raise CannotStart(f"The data folder {self.path} cannot be made: {cause}.") from cause

    @contextmanager
    def lock(self) -> Generator[None]:
        """Own the database for as long as this lasts. Raises InUse when another process does, even one about to die."""
        try:
            self.database.lock.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            lock = Lock(self.database.lock)
        except OSError as cause:
            raise CannotStart(f"The database {self.database.name} cannot be locked: {cause.strerror}.") from cause
        try:
            # Left by an owner that was killed; its address may be anybody's by now, and the token is not for them.
            self.remove_control()
            yield
        finally:
            lock.release()

    def mode(self, asked: DataMode | None) -> DataMode:
        """The marker wins; without one a flag or a set AEROCODE_GATES decides. Raises CannotStart."""
        marked = self._marked() or self._born()
        if marked is not None:
            if asked is not None and asked is not marked:
                raise CannotStart(f"{self.path} was born {marked} and cannot be used with --{asked}.")
            return marked
        if asked is None and self._settings.gates is not None:
            asked = DataMode.LIVE
        if asked is None:
            raise CannotStart(f"{self.path} is new: say --sandbox (nothing leaves this machine) or --live (real SMS).")
        return asked

    def mark(self, mode: DataMode) -> None:
        if self._marked() is None:
            self._write(_MARKER, f"{mode}\n")

    def _expect_database(self) -> None:
        """A folder that was born has a database: an empty one in its place would forget everything. CannotStart."""
        if self._marked() is not None and self.database.is_empty():
            raise CannotStart(f"The database {self.database.name} of {self.path} is missing or empty.")

    def keyring(self) -> Keyring:
        """From the settings, else from the folder's own file, made at the first start. Raises CannotStart."""
        self._expect_database()
        if self._settings.secret_key is not None:
            keys = [self._settings.secret_key.reveal()]
        else:
            keys = self._read(_KEYS).split()
            if not keys:
                if self._settings.database.exists():
                    raise CannotStart(f"The secret key {self.path / _KEYS} of {self._settings.database} is missing.")
                keys = [new_token()]
                self._write(_KEYS, f"{keys[0]}\n")
        keys += [key.reveal() for key in self._settings.secret_keys_old]
        return Keyring(keys[0].encode(), [key.encode() for key in keys[1:]])

    def new_key(self) -> bytes | None:
        """A fresh primary key, written down before it is used; None when the operator's settings hold the key."""
        if self._settings.secret_key is not None:
            return None
        key = new_token()
        self._write(_KEYS, "\n".join([key, *self._read(_KEYS).split()]) + "\n")
        return key.encode()

    def leave_control(self, control: Control) -> None:
        self._write(_CONTROL, json.dumps({name: getattr(control, name) for name in Control.__slots__}))

    def remove_control(self) -> None:
        (self.path / _CONTROL).unlink(missing_ok=True)

    def control(self) -> Control:
        """Raises CannotStart when whoever holds the lock left none: it is starting, or it is a command like us."""
        try:
            found = Control(**json.loads(self._read(_CONTROL)))
            whole = found.address.startswith("http://") and isinstance(found.token, str)
        except (ValueError, TypeError, AttributeError):
            whole = False
        if not whole:
            raise CannotStart(f"Another Aerocode is using {self.path} and cannot be asked; try again.")
        return found

    def _born(self) -> DataMode | None:
        """What the database itself says: a restored one knows what it is about."""
        told = self.database.marker()
        return next((mode for mode in DataMode if mode == told), None)

    def _keep_names(self) -> None:
        """The folder itself to the disk: until then a power cut may undo the renaming."""
        folder = os.open(self.path, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def _marked(self) -> DataMode | None:
        text = self._read(_MARKER).strip()
        try:
            return DataMode(text) if text else None
        except ValueError as cause:
            raise CannotStart(f"{self.path / _MARKER} says {text!r}, neither sandbox nor live.") from cause

    def _read(self, name: str) -> str:
        try:
            return (self.path / name).read_text("utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as cause:
            raise CannotStart(f"{self.path / name} cannot be read: {cause}.") from cause

    def _write(self, name: str, text: str) -> None:
        """Whole or not at all, and on the disk before anything is built on it."""
        target, draft = self.path / name, self.path / f".{name}.new"
        try:
            # A full disk may take a part of it without complaint; a file object writes on until all is there or raises.
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                file.write(text.encode())
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
            self._keep_names()
        except OSError as cause:
            draft.unlink(missing_ok=True)
            raise CannotStart(f"{target} cannot be written: {cause.strerror}.") from cause
