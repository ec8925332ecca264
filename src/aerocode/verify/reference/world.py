"""The world that `reference.py` decides about, and how to find and put things in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from decimal import Decimal

from aerocode.model.budget import Budget
from aerocode.model.budget import Pool
from aerocode.model.decision import SealedCode
from aerocode.model.decision import Where
from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.model.verification import Verification

LadderKey = tuple[str, str, UsageType]
BudgetKey = tuple[str, str, Pool]
RequestKey = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """Where one (application, phone, usage type) stands on the resend ladder, and stood before its last send."""

    step: int
    sent_at: datetime
    next_at: datetime
    message_id: str
    before: "Rung | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A message, and what its verification promised before it (None for the message of a start).

    `aside` is the money set aside for it `at` that moment, `request` what asked for it, `life` how long a code lived
    then.
    """

    at: datetime
    status: MessageStatus
    verification: str
    before: tuple[datetime, datetime] | None = None
    aside: Decimal = Decimal(0)
    request: "RequestKey | None" = None
    life: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request that named itself. `answer` is the verification and the message's status, as they were told."""

    at: datetime
    body: str
    message_id: str
    again: bool
    answer: tuple[Verification, MessageStatus] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """`spent` are moments with roubles, set aside and settled; `price` is what the last message cost."""

    spent: tuple[tuple[datetime, Decimal], ...] = ()
    price: Decimal | None = None
    warned: bool = False


NO_MONEY = Money()


@dataclass(frozen=True, slots=True)
class World:
    verifications: Mapping[str, Verification] = field(default_factory=dict)
    codes: Mapping[str, SealedCode] = field(default_factory=dict)
    messages: Mapping[str, Sent] = field(default_factory=dict)
    ladders: Mapping[LadderKey, Rung] = field(default_factory=dict)
    budgets: Mapping[BudgetKey, Budget] = field(default_factory=dict)
    sends: Mapping[str, tuple[datetime, ...]] = field(default_factory=dict)
    money: Money = NO_MONEY
    requests: Mapping[RequestKey, Asked] = field(default_factory=dict)


def find(world: World, where: Where) -> Verification | None:
    if isinstance(where, Subject):
        own = [row for row in world.verifications.values() if subject_of(row) == where]
        return max(own, key=lambda row: (row.status is VerificationStatus.PENDING, row.created_at), default=None)
    found = world.verifications.get(where.verification_id)
    if found is None or (found.application, found.session) != (where.application, where.session):
        return None
    return found


def budget_of(world: World, subject: Subject, pool: Pool) -> Budget:
    return world.budgets.get((subject.application, subject.phone.e164, pool), Budget())


def put_budget(world: World, subject: Subject, pool: Pool, budget: Budget) -> World:
    key = (subject.application, subject.phone.e164, pool)
    return replace(world, budgets={**world.budgets, key: budget})


def end(world: World, now: datetime, row: Verification, status: VerificationStatus) -> World:
    codes = {other: code for other, code in world.codes.items() if other != row.id}
    return replace(put(world, replace(row, status=status, ended_at=now)), codes=codes)


def put(world: World, row: Verification) -> World:
    return replace(world, verifications={**world.verifications, row.id: row})


def subject_of(row: Verification) -> Subject:
    if row.phone is None:
        raise ValueError("a pending verification has its phone")
    return Subject(row.application, row.phone, row.usage_type, row.session)


def ladder_key(subject: Subject) -> LadderKey:
    return subject.application, subject.phone.e164, subject.usage_type
