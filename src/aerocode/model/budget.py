"""How many wrong codes a phone has left, whatever is sent again. Nothing gives a guess back but time.

Counted for one (application, phone) in two pools, so that a stranger who spends his own never shuts the owner out, who
starts from a device that was approved before. Both stops together are the hundred of NIST SP 800-63B-4 §3.2.2.
"""

from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from enum import StrEnum

from aerocode.model.states import UsageType

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PER_HOUR = 10  # of one usage type
PER_DAY = 30
#: How long a device stays known after an approval.
DEVICE_LIFE = timedelta(days=180)
#: What a stop that only a person ends tells a caller to wait.
LONG = timedelta(days=1)


class Pool(StrEnum):
    """Whose guesses: of somebody unknown, or of a device that proved this phone before."""

    UNKNOWN = "unknown"
    KNOWN = "known"

    @property
    def stop(self) -> int:
        """Failures in a row after which the pool is stopped."""
        return 70 if self is Pool.UNKNOWN else 30


@dataclass(frozen=True, slots=True)
class Failure:
    usage_type: UsageType
    at: datetime


@dataclass(frozen=True, slots=True)
class Budget:
    """`failures` are those of the last day, oldest first. The hour counts none from before `forgiven_at`."""

    failures: tuple[Failure, ...] = ()
    row: int = 0
    stopped: bool = False
    forgiven_at: datetime | None = None

    def left(self, usage_type: UsageType, now: datetime) -> int:
        """Wrong codes that may still be looked at."""
        if self.stopped:
            return 0
        return max(0, min(PER_HOUR - len(self._hour(usage_type, now)), PER_DAY - len(self._day(now))))

    def free_at(self, usage_type: UsageType, now: datetime) -> datetime:
        """When a guess becomes free again; meant for a pool that has none left."""
        if self.stopped:
            return now + LONG
        hour, day = self._hour(usage_type, now), self._day(now)
        waits = [
            failures[-limit].at + window
            for failures, limit, window in ((hour, PER_HOUR, HOUR), (day, PER_DAY, DAY))
            if len(failures) >= limit
        ]
        return max(waits, default=now)

    def failed(self, pool: Pool, usage_type: UsageType, now: datetime) -> "Budget":
        row = self.row + 1
        return replace(
            self,
            failures=(*self._day(now), Failure(usage_type, now)),
            row=row,
            stopped=self.stopped or row >= pool.stop,
        )

    def succeeded(self, now: datetime) -> "Budget":
        """A success disregards the failures before it, except the day's."""
        return replace(self, row=0, stopped=False, forgiven_at=now)

    def freed(self) -> "Budget":
        """By an unlock or by the owner's device: the stop ends, the hour and the day stay spent."""
        return replace(self, row=0, stopped=False)

    def _day(self, now: datetime) -> tuple[Failure, ...]:
        return tuple(failure for failure in self.failures if failure.at > now - DAY)

    def _hour(self, usage_type: UsageType, now: datetime) -> list[Failure]:
        since = now - HOUR if self.forgiven_at is None else max(now - HOUR, self.forgiven_at)
        return [failure for failure in self.failures if failure.usage_type is usage_type and failure.at > since]
