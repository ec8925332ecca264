"""Reading single values leniently, because field types drift between the provider's endpoints.

`cost` comes as 5.49 or "5.49", `number` as digits or as an integer, `id` as an integer or as a string. What can't be
read becomes None; the caller decides whether it can live without it. Nothing here raises.
"""

import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from decimal import Decimal
from decimal import InvalidOperation
from typing import Any

from aerocode.smsaero.errors import MESSAGE_LIMIT

_DIGITS = re.compile(r"\d(?:[ ()\-\u00a0]*\d){3,}")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_MAX_FIELDS = 20
_MAX_LIST = 1000  # the reply is bounded too; this bounds the work on it


def whole(value: Any) -> int | None:
    """A non-negative integer below 2**63, also from a string of digits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 20:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63:
        return value
    return None


def money(value: Any) -> Decimal | None:
    """A finite sum below a million million, from a number or a string."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    try:
        amount = Decimal(value)
    except (InvalidOperation, ValueError):
        return None
    # "1e999999" is a finite Decimal that takes a megabyte to print.
    return amount if amount.is_finite() and -12 < amount.adjusted() < 12 else None


def moment(value: Any) -> datetime | None:
    """An aware UTC time from unix seconds; None for zero, which the provider uses for "not yet"."""
    seconds = whole(value)
    if not seconds or seconds >= 2**37:  # the year 6325; datetime ends with 9999
        return None
    return datetime.fromtimestamp(seconds, UTC)


def words(value: Any) -> str:
    """A string; other scalars as they print; empty for null and for anything nested."""
    if isinstance(value, str):
        return value if value.isascii() and "\0" not in value else _storable(value)
    return str(value) if isinstance(value, int | Decimal) and not isinstance(value, bool) else ""


def _storable(text: str) -> str:
    """Half a character and NUL, which JSON can write, become question marks: few files and databases take them."""
    return text.encode("utf-8", "replace").decode().replace("\0", "?")


def objects(data: Any) -> list[Mapping[str, Any]]:
    """The objects in `data`: one object is one, an array or an object keyed "0", "1", … is many."""
    if isinstance(data, dict):
        numbered = [data[key] for key in sorted((k for k in data if k.isdecimal()), key=_position)]
        candidates: Iterable[Any] = numbered or [data]
    else:
        candidates = data[:_MAX_LIST] if isinstance(data, list) else []
    return [item for item in candidates if isinstance(item, dict)]


def _position(key: str) -> tuple[int, str]:
    return len(key), key


def fields(data: Any, *, secrets: Sequence[str] = ()) -> dict[str, tuple[str, ...]]:
    """`{"number": ["incorrect"]}` as the provider gives it with a validation error; empty for any other shape."""
    if not isinstance(data, dict):
        return {}
    found = {}
    for name, codes in list(data.items())[:_MAX_FIELDS]:
        listed = codes[:_MAX_FIELDS] if isinstance(codes, list) else []
        spoken = tuple(scrub(code, secrets=secrets)[:64] for code in listed if isinstance(code, str))
        if spoken:
            found[scrub(name, secrets=secrets)[:64]] = spoken
    return found


def message(value: Any, *, secrets: Sequence[str] = ()) -> str | None:
    """The provider's `message`, which may be a string, an object, an array or null, as one bounded line."""
    parts = [part for part in _leaves(value, depth=4) if part][:_MAX_FIELDS]
    return scrub("; ".join(parts), secrets=secrets)[:MESSAGE_LIMIT] or None


def _leaves(value: Any, *, depth: int) -> list[str]:
    if depth == 0:
        return []
    if isinstance(value, dict):
        nested = [(f"{key}: ", inner) for key, inner in list(value.items())[:_MAX_FIELDS]]
    elif isinstance(value, list):
        nested = [("", inner) for inner in value[:_MAX_FIELDS]]
    else:
        return [words(value)]
    return [name + leaf for name, inner in nested for leaf in _leaves(inner, depth=depth - 1) if leaf]


def scrub(text: str, *, secrets: Sequence[str] = ()) -> str:
    """One line without the given secrets and without runs of four or more digits, which are phones and codes.

    A provider that quotes the request in its refusal would otherwise put a live code into our logs. An IPv4 address
    stays readable: the operator needs it for the allow-list.
    """
    for secret in sorted((s for s in secrets if len(s) > 3), key=len, reverse=True):
        text = text.replace(secret, "***")
    return _DIGITS.sub("***", _SPACE.sub(" ", _storable(text))).strip()


def mask(number: str) -> str:
    """`79121234567` as `7912*****67`: enough to look it up, too little to call."""
    return f"{number[:4]}{'*' * (len(number) - 6)}{number[-2:]}" if len(number) > 8 else "*" * len(number)
