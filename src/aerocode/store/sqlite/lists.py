"""Block and allow lists: read at every start, so the process that owns the file has them in memory."""

import sqlite3
from collections.abc import Sequence

from aerocode.crypto import Pseudonyms
from aerocode.errors import EntityExists
from aerocode.errors import EntityNotFound
from aerocode.model.audit import By
from aerocode.model.lists import NO_LISTS
from aerocode.model.lists import Kind
from aerocode.model.lists import ListEntry
from aerocode.model.lists import Lists
from aerocode.phone import Phone
from aerocode.store import rows
from aerocode.store.sql import statements
from aerocode.store.sqlite.audit import write_down
from aerocode.store.sqlite.writer import Writer

SQL = statements("sqlite", "lists")


class SqliteLists:
    """Implements `ports.ListEntries`."""

    def __init__(self, writer: Writer, names: Pseudonyms) -> None:
        self._writer = writer
        self._names = names
        self._lists = NO_LISTS

    async def load(self) -> None:
        found = await self._writer.run(lambda database, _: database.execute(SQL["all"]).fetchall())
        self._lists = Lists(rows.entry_of(row) for row in found)

    async def lists(self) -> Lists:
        return self._lists

    async def entries(self) -> Sequence[ListEntry]:
        now = rows.to_time(self._writer.now())
        return [entry for entry in self._lists.entries if entry.stands(now)]

    async def add(self, entry: ListEntry, *, by: By) -> ListEntry:
        added = await self._writer.run(lambda database, now: self._add(database, now, entry, by))
        await self.load()
        return added

    async def remove(self, entry_id: str, *, by: By) -> None:
        await self._writer.run(lambda database, now: self._remove(database, now, entry_id, by))
        await self.load()

    def _add(self, database: sqlite3.Connection, now: int, entry: ListEntry, by: By) -> ListEntry:
        database.execute(SQL["drop_expired"], {"now": now})
        if not database.execute(SQL["add"], {**rows.from_entry(entry), "now": now}).rowcount:
            raise EntityExists("That is on a list already: remove it there first.")
        self._write_down(database, now, by, "list", entry)
        return rows.entry_of(database.execute(SQL["one"], {"id": entry.id}).fetchone())

    def _remove(self, database: sqlite3.Connection, now: int, entry_id: str, by: By) -> None:
        row = database.execute(SQL["one"], {"id": entry_id}).fetchone()
        if row is None:
            raise EntityNotFound
        database.execute(SQL["remove"], {"id": entry_id})
        self._write_down(database, now, by, "unlist", rows.entry_of(row))

    def _write_down(self, database: sqlite3.Connection, now: int, by: By, action: str, entry: ListEntry) -> None:
        # The beginning of phones may be a whole one, which is found by its pseudonym when it is erased.
        name = None if entry.kind is Kind.NETWORK else self._names.of(entry.value)
        value = Phone(entry.value).masked if entry.kind is Kind.PHONE else entry.value
        write_down(database, now, by, action, f"{entry.verdict} {entry.kind} {value}", name)
