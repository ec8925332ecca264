"""Block and allow lists: read at every start, so every replica has them in memory."""

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
from aerocode.store.postgres.audit import write_down
from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import statements
from aerocode.store.postgres.watch import Watch

SQL = statements("lists")


class PostgresLists:
    """Implements `ports.ListEntries`."""

    def __init__(self, watch: Watch, names: Pseudonyms) -> None:
        self._watch = watch
        self._names = names
        self._lists = NO_LISTS
        watch.remember(self._load)

    async def load(self) -> None:
        await self._watch.look()

    async def lists(self) -> Lists:
        return self._lists

    async def entries(self) -> Sequence[ListEntry]:
        now = rows.to_time(self._watch.now())
        return [entry for entry in self._lists.entries if entry.stands(now)]

    async def add(self, entry: ListEntry, *, by: By) -> ListEntry:
        async with self._watch.change() as session:
            now = await session.now()
            await session.do(SQL["drop_expired"], {"now": now})
            if not await session.do(SQL["add"], {**rows.from_entry(entry), "now": now}):
                raise EntityExists("That is on a list already: remove it there first.")
            await self._write_down(session, by, "list", entry)
            row = await session.one(SQL["one"], {"id": entry.id})
            return entry if row is None else rows.entry_of(row)

    async def remove(self, entry_id: str, *, by: By) -> None:
        async with self._watch.change() as session:
            row = await session.one(SQL["one"], {"id": entry_id})
            if row is None:
                raise EntityNotFound
            await session.do(SQL["remove"], {"id": entry_id})
            await self._write_down(session, by, "unlist", rows.entry_of(row))

    async def _load(self, session: Session) -> None:
        self._lists = Lists([rows.entry_of(row) for row in await session.all(SQL["all"])])

    async def _write_down(self, session: Session, by: By, action: str, entry: ListEntry) -> None:
        # The beginning of phones may be a whole one, which is found by its pseudonym when it is erased.
        name = None if entry.kind is Kind.NETWORK else self._names.of(entry.value)
        value = Phone(entry.value).masked if entry.kind is Kind.PHONE else entry.value
        await write_down(session, by, action, f"{entry.verdict} {entry.kind} {value}", name)
