"""What can go wrong, as one table. A number whose last four digits are a fault's suffix meets that fault.

suffix  name                what happens                                             in the inbox
0001    no_money            402 "Not enough money"                                   no
0002    wrong_credentials   401                                                      no
0003    ip_not_allowed      404 "Invalid ip-address"                                 no
0004    bad_sender          400 {"sign": ["incorrect"]}                              no
0005    bad_number          400 {"number": ["incorrect"]}                            no
0006    rate_limited        429 with Retry-After: 30                                 no
0007    refused             200 with success: false                                  no
0008    error_500           500 with an HTML page                                    no
0009    error_503           503 with an empty body                                   no
0010    empty               200 with an empty body                                   no
0011    garbage             200 with an HTML page                                    no
0012    redirect            302 to /redirected, which counts who follows             no
0013    not_modified        304                                                      no
0014    hang                no answer, ever                                          no
0015    reset               the connection is reset before anything is accepted      no
0016    reset_after_accept  accepted, then the connection is reset                   yes
0017    slow                accepted, answered after 2 s                             yes
0018    moderation          accepted, status 8 for ever                              yes
0019    moderated           accepted, status 8, later delivered                      yes
0020    undelivered         accepted, later status 2                                 yes
0021    rejected            accepted, later status 6                                 yes
0022    delivered           accepted, later delivered, as every other number         yes
0023    late                accepted, delivered after 120 s by way of status 4       yes
0024    callbacks_twice     as delivered, but each callback comes twice              yes
0025    callbacks_shuffled  as delivered, but the last callback comes first          yes

A fault set over `/control` for a phone goes before one set for all phones, and that before the suffix. They befall
sends, on any channel, after authentication and validation. A fault set for a path befalls that one method, a read as
well as a send, right after authentication.
"""

from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from enum import Enum
from typing import Any
from typing import TypeVar

_Key = TypeVar("_Key")


class Conduct(Enum):
    """What the gate does with the connection."""

    ANSWER = "answer"
    HANG = "hang"
    RESET = "reset"
    RESET_AFTER_ACCEPT = "reset after accept"
    SLOW = "slow"


class Fate(Enum):
    """What becomes of an accepted message."""

    DELIVERED = "delivered"
    LATE = "late"
    MODERATION = "moderation"
    MODERATED = "moderated"
    UNDELIVERED = "undelivered"
    REJECTED = "rejected"


class Reports(Enum):
    """How the callbacks of one message come."""

    ONCE = "once"
    TWICE = "twice"
    SHUFFLED = "shuffled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Canned:
    """A reply given instead of accepting: an envelope, or raw text when it is not the provider speaking."""

    status: int
    message: str | None = None
    data: Any = None
    raw: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    name: str
    suffix: str
    """The last four digits of a number that meets it."""
    tells: str
    """One line for the inbox page."""
    reply: Canned | None = None
    conduct: Conduct = Conduct.ANSWER
    fate: Fate = Fate.DELIVERED
    reports: Reports = Reports.ONCE


ORDINARY = Fault(name="delivered", suffix="0022", tells="delivered, as every other number")
INCORRECT = "Validation error."
UNAUTHORIZED = "Your request was made with invalid credentials."
_PAGE = "<html><head><title>Bad gateway</title></head><body><h1>Bad gateway</h1></body></html>"


def _refuses(name: str, suffix: str, tells: str, reply: Canned) -> Fault:
    return Fault(name=name, suffix=suffix, tells=tells, reply=reply)


def _sign_or_number(name: str) -> Canned:
    return Canned(status=400, message=INCORRECT, data={name: ["incorrect"]})


