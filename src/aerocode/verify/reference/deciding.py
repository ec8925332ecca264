"""Every decision about a verification, as pure functions from a world and a time to the next world and an answer.

Written for reading: no SQL, no concurrency, no clock.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from aerocode.model.budget import DEVICE_LIFE
from aerocode.model.budget import Pool
from aerocode.model.decision import Approved
from aerocode.model.decision import Blocked
from aerocode.model.decision import ById
from aerocode.model.decision import CancelAnswer
from aerocode.model.decision import Canceled
from aerocode.model.decision import CheckAnswer
from aerocode.model.decision import Ended
from aerocode.model.decision import Issue
from aerocode.model.decision import IssueAnswer
from aerocode.model.decision import Missing
from aerocode.model.decision import Resend
from aerocode.model.decision import ResendAnswer
from aerocode.model.decision import Seals
from aerocode.model.decision import Spent
from aerocode.model.decision import TooSoon
from aerocode.model.decision import Where
from aerocode.model.decision import Wrong
from aerocode.model.message import Accepted
from aerocode.model.message import Outcome
from aerocode.model.message import Refused
from aerocode.model.message import Spared
from aerocode.model.states import MessageStatus
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.model.verification import Verification
from aerocode.phone import Phone
from aerocode.verify.reference import counting
from aerocode.verify.reference import repeating
from aerocode.verify.reference.moderating import moderated
from aerocode.verify.reference.sending import recorded
from aerocode.verify.reference.sending import send
from aerocode.verify.reference.sending import send_again
from aerocode.verify.reference.world import Asked
from aerocode.verify.reference.world import Sent
from aerocode.verify.reference.world import World
from aerocode.verify.reference.world import budget_of
from aerocode.verify.reference.world import end
from aerocode.verify.reference.world import find
from aerocode.verify.reference.world import ladder_key
from aerocode.verify.reference.world import put
from aerocode.verify.reference.world import put_budget
from aerocode.verify.reference.world import subject_of

#: A repeated request is answered by what was `Asked`; a store makes a `Repeated` of its rows.
ReferenceAnswer = IssueAnswer | ResendAnswer | Asked


def issue(world: World, now: datetime, ask: Issue) -> tuple[World, ReferenceAnswer]:
    """Start, or send the pending one again."""
    before = repeating.earlier(world, now, ask.subject.application, ask)
    if before is not None:
        return world, before
    barred = counting.barred(ask.limits, ask.lists, now, ask.subject.phone, ask.network)
    if barred is not None:
        return world, barred
    pending = _pending(world, ask.subject)
    if pending is not None and pending.expires_at <= now:
        world, pending = end(world, now, pending, VerificationStatus.EXPIRED), None
    pool = _pool(ask, now)
    blocked = _blocked(world, now, ask.subject, pool)
    if blocked is not None:
        return world, blocked
    if pending is not None and pool is Pool.KNOWN:
        # The owner's device takes the pending one over, or a stranger's start would decide whose guesses count.
        pending = replace(pending, pool=pool)
        world = put(world, pending)
    if pending is not None and pending.pool is not pool:
        return world, TooSoon(resend_at=pending.expires_at, verification_id=None, now=now)
    if pending is not None:
        return send_again(world, now, pending, ask, ask.network)
    return _begin(world, now, ask, pool)


def _begin(world: World, now: datetime, ask: Issue, pool: Pool) -> tuple[World, IssueAnswer]:
    test = ask.fixed is not None and (ask.fixed.until is None or now < ask.fixed.until)
    attempts = min(ask.policy.attempts, budget_of(world, ask.subject, pool).left(ask.subject.usage_type, now))
    begun = replace(_begun(ask, now, pool, attempts, now), test=test)
    world, gone = send(world, now, ask, begun, ask.network)
    if isinstance(gone, TooSoon | Spent):
        return world, gone
    code = ask.fixed.code if test and ask.fixed else ask.code
    world = replace(world, codes={**world.codes, begun.id: code})
    return recorded(world, now, ask, gone, replace(begun, resend_at=gone.resend_at), before=None)


def _begun(ask: Issue, now: datetime, pool: Pool, attempts: int, resend_at: datetime) -> Verification:
    return Verification(
        id=ask.verification_id,
        application=ask.subject.application,
        phone=ask.subject.phone,
        usage_type=ask.subject.usage_type,
        session=ask.subject.session,
        status=VerificationStatus.PENDING,
        attempts_left=attempts,
        sends=1,
        created_at=now,
        expires_at=now + ask.policy.lifetime,
        resend_at=resend_at,
        message_id=ask.message_id,
        pool=pool,
        locale=ask.locale,
        payload=ask.payload,
        metadata=ask.metadata,
    )


def check(
    world: World, now: datetime, where: Where, seals: Seals, device_since: datetime | None = None
) -> tuple[World, CheckAnswer]:
    """Spend an attempt, compare, and move the state.

    A known device's verification is there for those who name its id, or its phone with the token.
    """
    named = find(world, where)
    if isinstance(where, Subject) and named and named.pool is Pool.KNOWN and not _known(device_since, now):
        return world, Missing()
    world, found = _open(world, now, where)
    if not isinstance(found, Verification):
        return world, found
    subject = subject_of(found)
    blocked = _blocked(world, now, subject, found.pool)
    if blocked is not None:
        return world, blocked
    if world.codes[found.id].seal in seals(subject, found.id):
        world = end(world, now, found, VerificationStatus.APPROVED)
        ladders = {key: rung for key, rung in world.ladders.items() if key != ladder_key(subject)}
        world = _forgive(replace(world, ladders=ladders), now, subject, found.pool)
        return world, Approved(verification=world.verifications[found.id])
    budget = budget_of(world, subject, found.pool).failed(found.pool, subject.usage_type, now)
    world = put_budget(world, subject, found.pool, budget)
    left = found.attempts_left - 1
    world = put(world, replace(found, attempts_left=left))
    if left == 0:
        world = end(world, now, world.verifications[found.id], VerificationStatus.MAX_ATTEMPTS_REACHED)
    return world, Wrong(attempts_left=min(left, budget.left(subject.usage_type, now)), stopped=budget.stopped)


def resend(world: World, now: datetime, ask: Resend) -> tuple[World, ReferenceAnswer]:
    """Send the pending one again, named by its id."""
    before = repeating.earlier(world, now, ask.where.application, ask)
    if before is not None:
        return world, before
    world, found = _open(world, now, ask.where)
    if not isinstance(found, Verification):
        return world, found
    subject = subject_of(found)
    barred = counting.barred(ask.limits, ask.lists, now, subject.phone, None)
    if barred is not None:
        return world, barred
    blocked = _blocked(world, now, subject, found.pool)
    if blocked is not None:
        return world, blocked
    return send_again(world, now, found, ask, None)


def cancel(world: World, now: datetime, where: ById) -> tuple[World, CancelAnswer]:
    """End the pending one; gives no attempt back."""
    world, found = _open(world, now, where)
    if not isinstance(found, Verification):
        return world, found
    world = end(world, now, found, VerificationStatus.CANCELED)
    return world, Canceled(verification=world.verifications[found.id])


def mark(world: World, now: datetime, message_id: str, outcome: Outcome) -> World:
    """Write down what became of a send. A certain refusal undoes what the send had promised; a price is settled."""
    sent = world.messages[message_id]
    said = MessageStatus.UNKNOWN
    cost: Decimal | None = None
    if isinstance(outcome, Accepted):
        said, cost = outcome.status, outcome.cost
    elif isinstance(outcome, Refused):
        said, cost = MessageStatus.FAILED, Decimal(0)
    elif isinstance(outcome, Spared):
        said, cost = MessageStatus.ACCEPTED, Decimal(0)
    world = counting.settle(world, sent, cost)
    aside = sent.aside if cost is None else Decimal(0)
    moves = sent.status.may_become(said)
    now_sent = replace(sent, status=said if moves else sent.status, aside=aside)
    world = replace(world, messages={**world.messages, message_id: now_sent})
    if moves and isinstance(outcome, Refused):
        world = _undo(world, now, message_id, sent)
    elif moves:
        world = moderated(world, now, message_id, sent.status)
    return repeating.answer(world, message_id)


def note(world: World, now: datetime, message_id: str, status: MessageStatus) -> World:
    """The gate tells more of a message, or it was looked for and is not there (`failed`). No verification ends by it.

    That it never went out can be learned only of one that is uncertain.
    """
    sent = world.messages[message_id]
    lost = status is MessageStatus.FAILED
    if not sent.status.may_become(status) or (lost and sent.status.rank > MessageStatus.UNKNOWN.rank):
        return world
    if lost:
        world = counting.settle(world, sent, Decimal(0))
    now_sent = replace(sent, status=status, aside=Decimal(0) if lost else sent.aside)
    world = replace(world, messages={**world.messages, message_id: now_sent})
    return moderated(world, now, message_id, sent.status)


def unlock(world: World, application: str | None, phone: Phone) -> World:
    """End the stops of a phone, for one application or for all; no guess comes back."""
    freed = {
        key: budget.freed() if key[1] == phone.e164 and application in (None, key[0]) else budget
        for key, budget in world.budgets.items()
    }
    return replace(world, budgets=freed)


def _pool(ask: Issue, now: datetime) -> Pool:
    return Pool.KNOWN if _known(ask.device_since, now) else Pool.UNKNOWN


def _known(since: datetime | None, now: datetime) -> bool:
    return since is not None and now - DEVICE_LIFE < since <= now


def _blocked(world: World, now: datetime, subject: Subject, pool: Pool) -> Blocked | None:
    budget = budget_of(world, subject, pool)
    if budget.left(subject.usage_type, now):
        return None
    return Blocked(until=budget.free_at(subject.usage_type, now), now=now)


def _forgive(world: World, now: datetime, subject: Subject, pool: Pool) -> World:
    """The owner's device also ends the stop that strangers caused; a stranger ends nobody's but his own."""
    world = put_budget(world, subject, pool, budget_of(world, subject, pool).succeeded(now))
    if pool is Pool.UNKNOWN:
        return world
    return put_budget(world, subject, Pool.UNKNOWN, budget_of(world, subject, Pool.UNKNOWN).freed())


def _undo(world: World, now: datetime, message_id: str, sent: Sent) -> World:
    verification = world.verifications[sent.verification]
    key = ladder_key(subject_of(verification))
    rung = world.ladders.get(key)
    if rung is not None and rung.message_id == message_id:
        others = {other: kept for other, kept in world.ladders.items() if other != key}
        world = replace(world, ladders=others if rung.before is None else {**others, key: rung.before})
    if verification.status is not VerificationStatus.PENDING or verification.message_id != message_id:
        return world
    if sent.before is None:
        return end(world, now, verification, VerificationStatus.FAILED)
    expires_at, resend_at = sent.before
    return put(world, replace(verification, expires_at=expires_at, resend_at=resend_at))


def _open(world: World, now: datetime, where: Where) -> tuple[World, Verification | Ended | Missing]:
    found = find(world, where)
    if found is None:
        return world, Missing()
    if found.status is not VerificationStatus.PENDING:
        return world, Ended(status=found.status)
    if found.expires_at <= now:
        return end(world, now, found, VerificationStatus.EXPIRED), Ended(status=VerificationStatus.EXPIRED)
    return world, found


def _pending(world: World, subject: Subject) -> Verification | None:
    found = find(world, subject)
    return found if found is not None and found.status is VerificationStatus.PENDING else None
