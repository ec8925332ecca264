"""How often messages may go to a phone, for a network, into a numbering block, and what they may cost."""

from dataclasses import dataclass
from dataclasses import replace
from typing import NamedTuple

from aerocode.model.decision import Spent
from aerocode.model.decision import TooSoon
from aerocode.model.policy import Cap
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.spending import to_units
from aerocode.model.tally import Tally
from aerocode.store import rows
from aerocode.store.decisions.case import Case
from aerocode.store.decisions.case import from_tally

HOUR = 3600 * 1_000_000
DAY = 24 * HOUR
#: Digits of the country code and number that neighbours share: where pumped numbers come from.
_BLOCK = slice(1, 8)


class Rule(NamedTuple):
    """A cap that counts: its name in `Limits`, and its window in microseconds."""

    name: str
    most: int
    mode: Mode
    window: int


class Counted(NamedTuple):
    """One subject of caps: its key in `sends`, and the column its marks were loaded in."""

    subject: str
    column: str
    rules: list[Rule]


@dataclass(frozen=True, slots=True)
class Subjects:
    """Who a message is counted for. `name` is the phone's pseudonym, `network` the network's."""

    name: str
    phone: str
    application: str
    network: str | None = None

    @property
    def of_phone(self) -> str:
        return f"phone {self.name}"

    @property
    def of_network(self) -> str | None:
        return f"network {self.network}" if self.network else None

    @property
    def of_block(self) -> str:
        return f"block {self.phone[_BLOCK]}"

    @property
    def of_application(self) -> str:
        return f"application {self.application}"

    def counted(self, limits: Limits) -> list[Counted]:
        """Only what has a cap is counted."""
        found = [Counted(self.of_phone, "phone_marks", _rules("phone_hour", limits.phone_hour, HOUR))]
        found[0].rules.extend(_rules("phone_day", limits.phone_day, DAY))
        found.append(Counted(self.of_block, "block_marks", _rules("block_hour", limits.block_hour, HOUR)))
        of_application = _rules("application_day", limits.application_day, DAY)
        found.append(Counted(self.of_application, "application_marks", of_application))
        if self.of_network is not None:
            found.append(Counted(self.of_network, "network_marks", _rules("ip_hour", limits.ip_hour, HOUR)))
        return [counted for counted in found if counted.rules]


def _rules(name: str, cap: Cap, window: int) -> list[Rule]:
    return [] if cap.most is None else [Rule(name, cap.most, cap.mode, window)]


@dataclass(frozen=True, slots=True)
class Refusal:
    until: int
    limit: str


def refusal(case: Case, subjects: list[Counted]) -> tuple[Refusal | None, list[str]]:
    """The cap that refuses for longest, if one does, and the names of those in monitor that would have."""
    longest, over = None, []
    for subject, column, rules in subjects:
        tally = case.tally(subject, case.row[column])
        for rule in rules:
            until = tally.full_until(rule.most, rule.window, case.now)
            if until is None:
                continue
            if rule.mode is Mode.MONITOR:
                over.append(rule.name)
            elif longest is None or until > longest.until:
                longest = Refusal(until, rule.name)
    return longest, over


def count(case: Case, subjects: list[Counted]) -> int:
    """Count one send; the earliest moment at which the phone's own caps let the next one go."""
    next_at = case.now
    for subject, column, rules in subjects:
        windows = [rule.window for rule in rules]
        tally = case.tally(subject, case.row[column])
        tally = tally.plus(case.now, longest=max(windows), shortest=min(windows))
        case.tallies[subject] = tally
        case.write("count", subject=subject, marks=from_tally(tally), now=case.now)
        if column == "phone_marks":
            next_at = _room_at(tally, rules, case.now)
    return next_at


def _room_at(tally: Tally, rules: list[Rule], now: int) -> int:
    waits = [tally.full_until(rule.most, rule.window, now) for rule in rules if rule.mode is Mode.ENFORCE]
    return max((wait for wait in waits if wait is not None), default=now)


def money_refusal(case: Case, limits: Limits) -> Spent | None:
    if limits.daily_budget is None:
        return None
    until = case.spending().full_until(to_units(limits.daily_budget), case.now)
    return None if until is None else Spent(until=rows.to_time(until), now=rows.to_time(case.now))


def set_aside(case: Case, limits: Limits, *, warns: bool) -> tuple[int, bool]:
    """What was set aside for one message, and whether to warn that four fifths of the day's budget are gone.

    What can't pass a warning on leaves it to the next message.
    """
    if limits.daily_budget is None:
        return 0, False
    budget = to_units(limits.daily_budget)
    spending = case.spending()
    aside = spending.expected(budget)
    spending = spending.plus(aside, case.now)
    nearly = spending.nearly(budget, case.now)
    case.spend(replace(spending, warned=nearly and (warns or spending.warned)))
    return aside, nearly and not spending.warned


def too_soon(case: Case, until: int, verification_id: str | None, limit: str = "") -> TooSoon:
    return TooSoon(
        resend_at=rows.to_time(until), verification_id=verification_id, now=rows.to_time(case.now), limit=limit
    )