FAULTS = (
    _refuses("no_money", "0001", "402, not enough money", Canned(status=402, message="Not enough money")),
    _refuses("wrong_credentials", "0002", "401, wrong credentials", Canned(status=401, message=UNAUTHORIZED)),
    _refuses("ip_not_allowed", "0003", "404, IP not allowed", Canned(status=404, message="Invalid ip-address")),
    _refuses("bad_sender", "0004", "400, sender name refused", _sign_or_number("sign")),
    _refuses("bad_number", "0005", "400, number refused", _sign_or_number("number")),
    _refuses(
        "rate_limited",
        "0006",
        "429, Retry-After 30 s",
        Canned(status=429, message="Too many requests", headers={"Retry-After": "30"}),
    ),
    _refuses("refused", "0007", "200, but success is false", Canned(status=200, message="Message rejected")),
    _refuses("error_500", "0008", "500", Canned(status=500, raw=_PAGE)),
    _refuses("error_503", "0009", "503, empty", Canned(status=503, raw="")),
    _refuses("empty", "0010", "200, empty body", Canned(status=200, raw="")),
    _refuses("garbage", "0011", "200, an HTML page", Canned(status=200, raw=_PAGE)),
    _refuses(
        "redirect",
        "0012",
        "302 to another address",
        Canned(status=302, raw="", headers={"Location": "/redirected"}),
    ),
    _refuses("not_modified", "0013", "304", Canned(status=304, raw="")),
    Fault(name="hang", suffix="0014", tells="no answer", conduct=Conduct.HANG),
    Fault(name="reset", suffix="0015", tells="connection reset, not accepted", conduct=Conduct.RESET),
    Fault(
        name="reset_after_accept",
        suffix="0016",
        tells="accepted, then connection reset",
        conduct=Conduct.RESET_AFTER_ACCEPT,
    ),
    Fault(name="slow", suffix="0017", tells="accepted, answered late", conduct=Conduct.SLOW),
    Fault(name="moderation", suffix="0018", tells="on moderation for ever", fate=Fate.MODERATION),
    Fault(name="moderated", suffix="0019", tells="on moderation, then delivered", fate=Fate.MODERATED),
    Fault(name="undelivered", suffix="0020", tells="never delivered", fate=Fate.UNDELIVERED),
    Fault(name="rejected", suffix="0021", tells="rejected by the operator", fate=Fate.REJECTED),
    ORDINARY,
    Fault(name="late", suffix="0023", tells="delivered after two minutes", fate=Fate.LATE),
    Fault(name="callbacks_twice", suffix="0024", tells="delivered, each callback twice", reports=Reports.TWICE),
    Fault(
        name="callbacks_shuffled",
        suffix="0025",
        tells="delivered, the last callback first",
        reports=Reports.SHUFFLED,
    ),
)
BY_NAME = {fault.name: fault for fault in FAULTS}
_BY_SUFFIX = {fault.suffix: fault for fault in FAULTS}


@dataclass(slots=True)
class Order:
    """A fault that was set: for the next `times` sends, or until it is cleared."""

    fault: Fault
    times: int | None = None


class Script:
    """The faults set over `/control`: keyed by phone, where None is every phone, or by path."""

    def __init__(self) -> None:
        self.orders: dict[str | None, Order] = {}
        self.paths: dict[str, Order] = {}

    def set(self, fault: Fault, *, phone: str | None = None, path: str | None = None, times: int | None = None) -> None:
        if path is None:
            self.orders[phone] = Order(fault, times)
        else:
            self.paths[path] = Order(fault, times)

    def clear(self, *, phone: str | None = None, path: str | None = None) -> None:
        """Forget what was set for `phone` or `path`; without either, everything."""
        if path is not None:
            self.paths.pop(path, None)
        elif phone is not None:
            self.orders.pop(phone, None)
        else:
            self.orders.clear()
            self.paths.clear()

    def at(self, path: str) -> Fault | None:
        """The fault set for this method; spends one of its `times`."""
        return _spend(self.paths, path) if path in self.paths else None

    def next(self, numbers: Iterable[str]) -> Fault | None:
        """The fault this send meets; spends one of its `times`. The first number that has one decides for all."""
        numbers = list(numbers)
        for key in (*numbers, None):
            if key in self.orders:
                return _spend(self.orders, key)
        return next((_BY_SUFFIX[n[-4:]] for n in numbers if n[-4:] in _BY_SUFFIX), None)


def _spend(orders: dict[_Key, Order], key: _Key) -> Fault:
    order = orders[key]
    if order.times is not None:
        order.times -= 1
        if order.times == 0:
            del orders[key]
    return order.fault
