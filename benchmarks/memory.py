"""Whether memory stays flat: `python -m benchmarks.memory` lets one server do many cycles and looks at it meanwhile."""

import argparse
import asyncio
import gc
import statistics
import sys

import uvloop

from benchmarks import smsaero
from benchmarks.aerocode import Aerocode
from benchmarks.child import Died
from benchmarks.crew import Kind
from benchmarks.driven import driven
from benchmarks.gate import gate_for
from benchmarks.options import whole

#: Of what it had at the first look, when its caches are full, it may have at the last.
_TARGET = 1.05
#: Seconds one stretch may take for each cycle in it.
_PATIENCE = 0.1


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description="Whether memory stays flat.")
    parser.add_argument("--cycles", type=whole, default=200_000, help="in all (default 200,000)")
    parser.add_argument("--every", type=whole, default=20_000, help="look after so many (default 20,000)")
    parser.add_argument("--connections", type=whole, default=32, help="requests under way at once (default 32)")
    given = parser.parse_args()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            looks = runner.run(_looks(given.cycles, given.every, given.connections))
        except (Died, TimeoutError) as cause:
            print(f"The run was given up: {cause or 'a stretch did not end.'}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            return 130
    times = looks[-1] / looks[0]
    print(f"from the first look to the last: {times:.3f} times (target: at most {_TARGET})")
    if len(looks) > 1:
        slope = statistics.linear_regression(range(len(looks)), looks).slope * 1e6 / given.every
        print(f"the line through all looks rises {slope:,.0f} bytes a cycle")
    return int(times > _TARGET)


async def _looks(cycles: int, every: int, connections: int) -> list[float]:
    """Megabytes (PSS) after each stretch. Raises Died when a cycle fails."""
    adapter, looks = Aerocode(), []
    async with gate_for(smsaero.delivered) as gate, driven(adapter, gate, connections) as running:
        print(f"{'cycles':>10}  {'PSS MB':>8}  {'per second':>10}", flush=True)
        print(f"{0:>10}  {running.child.memory():>8.1f}", flush=True)
        for done in range(every, cycles + 1, every):
            async with asyncio.timeout(60 + _PATIENCE * every):
                timing = await running.work(Kind.CYCLE, every)
            if timing.failed:
                raise Died(f"{timing.failed} cycles failed, one so: {timing.why}")
            looks.append(running.child.memory())
            print(f"{done:>10,}  {looks[-1]:>8.1f}  {timing.done / timing.seconds:>10,.0f}", flush=True)
    if not looks:
        raise Died("There are fewer cycles than one look needs.")
    return looks


if __name__ == "__main__":
    sys.exit(main())
