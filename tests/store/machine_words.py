"""What the state machine draws from: rules that an operator may have set, and what happens under them.

Time moves in jumps of whole steps only, and every span that a decision compares with is at least 20 seconds off any sum
of jumps: however slowly a run goes, no decision lands on a boundary.
"""

from dataclasses import dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from store_words import NO_CAPS
from store_words import OTHER_PHONE
from store_words import PHONE
from store_words import REFUSED
from store_words import SPARED
from store_words import UNKNOWN
from store_words import only
from store_words import subject

from aerocode.model.decision import Request
from aerocode.model.lists import NO_LISTS
from aerocode.model.lists import Kind
from aerocode.model.lists import ListEntry
from aerocode.model.lists import Lists
from aerocode.model.lists import Verdict
from aerocode.model.message import Accepted
from aerocode.model.message import Outcome
from aerocode.model.policy import Cap
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy
from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.model.verification import Subject
from aerocode.phone import Phone

STEP = timedelta(seconds=70)
HALF = STEP / 2
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
FAR_AHEAD = LONG_AGO + timedelta(days=365 * 400)

#: The hard limit of 600 s is 8.57 steps, and needs no half.
POLICIES = (
    Policy(attempts=2, lifetime=3 * STEP + HALF),
    Policy(attempts=3, lifetime=6 * STEP + HALF),
    Policy(attempts=5, lifetime=STEP + HALF),
)
_LADDER = (HALF, STEP + HALF, 2 * STEP + HALF)
_MEMORY = 7 * STEP + HALF
_WATCH = Mode.MONITOR

#: Few limits in each, or the strictest would hide the others.
LADDER = Limits(ladder=_LADDER, ladder_memory=_MEMORY, sends_per_verification=3, **NO_CAPS)
WATCHED = Limits(
    ladder=_LADDER,
    ladder_memory=_MEMORY,
    ladder_mode=_WATCH,
    sends_per_verification=2,
    sends_per_verification_mode=_WATCH,
    phone_hour=Cap(2, _WATCH),
    phone_day=Cap(3, _WATCH),
    ip_hour=Cap(1, _WATCH),
    block_hour=Cap(3, _WATCH),
    application_day=Cap(4, _WATCH),
    countries={"RU": CountryRule.MONITOR},
)
PHONE_HOUR = only(phone_hour=Cap(2), phone_day=Cap(3, _WATCH), ladder=_LADDER[:1], ladder_memory=_MEMORY)
PHONE_DAY = only(phone_hour=Cap(2, _WATCH), phone_day=Cap(4), sends_per_verification=2)
NETWORK_HOUR = only(ip_hour=Cap(2), phone_hour=Cap(9))
BLOCK_HOUR = only(block_hour=Cap(3), ip_hour=Cap(2, _WATCH))
APPLICATION_DAY = only(application_day=Cap(4), phone_hour=Cap(3))
MONEY = only(daily_budget=Decimal(22))
LITTLE_MONEY = only(daily_budget=Decimal(8), ladder=_LADDER, ladder_memory=_MEMORY)
NO_RUSSIANS = only(countries={"RU": CountryRule.BLOCK}, phone_hour=Cap(4))
#: The ladder waits longer than the hour does: 3,885 seconds.
SLOW_LADDER = only(ladder=(55 * STEP + HALF,), ladder_memory=60 * STEP + HALF, phone_hour=Cap(1))
FREE = only()


def entry(verdict: Verdict, kind: Kind, value: str) -> ListEntry:
    return ListEntry(id=value, verdict=verdict, kind=kind, value=value, reason="a test", created_at=LONG_AGO)


