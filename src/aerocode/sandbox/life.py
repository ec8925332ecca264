"""What becomes of a message after it was accepted: the steps it goes through, whatever the channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from aerocode.sandbox.faults import Fate


class Step(NamedTuple):
    share: float
    """From which share of the time until the end on."""
    status: int
    word: str
    """The provider's `extendStatus`; empty where it has none."""


Life = tuple[Step, ...]
Lives = Mapping[Fate, Life]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A life placed in time, in Unix seconds on the sandbox's clock."""

    begins: float
    lasts: float
    life: Life

    def step(self, now: float) -> Step:
        passed = [step for step in self.life if now >= self.at(step)]
        return passed[-1] if passed else self.life[0]

    def at(self, step: Step) -> float:
        return self.begins + step.share * self.lasts
