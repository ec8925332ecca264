"""Unlocks: the one decision about budgets that a person makes."""

import sqlite3

from aerocode.crypto import Pseudonyms
from aerocode.crypto import new_id
from aerocode.phone import Phone
from aerocode.store.sql import statements
from aerocode.store.sqlite.writer import Writer

SQL = statements("sqlite", "budgets")


class SqliteBudgets:
    """Implements `ports.Budgets`."""

    def __init__(self, writer: Writer, names: Pseudonyms) -> None:
        self._writer = writer
        self._names = names

    async def unlock(self, phone: Phone, *, application: str | None, actor: str, reason: str) -> int:
        words = {"actor": actor, "reason": reason}
        return await self._writer.run(lambda database, now: self._unlock(database, now, phone, application, words))

    def _unlock(
        self, database: sqlite3.Connection, now: int, phone: Phone, application: str | None, words: dict[str, str]
    ) -> int:
        name = self._names.of(phone.e164)
        freed = database.execute(SQL["free"], {"name": name, "application": application}).rowcount
        entry = {"id": new_id(), "at": now, "action": "unlock", "subject": f"{application or '*'} {phone.masked}"}
        database.execute(SQL["write_down"], {**entry, **words, "name": name})
        return freed
