"""Who gets no code at all: by the operator's lists, and by the country of the phone."""

from ipaddress import ip_network

from aerocode.model.decision import Barred
from aerocode.model.lists import Lists
from aerocode.model.lists import Verdict
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Limits
from aerocode.phone import Phone
from aerocode.store import rows
from aerocode.store.decisions.case import Case


def barred(case: Case, limits: Limits, lists: Lists, phone: str, network: str | None = None) -> Barred | None:
    """A phone that is allowed by name may be in a blocked country; a network that is blocked starts nothing."""
    moment = rows.to_time(case.now)
    verdict = lists.of_phone(phone, moment)
    if verdict is Verdict.BLOCK or _of_network(case, lists, network) is Verdict.BLOCK:
        return Barred(reason="list")
    if verdict is None and limits.countries and _rule(limits, phone) is CountryRule.BLOCK:
        return Barred(reason="country")
    return None


def is_exempt(case: Case, lists: Lists, network: str | None) -> bool:
    """Whether starts for this network are not counted: an office behind one address."""
    return _of_network(case, lists, network) is Verdict.ALLOW


def watched(limits: Limits, phone: str) -> bool:
    return bool(limits.countries) and _rule(limits, phone) is CountryRule.MONITOR


def _of_network(case: Case, lists: Lists, network: str | None) -> Verdict | None:
    return None if network is None else lists.of_network(ip_network(network), rows.to_time(case.now))


def _rule(limits: Limits, phone: str) -> CountryRule:
    return limits.countries.get(Phone(phone).country, CountryRule.ALLOW)
