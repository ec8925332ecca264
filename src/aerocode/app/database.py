"""Where the store lives, seen from outside: is there anything, what is it about, of which age; and the way in."""

import asyncio
import importlib.util
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from typing import Protocol
from typing import TypeVar

from aerocode.app.settings import Settings
from aerocode.app.store import Store
from aerocode.crypto import Keyring
from aerocode.errors import CannotStart
from aerocode.store.sql import Migrated
from aerocode.store.sqlite.migrate import migrate as migrate_file
from aerocode.store.sqlite.open import marker_of as marker_of_file
from aerocode.store.sqlite.store import open_store as open_file

Result = TypeVar("Result")


class Database(Protocol):
    """Every method raises CannotStart. Those that are not async hold up whoever calls: they are for a start."""

    @property
    def name(self) -> str:
        """As it may be shown: without a password."""
        ...

    @property
    def lock(self) -> Path:
        """The file that is locked by whoever answers for the data folder."""
        ...

    def marker(self) -> str | None:
        """`sandbox` or `live`, as it was born; None where there is nothing yet."""
        ...

    def is_empty(self) -> bool: ...

    def migrate(self) -> Migrated: ...

    async def open(self, keyring: Keyring) -> Store: ...


def database_of(settings: Settings) -> Database:
    if settings.postgres is not None:
        return PostgresDatabase(settings.postgres, settings.data_dir)
    return SqliteDatabase(settings.database)


class SqliteDatabase:
    """One file, owned by one process."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.name = str(path)

    @property
    def lock(self) -> Path:
        # By its real name: two links to one file must not be two databases.
        path = self._path.resolve()
        return path.with_name(f"{path.name}.lock")

    def marker(self) -> str | None:
        return marker_of_file(self._path)

    def is_empty(self) -> bool:
        return not self._path.exists() or self._path.stat().st_size == 0

    def migrate(self) -> Migrated:
        return migrate_file(self._path)

    async def open(self, keyring: Keyring) -> Store:
        return await open_file(self._path, keyring)


class PostgresDatabase:
    """Shared by any number of replicas; the data folder is each machine's own."""

    def __init__(self, url: str, folder: Path) -> None:
        if importlib.util.find_spec("asyncpg") is None:
            raise CannotStart("PostgreSQL needs the extra named postgres: pip install 'aerocode[postgres]'.")
        from aerocode.store.postgres import schema  # noqa: PLC0415 - the driver is an extra

        self._url = url
        self._schema = schema
        self.name = schema.shown(url)
        self.lock = folder / "replica.lock"

    def marker(self) -> str | None:
        return _done(self._schema.marker_of(self._url))

    def is_empty(self) -> bool:
        return self.marker() is None

    def migrate(self) -> Migrated:
        return _done(self._schema.migrate(self._url))

    async def open(self, keyring: Keyring) -> Store:
        from aerocode.store.postgres.store import open_store  # noqa: PLC0415

        return await open_store(self._url, keyring)


def _done(what: Coroutine[Any, Any, Result]) -> Result:
    """On a loop of its own, as the caller's may be running or not made yet."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, what).result()
