"""An account, the provider's numbers for what became of something, and the shapes of answers about several things.

The type of one answer stands beside its endpoint. Attribute names are the provider's where they are English.
"""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from enum import IntEnum
from typing import Generic
from typing import Self
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An SMS Aero account: its e-mail and an API key from the cabinet's page settings/apikey."""

    email: str
    api_key: str = field(repr=False)

    def header(self) -> str:
        """The value of `Authorization`: HTTP Basic over the UTF-8 of `email:api_key` (RFC 7617)."""
        # "replace": a lone surrogate typed into JSON must not raise an error that quotes the key.
        pair = f"{self.email}:{self.api_key}".encode(errors="replace")
        return f"Basic {base64.b64encode(pair).decode()}"

    def secrets(self) -> tuple[str, ...]:
        """What must not be repeated in a log, should a gate echo it: the key, plain and as the header carries it."""
        return self.api_key, self.header().removeprefix("Basic ")


class Status(IntEnum):
    """A number nobody documented becomes an `UNKNOWN` of that value. Compares with plain integers."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int):
            return None
        # The provider may add a status any day: a client that dies of it loses an SMS already paid for.
        unknown = int.__new__(cls, value)
        unknown._name_ = "UNKNOWN"
        unknown._value_ = value
        return unknown


class SmsStatus(Status):
    """Where an SMS is."""

    QUEUE = 0
    DELIVERED = 1
    UNDELIVERED = 2
    SENT = 3
    WAIT = 4
    REJECT = 6
    MODERATION = 8

    @property
    def final(self) -> bool:
        """True when the provider will not change the status any more."""
        return self in (SmsStatus.DELIVERED, SmsStatus.UNDELIVERED, SmsStatus.REJECT)


class SignStatus(Status):
    """Where a sender name is. A Viber sender name uses 1 for `active`."""

    MODERATION = 0
    APPROVED = 1


class Operator(Status):
    """A Russian mobile operator. The number for all others is not documented, hence `UNKNOWN`."""

    MEGAFON = 1
    MTS = 4
    BEELINE = 5
    TELE2 = 6


class HlrStatus(Status):
    """Whether a phone can be reached. Two and three exist, their meaning is not documented."""

    AVAILABLE = 1
    IN_WORK = 4

    @property
    def final(self) -> bool:
        """False while the check is under way."""
        return self is not HlrStatus.IN_WORK


class ViberStatus(Status):
    """Where a Viber mailing as a whole is."""

    REJECTED = 0
    MODERATION = 1
    IN_WORK = 2
    DONE = 3
    PLANNED = 4
    NOT_ENOUGH_MONEY = 5


class ViberRecipientStatus(Status):
    """Where a Viber mailing is with one of its recipients."""

    SENT = 0
    DELIVERED = 1
    READ = 2
    UNDELIVERED = 3
    ERROR = 4


class TelegramStatus(Status):
    """Where a code sent by Telegram is. Failure has a number too, but which is not documented."""

    QUEUE = 0
    DELIVERED = 1


class MobileIdStatus(Status):
    """Where a Mobile ID session is. Only `SUCCESS` means that the owner of the phone has confirmed.

    The samples of the provider's own clients show 2 after a verification; it means that the verification failed.
    """

    WAITING = 0
    SUCCESS = 1
    FAILED = 2
    CODE_REQUIRED = 3
    IN_PROGRESS = 8
    ERROR = 16


class CallStatus(Status):
    """Where a flash call or a voice code is."""

    QUEUE = 0
    ANSWERED = 1
    UNANSWERED = 2
    HANDED_OVER = 4


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Many(Generic[T]):
    """What the gate answered about each of many numbers, matched by number and never by position.

    The repr holds no number.
    """

    answers: Mapping[str, T]
    """By number, as asked and in the order asked."""
    unanswered: tuple[str, ...]
    """Numbers the gate's reply says nothing of. Whether it refused them or dropped them is not documented: a send to
    them may have happened all the same, so look them up before sending again."""

    def __getitem__(self, number: str) -> T:
        return self.answers[number]

    def __len__(self) -> int:
        return len(self.answers)

    def __repr__(self) -> str:
        return f"Many({len(self.answers)} answered, {len(self.unanswered)} unanswered)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """One page of a list."""

    items: tuple[T, ...]
    """What could be read of it; an item without an id of its own is left out."""
    total: int | None
    """How many there are on all pages; None when the gate does not say."""
    linked: bool
    """Whether the gate says which page is next. If not, only `total` tells whether more follow."""
    next: int | None
    """The next page's number; None on the last page and when not `linked`."""
