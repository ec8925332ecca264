"""The table, and under what conditions it came about."""

import os
import platform
import sqlite3
import statistics
from collections.abc import Iterator
from collections.abc import Sequence
from importlib.metadata import version

from benchmarks.crew import Kind
from benchmarks.options import Options
from benchmarks.rounds import Figures
from benchmarks.rounds import Results

_LIBRARIES = ("aerocode", "uvicorn", "uvloop", "httptools", "starlette", "pydantic", "aiohttp")

#: Heading, field of `Figures`, and how a value is written.
_Column = tuple[str, str, str]
_COLUMNS: Sequence[_Column] = (
    ("per second", "rate", "{:,.0f}"),
    ("p50 ms", "p50", "{:.1f}"),
    ("p99 ms", "p99", "{:.1f}"),
    ("CPU s per 1,000", "cpu", "{:.3f}"),
    ("memory MB", "memory", "{:.1f}"),
    ("start-up s", "start_up", "{:.2f}"),
)
#: For a side whose database is a server of its own.
_WHOLE = ("with database", "whole", "{:.3f}")
_WHAT = {Kind.START: "start", Kind.CHECK_WRONG: "check, wrong code", Kind.CYCLE: "full cycle: start, right check"}


def conditions(options: Options) -> str:
    """Never a name of the machine: whoever compares runs of two machines compares nothing."""
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    much = f"{options.cycles:,} operations" if options.cycles else f"about {options.seconds:g} s"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return (
        f"{python}, SQLite {sqlite3.sqlite_version}, {libraries}\n"
        f"{len(os.sched_getaffinity(0))} CPUs, {options.connections} connections with one request under way on each, "
        f"medians of {options.rounds} interleaved rounds of {much} each"
    )


def table(results: Results, sides: Sequence[str], options: Options) -> str:
    """`sides` names Aerocode first. Its ratios to every other stand below, and those of what shares its name."""
    columns = (*_COLUMNS[:4], _WHOLE, *_COLUMNS[4:]) if options.postgres else _COLUMNS
    rows = [["", *(heading for heading, _, _ in columns), "failed"]]
    for kind in options.kinds:
        rows.append([_WHAT[kind], *[""] * (len(columns) + 1)])
        rows.extend(_of_kind(results, kind, sides, columns))
    wide = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return "\n".join(_line(row, wide) for row in rows)


def load(results: Results) -> str:
    share = max(statistics.median(figures.load for figures in rounds) for rounds in results.values())
    return f"Callers and gate, one process beside the measured one, took at most {share:.0%} of one CPU."


def failures(results: Results) -> str:
    """One sentence, empty when there were none."""
    every = [figures for rounds in results.values() for figures in rounds if figures.failed]
    failed = sum(figures.failed for figures in every)
    return f"{failed} requests failed, so these figures mean nothing. The first: {every[0].why}" if every else ""


def _of_kind(results: Results, kind: Kind, sides: Sequence[str], columns: Sequence[_Column]) -> Iterator[list[str]]:
    for side in sides:
        figures = results[kind, side]
        failed = sum(one.failed for one in figures)
        yield [f"  {side}", *(form.format(_median(figures, field)) for _, field, form in columns), str(failed)]
    ours = [side for side in sides if side.startswith(sides[0])]
    for one in ours:
        for other in (side for side in sides if side not in ours):
            ratios = [f"{ratio(results[kind, one], results[kind, other], field):.2f} x" for _, field, _ in columns]
            yield [f"  {one} / {other}", *ratios, ""]


def _median(rounds: Sequence[Figures], field: str) -> float:
    return statistics.median(getattr(figures, field) for figures in rounds)


def ratio(mine: Sequence[Figures], others: Sequence[Figures], field: str) -> float:
    """The median of each round's own ratio: what drifts from round to round drops out."""
    pairs = zip(mine, others, strict=True)
    return statistics.median(getattr(one, field) / (getattr(other, field) or float("nan")) for one, other in pairs)


def _line(row: Sequence[str], wide: Sequence[int]) -> str:
    first, *others = (
        cell.ljust(width) if column == 0 else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(row, wide, strict=True))
    )
    return "  ".join([first, *others]).rstrip()
