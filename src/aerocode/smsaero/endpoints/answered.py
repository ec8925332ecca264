"""The shapes in which `data` comes back: nothing, one object, one for each number, a page of a list, or unknown.

Each function here makes a `read` for a `Request` from a function that reads one object. None means unusable.
"""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from functools import partial
from typing import Any
from typing import Literal
from typing import TypeVar
from urllib.parse import parse_qs
from urllib.parse import urlsplit

from aerocode.smsaero import decode
from aerocode.smsaero.model import Many
from aerocode.smsaero.model import Page
from aerocode.smsaero.model import Status
from aerocode.smsaero.wire import Request

T = TypeVar("T")
S = TypeVar("S", bound=Status)

Item = Mapping[str, Any]
Reading = Callable[[Item], T | None]

LONG = 4 * 1024 * 1024
"""Bytes of a reply about many things. A page of fifty long Cyrillic texts, escaped, has about 200 thousand."""


def done(_data: Any) -> Literal[True]:
    """Being accepted is the whole answer. `data` should be null, but what else it may be changes nothing."""
    return True


def one(read: Reading[T]) -> Callable[[Any], T | None]:
    """The object, which may come alone or as the only one of an array."""

    def reading(data: Any) -> T | None:
        items = decode.objects(data)
        return read(items[0]) if len(items) == 1 else None

    return reading


def about(given_id: int, read: Reading[T]) -> Callable[[Any], T | None]:
    """The object with this id. An answer about another must not settle this one, so a mismatch is unusable."""

    def reading(data: Any) -> T | None:
        found = [item for item in decode.objects(data) if decode.whole(item.get("id")) == given_id]
        return read(found[0]) if found else None

    return reading


def to(number: str, read: Reading[T], *, key: str = "number") -> Callable[[Any], T | None]:
    """The object about our number; if there is but one, it is ours whatever it says."""
    return partial(_read_to, number, read, key)  # every send comes by here, and making a function costs more


def _read_to(number: str, read: Reading[T], key: str, data: Any) -> T | None:
    items = decode.objects(data)
    found = [item for item in items if phone(item, key) == number]
    if not found and len(items) == 1:
        found = items
    return read(found[0]) if found else None


def each(numbers: Sequence[str], read: Reading[T]) -> Callable[[Any], Many[T] | None]:
    """One answer for each number that has one; unusable when none has."""

    def reading(data: Any) -> Many[T] | None:
        found = {phone(item, "number"): read(item) for item in decode.objects(data)}
        answers = {number: answer for number in numbers if (answer := found.get(number)) is not None}
        unanswered = tuple(number for number in numbers if number not in answers)
        return Many(answers=answers, unanswered=unanswered) if answers else None

    return reading


def page(read: Reading[T]) -> Callable[[Any], Page[T] | None]:
    """A page of a list: an object keyed "0", "1", … with `links` and `totalCount`, an array, or `{"list": […]}`."""

    def reading(data: Any) -> Page[T] | None:
        if not isinstance(data, dict | list):
            return None
        around: Item = data if isinstance(data, dict) else {}
        inner = around.get("list", data)
        items = tuple(item for found in decode.objects(inner) if (item := read(found)) is not None)
        total = decode.whole(around.get("totalCount"))
        if not items and inner and total is None and "links" not in around:
            return None  # something that is no list at all, rather than an empty one
        links = around.get("links")
        if not isinstance(links, dict):
            return Page(items=items, total=total, linked=False, next=None)
        return Page(items=items, total=total, linked=True, next=_page_of(links.get("next")))

    return reading


def listing(
    path: str, body: Item, read: Reading[T], *, secrets: tuple[str, ...] = (), subject: str = ""
) -> Request[Page[T]]:
    """The request for the first page of a list."""
    return Request(
        path=f"{path}?page=1",
        body=body,
        read=page(read),
        repeatable=True,
        secrets=secrets,
        subject=subject,
        reply_limit=LONG,
    )


def keyed(read: Reading[T]) -> Callable[[Any], tuple[T, ...] | None]:
    """A list without pages: an object keyed by position, or an array."""
    reading = page(read)

    def listed(data: Any) -> tuple[T, ...] | None:
        found = reading(data)
        return None if found is None else found.items

    return listed


def raw(data: Any) -> Item | None:
    """Where no source tells what comes back: the mapping as it came, an array by position, an empty one for null."""
    if isinstance(data, list):
        return {str(position): value for position, value in enumerate(data)}
    if data is None:
        return {}
    return data if isinstance(data, dict) else None


def phone(item: Item, key: str) -> str:
    return decode.words(item.get(key)).lstrip("+")


def status(kind: type[S], item: Item, key: str = "status") -> S | None:
    """None when there is none; a number nobody documented is an `UNKNOWN` of that value."""
    number = decode.whole(item.get(key))
    return None if number is None else kind(number)


def _page_of(link: Any) -> int | None:
    """The page that a site-relative link such as `/v2/sms/list?page=2` leads to."""
    try:
        wanted = parse_qs(urlsplit(decode.words(link)).query, max_num_fields=20).get("page", [""])
    except ValueError:
        return None
    return decode.whole(wanted[-1])
