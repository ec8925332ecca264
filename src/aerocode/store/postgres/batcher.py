"""Decisions that wait share a transaction: locked, loaded, decided and written together, and answered after its commit.

A commit costs a flush of the disk and each statement a round trip; sharing them is what makes decisions cheap. What one
replica decides together concerns different phones, or nothing is written; what several replicas decide at the same time
about one phone is kept apart by locks that the transaction holds from before it reads.
"""

import asyncio
from collections import deque
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field
from typing import Any
from typing import TypeVar

import asyncpg

from aerocode.errors import AerocodeError
from aerocode.errors import StoreUnavailable
from aerocode.model.spending import Spending
from aerocode.model.tally import Tally
from aerocode.store.decisions.case import Case
from aerocode.store.decisions.case import Values
from aerocode.store.decisions.case import Write
from aerocode.store.postgres.ask import Ask
from aerocode.store.postgres.locks import lock
from aerocode.store.postgres.pool import Pool
from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import Statement

Result = TypeVar("Result")

#: Seconds in the queue after which an ask is refused: with the pool's bounds on the transaction, under two in all.
PATIENCE = 0.8
#: SQLSTATE classes after which the same ask, alone, could go well: data, integrity, a deadlock.
_ITS_OWN_FAULT = ("21", "22", "23", "40")


@dataclass(slots=True, eq=False)
class _Waiting:
    ask: Ask[Any]
    answer: asyncio.Future[Any]
    until: float
    alone: bool = False


@dataclass(slots=True)
class _Batch:
    """`settled` are answers to give after the commit; `left` could not be decided in this batch."""

    waiting: list[_Waiting]
    settled: list[tuple[_Waiting, Any]] = field(default_factory=list)
    left: list[_Waiting] = field(default_factory=list)


