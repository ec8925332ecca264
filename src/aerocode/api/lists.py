"""Block and allow lists, and test numbers."""

import re
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from ipaddress import IPv4Network
from ipaddress import IPv6Network
from ipaddress import ip_network

from aerocode import errors
from aerocode.api import bodies
from aerocode.api import render
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Ask
from aerocode.api.exchange import Parameter
from aerocode.api.expiry import refuse_past
from aerocode.crypto import Secret
from aerocode.crypto import new_id
from aerocode.model.audit import By
from aerocode.model.lists import Kind
from aerocode.model.lists import ListEntry
from aerocode.model.lists import TestNumber
from aerocode.phone import Countries
from aerocode.ports import Clock
from aerocode.ports import ListEntries
from aerocode.ports import TestNumbers

REASON = Parameter(name="reason", description="Kept in the audit.")

_PREFIX = re.compile(r"\+[1-9]\d{0,13}", re.ASCII)
#: Starts are counted for a /64: a narrower entry would never be met.
_NARROWEST = 64
#: Bits before the IPv4 address in one that is written as IPv6.
_BEFORE_IPV4 = 96
#: A number that gets no SMS is for a test, and a test ends.
_LONGEST_TEST = timedelta(days=30)
_LONGEST_REASON = 256


@dataclass(frozen=True, slots=True)
class ListHandlers:
    lists: ListEntries
    countries: Countries
    clock: Clock

    async def many(self, ask: Ask[None]) -> Answer:  # noqa: ARG002 - every handler has the same shape
        return Answer(200, [render.list_entry(entry) for entry in await self.lists.entries()])

    async def one(self, ask: Ask[None]) -> Answer:
        for entry in await self.lists.entries():
            if entry.id == ask.path["id"]:
                return Answer(200, render.list_entry(entry))
        raise errors.EntityNotFound

    async def add(self, ask: Ask[bodies.ListEntryBody]) -> Answer:
        body, now = ask.body, await self.clock.now()
        refuse_past(body.expires_at, now)
        entry = ListEntry(
            id=new_id(),
            verdict=body.verdict,
            kind=body.kind,
            value=self._value(body.kind, body.value),
            reason=body.reason,
            created_at=now,
            expires_at=body.expires_at,
        )
        added = await self.lists.add(entry, by=By(actor=ask.caller.key, reason=body.reason))
        return Answer(201, render.list_entry(added))

    async def remove(self, ask: Ask[None]) -> Answer:
        await self.lists.remove(ask.path["id"], by=_by(ask))
        return Answer(204)

    def _value(self, kind: Kind, text: str) -> str:
        """As it is compared: a phone in E.164, its beginning without spaces, a network by its first address."""
        if kind is Kind.PHONE:
            return self.countries.admit(text).e164
        if kind is Kind.PREFIX:
            return _prefix(text)
        return _network(text)


@dataclass(frozen=True, slots=True)
class TestNumberHandlers:
    """`endless` is True in a sandbox, where nobody could be sent an SMS anyway."""

    numbers: TestNumbers
    countries: Countries
    clock: Clock
    endless: bool

    async def many(self, ask: Ask[None]) -> Answer:  # noqa: ARG002 - every handler has the same shape
        return Answer(200, [render.test_number(number) for number in await self.numbers.numbers()])

    async def one(self, ask: Ask[None]) -> Answer:
        phone = self.countries.everywhere.admit(ask.path["phone"])
        number = await self.numbers.number(phone)
        if number is None or not number.stands(await self.clock.now()):
            raise errors.EntityNotFound
        return Answer(200, render.test_number(number))

    async def add(self, ask: Ask[bodies.TestNumberBody]) -> Answer:
        body, now = ask.body, await self.clock.now()
        self._refuse_endless(body.expires_at, now)
        phone = self.countries.admit(body.phone)
        number = TestNumber(phone=phone, code=Secret(body.code), created_at=now, expires_at=body.expires_at)
        await self.numbers.add(number, by=By(actor=ask.caller.key, reason=body.reason))
        return Answer(201, render.test_number(number))

    async def remove(self, ask: Ask[None]) -> Answer:
        await self.numbers.remove(self.countries.everywhere.admit(ask.path["phone"]), by=_by(ask))
        return Answer(204)

    def _refuse_endless(self, moment: datetime | None, now: datetime) -> None:
        refuse_past(moment, now)
        if not self.endless and (moment is None or moment > now + _LONGEST_TEST):
            raise _fault(
                "expiresAt", f"Outside a sandbox a test number ends within {_LONGEST_TEST.days} days: say when."
            )


def _by(ask: Ask[None]) -> By:
    reason = ask.query.get(REASON.name, "")
    if len(reason) > _LONGEST_REASON or not reason.isprintable():
        raise _fault(REASON.name, f"Write at most {_LONGEST_REASON} characters that can be seen.")
    return By(actor=ask.caller.key, reason=reason)


def _prefix(text: str) -> str:
    prefix = re.sub(r"[\s()-]", "", text)
    if _PREFIX.fullmatch(prefix) is None:
        raise _fault("value", "Write the beginning of phones with its country code, as in +7900.")
    return prefix


def _network(text: str) -> str:
    try:
        network = ip_network(text.strip())
    except ValueError as cause:
        raise _fault("value", f"Write a network such as 203.0.113.0/24 or 2001:db8::/48: {cause}.") from cause
    if isinstance(network, IPv6Network):
        network = _native(network)
    if network.version == 6 and network.prefixlen > _NARROWEST:
        raise _fault("value", f"IPv6 visitors are told apart by /{_NARROWEST}: write that or a wider network.")
    return str(network)


def _native(network: IPv6Network) -> IPv4Network | IPv6Network:
    """Visitors whose IPv4 address is written as IPv6 are counted, and so listed, by the IPv4 one."""
    mapped = network.network_address.ipv4_mapped
    if mapped is None or network.prefixlen < _BEFORE_IPV4:
        return network
    return IPv4Network((mapped, network.prefixlen - _BEFORE_IPV4))


def _fault(field: str, message: str) -> errors.InvalidInput:
    return errors.InvalidInput([errors.Fault((field,), "custom", message)])
