"""What an operator may decide about codes and sends. In the database, seeded once from `[policy]` and `[limits]`."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from aerocode.model.states import UsageType

#: However often a code is sent again, it dies this long after the first send (NIST SP 800-63B-4 §3.1.3.2).
LONGEST_LIFE = timedelta(seconds=600)

_MAY_BE_SHORT = frozenset({UsageType.GENERIC, UsageType.ORGANIZATION_INVITATION})


class Mode(StrEnum):
    """Whether a send limit refuses, or only counts and logs what it would have refused."""

    ENFORCE = "enforce"
    MONITOR = "monitor"


class CountryRule(StrEnum):
    """What is done about phones of one country; `monitor` sends and writes it in the log."""

    ALLOW = "allow"
    MONITOR = "monitor"
    BLOCK = "block"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """How a code is made and how long it may be guessed at."""

    code_length: int = 6
    lifetime: timedelta = timedelta(seconds=300)
    attempts: int = 5

    def length_for(self, usage_type: UsageType) -> int:
        """Under six digits only where nobody signs in with them (NIST SP 800-63B-4 §3.1.3.2 asks for six)."""
        return self.code_length if usage_type in _MAY_BE_SHORT else max(self.code_length, 6)


@dataclass(frozen=True, slots=True)
class Cap:
    """At most `most` sends within the cap's window, which is the time before now; None counts nothing."""

    most: int | None
    mode: Mode = Mode.ENFORCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How often messages leave.

    `ladder` holds the waits after the first, second, … send for one (application, phone, usage type); the last repeats.
    The steps are forgotten after `ladder_memory` without a send. Caps count sends, those that failed as well; `ip` is
    the one an application names, `block` the first seven digits of a phone. Tests are sends of the connector tester.
    `daily_budget` is in roubles. `countries` holds what differs from `allow`.
    """

    ladder: tuple[timedelta, ...] = tuple(timedelta(seconds=step) for step in (30, 60, 120, 300))
    ladder_mode: Mode = Mode.ENFORCE
    ladder_memory: timedelta = timedelta(hours=1)
    sends_per_verification: int = 5
    sends_per_verification_mode: Mode = Mode.ENFORCE
    phone_hour: Cap = Cap(5)
    phone_day: Cap = Cap(10)
    ip_hour: Cap = Cap(20)
    block_hour: Cap = Cap(30, Mode.MONITOR)
    application_day: Cap = Cap(None)
    tests_per_caller_minute: int = 5
    tests_per_phone_hour: int = 5
    daily_budget: Decimal | None = None
    countries: Mapping[str, CountryRule] = field(default_factory=dict)

    def wait_after(self, step: int) -> timedelta:
        """The pause that follows send number `step` (from 1) of a series."""
        return self.ladder[min(step, len(self.ladder)) - 1] if self.ladder else timedelta(0)
