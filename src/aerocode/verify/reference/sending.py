"""Whether one more message may go, and what it changes: the ladder, the caps, the money, the record."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from aerocode.model.decision import Issue
from aerocode.model.decision import Issued
from aerocode.model.decision import Resend
from aerocode.model.decision import Spent
from aerocode.model.decision import TooSoon
from aerocode.model.lists import Verdict
from aerocode.model.policy import LONGEST_LIFE
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy
from aerocode.model.states import MessageStatus
from aerocode.model.verification import Subject
from aerocode.model.verification import Verification
from aerocode.verify.reference import counting
from aerocode.verify.reference import repeating
from aerocode.verify.reference.moderating import in_moderation
from aerocode.verify.reference.world import Rung
from aerocode.verify.reference.world import Sent
from aerocode.verify.reference.world import World
from aerocode.verify.reference.world import ladder_key
from aerocode.verify.reference.world import put
from aerocode.verify.reference.world import subject_of


def send_again(
    world: World, now: datetime, found: Verification, ask: Issue | Resend, network: str | None
) -> tuple[World, Issued | TooSoon | Spent]:
    world, gone = send(world, now, ask, found, network)
    if isinstance(gone, TooSoon | Spent):
        return world, gone
    again = replace(
        found,
        sends=found.sends + 1,
        expires_at=_end_of(world, now, found, ask.policy),
        resend_at=gone.resend_at,
        message_id=ask.message_id,
    )
    return recorded(world, now, ask, gone, again, before=(found.expires_at, found.resend_at))


def _end_of(world: World, now: datetime, found: Verification, policy: Policy) -> datetime:
    """When it ends if it is sent again now. In moderation it lives as long as a code may anyway."""
    limit = found.created_at + LONGEST_LIFE
    return limit if in_moderation(world, found) else min(now + policy.lifetime, limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gone:
    resend_at: datetime
    over: tuple[str, ...] = ()
    aside: Decimal = Decimal(0)
    nearly_spent: bool = False


def send(
    world: World, now: datetime, ask: Issue | Resend, meant: Verification, network: str | None
) -> tuple[World, TooSoon | Spent | _Gone]:
    """Whether one more message may go; counted at once, even if the gate refuses it. `meant` may not be begun yet."""
    if meant.test:  # nothing is sent, so there is nothing to limit
        return world, _Gone(resend_at=now)
    subject, limits = subject_of(meant), ask.limits
    if counting.of_network(ask.lists, now, network) is Verdict.ALLOW:
        network = None
    refusing = [(now, "")]
    over = []
    for until, limit, mode in _objections(world, now, limits, meant, network):
        if mode is Mode.ENFORCE:
            refusing.append((until, "" if limit in _OWN else limit))
        else:
            over.append(limit)
    until, limit = max(refusing, key=lambda refusal: refusal[0])
    if until > now:
        pending = meant.id if meant.id in world.verifications else None
        return world, TooSoon(resend_at=until, verification_id=pending, now=now, limit=limit)
    spent = counting.money_refusal(world, now, limits.daily_budget)
    if spent is not None:
        return world, spent
    world, climbed_at = _climb(world, now, subject, ask.message_id, limits)
    world = counting.count(world, now, limits, subject, network)
    resend_at = max(climbed_at, counting.phone_free_at(world, now, limits, subject))
    world, aside, nearly = counting.set_aside(world, now, limits.daily_budget)
    return world, _Gone(resend_at=resend_at, over=tuple(over), aside=aside, nearly_spent=nearly)


#: What a refusal does not name as a cap.
_OWN = frozenset({"ladder", "sends_per_verification"})


def _objections(
    world: World, now: datetime, limits: Limits, meant: Verification, network: str | None
) -> Iterator[tuple[datetime, str, Mode]]:
    subject = subject_of(meant)
    for each in counting.counted(limits, subject, network):
        until = counting.full_until(world, now, each)
        if until is not None:
            yield until, each.limit, each.cap.mode
    if limits.countries.get(subject.phone.country) is CountryRule.MONITOR:
        yield now, "country", Mode.MONITOR
    if meant.sends >= limits.sends_per_verification and meant.id in world.verifications:
        yield meant.expires_at, "sends_per_verification", limits.sends_per_verification_mode
    wait = _ladder_wait(world, subject, now)
    if wait is not None:
        yield wait, "ladder", limits.ladder_mode


def recorded(
    world: World,
    now: datetime,
    ask: Issue | Resend,
    gone: _Gone,
    row: Verification,
    before: tuple[datetime, datetime] | None,
) -> tuple[World, Issued]:
    """Written down before it leaves."""
    request = None if ask.request is None else repeating.key_of(row.application, ask.request)
    sent = Sent(
        at=now,
        status=MessageStatus.CREATED,
        verification=row.id,
        before=before,
        aside=gone.aside,
        request=request,
        life=ask.policy.lifetime,
    )
    world = replace(put(world, row), messages={**world.messages, ask.message_id: sent})
    world = repeating.remember(world, now, row.application, ask.request, ask.message_id, again=before is not None)
    issued = Issued(
        verification=row,
        message_id=ask.message_id,
        code=world.codes[row.id],
        again=before is not None,
        now=now,
        over=gone.over,
        nearly_spent=gone.nearly_spent,
    )
    return world, issued


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
