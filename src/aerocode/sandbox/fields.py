"""Reading a request to the gate as the real one does: JSON, a form or a query, and every complaint in one answer."""

import json
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp import web

MOST_NUMBERS = 50


class Malformed(Exception):
    """The body is not what its content type says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    numbers: tuple[str, ...]
    many: bool
    """Asked with `numbers`, so the answer is an array."""
    sign: str
    text: str


async def read(request: web.Request) -> dict[str, Any]:
    """The fields of a request, those of the body before those of the query.

    Raises:
        Malformed: a JSON body that is not a JSON object.

    """
    found = _plain(request.query.items())
    if request.content_type != "application/json":
        return found | _plain((await request.post()).items())
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


def send(fields: Mapping[str, Any]) -> Send | dict[str, list[str]]:
    """A send, or what is wrong with it: field name to the only code known of the real gate, `incorrect`.

    Numbers are bare digits: the real gate wants no plus, and a double that forgave it would hide a fault.
    """
    many = fields.get("number") in (None, "")
    asked = fields.get("numbers") if many else [fields.get("number")]
    name = "numbers" if many and asked is not None else "number"
    numbers = [_text(number) for number in asked] if isinstance(asked, list) else []
    sign, text = _text(fields.get("sign")), _text(fields.get("text"))
    right = {
        name: 0 < len(numbers) <= MOST_NUMBERS and all(_is_number(number) for number in numbers),
        "sign": 2 <= len(sign) <= 64,
        "text": 2 <= len(text) <= 640,
    }
    if not all(right.values()):
        return {field: ["incorrect"] for field, good in right.items() if not good}
    return Send(numbers=tuple(numbers), many=many, sign=sign, text=text)


def message_id(fields: Mapping[str, Any]) -> int | None:
    given = _text(fields.get("id"))
    return int(given) if given.isascii() and given.isdigit() and len(given) < 20 else None


def _text(value: Any) -> str:
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def _is_number(number: str) -> bool:
    return number.isascii() and number.isdigit() and 7 <= len(number) <= 15
