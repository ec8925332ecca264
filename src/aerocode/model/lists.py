"""Whom codes are sent to although, or not sent to: what an operator wrote down by phone, prefix and network."""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Network
from ipaddress import IPv6Network
from ipaddress import ip_network

from aerocode.crypto import Secret
from aerocode.phone import Phone

Network = IPv4Network | IPv6Network

#: A number that gets no SMS proves nothing: enough to test with, too few to live on.
MOST_TEST_NUMBERS = 20


class Verdict(StrEnum):
    ALLOW = "allow"
    BLOCK = "block"


class Kind(StrEnum):
    """What an entry names: one phone, the beginning of many (`+7900`), or the network a start is made for."""

    PHONE = "phone"
    PREFIX = "prefix"
    NETWORK = "network"


@dataclass(frozen=True, slots=True, kw_only=True)
class ListEntry:
    """`value` is a phone or its beginning in E.164, or a network in CIDR notation."""

    id: str
    verdict: Verdict
    kind: Kind
    value: str
    reason: str
    created_at: datetime
    expires_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at


@dataclass(frozen=True, slots=True, kw_only=True)
class TestNumber:
    """A number that gets no SMS: its code is always the same. Until `expires_at`, if that is set."""

    phone: Phone
    code: Secret
    created_at: datetime
    expires_at: datetime | None = None

    def stands(self, now: datetime) -> bool:
        return self.expires_at is None or now < self.expires_at


class Lists:
    """All entries, to be asked about one phone or network. The most specific entry that still stands decides."""

    def __init__(self, entries: Iterable[ListEntry] = ()) -> None:
        self.entries = tuple(entries)
        named = [entry for entry in self.entries if entry.kind is not Kind.NETWORK]
        self._phones: Mapping[str, ListEntry] = {(entry.value): entry for entry in named if entry.kind is Kind.PHONE}
        self._prefixes: Mapping[str, ListEntry] = {entry.value: entry for entry in named if entry.kind is Kind.PREFIX}
        self._networks = sorted(
            ((ip_network(entry.value), entry) for entry in self.entries if entry.kind is Kind.NETWORK),
            key=lambda pair: pair[0].prefixlen,
            reverse=True,
        )

    def of_phone(self, phone: str, now: datetime) -> Verdict | None:
        exact = self._phones.get(phone)
        if exact is not None and exact.stands(now):
            return exact.verdict
        if not self._prefixes:
            return None
        for length in range(len(phone), 1, -1):
            entry = self._prefixes.get(phone[:length])
            if entry is not None and entry.stands(now):
                return entry.verdict
        return None

    def of_network(self, network: Network, now: datetime) -> Verdict | None:
        for known, entry in self._networks:
            if known.version == network.version and network.network_address in known and entry.stands(now):
                return entry.verdict
        return None


#: Nobody is on them.
NO_LISTS = Lists()
