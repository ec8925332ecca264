"""Test numbers: a few, their codes encrypted; read at every start, so every replica keeps them open in memory."""

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
from aerocode.store.postgres.audit import write_down
from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import statements
from aerocode.store.postgres.watch import Watch
from aerocode.store.rows import Row

SQL = statements("test_numbers")


class PostgresTestNumbers:
    """Implements `ports.TestNumbers`."""

    def __init__(self, watch: Watch, keyring: Keyring, names: Pseudonyms) -> None:
        self._watch = watch
        self._keyring = keyring
        self._names = names
        self._numbers: Mapping[Phone, TestNumber] = {}
        watch.remember(self._load)

    async def load(self) -> None:
        await self._watch.look()

    async def number(self, phone: Phone) -> TestNumber | None:
        return self._numbers.get(phone)

    async def numbers(self) -> Sequence[TestNumber]:
        now = rows.to_time(self._watch.now())
        return [number for number in self._numbers.values() if number.stands(now)]

    async def add(self, number: TestNumber, *, by: By) -> None:
        new = {
            "phone": number.phone.e164,
            "cipher": self._closed(number.phone.e164, number.code.reveal()),
            "expires_at": rows.from_optional_time(number.expires_at),
        }
        async with self._watch.change() as session:
            now = await session.now()
            await session.do(SQL["drop_expired"], {"now": now})
            if not await session.do(SQL["add"], {**new, "now": now}):
                raise EntityExists("That is a test number already: remove it first.")
            # One change happens at a time, on whichever replica: of two at once only one may be the last.
            row = await session.one(SQL["count"])
            if row is not None and row["kept"] > MOST_TEST_NUMBERS:
                raise EntityInvalid(f"There are {MOST_TEST_NUMBERS} test numbers already: remove one first.")
            await self._write_down(session, by, "test_number", number.phone)

    async def remove(self, phone: Phone, *, by: By) -> None:
        async with self._watch.change() as session:
            if not await session.do(SQL["remove"], {"phone": phone.e164}):
                raise EntityNotFound
            await self._write_down(session, by, "test_number_removed", phone)

    async def rotate(self) -> int:
        """Close every code again with the primary key; how many were closed with an older one."""
        async with self._watch.change() as session:
            stale = [row for row in await session.all(SQL["all"]) if not self._keyring.is_current(row["cipher"])]
            for row in stale:
                code = self._keyring.decrypt(row["cipher"], row=_bound(row["phone"])).decode()
                await session.do(SQL["change"], {"phone": row["phone"], "cipher": self._closed(row["phone"], code)})
        return len(stale)

    async def _load(self, session: Session) -> None:
        """Raises CannotDecrypt when a code was closed with a key that is not at hand."""
        found = await session.all(SQL["all"])
        self._numbers = {number.phone: number for number in map(self._opened, found)}

    async def _write_down(self, session: Session, by: By, action: str, phone: Phone) -> None:
        await write_down(session, by, action, phone.masked, self._names.of(phone.e164))

    def _closed(self, phone: str, code: str) -> bytes:
        return self._keyring.encrypt(code.encode(), row=_bound(phone))

    def _opened(self, row: Row) -> TestNumber:
        return TestNumber(
            phone=Phone(row["phone"]),
            code=Secret(self._keyring.decrypt(row["cipher"], row=_bound(row["phone"])).decode()),
            created_at=rows.to_time(row["created_at"]),
            expires_at=rows.to_optional_time(row["expires_at"]),
        )


def _bound(phone: str) -> str:
    return f"test number {phone}"
