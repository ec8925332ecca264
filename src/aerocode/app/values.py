"""How each kind of setting is written. A reader raises ValueError with what follows its name in a sentence."""

import re
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from urllib.parse import unquote
from urllib.parse import urlsplit

import phonenumbers

from aerocode.crypto import Secret
from aerocode.model.policy import Mode
from aerocode.smsaero import Transport

_SHORTEST_SECRET = 32


def host(text: str) -> str:
    if not text or any(letter.isspace() for letter in text):
        raise ValueError("must be a host name or an address")
    return text


def port(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) > 65535:
        raise ValueError(f"must be a port from 0 to 65535, not {text!r}")
    return int(text)


def workers(text: str) -> int:
    if text != "1":
        raise ValueError("can only be 1 on SQLite, which one process owns")
    return 1


def path(text: str) -> Path:
    if not text or "\0" in text:
        raise ValueError("must name a file or folder")
    return Path(text)


def database(text: str) -> Path:
    parts = urlsplit(text)
    if parts.scheme != "sqlite" or parts.netloc or len(parts.path) < 2:
        raise ValueError("must look like sqlite:///path/to/aerocode.db")
    # As elsewhere: three slashes and a relative path, four and an absolute one.
    return path(unquote(parts.path[1:]))


def secret_key(text: str) -> Secret:
    if len(text.encode()) < _SHORTEST_SECRET:
        raise ValueError(f"must have at least {_SHORTEST_SECRET} random bytes")
    if "," in text:
        raise ValueError("must not hold a comma, which stands between old keys")
    return Secret(text)


def secret_keys(text: str) -> tuple[Secret, ...]:
    return tuple(secret_key(one) for one in _listed(text))


def api_key(text: str) -> Secret:
    if len(text) < _SHORTEST_SECRET:
        raise ValueError(f"must have at least {_SHORTEST_SECRET} characters")
    if not text.isascii() or any(letter.isspace() for letter in text):
        raise ValueError("must be ASCII without spaces, as it travels in a header")
    return Secret(text)


def gates(text: str) -> tuple[str, ...]:
    addresses = _listed(text)
    if not addresses:
        raise ValueError("must hold at least one address")
    try:
        return Transport(addresses).gates
    except ValueError as cause:
        raise ValueError(f"is not usable: {cause}") from cause


def seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0.1 <= value <= 60:
        raise ValueError(f"must be seconds from 0.1 to 60, not {text!r}")
    return value


def country(text: str) -> str:
    code = text.strip().upper()
    if code not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"must be an ISO country code such as RU, not {text!r}")
    return code


def countries(text: str) -> frozenset[str] | None:
    codes = _listed(text)
    if codes == ["*"]:
        return None
    if not codes:
        raise ValueError("must hold ISO country codes, or * for all")
    return frozenset(country(code) for code in codes)


def mode(text: str) -> Mode:
    try:
        return Mode(text)
    except ValueError as cause:
        raise ValueError(f"must be enforce or monitor, not {text!r}") from cause


def roubles(text: str) -> Decimal:
    if re.fullmatch(r"\d{1,9}(\.\d{1,2})?", text, re.ASCII) is None or not Decimal(text):
        raise ValueError(f"must be roubles such as 1500 or 99.50, more than 0, not {text!r}")
    return Decimal(text)


def days(text: str) -> timedelta:
    match = re.fullmatch(r"\s*(\d{1,5})\s*(d|days?)?\s*", text)
    if match is None or int(match[1]) < 1:
        raise ValueError(f"must be a number of days from 1, not {text!r}")
    return timedelta(days=int(match[1]))


def one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"must be {' or '.join(words)}, not {text!r}")
        return text

    return read


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]
