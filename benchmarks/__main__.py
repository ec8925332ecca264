"""`python -m benchmarks`."""

import asyncio
import gc
import sys

import uvloop

from benchmarks import smsaero
from benchmarks import table
from benchmarks.adapter import Adapter
from benchmarks.aerocode import Aerocode
from benchmarks.beneath import beneath
from benchmarks.child import Died
from benchmarks.driven import driven
from benchmarks.gate import Gate
from benchmarks.gate import gate_for
from benchmarks.options import Options
from benchmarks.options import read
from benchmarks.peers import NotInstalled
from benchmarks.rounds import Results
from benchmarks.rounds import run
from benchmarks.side import Side

_CAUTION = (
    "Only ratios inside one run mean anything: absolute figures of one machine drift twofold within an hour, "
    "and those of two machines cannot be compared."
)
_LEGEND = (
    "The floor makes the same decisions in the same store and the same calls to the same gate, with no server around "
    "them."
)


def main() -> int:
    options = read()
    gc.freeze()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            results, names = runner.run(_run(options))
        except (Died, NotInstalled, TimeoutError) as cause:
            print(f"The run was given up: {cause or 'a measurement did not end.'}", file=sys.stderr)
            return 2
        except KeyboardInterrupt:
            return 130
    failed = table.failures(results)
    print(table.conditions(options), table.table(results, names, options), sep="\n\n")
    print("", _LEGEND, table.load(results), _CAUTION, sep="\n")
    if failed:
        print(failed, file=sys.stderr)
    return 1 if failed else 0


async def _run(options: Options) -> tuple[Results, list[str]]:
    ours = Aerocode()
    async with gate_for(smsaero.delivered) as gate:
        sides = (
            _side(ours, gate, options),
            Side("floor", lambda: beneath(gate, options.connections)),
            *_on_postgres(gate, options),
            *(_side(peer(), gate, options) for peer in options.peers),
        )
        results = await run(sides, options, lambda words: print(words, file=sys.stderr, flush=True))
    return results, [side.name for side in sides]


def _on_postgres(gate: Gate, options: Options) -> list[Side]:
    if not options.postgres:
        return []
    from benchmarks import postgres  # noqa: PLC0415 - its driver is needed here alone

    return [Side(postgres.NAME, lambda: postgres.on_postgres(gate, options.connections))]


def _side(peer: Adapter, gate: Gate, options: Options) -> Side:
    return Side(peer.name, lambda: driven(peer, gate, options.connections))


if __name__ == "__main__":
    sys.exit(main())
