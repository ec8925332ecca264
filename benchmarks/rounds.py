"""The run: every side in every round, begun afresh; each kind warmed up, then measured.

Sides take turns at going first, so that a machine that gets slower or faster favours none.
"""

import asyncio
import time
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.crew import Kind
from benchmarks.options import Options
from benchmarks.side import Running
from benchmarks.side import Side

#: Operations of a hand before its kind is measured: connections, caches and branches are warm then.
_WARM_UP = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """One kind on one side in one round. `whole` is `cpu` and that of its database server.

    `load` is the share of one CPU that the gate and the callers took.
    """

    rate: float
    p50: float
    p99: float
    cpu: float
    whole: float
    memory: float
    start_up: float
    failed: int
    why: str
    load: float


Results = dict[tuple[Kind, str], list[Figures]]


async def run(sides: Sequence[Side], options: Options, say: Callable[[str], None]) -> Results:
    """Raises Died, and TimeoutError when a measurement does not end."""
    results: Results = {(kind, side.name): [] for kind in options.kinds for side in sides}
    for number in range(options.rounds):
        for side in sides if number % 2 == 0 else reversed(sides):
            say(f"round {number + 1} of {options.rounds}: {side.name}")
            async with side.open() as running:
                for kind in options.kinds:
                    async with asyncio.timeout(options.patience):
                        results[kind, side.name].append(await _measured(running, kind, options))
    return results


async def _measured(running: Running, kind: Kind, options: Options) -> Figures:
    few = options.connections * _WARM_UP
    await running.prepare(kind, few)
    warm = await running.work(kind, few)
    count = options.cycles or max(few, round(few / warm.seconds * options.seconds))
    await running.prepare(kind, count)
    before, own = _cpu(running), time.process_time()
    timing = await running.work(kind, count)
    after, own = _cpu(running), time.process_time() - own
    cpu, database = after[0] - before[0], after[1] - before[1]
    return Figures(
        rate=timing.done / timing.seconds,
        p50=timing.p50,
        p99=timing.p99,
        cpu=cpu / count * 1000,
        whole=(cpu + database) / count * 1000,
        memory=running.child.memory(),
        start_up=running.start_up,
        failed=timing.failed + warm.failed,
        why=warm.why or timing.why,
        load=own / timing.seconds,
    )


def _cpu(running: Running) -> tuple[float, float]:
    """Seconds so far: of the server, and of its database."""
    return running.child.cpu(), 0.0 if running.database is None else running.database.cpu()
