"""Aerocode's SQLite file, grown by SQL that is written from the rows a trace holds."""

import base64
import hashlib
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from benchmarks.child import Died
from benchmarks.growth.database import OLDEST
from benchmarks.growth.database import YOUNGEST
from benchmarks.growth.database import Row
from benchmarks.growth.database import Trace
from benchmarks.growth.database import is_time
from benchmarks.phones import RANGE
from benchmarks.phones import STRIDE

_MAGIC = b"SQLite format 3\x00"
_CHUNK = 250_000
#: Length of an id that begins with 48 bits of milliseconds, in the alphabet of base32hex.
_ID = 26

#: Nobody else has the file open, and a run that was cut short begins anew.
_FAST = ("journal_mode = delete", "journal_mode = off", "synchronous = off", "cache_size = -500000")


class SqliteFile:
    """Implements `database.Database`. Found in a data directory whose server has made it."""

    def __init__(self, folder: Path) -> None:
        found = [path for path in folder.iterdir() if path.is_file() and _begins(path) == _MAGIC]
        if len(found) != 1:
            raise Died(f"{folder} holds {len(found)} databases.")
        self._path = found[0]

    def size(self) -> int:
        return self._path.stat().st_size

    def rows(self) -> list[Row]:
        with closing(sqlite3.connect(f"file:{self._path}?mode=ro", uri=True)) as database:
            database.row_factory = sqlite3.Row
            return [row for table in _tables(database) for row in _rows(database, table)]

    def grow(self, traces: Sequence[Trace], count: int, say: Callable[[str], None]) -> Mapping[str, int]:
        with closing(sqlite3.connect(self._path, isolation_level=None)) as database:
            for pragma in _FAST:
                database.execute(f"pragma {pragma}").fetchall()
            # Sorting once is faster than finding the place of each entry in an index that no cache holds.
            indexes = database.execute(
                "select name, sql from sqlite_master where type = 'index' and sql > ''"
            ).fetchall()
            for name, _ in indexes:
                database.execute(f"drop index {name}")
            came = _Growing(database, count).all(traces, say)
            for name, sql in indexes:
                say(f"index {name}")
                database.execute(sql)
        return came


class _Growing:
    """Copies are numbered from 0, the oldest."""

    def __init__(self, database: sqlite3.Connection, count: int) -> None:
        self._database = database
        self._count = count
        self._young = _microseconds(YOUNGEST)
        self._step = (_microseconds(OLDEST) - self._young) // count
        self._now = time.time_ns() // 1000
        database.create_function("own", 3, self._own, deterministic=True)

    def all(self, traces: Sequence[Trace], say: Callable[[str], None]) -> Mapping[str, int]:
        came: Counter[str] = Counter()
        for first in range(0, self._count, _CHUNK):
            last = min(first + _CHUNK, self._count)
            self._database.execute("begin")
            for turn, trace in enumerate(traces):
                numbers = range(first + (turn - first) % len(traces), last, len(traces))
                for row in trace.rows if numbers else ():
                    came[row.table] += self._copy(row, trace, numbers)
            self._database.execute("commit")
            say(f"{last:,} of {self._count:,}")
        return came

    def _copy(self, row: Row, trace: Trace, numbers: range) -> int:
        """The same row for each number. One whose key is not the verification's own is there already, and stays."""
        changing = {name: self._changing(name, row, trace) for name in row.values}
        done = self._database.execute(
            f"""
            insert into {row.table} ({", ".join(row.values)})
            with recursive numbers (i) as (
                values (:first) union all select i + :every from numbers where i + :every < :stop
            )
            select {", ".join(changing[name] or f":is_{name}" for name in row.values)} from numbers where true
            on conflict do nothing
            """,
            {
                "first": numbers.start,
                "every": numbers.step,
                "stop": numbers.stop,
                **{f"is_{name}": value for name, value in row.values.items()},
            },
        ).rowcount
        if done != len(numbers) and any(changing[name] for name in row.key):
            raise Died(f"Of {len(numbers)} rows {row.table} took {done}.")
        return done

    def _changing(self, name: str, row: Row, trace: Trace) -> str:
        """What stands in that column of copy i; empty when it is the same in all."""
        value = row.values[name]
        phone = f"791%08d', i * {STRIDE} % {RANGE})"
        own = trace.own()
        if value == trace.phone:
            return f"printf('+{phone}"
        if value == trace.phone.removeprefix("+"):
            return f"printf('{phone}"
        if value in own:
            return f"own({own.index(value)}, i, :is_{name})"
        if is_time(value):
            return f":is_{name} - {self._young} - ({self._count} - i) * {self._step}"
        # A key the database counts by itself.
        return "null" if list(row.key) == [name] and isinstance(value, int) else ""

    def _own(self, slot: int, number: int, like: str | bytes) -> str | bytes:
        """The value that copy has in place of its trace's: the same wherever that one stood, and alike in form."""
        noise = hashlib.shake_128(b"%d %d" % (slot, number)).digest(len(like))
        if isinstance(like, bytes):
            return noise
        if len(like) != _ID:
            return noise.hex()[: len(like)]
        made = (self._now - self._young - (self._count - number) * self._step) // 1000
        return base64.b32hexencode(made.to_bytes(6, "big") + noise[:10]).decode().rstrip("=").lower()


def _begins(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(len(_MAGIC))


def _microseconds(span: timedelta) -> int:
    return span // timedelta(microseconds=1)


def _tables(database: sqlite3.Connection) -> list[str]:
    found = database.execute("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    return [name for (name,) in found]


def _rows(database: sqlite3.Connection, table: str) -> list[Row]:
    columns = database.execute(f"pragma table_info({table})").fetchall()
    key = [column["name"] for column in sorted(columns, key=lambda one: one["pk"]) if column["pk"]]
    return [Row(table, dict(row), key) for row in database.execute(f"select * from {table}")]
