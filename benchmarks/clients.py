"""What a send costs its client: ours beside SMS Aero's own packages. `make bench-clients` prints one table.

Each client runs in a process of its own (`sender.py`), untouched, in the virtual environment `make official` made for
it, against one gate that answers all of them alike. Rounds are interleaved and each side's CPU is its process's own.
"""

import argparse
import asyncio
import json
import statistics
import sys
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from benchmarks.authority import gate_tls
from benchmarks.child import Child
from benchmarks.child import Died
from benchmarks.child import child
from benchmarks.child import new_folder
from benchmarks.gate import gate_for
from benchmarks.smsaero import delivered

_ROOT = Path(__file__).parents[1]
_OFFICIAL = _ROOT / ".venv-official"


@dataclass(frozen=True, slots=True)
class Client:
    """`against` is the side it is held against, itself for the official ones."""

    side: str
    python: str
    what: str
    against: str


CLIENTS = (
    Client("official-async", str(_OFFICIAL / "async/bin/python"), "smsaero-api-async, http", "official-async"),
    Client("aerocode-async", sys.executable, "SmsAero, http", "official-async"),
    Client("aerocode-async-tls", sys.executable, "SmsAero, https", "official-async"),
    Client("official-sync", str(_OFFICIAL / "sync/bin/python"), "smsaero-api, https", "official-sync"),
    Client("aerocode-sync", sys.executable, "SyncSmsAero, https", "official-sync"),
)

Round = Mapping[str, float]
Results = dict[str, list[Round]]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.clients", description=__doc__)
    parser.add_argument("--in-flight", type=int, default=64, help="sends under way at once, async (default 64)")
    parser.add_argument("--sends", type=int, default=2000, help="sends of each client in a round (default 2000)")
    parser.add_argument("--rounds", type=int, default=7, help="medians of so many rounds (default 7)")
    options = parser.parse_args(arguments)
    missing = [client.what for client in CLIENTS if not Path(client.python).exists()]
    if missing:
        print(f"Not installed: {', '.join(missing)}. `make bench-clients` installs them.", file=sys.stderr)
        return 2
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        try:
            results = runner.run(_run(options.in_flight, options.sends, options.rounds))
        except Died as cause:
            print(f"The run was given up: {cause}", file=sys.stderr)
            return 2
    print(f"{options.rounds} interleaved rounds of {options.sends} sends; async with {options.in_flight} in flight\n")
    print(table(results))
    return 0 if cheaper(results) else 1


async def _run(hands: int, sends: int, rounds: int) -> Results:
    results: Results = {client.side: [] for client in CLIENTS}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(new_folder()))
        tls, trusted = gate_tls(folder)
        gates = [await stack.enter_async_context(gate_for(delivered, way)) for way in (None, tls)]
        ports = [str(urlsplit(gate.address).port) for gate in gates]
        running: dict[str, Child] = {}
        for client in CLIENTS:
            own = folder / client.side
            own.mkdir()
            command = (client.python, "-m", "benchmarks.sender", client.side, *ports, str(hands))
            # The first is what Python's own ssl module reads, the second what the official package does.
            trust = {"SSL_CERT_FILE": str(trusted), "REQUESTS_CA_BUNDLE": str(trusted)}
            path = {"PYTHONPATH": f"{_ROOT}:{_ROOT / 'src'}"}  # this checkout's client, whatever is installed
            running[client.side] = await stack.enter_async_context(child(command, {**path, **trust}, own))
            await running[client.side].line()
        for process in running.values():
            await _asked(process, hands * 4)
        for number in range(rounds):
            for client in CLIENTS if number % 2 == 0 else reversed(CLIENTS):
                results[client.side].append(await _asked(running[client.side], sends))
    return results


async def _asked(running: Child, sends: int) -> Round:
    await running.tell(str(sends).encode())
    told = json.loads(await running.line())
    if told["failed"]:
        raise Died(f"{told['failed']} sends got no id of their own.\n{running.said()}")
    return told


def ratio(results: Results, client: Client) -> float:
    """CPU a send to the official package's: the median of each round's own, so that what drifts drops out."""
    pairs = zip(results[client.side], results[client.against], strict=True)
    return statistics.median(ours["cpu"] / theirs["cpu"] for ours, theirs in pairs)


def cheaper(results: Results) -> bool:
    return all(ratio(results, client) < 1 for client in CLIENTS if client.side != client.against)


def table(results: Results) -> str:
    lines = [f"{'':28}{'CPU ms a send':>22}{'sends a second':>16}{'CPU / official':>16}"]
    for client in CLIENTS:
        cpu = [told["cpu"] for told in results[client.side]]
        rate = statistics.median(told["rate"] for told in results[client.side])
        spread = f"{statistics.median(cpu):.3f} ({min(cpu):.3f}-{max(cpu):.3f})"
        own = f"{ratio(results, client):.2f} x" if client.side != client.against else ""
        lines.append(f"{client.what:28}{spread:>22}{rate:>16,.0f}{own:>16}".rstrip())
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
