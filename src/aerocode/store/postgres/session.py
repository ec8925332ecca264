"""One connection inside one transaction, spoken to by named statements with named values."""

import re
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import asyncpg

from aerocode.store import sql

_NAME = re.compile(r"(?<!:):([a-z]\w*)")

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Statement:
    """`text` with `$1`, `$2`, … for the names, in the order of their first use."""

    text: str
    names: tuple[str, ...]

    def arguments(self, values: Values) -> tuple[Any, ...]:
        return tuple(values[name] for name in self.names)


def statement(text: str) -> Statement:
    names = tuple(dict.fromkeys(_NAME.findall(text)))
    places = {name: f"${number}" for number, name in enumerate(names, 1)}
    return Statement(_NAME.sub(lambda found: places[found[1]], text), names)


@cache
def statements(subject: str) -> dict[str, Statement]:
    """Every statement of `sql/postgres/<subject>.sql` by its name."""
    return {name: statement(text) for name, text in sql.statements("postgres", subject).items()}


_CLOCK = statements("clock")


class Session:
    """Lives as long as its transaction. `now` moves with the store's offset, zero except in tests and the sandbox."""

    def __init__(self, connection: asyncpg.Connection, offset: int) -> None:
        self._connection = connection
        self.offset = offset

    async def all(self, asked: Statement, values: Values = {}) -> list[asyncpg.Record]:  # noqa: B006 - never changed
        return await self._connection.fetch(asked.text, *asked.arguments(values))

    async def one(self, asked: Statement, values: Values = {}) -> asyncpg.Record | None:  # noqa: B006
        return await self._connection.fetchrow(asked.text, *asked.arguments(values))

    async def do(self, asked: Statement, values: Values = {}) -> int:  # noqa: B006
        """How many rows it touched."""
        status = await self._connection.execute(asked.text, *asked.arguments(values))
        return _touched(status)

    async def each(self, asked: Statement, rows: Iterable[Values]) -> None:
        """The same statement for every one of them, in their order and in one round trip."""
        await self._connection.executemany(asked.text, [asked.arguments(values) for values in rows])

    async def script(self, text: str) -> None:
        await self._connection.execute(text)

    async def now(self) -> int:
        """Microseconds since 1970 on the store's clock, at this moment of the transaction."""
        row = await self._connection.fetchrow(_CLOCK["now"].text)
        return int(row["now"]) + self.offset if row is not None else self.offset


def whole(row: asyncpg.Record | None) -> dict[str, Any] | None:
    """A row that was loaded within another one."""
    return None if row is None else dict(row.items())


def _touched(status: str) -> int:
    last = status.rsplit(" ", 1)[-1]
    return int(last) if last.isdecimal() else 0
