"""The floor in its child process, as one of the sides."""

import json
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from benchmarks.child import Child
from benchmarks.child import Died
from benchmarks.child import child
from benchmarks.child import new_folder
from benchmarks.crew import Kind
from benchmarks.crew import Timing
from benchmarks.gate import Gate

_ROOT = Path(__file__).parents[1]


class Beneath:
    """Implements `side.Running`."""

    def __init__(self, running: Child, gate: Gate, start_up: float) -> None:
        self.child = running
        self.database: Child | None = None
        self.start_up = start_up
        self._gate = gate

    async def prepare(self, kind: Kind, count: int) -> None:
        made = await self._told("prepare", kind, count)
        if made.failed:
            raise Died(f"{made.failed} starts failed, one so: {made.why}\n{self.child.said()}")

    async def work(self, kind: Kind, count: int) -> Timing:
        timing = await self._told("work", kind, count)
        self._gate.forget()
        return timing

    async def _told(self, do: str, kind: Kind, count: int) -> Timing:
        await self.child.tell(json.dumps({"do": do, "kind": kind, "count": count}).encode())
        return Timing(**json.loads(await self.child.line()))


@asynccontextmanager
async def beneath(gate: Gate, connections: int) -> AsyncIterator[Beneath]:
    """Raises Died."""
    with new_folder() as folder:
        command = (sys.executable, "-m", "benchmarks.floor", gate.address, folder, str(connections))
        async with child(command, {"PYTHONPATH": str(_ROOT)}, Path(folder)) as running:
            await running.line()
            yield Beneath(running, gate, time.perf_counter() - running.began)
