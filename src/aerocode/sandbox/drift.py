"""The other types: where public clients saw one field with two types, this turns each into the one not usual here.

A client that lives through both may call its decoding lenient. Off unless asked for.
"""

from collections.abc import Mapping
from typing import Any

_OPERATORS = frozenset({"MEGAFON", "MTS", "BEELINE", "TELE2", "OTHER"})
_SMS = frozenset({"number", "cost"})
_DRIFTING: Mapping[str, frozenset[str]] = {
    "sms/send": frozenset({"cost"}),
    "sms/testsend": frozenset({"cost"}),
    "sms/status": _SMS,
    "sms/teststatus": _SMS,
    "sms/list": _SMS,
    "sms/testlist": _SMS,
    "contact/list": frozenset({"id", "number"}),
    "group/list": frozenset({"id", "countContacts"}),
    "blacklist/list": frozenset({"id"}),
    "tariffs": _OPERATORS,
}
_AS_ARRAYS = frozenset({"cards", "viber/sign/list"})
"""Keyed objects without links, which a PHP back end may as well write as arrays."""


def drifted(path: str, data: Any) -> Any:
    """A reply's data with the other types; an empty list becomes `[]`, and a single SMS an array of one."""
    if not isinstance(data, dict):
        return data
    if path in _AS_ARRAYS:
        return list(data.values())
    if data.get("totalCount") == "0":
        return []
    turned = _turned(data, _DRIFTING.get(path, frozenset()) | {"totalCount"})
    return [turned] if path in ("sms/send", "sms/testsend") else turned


def _turned(value: Any, names: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [_turned(item, names) for item in value]
    if not isinstance(value, dict):
        return value
    return {name: _other(item) if name in names else _turned(item, names) for name, item in value.items()}


def _other(value: Any) -> Any:
    if isinstance(value, str):
        return int(value) if value.isdecimal() else float(value)
    return f"{value:.2f}" if isinstance(value, float) else str(value)
