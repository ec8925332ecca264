"""Walking the pages of a list without a network: say which page is wanted, take it, until none is."""

from dataclasses import replace
from typing import Generic
from typing import TypeVar

from aerocode.smsaero.model import Page
from aerocode.smsaero.wire import Request

T = TypeVar("T")


def on_page(request: Request[Page[T]], number: int) -> Request[Page[T]]:
    """The same list's page `number`, from 1."""
    return replace(request, path=f"{request.path.partition('?')[0]}?page={number}")


class Walk(Generic[T]):
    """While `wanted` is a request, perform it and `take` the page."""

    def __init__(self, request: Request[Page[T]]) -> None:
        """Begin at the first page."""
        self.wanted: Request[Page[T]] | None = request
        self._number = 1
        self._seen = 0
        self._last: tuple[T, ...] = ()

    def take(self, page: Page[T]) -> tuple[T, ...]:
        """The page's items; `wanted` is the next page then, or None."""
        self._seen += len(page.items)
        following = self._after(page)
        if self.wanted is not None and following is not None:
            self.wanted, self._number = on_page(self.wanted, following), following
        else:
            self.wanted = None
        self._last = page.items
        return page.items

    def _after(self, page: Page[T]) -> int | None:
        # A gate that ignores the page's number repeats itself for ever.
        if not page.items or page.items == self._last:
            return None
        if page.linked:
            return page.next if page.next is not None and page.next > self._number else None
        return self._number + 1 if page.total is not None and self._seen < page.total else None
