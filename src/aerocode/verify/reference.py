"""Every decision about a verification, as pure functions from a world and a time to the next world and an answer.

This is the specification that each store is tested against, written for reading: no SQL, no concurrency, no clock.
`world.py` has the nouns.
"""

from dataclasses import replace
from datetime import datetime

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
from aerocode.model.decision import Issued
from aerocode.model.decision import Missing
from aerocode.model.decision import Resend
from aerocode.model.decision import ResendAnswer
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
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.model.verification import Verification
from aerocode.phone import Phone
from aerocode.verify.world import Rung
from aerocode.verify.world import Sent
from aerocode.verify.world import World
from aerocode.verify.world import budget_of
from aerocode.verify.world import end
from aerocode.verify.world import find
from aerocode.verify.world import ladder_key
from aerocode.verify.world import put
from aerocode.verify.world import put_budget
from aerocode.verify.world import subject_of


def issue(world: World, now: datetime, ask: Issue) -> tuple[World, IssueAnswer]:
    """Start, or send the pending one again."""
    pending = _pending(world, ask.subject)
    if pending is not None and pending.expires_at <= now:
        world, pending = end(world, now, pending, VerificationStatus.EXPIRED), None
    pool = _pool(ask, now)
    if pending is not None and pool is Pool.KNOWN:
        # The owner's device takes the pending one over, or a stranger's start would decide whose guesses count.
        pending = replace(pending, pool=pool)
        world = put(world, pending)
    blocked = _blocked(world, now, ask.subject, pool)
    if blocked is not None:
        return world, blocked
    if pending is not None and pending.pool is not pool:
        return world, TooSoon(resend_at=pending.expires_at, verification_id=None, now=now)
    if pending is not None:
        return _send_again(world, now, pending, ask.message_id, ask.policy, ask.limits)
    wait = _ladder_wait(world, ask.subject, now)
    if wait is not None and ask.limits.ladder_mode is Mode.ENFORCE:
        return world, TooSoon(resend_at=wait, verification_id=None, now=now)
    world, resend_at = _climb(world, now, ask.subject, ask.message_id, ask.limits)
    attempts = min(ask.policy.attempts, budget_of(world, ask.subject, pool).left(ask.subject.usage_type, now))
    begun = _begun(ask, now, pool, attempts, resend_at)
    world = replace(
        world,
        verifications={**world.verifications, begun.id: begun},
        codes={**world.codes, begun.id: ask.code},
        messages={**world.messages, ask.message_id: Sent(status=MessageStatus.CREATED, verification=begun.id)},
    )
    over = ("ladder",) if wait is not None else ()
    return world, Issued(verification=begun, message_id=ask.message_id, code=ask.code, again=False, now=now, over=over)


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


def resend(world: World, now: datetime, ask: Resend) -> tuple[World, ResendAnswer]:
    """Send the pending one again, named by its id."""
    world, found = _open(world, now, ask.where)
    if not isinstance(found, Verification):
        return world, found
    blocked = _blocked(world, now, subject_of(found), found.pool)
    if blocked is not None:
        return world, blocked
    return _send_again(world, now, found, ask.message_id, ask.policy, ask.limits)


def cancel(world: World, now: datetime, where: ById) -> tuple[World, CancelAnswer]:
    """End the pending one; gives no attempt back."""
    world, found = _open(world, now, where)
    if not isinstance(found, Verification):
        return world, found
    world = end(world, now, found, VerificationStatus.CANCELED)
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


def _send_again(
    world: World, now: datetime, found: Verification, message_id: str, policy: Policy, limits: Limits
) -> tuple[World, Issued | TooSoon]:
    subject = subject_of(found)
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
    world = replace(put(world, again), messages={**world.messages, message_id: sent})
    code = world.codes[found.id]
    return world, Issued(verification=again, message_id=message_id, code=code, again=True, now=now, over=tuple(over))


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


def _ladder_wait(world: World, subject: Subject, now: datetime) -> datetime | None:
    rung = world.ladders.get(ladder_key(subject))
    return rung.next_at if rung is not None and now < rung.next_at else None


def _climb(world: World, now: datetime, subject: Subject, message_id: str, limits: Limits) -> tuple[World, datetime]:
    key = ladder_key(subject)
    rung = world.ladders.get(key)
    step = 1 if rung is None or now - rung.sent_at > limits.ladder_memory else rung.step + 1
    next_at = now + limits.wait_after(step)
    before = None if rung is None else replace(rung, before=None)
    climbed = Rung(step=step, sent_at=now, next_at=next_at, message_id=message_id, before=before)
    resend_at = next_at if limits.ladder_mode is Mode.ENFORCE else now
    return replace(world, ladders={**world.ladders, key: climbed}), resend_at
