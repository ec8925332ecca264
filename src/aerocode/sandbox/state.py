"""What the methods share: the clock, the phones' inbox, the faults that were set, the money, and counts for tests."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from collections.abc import Collection
from typing import Generic
from typing import TypeVar

from aerocode.sandbox.callbacks import Callbacks
from aerocode.sandbox.clock import Clock
from aerocode.sandbox.faults import Fate
from aerocode.sandbox.faults import Script
from aerocode.sandbox.inbox import KEPT
from aerocode.sandbox.inbox import Inbox
from aerocode.sandbox.life import Course
from aerocode.sandbox.life import Life
from aerocode.sandbox.replies import NO_MONEY
from aerocode.sandbox.replies import Refused
from aerocode.sandbox.replies import wrong

BALANCE = 1_000_000.0  # roubles, made up
LATE_AFTER = 120.0  # seconds
_Row = TypeVar("_Row")


class State:
    def __init__(
        self, *, deliver_after: float, slow_after: float, callback_ports: Collection[int] | None = None
    ) -> None:
        self.deliver_after = deliver_after
        self.slow_after = slow_after
        self.clock = Clock()
        self.inbox = Inbox()
        self.script = Script()
        self.callbacks = Callbacks(self.clock, ports=callback_ports)
        self.drift = False
        self.balance = BALANCE
        self.accepted = 0
        """SMS taken by `sms/send` since the start, each number counted."""
        self.calls: Counter[str] = Counter()
        """Requests by path under /v2, refused ones too; those to no method of the gate as `unknown`."""
        self.followed = 0
        """Requests that came to the target of the `redirect` fault; an honest client makes none."""
        self.stopping = asyncio.Event()
        # Ids go on from the start time, so that a restarted sandbox never answers about an SMS of its former life.
        self._last_id = int(time.time())

    def now(self) -> float:
        """Unix seconds on the sandbox's clock."""
        return self.clock.now()

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def course(self, life: Life, fate: Fate, *, begins: float | None = None) -> Course:
        """A life that begins now, or at `begins`, and lasts as long as such a fate does."""
        begins = self.now() if begins is None else begins
        return Course(begins=begins, lasts=LATE_AFTER if fate is Fate.LATE else self.deliver_after, life=life)

    def charge(self, roubles: float) -> None:
        """Raises Refused when that is more than there is; then nothing is taken."""
        if roubles > self.balance:
            raise Refused(NO_MONEY)
        self.balance = round(self.balance - roubles, 2)


class Rows(Generic[_Row]):
    """What one family of methods remembers, by id; the oldest are forgotten."""

    def __init__(self, next_id: Callable[[], int]) -> None:
        self._next_id = next_id
        self._rows: dict[int, _Row] = {}

    def add(self, row: _Row, row_id: int | None = None) -> int:
        """Its id: the one given, or a new one."""
        row_id = self._next_id() if row_id is None else row_id
        self._rows[row_id] = row
        if len(self._rows) > KEPT:
            del self._rows[next(iter(self._rows))]
        return row_id

    def get(self, row_id: int, name: str = "id") -> _Row:
        """Raises Refused, naming the field that held the id."""
        if row_id not in self._rows:
            raise wrong(name)
        return self._rows[row_id]

    def delete(self, row_id: int) -> None:
        """Raises Refused."""
        self.get(row_id)
        del self._rows[row_id]

    def clear(self) -> None:
        self._rows.clear()

    def newest_first(self) -> list[tuple[int, _Row]]:
        return list(reversed(self._rows.items()))
