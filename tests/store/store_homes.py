"""Where the contract suites find the stores they are run against.

A second store is a second home: a class with the same methods, and its name in `HOMES`.
"""

import asyncio
import sqlite3
from datetime import timedelta
from pathlib import Path

from store_words import KEYRING

from aerocode.crypto import Keyring
from aerocode.store.sqlite.store import SqliteStore
from aerocode.store.sqlite.store import open_store


class SqliteHome:
    """Where one store lives: opened, closed, reopened, and looked at from outside."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "aerocode.db"
        self._offset = timedelta(0)
        self._store: SqliteStore | None = None

    @property
    def store(self) -> SqliteStore:
        assert self._store is not None
        return self._store

    async def open(self, keyring: Keyring = KEYRING) -> SqliteStore:
        self._store = await open_store(self.path, keyring, self._offset)
        return self._store

    async def reopen(self, keyring: Keyring = KEYRING) -> SqliteStore:
        await self.close()
        return await self.open(keyring)

    async def close(self) -> None:
        if self._store is not None:
            store, self._store = self._store, None
            await store.close()

    def shift_clock(self, by: timedelta) -> None:
        self._offset += by
        self.store.shift_clock(by)

    async def look(self, question: str, *values: object) -> list[tuple]:
        """What another connection sees: only what is committed."""
        return await asyncio.to_thread(self._look, question, values)

    def _look(self, question: str, values: tuple[object, ...]) -> list[tuple]:
        database = sqlite3.connect(self.path)
        try:
            return database.execute(question, values).fetchall()
        finally:
            database.close()


HOMES = {"sqlite": SqliteHome}
