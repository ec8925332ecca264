"""A message: one text handed to the gate. The text itself is never part of it, because it holds a code."""

from dataclasses import dataclass
from dataclasses import field
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.phone import Phone


class Source(StrEnum):
    """Who told us a status: our record, the gate's reply to the send, its callback, a question of ours, a restart."""

    OWN = "own"
    REPLY = "reply"
    CALLBACK = "callback"
    POLL = "poll"
    RESTART = "restart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the timeline. `reason` is an error code or a few words, `detail` what the gate itself said.

    `gate_id` stands in the line that brought it.
    """

    at: datetime
    status: MessageStatus
    source: Source
    reason: str = ""
    detail: str = ""
    gate_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`verification` is None for a test from the connector tester. `cost` is in roubles, for the whole message.

    `operator` is the provider's word for it, empty unless the provider ever told.
    """

    id: str
    application: str
    verification: str | None
    phone: Phone | None
    usage_type: UsageType
    status: MessageStatus
    created_at: datetime
    updated_at: datetime
    reason: str = ""
    gate_id: str = ""
    sender: str = ""
    segments: int | None = None
    cost: Decimal | None = None
    operator: str = ""
    timeline: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What is kept of a message that went to the gate.

    `took` is from the hand-over to the outcome. `account` tells the provider's accounts apart and names none. `proof`
    is an HMAC of what was sent, by which an uncertain message is found again; None where there is nothing to find.
    """

    took: timedelta
    account: str = ""
    proof: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The gate took the message; `status` is what its reply said about it."""

    gate_id: str
    status: MessageStatus
    detail: str = ""
    sender: str = ""
    segments: int | None = None
    cost: Decimal | None = None
    handed: HandOver | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing was sent, for certain. `reason` is the code of the connector error, `detail` the gate's own words.

    `wait` is in seconds, when the gate said how long to wait. `handed` is None when no gate could be reached at all.
    """

    reason: str
    detail: str = ""
    wait: int | None = None
    handed: HandOver | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The bytes left and no usable answer came back. Never repeated by us: the SMS may arrive."""

    reason: str
    detail: str = ""
    segments: int | None = None
    handed: HandOver | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Spared:
    """A test number: nothing was sent and nothing will be."""

    reason: str = "test_number"
    detail: str = ""


Outcome = Accepted | Refused | Unknown | Spared


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What was later learned of a message. `gate_id` is given when the message may not have it yet."""

    status: MessageStatus
    source: Source
    reason: str = ""
    detail: str = ""
    gate_id: str = ""
    cost: Decimal | None = None
    operator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A message in the provider's list that has the number and the text of one of ours. `at` is when it was created."""

    at: datetime
    report: Report
