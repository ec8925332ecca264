"""The whole store on one SQLite file: opened here, closed here."""

import asyncio
from datetime import datetime
from datetime import timedelta
from pathlib import Path

from aerocode.crypto import Keyring
from aerocode.crypto import Pseudonyms
from aerocode.crypto import new_master_key
from aerocode.store import rows
from aerocode.store.sqlite.applications import SqliteApplications
from aerocode.store.sqlite.budgets import SqliteBudgets
from aerocode.store.sqlite.chores import SqliteChores
from aerocode.store.sqlite.connectors import SqliteConnectors
from aerocode.store.sqlite.facts import SqliteFacts
from aerocode.store.sqlite.lists import SqliteLists
from aerocode.store.sqlite.messages import SqliteMessages
from aerocode.store.sqlite.open import open_for_writing
from aerocode.store.sqlite.reading import SqliteReader
from aerocode.store.sqlite.test_numbers import SqliteTestNumbers
from aerocode.store.sqlite.verifications import SqliteVerifications
from aerocode.store.sqlite.writer import Writer

#: Anybody may ask whether we are ready; the disk is not theirs to keep busy.
_READY_FOR = timedelta(seconds=1)


class SqliteStore:
    """Each attribute is one port's worth of it. Made by `open_store`, on the event loop that will use it."""

    def __init__(self, path: Path, keyring: Keyring, writer: Writer, names: Pseudonyms) -> None:
        self._writer = writer
        self._keyring = keyring
        self._written_at: datetime | None = None
        self.budgets = SqliteBudgets(writer, names)
        self.verifications = SqliteVerifications(writer, names)
        self.messages = SqliteMessages(writer)
        self.reader = SqliteReader(path)
        self.applications = SqliteApplications(writer)
        self.connectors = SqliteConnectors(writer, keyring)
        self.settings = SqliteFacts(writer)
        self.lists = SqliteLists(writer, names)
        self.test_numbers = SqliteTestNumbers(writer, keyring, names)
        self.chores = SqliteChores(writer, keyring, names, path)

    async def now(self) -> datetime:
        return rows.to_time(self._writer.now())

    async def ready(self) -> None:
        """Raises StoreUnavailable when nothing can be written; asked of the disk once a second at most."""
        now = await self.now()
        if self._written_at is None or now - self._written_at >= _READY_FOR:
            await self.settings.put("ready", now.isoformat())
            self._written_at = now

    async def rotate_names(self) -> None:
        """Close the key of the pseudonyms with the primary key; from then on the new one alone must do."""
        stored = await self.settings.fact(_NAMES) or ""
        key = self._keyring.decrypt(bytes.fromhex(stored), row=_NAMES)
        await self.settings.put(_NAMES, self._keyring.encrypt(key, row=_NAMES).hex())

    def shift_clock(self, by: timedelta) -> None:
        """Move the store's clock; for tests and the sandbox's virtual clock alone."""
        self._writer.offset += by

    async def close(self) -> None:
        await self.applications.close()
        await self.reader.close()
        await self._writer.close()


_NAMES = "pseudonym_key"


async def names_of(facts: SqliteFacts, keyring: Keyring) -> Pseudonyms:
    """The installation's pseudonyms, whose key is made once. CannotDecrypt for another secret key than its own."""
    stored = await facts.seed(_NAMES, keyring.encrypt(new_master_key(), row=_NAMES).hex())
    return Pseudonyms(keyring.decrypt(bytes.fromhex(stored), row=_NAMES))


async def open_store(path: Path, keyring: Keyring, offset: timedelta = timedelta(0)) -> SqliteStore:
    """Open or make the database. The caller holds the `Lock`.

    Messages that were handed over by a process that died before it could mark them become `unknown` here.
    Raises CannotStart, or CannotDecrypt when the secret key is not the one the database was written with.
    """
    database = await asyncio.get_running_loop().run_in_executor(None, open_for_writing, path)
    writer = Writer(database, offset)
    try:
        names = await names_of(SqliteFacts(writer), keyring)
    except BaseException:
        await writer.close()
        raise
    store = SqliteStore(path, keyring, writer, names)
    try:
        await store.settings.load()
        await store.applications.load()
        await store.connectors.load()
        await store.lists.load()
        await store.test_numbers.load()
        while await store.messages.give_up_unmarked(timedelta(0)):
            pass
    except BaseException:
        await store.close()
        raise
    return store