_ALLOWED = entry(Verdict.ALLOW, Kind.PHONE, PHONE.e164)
_BLOCKED = entry(Verdict.BLOCK, Kind.PREFIX, OTHER_PHONE.e164[:5])
_NETWORKS = (
    entry(Verdict.ALLOW, Kind.NETWORK, "192.0.2.0/24"),
    entry(Verdict.BLOCK, Kind.NETWORK, "198.51.100.0/24"),
)
PHONES_LISTED = Lists([_ALLOWED, _BLOCKED])
NETWORKS_LISTED = Lists(_NETWORKS)


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a run is about. `requests` of ten starts name themselves, `tests` of ten are to a test number;
    `reports` come from the gate.

    `meets` are the answers that it must come by, or it shows nothing.
    """

    limits: Limits
    meets: tuple[str, ...]
    lists: Lists = NO_LISTS
    requests: int = 0
    tests: int = 0
    reports: bool = False
    examples: int = 16


_ASKED = (*(f"Asked first {status}" for status in ("failed", "unknown", "queued")), "Asked again failed")
_OVER = ("ladder", "sends_per_verification", "phone_hour", "phone_day", "ip_hour", "block_hour", "application_day")
HOUSES = {
    "ladder": House(limits=LADDER, meets=("Issued", "Issued again", "TooSoon", "Ended", "Missing")),
    "requests": House(limits=FREE, requests=9, examples=40, meets=(*_ASKED, "Unanswered", "Unlike")),
    "watched": House(limits=WATCHED, meets=("Issued country", *(f"Issued {name}" for name in _OVER))),
    "phone hour": House(limits=PHONE_HOUR, meets=("TooSoon phone_hour", "Issued phone_day", "TooSoon")),
    "phone day": House(limits=PHONE_DAY, tests=1, meets=("TooSoon phone_day", "Issued phone_hour", "TooSoon ")),
    "network": House(limits=NETWORK_HOUR, meets=("TooSoon ip_hour",)),
    "networks": House(limits=NETWORK_HOUR, lists=NETWORKS_LISTED, meets=("TooSoon phone_hour", "Barred list")),
    "block": House(limits=BLOCK_HOUR, requests=1, meets=("TooSoon block_hour", "Issued ip_hour")),
    "application": House(limits=APPLICATION_DAY, meets=("TooSoon application_day", "TooSoon phone_hour")),
    "money": House(limits=MONEY, tests=1, meets=("Spent", "Issued nearly_spent")),
    "little money": House(limits=LITTLE_MONEY, requests=3, meets=("Spent", "TooSoon ")),
    "a blocked country": House(limits=NO_RUSSIANS, lists=PHONES_LISTED, meets=("Barred country", "Issued")),
    "blocked phones": House(limits=LADDER, lists=PHONES_LISTED, meets=("Barred list", "Issued")),
    "moderation": House(limits=FREE, reports=True, examples=30, meets=("Issued again", "Heard moderation")),
    "slow ladder": House(limits=SLOW_LADDER, meets=("TooSoon phone_hour", "TooSoon ")),
    "test numbers": House(limits=LADDER, tests=5, meets=("Issued test", "Approved test", "Wrong", "TooSoon ")),
    "guesses": House(limits=FREE, meets=("Blocked", "Approved", "Wrong", "taken over")),
}

NEIGHBOUR = Phone(PHONE.e164[:-1] + "0")
NETWORKS = st.sampled_from(("192.0.2.1/32", "192.0.2.1/32", "192.0.2.1/32", "198.51.100.7/32", "2001:db8::/64", None))
REQUESTS = st.builds(Request, key=st.sampled_from("abcdef"), route=st.just("start"), body=st.sampled_from("aaab"))
SUBJECTS = st.builds(
    subject,
    application=st.sampled_from(("default", "default", "shop")),
    phone=st.sampled_from((PHONE, OTHER_PHONE, NEIGHBOUR)),
    usage_type=st.sampled_from((UsageType.GENERIC, UsageType.SIGN_IN)),
    session=st.sampled_from(("", "s")),
)
#: Most of what happens, happens to one subject, or runs would rarely meet a resend or a refusal.
WHOM: st.SearchStrategy[Subject] = st.one_of(
    st.just(subject()), st.just(subject()), st.just(subject(session="s")), SUBJECTS
)

_QUEUED = Accepted(gate_id="1", status=MessageStatus.QUEUED)
OUTCOMES = st.sampled_from(
    (
        REFUSED,
        UNKNOWN,
        _QUEUED,
        replace(_QUEUED, status=MessageStatus.MODERATION),
        replace(_QUEUED, status=MessageStatus.SENT, cost=Decimal("7.5")),
        SPARED,
    )
)
#: What becomes of a message at once; often nothing yet, often a refusal, which has the most to undo.
SOON: st.SearchStrategy[Outcome | None] = st.sampled_from(
    (
        None,
        None,
        REFUSED,
        REFUSED,
        UNKNOWN,
        replace(_QUEUED, cost=Decimal(9)),
        replace(_QUEUED, cost=Decimal("3.5")),
        replace(_QUEUED, status=MessageStatus.MODERATION),
    )
)
#: What the gate tells of a message later.
NEWS = st.sampled_from(
    (
        MessageStatus.MODERATION,
        MessageStatus.MODERATION,
        MessageStatus.QUEUED,
        MessageStatus.DELIVERED,
        MessageStatus.REJECTED,
        MessageStatus.FAILED,
    )
)
RECENT = st.sampled_from((0, 0, 0, 1, 1, 2, 5))
NAMED = st.sampled_from(("id", "id", "subject", "subject", "stranger"))
TENTHS = st.integers(0, 9)
