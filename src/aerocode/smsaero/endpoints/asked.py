"""What goes out, strictly: a field the provider can't take is a ValueError here, whose message never quotes it."""

from collections.abc import Mapping
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from typing import Literal
from urllib.parse import urlsplit

from aerocode.smsaero import decode

CallbackFormat = Literal["form", "JSON"]

MOST_NUMBERS = 1_000
"""Numbers in one request: our bound, which keeps the reply short enough to read. The provider's is not documented."""


def given(**fields: Any) -> dict[str, Any]:
    """The fields that have a value. What is not set is left out: the provider's own clients send empty strings."""
    return {name: value for name, value in fields.items() if value is not None}


def digits(number: str) -> str:
    """A phone as the provider takes it."""
    if not (number.isascii() and number.isdigit() and 7 <= len(number) <= 15):
        raise ValueError("number must be 7 to 15 digits with the country code, without a plus")
    return number


def several(numbers: Sequence[str], *, most: int = MOST_NUMBERS) -> list[str]:
    """Phones for one request, each once: a number given twice might be sent to twice."""
    if isinstance(numbers, str):
        raise ValueError("numbers must be a sequence of numbers; for one number there is a method of its own")  # noqa: TRY004 - one kind of error for every wrong field
    if not 1 <= len(numbers) <= most:
        raise ValueError(f"numbers must be 1 to {most} numbers")
    if len(set(numbers)) != len(numbers):
        raise ValueError("numbers must not hold a number twice")
    return [digits(number) for number in numbers]


def filled(**fields: str) -> dict[str, str]:
    """Required texts."""
    if not all(fields.values()):
        raise ValueError(f"{' and '.join(fields)} must not be empty")
    return fields


def code(text: str, *, shortest: int, longest: int) -> str:
    """A code as a string, so that it keeps its leading zeros."""
    if not (text.isascii() and text.isdigit() and shortest <= len(text) <= longest):
        length = str(shortest) if shortest == longest else f"{shortest} to {longest}"
        raise ValueError(f"code must be a string of {length} digits")
    return text


def unix(moment: datetime | None) -> int | None:
    """Seconds since 1970."""
    if moment is None:
        return None
    if moment.tzinfo is None:
        raise ValueError("a time must be aware: a naive one means another moment on every machine")
    return int(moment.timestamp())


def callback(url: str | None, shape: CallbackFormat = "form") -> dict[str, str]:
    """Where delivery reports go, and in which of the two shapes `read_callback` understands."""
    if url is None:
        return {}
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or not url.isascii() or not url.isprintable():
        raise ValueError("a callback's address must look like https://example.com/path")
    return {"callbackUrl": url} if shape == "form" else {"callbackUrl": url, "callbackFormat": shape}


def subject(numbers: Sequence[str]) -> str:
    """What an error may say of the recipients."""
    first = decode.mask(numbers[0])
    return first if len(numbers) == 1 else f"{len(numbers)} numbers, the first {first}"


def ids(**fields: int) -> Mapping[str, int]:
    """Numbers by which the provider knows its things."""
    if not all(value > 0 for value in fields.values()):
        raise ValueError(f"{' and '.join(fields)} must be a positive integer")
    return fields
