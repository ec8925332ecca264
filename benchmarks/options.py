"""The flags."""

import argparse
import importlib
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.adapter import Adapter
from benchmarks.crew import Kind
from benchmarks.peers.known import PEERS

_PEERS = f"comma-separated: {', '.join(PEERS)}, or MODULE:CLASS of an adapter; or all, or none (default bare)"


@dataclass(frozen=True, slots=True)
class Options:
    """`cycles` is None when `seconds` decides how much is measured."""

    connections: int
    seconds: float
    cycles: int | None
    rounds: int
    kinds: tuple[Kind, ...]
    peers: tuple[Callable[[], Adapter], ...]
    postgres: bool = False

    @property
    def patience(self) -> float:
        """Seconds one measurement may take before the run is given up."""
        return 60 + 10 * self.seconds + (self.cycles or 0) / 20


def read(arguments: Sequence[str] | None = None) -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="What a verification costs.",
        parents=[measuring(rounds=5, seconds=0.6)],
    )
    parser.add_argument("--peers", type=_peers, default=(PEERS["bare"], PEERS["bare2"]), help=_PEERS)
    parser.add_argument("--postgres", action="store_true", help="Aerocode on a PostgreSQL as well")
    given = parser.parse_args(arguments)
    return options_of(given, given.peers, postgres=given.postgres)


def measuring(*, rounds: int, seconds: float) -> argparse.ArgumentParser:
    """The flags of every run of rounds, with its defaults."""
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--connections", type=whole, default=32, help="requests under way at once (default 32)")
    much = parser.add_mutually_exclusive_group()
    much.add_argument(
        "--seconds", type=_seconds, default=seconds, help=f"about how long to measure each (default {seconds})"
    )
    much.add_argument("--cycles", type=whole, default=None, help="how many operations to measure instead")
    parser.add_argument("--rounds", type=whole, default=rounds, help=f"medians of so many rounds (default {rounds})")
    parser.add_argument("--only", action="append", type=Kind, choices=list(Kind), help="one kind; may be repeated")
    return parser


def options_of(
    given: argparse.Namespace, peers: tuple[Callable[[], Adapter], ...] = (), *, postgres: bool = False
) -> Options:
    kinds = tuple(kind for kind in Kind if given.only is None or kind in given.only)
    return Options(given.connections, given.seconds, given.cycles, given.rounds, kinds, peers, postgres)


def _peers(text: str) -> tuple[Callable[[], Adapter], ...]:
    names = {"all": list(PEERS), "none": []}.get(text, text.split(","))
    return tuple(PEERS.get(name) or _adapter(name) for name in names)


def _adapter(name: str) -> Callable[[], Adapter]:
    module, _, attribute = name.partition(":")
    try:
        return getattr(importlib.import_module(module), attribute)
    except (ImportError, ValueError, AttributeError) as cause:
        raise argparse.ArgumentTypeError(f"no peer is named {name}, and it is no module:Class ({cause})") from cause


def whole(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100_000_000:
        raise argparse.ArgumentTypeError("must be a whole number from 1 to 100,000,000")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0.05 <= number <= 600:
        raise argparse.ArgumentTypeError("must be from 0.05 to 600")
    return number
