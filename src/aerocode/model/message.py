"""A message: one text handed to the gate. The text itself is never part of it, because it holds a code."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.phone import Phone


class Source(StrEnum):
    """Who told us a status: our own record, the gate's reply to the send, a poll of `sms/status`, or a restart."""

    OWN = "own"
    REPLY = "reply"
    POLL = "poll"
    RESTART = "restart"


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One line of the timeline. `reason` is an error code or a few words, `detail` what the gate itself said."""

    at: datetime
    status: MessageStatus
    source: Source
    reason: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """`verification` is None for a test from the connector tester. `cost` is in roubles, for the whole message."""

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
    timeline: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """The gate took the message; `status` is what its reply said about it."""

    gate_id: str
    status: MessageStatus
    detail: str = ""
    sender: str = ""
    segments: int | None = None
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """Nothing was sent, for certain. `reason` is the code of the connector error, `detail` the gate's own words.

    `wait` is in seconds, when the gate said how long to wait.
    """

    reason: str
    detail: str = ""
    wait: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """The bytes left and no usable answer came back. Never repeated by us: the SMS may arrive."""

    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spared:
    """A test number: nothing was sent and nothing will be."""

    reason: str = "test_number"
    detail: str = ""


Outcome = Accepted | Refused | Unknown | Spared


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the gate later said about a message it had accepted."""

    status: MessageStatus
    source: Source
    detail: str = ""
    cost: Decimal | None = None
