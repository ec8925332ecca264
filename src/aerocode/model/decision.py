"""What the store is asked to decide, and what it may answer. Each answer is final when it is given.

`issue`, `check`, `resend`, `cancel` and `mark` are decided in one atomic step by the store and, as the same pure
function of the same values, by `verify/reference/`.
"""

from collections.abc import Callable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime

from aerocode.model.lists import NO_LISTS
from aerocode.model.lists import Lists
from aerocode.model.message import Message
from aerocode.model.policy import Limits
from aerocode.model.policy import Policy
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.model.verification import Verification
from aerocode.phone import Phone


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedCode:
    """A code as it rests: `seal` to compare a guess with, `cipher` to send it again. Bound to one verification id."""

    seal: bytes = field(repr=False)
    cipher: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What an `Idempotency-Key` names: one `body` for one `route` of one application, for a day."""

    key: str
    route: str
    body: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedCode:
    """The code of a test number, and until when it is one; None as long as it stands."""

    code: SealedCode
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Start a verification, or send the pending one again. The ids and the code are used only if a new one begins.

    `device_since` is when the caller's device was last approved for this phone, as its token proves; None without one.
    `network` is the /32 or /64 that the start is counted for. Unless it is `ready` to be sent, only a request that was
    answered before has an answer.
    """

    subject: Subject
    verification_id: str
    message_id: str
    code: SealedCode
    policy: Policy
    limits: Limits
    device_since: datetime | None = None
    network: str | None = None
    lists: Lists = NO_LISTS
    fixed: FixedCode | None = None
    request: Request | None = None
    ready: bool = True
    locale: str = ""
    payload: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ById:
    application: str
    verification_id: str
    session: str = ""


#: A verification is named by its id, or by its subject: then the newest one answers.
Where = ById | Subject

#: From the subject and the id of the verification found, the seals (one for each open key) of what was typed.
Seals = Callable[[Subject, str], tuple[bytes, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resend:
    where: Where
    message_id: str
    policy: Policy
    limits: Limits
    lists: Lists = NO_LISTS
    request: Request | None = None
    ready: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A message to hand over now. `again` means that the verification was pending already and keeps its code.

    `over` names the limits in monitor mode that would have refused it. `nearly_spent` is True for the message that
    brought the day's spending to four fifths of its budget.
    """

    verification: Verification
    message_id: str
    code: SealedCode
    again: bool
    now: datetime
    over: tuple[str, ...] = ()
    nearly_spent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TooSoon:
    """No message now. `verification_id` is the pending one of exactly this subject, if there is one.

    `limit` names the cap that says so; it is empty for the ladder.
    """

    resend_at: datetime
    verification_id: str | None
    now: datetime
    limit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The day's money is spent: no message until then."""

    until: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeated:
    """This request was answered before, and this was the answer. `wait` is what a refusing gate had asked for."""

    verification: Verification
    message: Message
    again: bool
    wait: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """This request is being answered at this moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """The key of this request named another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unready:
    """There is nothing to send with, and this request was not answered before: nothing was looked at nor recorded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Barred:
    """No message to this phone, or none for this network: `reason` is `list` or `country`."""

    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Blocked:
    """No guess is left for this phone: nothing was sent, nothing was looked at, nothing was counted."""

    until: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """No verification of that application, id, phone or session."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """The verification is over, and was before this was asked."""

    status: VerificationStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One attempt was spent on a wrong code; `attempts_left` is the verification's or the phone's, whichever is less.

    `stopped` is True for the guess that stopped its pool.
    """

    attempts_left: int
    stopped: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Canceled:
    verification: Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """After the outcome of a send was written down. `message` is without its timeline.

    `verification` is there when it is not as it was when the message was issued: refused, or answered before the gate.
    """

    message: Message
    verification: Verification | None


IssueAnswer = Issued | Barred | TooSoon | Blocked | Spent | Repeated | Unanswered | Unlike | Unready
CheckAnswer = Approved | Wrong | Blocked | Ended | Missing
ResendAnswer = IssueAnswer | Ended | Missing
CancelAnswer = Canceled | Ended | Missing


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """Send a test message of a config that need not be saved; `caller` is the id of the key that asks."""

    application: str
    caller: str
    phone: Phone
    message_id: str
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A message to ask the gate about now. `deadline` is when an uncertain one that is not found never went out.

    `unproved` is what a message without a proof was made of, as long as its code lives.
    """

    message: Message
    deadline: datetime
    now: datetime
    account: str = ""
    proof: bytes | None = field(default=None, repr=False)
    unproved: tuple[Verification, SealedCode] | None = field(default=None, repr=False)