class Batcher:
    """Lives on one event loop. `order` names every statement that writes, in the order in which batches execute them.

    `last` names those of which a batch executes the last for each key: a counter is written once, not at each step.
    `lanes` batches are under way at once at most, of `size` asks each; `room` asks wait at most.
    """

    def __init__(
        self,
        pool: Pool,
        statements: Mapping[str, Statement],
        order: Sequence[str],
        last: Mapping[str, tuple[str, ...]],
        *,
        lanes: int = 3,
        size: int = 64,
        room: int = 2000,
    ) -> None:
        self._pool = pool
        self._statements = statements
        self._order = {name: place for place, name in enumerate(order)}
        self._last = last
        self._lanes = lanes
        self._size = size
        self._room = room
        self._queue: deque[_Waiting] = deque()
        self._busy: set[str] = set()
        self._running: set[asyncio.Task[None]] = set()
        self._closed = False

    async def ask(self, ask: Ask[Result]) -> Result:
        """Raises StoreUnavailable, or what the ask itself raised; then it was not decided.

        StoreUnavailable in the moment of the commit is the exception: the database may have committed all the same.
        A caller that goes away changes nothing about what was taken up.
        """
        if self._closed or len(self._queue) >= self._room:
            raise StoreUnavailable
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Result] = loop.create_future()
        self._queue.append(_Waiting(ask, answer, loop.time() + PATIENCE))
        self._go()
        return await answer

    async def close(self) -> None:
        """Decide what waits, then end."""
        self._closed = True
        while self._running:
            await asyncio.gather(*self._running)

    def _go(self) -> None:
        # A task begins one turn of the loop later: what became ready in this turn goes along.
        if len(self._running) < self._lanes:
            lane = asyncio.get_running_loop().create_task(self._lane())
            self._running.add(lane)
            lane.add_done_callback(self._ended)

    def _ended(self, lane: asyncio.Task[None]) -> None:
        self._running.discard(lane)
        if any(waiting.ask.about not in self._busy for waiting in self._queue):
            self._go()  # it came after the lane had looked for the last time

    async def _lane(self) -> None:
        while batch := self._take():
            about = {waiting.ask.about for waiting in batch}
            self._busy |= about
            try:
                await self._settle(_Batch(batch))
            finally:
                self._busy -= about

    def _take(self) -> list[_Waiting]:
        """The next batch, in the order of arrival, without what is under way in another one."""
        batch: list[_Waiting] = []
        stay: list[_Waiting] = []
        now = asyncio.get_running_loop().time()
        while self._queue and len(batch) < self._size:
            waiting = self._queue.popleft()
            if waiting.answer.done():
                continue
            if waiting.until <= now:
                waiting.answer.set_exception(StoreUnavailable())
            elif waiting.ask.about in self._busy or (waiting.alone and batch):
                stay.append(waiting)
            else:
                batch.append(waiting)
                if waiting.alone:
                    break
        self._queue.extendleft(reversed(stay))
        return batch

    async def _settle(self, batch: _Batch) -> None:
        try:
            async with self._pool.transaction() as session:
                await self._decide(session, batch)
        except StoreUnavailable as error:
            self._failed(batch.waiting, error, again=_is_its_own(error.__cause__))
        except Exception as error:  # noqa: BLE001 - it is raised to whoever asked for it
            self._failed(batch.waiting, error, again=True)
        else:
            for waiting, answer in batch.settled:
                if waiting.answer.done():
                    continue
                if isinstance(answer, AerocodeError):
                    waiting.answer.set_exception(answer)
                else:
                    waiting.answer.set_result(answer)
            self._queue.extendleft(reversed(batch.left))

    def _failed(self, batch: list[_Waiting], error: Exception, *, again: bool) -> None:
        """One ask must not fail the others: each is tried once more, on its own."""
        if again and len(batch) > 1:
            for waiting in batch:
                waiting.alone = True
            self._queue.extendleft(reversed(batch))
            return
        for waiting in batch:
            if not waiting.answer.done():
                waiting.answer.set_exception(error)

    async def _decide(self, session: Session, batch: _Batch) -> None:
        found = await self._rows(session, [(waiting, waiting.ask.finding) for waiting in batch.waiting])
        locks = {id(waiting): waiting.ask.locks(found.get(id(waiting))) for waiting in batch.waiting}
        await lock(session, (name for one in locks.values() for name in (*one.alone, *one.shared)))
        rows = await self._rows(session, [(waiting, waiting.ask.loading) for waiting in batch.waiting])
        writes: list[Write] = []
        written: set[str] = set()
        tallies: dict[str, Tally] = {}
        money: list[Spending] = []
        for waiting in batch.waiting:
            alone, row = locks[id(waiting)].alone, rows[id(waiting)]
            if not written.isdisjoint(alone):
                # What it was told is not true any more: it is loaded again in the next batch.
                batch.left.append(waiting)
                continue
            case = Case(dict(row.items()), row["now"], tallies, money)
            try:
                batch.settled.append((waiting, waiting.ask.decide(case)))
            except AerocodeError as refusal:
                batch.settled.append((waiting, refusal))
                continue
            if case.writes:
                written.update(alone)
                writes.extend(case.writes)
        await self._write(session, writes)

    async def _rows(self, session: Session, asked: list[tuple[_Waiting, str | None]]) -> dict[int, asyncpg.Record]:
        """The row of each ask, by its identity; one round trip for each statement among them."""
        groups: dict[str, list[_Waiting]] = {}
        for waiting, name in asked:
            if name is not None:
                groups.setdefault(name, []).append(waiting)
        rows: dict[int, asyncpg.Record] = {}
        for name, group in groups.items():
            statement = self._statements[name]
            columns = {
                column: [session.offset if column == "ahead" else waiting.ask.values[column] for waiting in group]
                for column in statement.names
            }
            for row in await session.all(statement, columns):
                rows[id(group[row["n"] - 1])] = row
        return rows

    async def _write(self, session: Session, writes: list[Write]) -> None:
        groups: dict[str, list[Values]] = {}
        for name, values in writes:
            groups.setdefault(name, []).append(values)
        for name in sorted(groups, key=self._order.__getitem__):
            rows = groups[name]
            if name in self._last:
                key = self._last[name]
                rows = list({tuple(values[column] for column in key): values for values in rows}.values())
            await session.each(self._statements[name], rows)


def _is_its_own(cause: BaseException | None) -> bool:
    return isinstance(cause, asyncpg.PostgresError) and str(cause.sqlstate).startswith(_ITS_OWN_FAULT)
