"""The caps on sends and the day's budget, as `reference.py` has them: every send remembered, every window counted."""

from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from ipaddress import ip_network

from aerocode.model.decision import Barred
from aerocode.model.decision import Spent
from aerocode.model.lists import Lists
from aerocode.model.lists import Verdict
from aerocode.model.policy import Cap
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.verification import Subject
from aerocode.phone import Phone
from aerocode.verify.reference.world import Sent
from aerocode.verify.reference.world import World

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
#: Roubles set aside while no reply has told a price.
UNTOLD = Decimal(10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    limit: str
    cap: Cap
    window: timedelta
    subject: str


def counted(limits: Limits, subject: Subject, network: str | None) -> Iterator[Counted]:
    phone = f"phone {subject.phone.e164}"
    yield Counted(limit="phone_hour", cap=limits.phone_hour, window=HOUR, subject=phone)
    yield Counted(limit="phone_day", cap=limits.phone_day, window=DAY, subject=phone)
    block = f"block {subject.phone.digits[:7]}"
    yield Counted(limit="block_hour", cap=limits.block_hour, window=HOUR, subject=block)
    application = f"application {subject.application}"
    yield Counted(limit="application_day", cap=limits.application_day, window=DAY, subject=application)
    if network is not None:
        yield Counted(limit="ip_hour", cap=limits.ip_hour, window=HOUR, subject=f"network {network}")


def full_until(world: World, now: datetime, each: Counted) -> datetime | None:
    """When the cap has room again, if it has none now."""
    if each.cap.most is None:
        return None
    if each.cap.most == 0:
        return now + each.window
    within = [at for at in world.sends.get(each.subject, ()) if at > now - each.window]
    return within[-each.cap.most] + each.window if len(within) >= each.cap.most else None


def count(world: World, now: datetime, limits: Limits, subject: Subject, network: str | None) -> World:
    for name in {each.subject for each in counted(limits, subject, network) if each.cap.most is not None}:
        world = replace(world, sends={**world.sends, name: (*world.sends.get(name, ()), now)})
    return world


def phone_free_at(world: World, now: datetime, limits: Limits, subject: Subject) -> datetime:
    """The earliest moment at which the phone's own caps let the next message go."""
    waits = [
        full_until(world, now, each)
        for each in counted(limits, subject, None)
        if each.subject.startswith("phone") and each.cap.mode is Mode.ENFORCE
    ]
    return max([now, *(wait for wait in waits if wait is not None)])


def barred(limits: Limits, lists: Lists, now: datetime, phone: Phone, network: str | None) -> Barred | None:
    """Who gets no message at all. An allowed phone may be in a blocked country."""
    verdict = lists.of_phone(phone.e164, now)
    if verdict is Verdict.BLOCK or of_network(lists, now, network) is Verdict.BLOCK:
        return Barred(reason="list")
    if verdict is None and limits.countries.get(phone.country) is CountryRule.BLOCK:
        return Barred(reason="country")
    return None


def of_network(lists: Lists, now: datetime, network: str | None) -> Verdict | None:
    return None if network is None else lists.of_network(ip_network(network), now)


def spent(world: World, now: datetime) -> Decimal:
    return sum((much for at, much in world.money.spent if at > now - DAY), start=Decimal(0))


def expected(world: World, budget: Decimal) -> Decimal:
    return min(UNTOLD, budget) if world.money.price is None else world.money.price


def money_refusal(world: World, now: datetime, budget: Decimal | None) -> Spent | None:
    """The next message must fit into what is left of the day."""
    if budget is None:
        return None
    room = budget - expected(world, budget)
    if spent(world, now) <= room and budget > 0:
        return None
    ends = (at + DAY for at, _ in world.money.spent if at > now - DAY)
    fits = [moment for moment in ends if spent(world, moment) <= room and budget > 0]
    return Spent(until=min(fits, default=now + DAY), now=now)


def set_aside(world: World, now: datetime, budget: Decimal | None) -> tuple[World, Decimal, bool]:
    if budget is None:
        return world, Decimal(0), False
    much = expected(world, budget)
    world = _with_money(world, now, much)
    nearly, warned = spent(world, now) >= budget * Decimal("0.8"), world.money.warned
    return replace(world, money=replace(world.money, warned=nearly)), much, nearly and not warned


def settle(world: World, sent: Sent, cost: Decimal | None) -> World:
    """A reply told what the message took, as of when it was sent; None leaves what was set aside."""
    if cost is None or not sent.aside:
        return world
    world = _with_money(world, sent.at, cost - sent.aside)
    return replace(world, money=replace(world.money, price=cost or world.money.price))


def _with_money(world: World, now: datetime, much: Decimal) -> World:
    return replace(world, money=replace(world.money, spent=(*world.money.spent, (now, much))))
