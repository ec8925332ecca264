"""Test numbers: a few, their codes encrypted; read at every start, so they are kept open in memory."""

import sqlite3
from collections.abc import Mapping
from collections.abc import Sequence

from aerocode.crypto import Keyring
from aerocode.crypto import Pseudonyms
from aerocode.crypto import Secret
from aerocode.errors import EntityExists
from aerocode.errors import EntityInvalid
from aerocode.errors import EntityNotFound
from aerocode.model.audit import By
from aerocode.model.lists import MOST_TEST_NUMBERS
from aerocode.model.lists import TestNumber
from aerocode.phone import Phone
from aerocode.store import rows
from aerocode.store.sql import statements
from aerocode.store.sqlite.audit import write_down
from aerocode.store.sqlite.writer import Writer

SQL = statements("sqlite", "test_numbers")


class SqliteTestNumbers:
    """Implements `ports.TestNumbers`."""

    def __init__(self, writer: Writer, keyring: Keyring, names: Pseudonyms) -> None:
        self._writer = writer
        self._keyring = keyring
        self._names = names
        self._numbers: Mapping[Phone, TestNumber] = {}

    async def load(self) -> None:
        """Raises CannotDecrypt when a code was closed with a key that is gone."""
        found = await self._writer.run(lambda database, _: database.execute(SQL["all"]).fetchall())
        self._numbers = {number.phone: number for number in map(self._opened, found)}

    async def number(self, phone: Phone) -> TestNumber | None:
        return self._numbers.get(phone)

    async def numbers(self) -> Sequence[TestNumber]:
        now = rows.to_time(self._writer.now())
        return [number for number in self._numbers.values() if number.stands(now)]

    async def add(self, number: TestNumber, *, by: By) -> None:
        await self._writer.run(lambda database, now: self._add(database, now, number, by))
        await self.load()

    async def remove(self, phone: Phone, *, by: By) -> None:
        await self._writer.run(lambda database, now: self._remove(database, now, phone, by))
        await self.load()

    async def rotate(self) -> int:
        """Close every code again with the primary key; how many were closed with an older one."""
        return await self._writer.run(lambda database, _: self._rotate(database))

    def _add(self, database: sqlite3.Connection, now: int, number: TestNumber, by: By) -> None:
        database.execute(SQL["drop_expired"], {"now": now})
        new = {
            "phone": number.phone.e164,
            "cipher": self._closed(number.phone.e164, number.code.reveal()),
            "expires_at": None if number.expires_at is None else rows.from_time(number.expires_at),
        }
        if not database.execute(SQL["add"], {**new, "now": now}).rowcount:
            raise EntityExists("That is a test number already: remove it first.")
        # Counted with the new one, and in its transaction: of two at once only one may be the last.
        if database.execute(SQL["count"]).fetchone()["kept"] > MOST_TEST_NUMBERS:
            raise EntityInvalid(f"There are {MOST_TEST_NUMBERS} test numbers already: remove one first.")
        write_down(database, now, by, "test_number", number.phone.masked, self._names.of(number.phone.e164))

    def _remove(self, database: sqlite3.Connection, now: int, phone: Phone, by: By) -> None:
        if not database.execute(SQL["remove"], {"phone": phone.e164}).rowcount:
            raise EntityNotFound
        write_down(database, now, by, "test_number_removed", phone.masked, self._names.of(phone.e164))

    def _rotate(self, database: sqlite3.Connection) -> int:
        stale = [row for row in database.execute(SQL["all"]) if not self._keyring.is_current(row["cipher"])]
        for row in stale:
            code = self._keyring.decrypt(row["cipher"], row=_bound(row["phone"])).decode()
            database.execute(SQL["change"], {"phone": row["phone"], "cipher": self._closed(row["phone"], code)})
        return len(stale)

    def _closed(self, phone: str, code: str) -> bytes:
        return self._keyring.encrypt(code.encode(), row=_bound(phone))

    def _opened(self, row: sqlite3.Row) -> TestNumber:
        return TestNumber(
            phone=Phone(row["phone"]),
            code=Secret(self._keyring.decrypt(row["cipher"], row=_bound(row["phone"])).decode()),
            created_at=rows.to_time(row["created_at"]),
            expires_at=rows.to_optional_time(row["expires_at"]),
        )


def _bound(phone: str) -> str:
    return f"test number {phone}"
