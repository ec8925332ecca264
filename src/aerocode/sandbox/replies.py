"""How the gate answers: its envelope, its refusals, its pages of a list."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aerocode.sandbox.faults import INCORRECT
from aerocode.sandbox.faults import Canned
from aerocode.sandbox.faults import Fault

PAGE = 50
"""Items on a page; the likeliest size, see the reference's 138 items on three pages."""


@dataclass(frozen=True, slots=True)
class Answer:
    data: Any
    message: str | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """A send that is in order and not yet taken: the fault its numbers meet decides what comes of it."""

    numbers: tuple[str, ...]
    take: Callable[[Fault], Answer]


class Refused(Exception):
    """The gate says no."""

    def __init__(self, canned: Canned) -> None:
        super().__init__(canned.message)
        self.canned = canned


NO_MONEY = Canned(status=402, message="Not enough money")


def wrong(*names: str) -> Refused:
    """A validation error that names fields, with the only code known of the real gate."""
    return Refused(Canned(status=400, message=INCORRECT, data={name: ["incorrect"] for name in names}))


def keyed(items: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A list as PHP writes one: an object with the keys "0", "1" and so on."""
    return {str(index): item for index, item in enumerate(items)}


def listed(path: str, items: Sequence[Mapping[str, Any]], page: int) -> Answer:
    """One page of a list: keyed items, site-relative links, and how many there are on all pages."""
    last = max(1, -(-len(items) // PAGE))
    pages = {"self": page, "first": 1, "prev": page - 1, "next": page + 1, "last": last}
    links = {name: f"/v2/{path}?page={number}" for name, number in pages.items() if _leads(name, number, last)}
    shown = keyed(items[(page - 1) * PAGE : page * PAGE])
    return Answer(shown | {"links": links, "totalCount": str(len(items))})


def _leads(name: str, number: int, last: int) -> bool:
    """The first page has no `prev` and the last no `next`."""
    return name not in ("prev", "next") or 1 <= number <= last
