"""Whether two things take the same time: interleaved pairs, and an interval for the difference of their medians.

A pair is measured side by side, in either order by chance, so that whatever else the machine does meets both alike. The
interval is the bootstrap's over whole pairs, which keeps what the two of a pair have in common out of it.

Looked at up to `LOOKS` times with more pairs each time, each time with an interval of 1 - 0.05/LOOKS. However often it
is looked, the chance to call a difference of `MARGIN` none, or none one, stays under 0.05 (Bonferroni): a busy machine
costs pairs, and no certainty.
"""

import random
from collections.abc import Awaitable
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

#: Of the median.
MARGIN = 0.03
PAIRS = 5_000
LOOKS = 3
_RESAMPLES = 600

#: What is timed; gets the number of its pair, and tells how long it took.
Timed = Callable[[int], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class Interval:
    """Of (median of the second - median of the first) / median of both."""

    low: float
    high: float

    @property
    def within_margin(self) -> bool:
        return -MARGIN < self.low and self.high < MARGIN

    @property
    def beyond_margin(self) -> bool:
        return MARGIN < self.low or self.high < -MARGIN


async def measure(one: Timed, other: Timed, first: int, count: int, chance: random.Random) -> list[tuple[int, int]]:
    """Pairs number `first` and on."""
    pairs = []
    for number in range(first, first + count):
        if chance.random() < 0.5:
            mine = await one(number)
            pairs.append((mine, await other(number)))
        else:
            theirs = await other(number)
            pairs.append((await one(number), theirs))
    return pairs


def interval(pairs: list[tuple[int, int]], chance: random.Random, certainty: float) -> Interval:
    """The bootstrap's: the middle `certainty` of what resampled pairs say."""
    whole = median(time for pair in pairs for time in pair)
    found = []
    for _ in range(_RESAMPLES):
        again = chance.choices(pairs, k=len(pairs))
        found.append((median(pair[1] for pair in again) - median(pair[0] for pair in again)) / whole)
    found.sort()
    cut = int(len(found) * (1 - certainty) / 2)
    return Interval(found[cut], found[-1 - cut])


async def compare(prepare: Callable[[int, int], Awaitable[None]], one: Timed, other: Timed, seed: int = 1) -> Interval:
    """The interval of the first look that decides, or of the last. `prepare` readies so many pairs from a number."""
    chance, pairs = random.Random(seed), []
    for _ in range(LOOKS):
        await prepare(len(pairs), PAIRS)
        pairs += await measure(one, other, len(pairs), PAIRS, chance)
        found = interval(pairs, chance, 1 - 0.05 / LOOKS)
        if found.within_margin or found.beyond_margin:
            break
    return found
