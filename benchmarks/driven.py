"""A server in a child process, driven over HTTP through its adapter."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from collections.abc import Iterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.adapter import Adapter
from benchmarks.adapter import Answer
from benchmarks.adapter import Launch
from benchmarks.caller import Caller
from benchmarks.caller import connect
from benchmarks.child import Child
from benchmarks.child import Died
from benchmarks.child import child
from benchmarks.child import new_folder
from benchmarks.crew import Failed
from benchmarks.crew import Hand
from benchmarks.crew import Kind
from benchmarks.crew import Timing
from benchmarks.crew import work
from benchmarks.gate import Gate
from benchmarks.phones import phones
from benchmarks.phones import wrong

#: Phone, the answer to its start, and its code.
_Pending = tuple[str, Answer, str]

_READY_WITHIN = 30.0


class Driven:
    """Implements `side.Running`."""

    def __init__(
        self,
        adapter: Adapter,
        gate: Gate,
        running: Child,
        callers: list[Caller],
        start_up: float,
        numbers: Iterator[str],
    ) -> None:
        self.child = running
        self.database: Child | None = None
        self.start_up = start_up
        self._adapter = adapter
        self._gate = gate
        self._callers = callers
        self._phones = numbers
        self._pending: deque[_Pending] = deque()

    async def prepare(self, kind: Kind, count: int) -> None:
        if kind is not Kind.CHECK_WRONG:
            return
        # Each hand may leave one verification half used.
        needed = -(-count // self._adapter.wrong_checks) + len(self._callers)
        made = await work([self._preparing(caller) for caller in self._callers], needed)
        if made.failed:
            raise Died(f"{made.failed} of {needed} starts failed, one so: {made.why}\n{self.child.said()}")

    async def work(self, kind: Kind, count: int) -> Timing:
        hands = {Kind.START: self._starting, Kind.CHECK_WRONG: self._guessing, Kind.CYCLE: self._cycling}
        timing = await work([hands[kind](caller) for caller in self._callers], count)
        self._gate.forget()
        self._pending.clear()
        return timing

    def _starting(self, caller: Caller) -> Hand:
        async def hand() -> None:
            await self._start(caller, next(self._phones))

        return hand

    def _preparing(self, caller: Caller) -> Hand:
        async def hand() -> None:
            phone = next(self._phones)
            started = await self._start(caller, phone)
            self._pending.append((phone, started, await self._gate.code(phone)))

        return hand

    def _guessing(self, caller: Caller) -> Hand:
        mine: list[_Pending] = []

        async def hand() -> None:
            if not mine:
                mine.extend([self._pending.popleft()] * self._adapter.wrong_checks)
            phone, started, code = mine.pop()
            answer = await caller.post(self._adapter.check(phone, started, wrong(code)))
            _hold(answer, right=self._adapter.is_refused(answer))

        return hand

    def _cycling(self, caller: Caller) -> Hand:
        async def hand() -> None:
            phone = next(self._phones)
            started = await self._start(caller, phone)
            code = await self._gate.code(phone)
            answer = await caller.post(self._adapter.check(phone, started, code))
            _hold(answer, right=self._adapter.is_approved(answer))

        return hand

    async def _start(self, caller: Caller, phone: str) -> Answer:
        answer = await caller.post(self._adapter.start(phone))
        _hold(answer, right=self._adapter.is_started(answer))
        return answer


def _hold(answer: Answer, *, right: bool) -> None:
    if not right:
        raise Failed(f"{answer.status} {answer.body[:500].decode('utf-8', 'replace')}")


@asynccontextmanager
async def driven(
    adapter: Adapter, gate: Gate, connections: int, numbers: Iterator[str] | None = None
) -> AsyncIterator[Driven]:
    """Run the server, wait until it is healthy, and connect. Raises Died.

    A server that kept its data from an earlier run must be driven with `numbers` that go on where that run ended.
    """
    async with served(adapter, gate, connections) as (running, callers, start_up):
        yield Driven(adapter, gate, running, callers, start_up, numbers or phones())


@asynccontextmanager
async def served(adapter: Adapter, gate: Gate, connections: int) -> AsyncIterator[tuple[Child, list[Caller], float]]:
    """The server, connections to it, and the seconds its start took. Raises Died."""
    with new_folder() as name:
        folder = Path(name)
        launch = adapter.launch(folder, gate.address)
        async with child(launch.command, launch.environment, folder) as running:
            address = await _address(launch, running)
            start_up = await _healthy(adapter, address, running)
            callers = [await connect(*address, adapter.headers) for _ in range(connections)]
            try:
                yield running, callers, start_up
            finally:
                for caller in callers:
                    caller.close()


async def _address(launch: Launch, running: Child) -> tuple[str, int]:
    if isinstance(launch.address, tuple):
        return launch.address
    while (address := launch.address(await running.line())) is None:
        pass
    return address


async def _healthy(adapter: Adapter, address: tuple[str, int], running: Child) -> float:
    while time.perf_counter() - running.began < _READY_WITHIN:
        try:
            caller = await connect(*address, adapter.headers)
            status = (await asyncio.wait_for(caller.get(adapter.health), _READY_WITHIN)).status
            caller.close()
            if status == 200:
                return time.perf_counter() - running.began
        except OSError:
            pass
        await asyncio.sleep(0.002)
    raise Died(f"{adapter.name} did not become healthy.\n{running.said()}")
