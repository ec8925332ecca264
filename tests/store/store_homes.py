"""Where the contract suites find the stores they are run against.

A second store is a second home: a class with the same methods, and its name in `HOMES`.
"""

import asyncio
import itertools
import re
import sqlite3
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest
from store_words import KEYRING

from aerocode.crypto import Keyring
from aerocode.store.postgres.store import PostgresStore
from aerocode.store.postgres.store import open_store as open_postgres
from aerocode.store.sqlite.store import SqliteStore
from aerocode.store.sqlite.store import open_store
from postgres_server import shared
from postgres_server import template


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

    async def columns(self, table: str) -> list[str]:
        return [name for _, name, *_ in await self.look(f"pragma table_info({table})")]

    def _look(self, question: str, values: tuple[object, ...]) -> list[tuple]:
        database = sqlite3.connect(self.path)
        try:
            return database.execute(question, values).fetchall()
        finally:
            database.close()


#: Databases that are ours and empty again: to make one takes longer than most tests do.
_SWEPT: list[str] = []
_SWEEP = """
    do $$ declare one text; begin
        set local session_replication_role = replica;
        for one in select tablename from pg_tables where schemaname = 'aerocode' and tablename <> 'migrations' loop
            execute format('delete from aerocode.%I', one);
        end loop;
    end $$
"""


class PostgresHome:
    """A database of its own on the server that all tests share."""

    def __init__(self, folder: Path) -> None:
        self.url = _SWEPT.pop() if _SWEPT else shared().empty(template())
        self._offset = timedelta(0)
        self._store: PostgresStore | None = None
        self._looker: asyncpg.Connection | None = None

    @property
    def store(self) -> PostgresStore:
        assert self._store is not None
        return self._store

    async def open(self, keyring: Keyring = KEYRING) -> PostgresStore:
        self._store = await open_postgres(self.url, keyring, self._offset)
        return self._store

    async def reopen(self, keyring: Keyring = KEYRING) -> PostgresStore:
        await self._leave()
        return await self.open(keyring)

    async def close(self) -> None:
        await self._leave()
        looker = self._looker or await asyncpg.connect(self.url)
        await looker.execute(_SWEEP)
        await looker.close()
        _SWEPT.append(self.url)

    def shift_clock(self, by: timedelta) -> None:
        self._offset += by
        self.store.shift_clock(by)

    async def look(self, question: str, *values: object) -> list[tuple]:
        """What another connection sees: only what is committed."""
        places = itertools.count(1)
        if self._looker is None:
            self._looker = await asyncpg.connect(self.url, server_settings={"search_path": "aerocode"})
        found = await self._looker.fetch(re.sub(r"\?", lambda _: f"${next(places)}", question), *values)
        return [tuple(row) for row in found]

    async def columns(self, table: str) -> list[str]:
        question = (
            "select column_name::text from information_schema.columns where table_name = ? order by ordinal_position"
        )
        return [name for (name,) in await self.look(question, table)]

    async def _leave(self) -> None:
        if self._store is not None:
            store, self._store = self._store, None
            await store.close()


HOMES = {"sqlite": SqliteHome, "postgres": PostgresHome}

#: For what only a file can do.
ON_A_FILE = pytest.mark.parametrize("home", ["sqlite"], indirect=True)
ON_A_SERVER = pytest.mark.parametrize("home", ["postgres"], indirect=True)
