"""What a database must do to be grown. SQLite is the one there is; another is one more file beside `sqlite.py`."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

Value = str | bytes | int | float | None

#: What grown rows are older than, so that no wait or hourly limit is still theirs, and what the oldest of them are.
#: Retention is 30 days: nothing of it is purged while it is measured.
YOUNGEST, OLDEST = timedelta(hours=2), timedelta(days=28)

#: Integers between these are microseconds since 1970, from 2001 to 2096.
_TIMES = range(10**15, 4 * 10**15)
#: Values of a primary key that are at least so long name this row alone: ids and pseudonyms.
_LONG = 16


@dataclass(frozen=True, slots=True)
class Row:
    """`key` names the columns of its primary key."""

    table: str
    values: Mapping[str, Value]
    key: Sequence[str]

    @property
    def name(self) -> tuple[str, tuple[Value, ...]]:
        return self.table, tuple(self.values[column] for column in self.key)


@dataclass(frozen=True, slots=True)
class Trace:
    """What one finished verification left behind, and the phone it was for, with its plus."""

    phone: str
    rows: Sequence[Row]

    def own(self) -> list[Value]:
        """Values that are nobody else's: each grown verification has others in their places."""
        values = {row.values[column]: None for row in self.rows for column in row.key}
        return [value for value in values if isinstance(value, str | bytes) and _is_own(value, self.phone)]


class Database(Protocol):
    def rows(self) -> list[Row]:
        """All there are, while a server has it open."""
        ...

    def grow(self, traces: Sequence[Trace], count: int, say: Callable[[str], None]) -> Mapping[str, int]:
        """Repeat the traces in turn until there are so many more, with no server about. How many rows came where.

        Raises Died when the database did not take them.
        """
        ...

    def size(self) -> int:
        """Bytes."""
        ...


def is_time(value: Value) -> bool:
    return isinstance(value, int) and value in _TIMES


def _is_own(value: str | bytes, phone: str) -> bool:
    return len(value) >= _LONG and value not in {phone, phone.removeprefix("+")}
