"""Many hands that share a number of operations, each doing one at a time."""

import asyncio
import math
import time
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    START = "start"
    CHECK_WRONG = "check-wrong"
    CYCLE = "cycle"


class Failed(Exception):
    """An operation that was not answered as it should have been; says how it was."""


#: Does one operation. Raises Failed, or OSError (TimeoutError is one) when this hand can do no more.
Hand = Callable[[], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds for one operation, seconds for all of them.

    `done` are those that went well; `failed` all others, also those no hand was left for; `why` is the first reason.
    """

    done: int
    seconds: float
    p50: float
    p99: float
    failed: int
    why: str


async def work(hands: Sequence[Hand], count: int) -> Timing:
    """Do `count` operations with all hands at once."""
    left = count
    took: list[float] = []
    reasons: list[str] = []

    async def one(hand: Hand) -> None:
        nonlocal left
        while left > 0:
            left -= 1
            began = time.perf_counter()
            try:
                await hand()
            except Failed as failure:
                reasons.append(str(failure))
            except OSError as failure:
                reasons.append(repr(failure))
                return
            else:
                took.append(time.perf_counter() - began)

    began = time.perf_counter()
    await asyncio.gather(*(one(hand) for hand in hands))
    seconds = time.perf_counter() - began
    took.sort()
    return Timing(
        done=len(took),
        seconds=seconds,
        p50=percentile(took, 0.50) * 1000,
        p99=percentile(took, 0.99) * 1000,
        failed=count - len(took),
        why=reasons[0] if reasons else "",
    )


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest rank; not a number when nothing was measured."""
    return ordered[math.ceil(share * len(ordered)) - 1] if ordered else math.nan
