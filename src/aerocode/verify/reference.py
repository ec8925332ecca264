"""Every decision about a verification, as pure functions from a world and a time to the next world and an answer.

This is the specification that each store is tested against, written for reading: no SQL, no concurrency, no clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from aerocode.model.decision import Approved
from aerocode.model.decision import ById
from aerocode.model.decision import CancelAnswer
from aerocode.model.decision import Canceled
from aerocode.model.decision import CheckAnswer
from aerocode.model.decision import Ended
from aerocode.model.decision import Issue
from aerocode.model.decision import IssueAnswer
from aerocode.model.decision import Issued
from aerocode.model.decision import Missing
from aerocode.model.decision import Resend
from aerocode.model.decision import ResendAnswer
from aerocode.model.decision import SealedCode
from aerocode.model.decision import Seals
from aerocode.model.decision import TooSoon
from aerocode.model.decision import Where
from aerocode.model.decision import Wrong
from aerocode.model.message import Accepted
from aerocode.model.message import Outcome
from aerocode.model.message import Refused
from aerocode.model.policy import LONGEST_LIFE
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy
from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.model.verification import Verification

Answer = TypeVar("Answer")
LadderKey = tuple[str, str, UsageType]


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
    """A message, and what its verification promised before it (None for the message of a start)."""

    status: MessageStatus
    verification: str
    before: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class World:
    verifications: Mapping[str, Verification] = field(default_factory=dict)
    codes: Mapping[str, SealedCode] = field(default_factory=dict)
    messages: Mapping[str, Sent] = field(default_factory=dict)
    ladders: Mapping[LadderKey, Rung] = field(default_factory=dict)


def issue(world: World, now: datetime, ask: Issue) -> tuple[World, IssueAnswer]:
    """Start, or send the pending one again."""
    pending = _pending(world, ask.subject)
    if pending is not None and pending.expires_at <= now:
        world, pending = _end(world, now, pending, VerificationStatus.EXPIRED), None
    if pending is not None:
        return _send_again(world, now, pending, ask.message_id, ask.policy, ask.limits)
    wait = _ladder_wait(world, ask.subject, now)
    if wait is not None and ask.limits.ladder_mode is Mode.ENFORCE:
        return world, TooSoon(resend_at=wait, verification_id=None, now=now)
    world, resend_at = _climb(world, now, ask.subject, ask.message_id, ask.limits)
    begun = Verification(
        id=ask.verification_id,
        application=ask.subject.application,
        phone=ask.subject.phone,
        usage_type=ask.subject.usage_type,
        session=ask.subject.session,
        status=VerificationStatus.PENDING,
        attempts_left=ask.policy.attempts,
        sends=1,
        created_at=now,
        expires_at=now + ask.policy.lifetime,
        resend_at=resend_at,
        message_id=ask.message_id,
        locale=ask.locale,
        payload=ask.payload,
        metadata=ask.metadata,
    )
    world = replace(
        world,
        verifications={**world.verifications, begun.id: begun},
        codes={**world.codes, begun.id: ask.code},
        messages={**world.messages, ask.message_id: Sent(status=MessageStatus.CREATED, verification=begun.id)},
    )
    over = ("ladder",) if wait is not None else ()
    return world, Issued(verification=begun, message_id=ask.message_id, code=ask.code, again=False, now=now, over=over)


def check(world: World, now: datetime, where: Where, seals: Seals) -> tuple[World, CheckAnswer]:
    """Spend an attempt, compare, and move the state."""
    world, found = _open(world, now, where)
    if not isinstance(found, Verification):
        return world, found
    subject = _subject(found)
    if world.codes[found.id].seal in seals(subject, found.id):
        world = _end(world, now, found, VerificationStatus.APPROVED)
        ladders = {key: rung for key, rung in world.ladders.items() if key != _ladder_key(subject)}
        return replace(world, ladders=ladders), Approved(verification=world.verifications[found.id])
    left = found.attempts_left - 1
    world = _put(world, replace(found, attempts_left=left))
    if left == 0:
        world = _end(world, now, world.verifications[found.id], VerificationStatus.MAX_ATTEMPTS_REACHED)
    return world, Wrong(attempts_left=left)


def resend(world: World, now: datetime, ask: Resend) -> tuple[World, ResendAnswer]:
    """Send the pending one again, named by its id."""
    world, found = _open(world, now, ask.where)
    if not isinstance(found, Verification):
        return world, found
    return _send_again(world, now, found, ask.message_id, ask.policy, ask.limits)


def cancel(world: World, now: datetime, where: ById) -> tuple[World, CancelAnswer]:
    """End the pending one; gives no attempt back."""
    world, found = _open(world, now, where)
    if not isinstance(found, Verification):
        return world, found
    world = _end(world, now, found, VerificationStatus.CANCELED)
    return world, Canceled(verification=world.verifications[found.id])


def mark(world: World, now: datetime, message_id: str, outcome: Outcome) -> World:
    """Write down what became of a send. A certain refusal undoes what the send had promised."""
    sent = world.messages[message_id]
    said = MessageStatus.UNKNOWN
    if isinstance(outcome, Accepted):
        said = outcome.status
    elif isinstance(outcome, Refused):
        said = MessageStatus.FAILED
    if not sent.status.may_become(said):
        return world
    world = replace(world, messages={**world.messages, message_id: replace(sent, status=said)})
    return _undo(world, now, message_id, sent) if isinstance(outcome, Refused) else world


def _undo(world: World, now: datetime, message_id: str, sent: Sent) -> World:
    verification = world.verifications[sent.verification]
    key = _ladder_key(_subject(verification))
    rung = world.ladders.get(key)
    if rung is not None and rung.message_id == message_id:
        others = {other: kept for other, kept in world.ladders.items() if other != key}
        world = replace(world, ladders=others if rung.before is None else {**others, key: rung.before})
    if verification.status is not VerificationStatus.PENDING or verification.message_id != message_id:
        return world
    if sent.before is None:
        return _end(world, now, verification, VerificationStatus.FAILED)
    expires_at, resend_at = sent.before
    return _put(world, replace(verification, expires_at=expires_at, resend_at=resend_at))


def _send_again(
    world: World, now: datetime, found: Verification, message_id: str, policy: Policy, limits: Limits
) -> tuple[World, Issued | TooSoon]:
    subject = _subject(found)
    over: list[str] = []
    if found.sends >= limits.sends_per_verification:
        if limits.sends_per_verification_mode is Mode.ENFORCE:
            return world, TooSoon(resend_at=found.expires_at, verification_id=found.id, now=now)
        over.append("sends_per_verification")
    wait = _ladder_wait(world, subject, now)
    if wait is not None:
        if limits.ladder_mode is Mode.ENFORCE:
            return world, TooSoon(resend_at=wait, verification_id=found.id, now=now)
        over.append("ladder")
    world, resend_at = _climb(world, now, subject, message_id, limits)
    again = replace(
        found,
        sends=found.sends + 1,
        expires_at=min(now + policy.lifetime, found.created_at + LONGEST_LIFE),
        resend_at=resend_at,
        message_id=message_id,
    )
    sent = Sent(status=MessageStatus.CREATED, verification=found.id, before=(found.expires_at, found.resend_at))
    world = replace(_put(world, again), messages={**world.messages, message_id: sent})
    code = world.codes[found.id]
    return world, Issued(verification=again, message_id=message_id, code=code, again=True, now=now, over=tuple(over))


def _open(world: World, now: datetime, where: Where) -> tuple[World, Verification | Ended | Missing]:
    found = _find(world, where)
    if found is None:
        return world, Missing()
    if found.status is not VerificationStatus.PENDING:
        return world, Ended(status=found.status)
    if found.expires_at <= now:
        return _end(world, now, found, VerificationStatus.EXPIRED), Ended(status=VerificationStatus.EXPIRED)
    return world, found


def _find(world: World, where: Where) -> Verification | None:
    if isinstance(where, Subject):
        own = [row for row in world.verifications.values() if _subject(row) == where]
        return max(own, key=lambda row: (row.status is VerificationStatus.PENDING, row.created_at), default=None)
    found = world.verifications.get(where.verification_id)
    if found is None or (found.application, found.session) != (where.application, where.session):
        return None
    return found


def _pending(world: World, subject: Subject) -> Verification | None:
    found = _find(world, subject)
    return found if found is not None and found.status is VerificationStatus.PENDING else None


def _ladder_wait(world: World, subject: Subject, now: datetime) -> datetime | None:
    rung = world.ladders.get(_ladder_key(subject))
    return rung.next_at if rung is not None and now < rung.next_at else None


def _climb(world: World, now: datetime, subject: Subject, message_id: str, limits: Limits) -> tuple[World, datetime]:
    key = _ladder_key(subject)
    rung = world.ladders.get(key)
    step = 1 if rung is None or now - rung.sent_at > limits.ladder_memory else rung.step + 1
    next_at = now + limits.wait_after(step)
    before = None if rung is None else replace(rung, before=None)
    climbed = Rung(step=step, sent_at=now, next_at=next_at, message_id=message_id, before=before)
    resend_at = next_at if limits.ladder_mode is Mode.ENFORCE else now
    return replace(world, ladders={**world.ladders, key: climbed}), resend_at


def _end(world: World, now: datetime, row: Verification, status: VerificationStatus) -> World:
    codes = {other: code for other, code in world.codes.items() if other != row.id}
    return replace(_put(world, replace(row, status=status, ended_at=now)), codes=codes)


def _put(world: World, row: Verification) -> World:
    return replace(world, verifications={**world.verifications, row.id: row})


def _subject(row: Verification) -> Subject:
    if row.phone is None:
        raise ValueError("a pending verification has its phone")
    return Subject(row.application, row.phone, row.usage_type, row.session)


def _ladder_key(subject: Subject) -> LadderKey:
    return subject.application, subject.phone.e164, subject.usage_type
