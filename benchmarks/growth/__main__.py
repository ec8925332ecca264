"""`python -m benchmarks.growth`."""

import argparse
import asyncio
import gc
import sys
import tempfile
import time
from pathlib import Path

import uvloop

from benchmarks import smsaero
from benchmarks import table
from benchmarks.aerocode import Aerocode
from benchmarks.child import Died
from benchmarks.driven import driven
from benchmarks.gate import Gate
from benchmarks.gate import gate_for
from benchmarks.growth.database import Database
from benchmarks.growth.sqlite import SqliteFile
from benchmarks.growth.traces import traces
from benchmarks.options import Options
from benchmarks.options import measuring
from benchmarks.options import options_of
from benchmarks.options import whole
from benchmarks.phones import phones
from benchmarks.rounds import Results
from benchmarks.rounds import run
from benchmarks.side import Side

#: How many times as long a request may take as on an empty store.
_TARGET = 1.3


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.growth",
        description="What a verification costs beside millions of finished ones, on SQLite.",
        parents=[measuring(rounds=3, seconds=2)],
    )
    parser.add_argument("--rows", type=whole, default=10_000_000, help="finished verifications (default 10,000,000)")
    parser.add_argument("--folder", type=Path, default=None, help="where the database may lie (default: temporary)")
    given = parser.parse_args()
    gc.freeze()
    with (
        tempfile.TemporaryDirectory(prefix="growth-", dir=given.folder) as folder,
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        try:
            return runner.run(_measured(options_of(given), given.rows, Path(folder)))
        except (Died, TimeoutError) as cause:
            print(f"The run was given up: {cause or 'a measurement did not end.'}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            return 130


async def _measured(options: Options, rows: int, folder: Path) -> int:
    grown, empty = Aerocode(f"{rows:,} finished", folder / "data"), Aerocode("empty")
    async with gate_for(smsaero.delivered) as gate:
        await _grow(grown, gate, rows, folder / "data")
        numbers = phones()
        sides = (
            Side(grown.name, lambda: driven(grown, gate, options.connections, numbers)),
            Side(empty.name, lambda: driven(empty, gate, options.connections)),
        )
        results = await run(sides, options, _say)
    print(table.conditions(options), table.table(results, [grown.name, empty.name], options), sep="\n\n")
    failed = table.failures(results)
    print("", table.load(results), failed, sep="\n")
    return _verdict(results, options, grown.name, empty.name) or int(bool(failed))


async def _grow(adapter: Aerocode, gate: Gate, rows: int, data: Path) -> None:
    found = await traces(adapter, gate, lambda: SqliteFile(data))
    database: Database = SqliteFile(data)
    began = time.perf_counter()
    came = database.grow(found, rows, _say)
    seconds, size = time.perf_counter() - began, database.size() / 1e9
    print(f"{rows:,} finished verifications: {size:.2f} GB in {seconds:.0f} s")
    print("rows: " + ", ".join(f"{name} {count:,}" for name, count in came.items()), end="\n\n", flush=True)


def _verdict(results: Results, options: Options, grown: str, empty: str) -> int:
    slow = 0
    for kind in options.kinds:
        # Callers never rest, so the time of a request goes as one over how many are served.
        times = table.ratio(results[kind, empty], results[kind, grown], "rate")
        slow |= times > _TARGET
        print(f"{kind}: {times:.2f} times as long as on an empty store (target: at most {_TARGET})")
    return int(slow)


def _say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
