"""Reading a request to the gate as the real one does: JSON, a form or a query, and every complaint in one answer."""

import json
from collections.abc import Collection
from collections.abc import Iterable
from collections.abc import Mapping
from typing import Any
from typing import NamedTuple
from urllib.parse import urlsplit

from aiohttp import web

from aerocode.sandbox.callbacks import Target
from aerocode.sandbox.replies import wrong

MOST_NUMBERS = 50
LONGEST_SIGN = 64
LONGEST_TEXT = 640


class Malformed(Exception):
    """The body is not what its content type says."""


class Numbers(NamedTuple):
    """Recipients; `many` when they were asked with `numbers`, so that the answer is an array."""

    each: tuple[str, ...]
    many: bool


async def read(request: web.Request) -> dict[str, Any]:
    """The fields of a request, those of the body before those of the query.

    Raises:
        Malformed: a JSON body that is not a JSON object, or a form that can't be read.

    """
    found = _plain(request.query.items())
    if request.content_type != "application/json":
        try:
            return found | _plain((await request.post()).items())
        except (ValueError, LookupError) as error:
            raise Malformed from error
    body = await request.read()
    if not body:
        return found
    try:
        sent = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Malformed from error
    if not isinstance(sent, dict):
        raise Malformed
    return found | sent


def _plain(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """Pairs as a dict; `numbers[]` and `numbers[0]` gather in a list, of a repeated plain name the last stays."""
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name.startswith("numbers[") and name.endswith("]"):
            found.setdefault("numbers", []).append(value)
        else:
            found[name] = value
    return found


class Given:
    """The fields of one request. Each reader notes what is wrong and goes on; `check` refuses all of it at once.

    A field that is null or an empty string is absent, as official clients send them for what was not given.
    """

    def __init__(self, fields: Mapping[str, Any]) -> None:
        self._fields = fields
        self._wrong: dict[str, None] = {}

    def refuse(self, name: str) -> None:
        self._wrong[name] = None

    def check(self) -> None:
        """Raises Refused."""
        if self._wrong:
            raise wrong(*self._wrong)

    def has(self, name: str) -> bool:
        return self._fields.get(name) not in (None, "")

    def text(self, name: str, shortest: int = 1, longest: int = 255) -> str:
        value = _text(self._fields.get(name))
        if not shortest <= len(value) <= longest:
            self.refuse(name)
        return value

    def maybe(self, name: str, shortest: int = 1, longest: int = 255) -> str | None:
        return self.text(name, shortest, longest) if self.has(name) else None

    def code(self, name: str, shortest: int, longest: int) -> str:
        value = self.text(name, shortest, longest)
        if not _are_digits(value):
            self.refuse(name)
        return value

    def number(self, name: str = "number") -> str:
        """Bare digits: the real gate wants no plus, and a double that forgave it would hide a fault."""
        value = _text(self._fields.get(name))
        if not _is_number(value):
            self.refuse(name)
        return value

    def numbers(self) -> Numbers:
        """Either `number` or `numbers`."""
        if self.has("number") or not self.has("numbers"):
            return Numbers((self.number(),), many=False)
        asked = self._fields["numbers"]
        each = tuple(_text(number) for number in asked) if isinstance(asked, list) else ()
        if not 0 < len(each) <= MOST_NUMBERS or not all(map(_is_number, each)):
            self.refuse("numbers")
        return Numbers(each, many=True)

    def whole(self, name: str) -> int:
        """An id, a time, a count: digits, or an integer that is not negative."""
        value = _text(self._fields.get(name))
        if not _are_digits(value) or len(value) > 18:
            self.refuse(name)
            return 0
        return int(value)

    def maybe_whole(self, name: str) -> int | None:
        return self.whole(name) if self.has(name) else None

    def amount(self, name: str) -> float:
        """Roubles above zero."""
        value = self._fields.get(name)
        try:
            roubles = float(value) if isinstance(value, int | float | str) and not isinstance(value, bool) else 0.0
        except (ValueError, OverflowError):
            roubles = 0.0
        if not 0 < roubles < 1e9:
            self.refuse(name)
        return roubles

    def choice(self, name: str, known: Collection[str]) -> str:
        value = _text(self._fields.get(name))
        if value not in known:
            self.refuse(name)
        return value

    def maybe_choice(self, name: str, known: Collection[str]) -> str | None:
        return self.choice(name, known) if self.has(name) else None

    def page(self) -> int:
        """From 1; checked at once, because reading a list knows no other complaint."""
        page = self.whole("page") if self.has("page") else 1
        if page < 1:
            self.refuse("page")
        self.check()
        return page

    def one(self, name: str = "id") -> int:
        """An id, and nothing else is asked: checked at once."""
        found = self.whole(name)
        self.check()
        return found

    def target(self) -> Target | None:
        """`callbackUrl` with its `callbackFormat`; the case of `JSON` is not settled, so any will do."""
        if not self.has("callbackUrl"):
            return None
        url = _text(self._fields.get("callbackUrl"))
        if not is_web_address(url):
            self.refuse("callbackUrl")
        return Target(url, as_json=_text(self._fields.get("callbackFormat")).lower() == "json")


def is_web_address(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _are_digits(value: str) -> bool:
    return value.isascii() and value.isdigit()


def _is_number(number: str) -> bool:
    return _are_digits(number) and 7 <= len(number) <= 15
