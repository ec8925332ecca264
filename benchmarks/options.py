"""The flags."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.crew import Kind
from benchmarks.peers.known import PEERS


@dataclass(frozen=True, slots=True)
class Options:
    """`cycles` is None when `seconds` decides how much is measured."""

    connections: int
    seconds: float
    cycles: int | None
    rounds: int
    kinds: tuple[Kind, ...]
    peers: tuple[str, ...]

    @property
    def patience(self) -> float:
        """Seconds one measurement may take before the run is given up."""
        return 60 + 10 * self.seconds + (self.cycles or 0) / 20


def read(arguments: Sequence[str] | None = None) -> Options:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="What a verification costs on SQLite.")
    parser.add_argument("--connections", type=_whole, default=32, help="requests under way at once (default 32)")
    much = parser.add_mutually_exclusive_group()
    much.add_argument("--seconds", type=_seconds, default=0.6, help="about how long to measure each (default 0.6)")
    much.add_argument("--cycles", type=_whole, default=None, help="how many operations to measure instead")
    parser.add_argument("--rounds", type=_whole, default=5, help="medians of so many rounds (default 5)")
    parser.add_argument("--only", action="append", type=Kind, choices=list(Kind), help="one kind; may be repeated")
    parser.add_argument("--peers", type=_peers, default=("bare",), help=f"{', '.join(PEERS)}; or all, or none")
    given = parser.parse_args(arguments)
    kinds = tuple(kind for kind in Kind if given.only is None or kind in given.only)
    return Options(given.connections, given.seconds, given.cycles, given.rounds, kinds, given.peers)


def _peers(text: str) -> tuple[str, ...]:
    names = {"all": list(PEERS), "none": []}.get(text, text.split(","))
    if unknown := set(names) - set(PEERS):
        raise argparse.ArgumentTypeError(f"no peer is named {', '.join(sorted(unknown))}")
    return tuple(names)


def _whole(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 1_000_000:
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 1,000,000")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0.05 <= number <= 600:
        raise argparse.ArgumentTypeError("must be from 0.05 to 600")
    return number
