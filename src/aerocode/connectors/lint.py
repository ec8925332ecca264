"""What is no fault in a config and will still surprise its operator: costs, lies and texts that are never used.

Total: a config with faults is linted as far as it can be read, so that both are told at once.
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from aerocode.connectors import templates
from aerocode.connectors.segments import measure
from aerocode.errors import Fault
from aerocode.model.states import UsageType

#: What GSM networks carry as an alphanumeric sender.
_SENDER_LIMIT = 11
#: Typical values: ten letters name most products.
_SAMPLE = {"code": "123456", "appName": "My product"}

_USAGE_TYPES = frozenset(usage.value for usage in UsageType)

_UNITS = {
    1: r"seconds?|secs?|s|secondes?|секунд[аыу]?|сек",
    60: r"minutes?|mins?|минут[аыу]?|мин",
    3600: r"hours?|hrs?|heures?|час(?:а|ов)?",
}
_UNIT = "|".join(f"(?P<u{seconds}>{words})" for seconds, words in _UNITS.items())
_NUMBER = r"(?<![\w.,])(?P<number>\d{1,6}(?:[.,]\d{1,3})?)"
#: "5 minutes", "5-minute", "5 мин."; and "minutes: 5".
_PROMISES = (
    re.compile(rf"{_NUMBER}[\s\u2010-\u2015-]{{0,3}}(?:{_UNIT})\b", re.IGNORECASE),
    re.compile(rf"\b(?:{_UNIT})\s{{0,3}}[:=]\s{{0,3}}{_NUMBER}(?![\w])", re.IGNORECASE),
)


def warnings(config: object, *, life: timedelta) -> list[Fault]:
    """`life` is how long a code really lives."""
    if not isinstance(config, Mapping):
        return []
    return [*_sender(config), *_key(config), *_templates(config.get("templates"), life)]


def _sender(config: Mapping[str, Any]) -> Iterator[Fault]:
    name = config.get("senderName")
    if not isinstance(name, str):
        return
    path = ("senderName",)
    if name != name.strip():
        yield _padded(path, "senderName")
    if len(name) > _SENDER_LIMIT:
        message = (
            f"The sender name has {len(name)} characters; phones show at most {_SENDER_LIMIT}. "
            "Write the shorter name SMS Aero approved."
        )
        yield Fault(path, "sender_too_long", message, {"maximum": _SENDER_LIMIT, "length": len(name)})
    foreign = next((char for char in name if not " " <= char <= "~"), "")
    if foreign:
        message = f"“{foreign}” is no Latin letter, digit or sign, and networks refuse it. Write the name in Latin."
        yield Fault(path, "sender_not_latin", message, {"character": foreign})


def _key(config: Mapping[str, Any]) -> Iterator[Fault]:
    key = config.get("apiKey")
    if isinstance(key, str) and key != key.strip():
        yield _padded(("apiKey",), "apiKey")


def _padded(path: tuple[str], name: str) -> Fault:
    message = f"`{name}` begins or ends with a space, which is sent as part of it. Was it pasted? Remove the space."
    return Fault(path, "surrounding_space", message)


def _templates(items: object, life: timedelta) -> Iterator[Fault]:
    if not isinstance(items, list | tuple):
        return
    seen: dict[tuple[str, str], int] = {}
    for index, item in enumerate(items):
        if not isinstance(item, Mapping):
            continue
        usage, content = item.get("usageType"), item.get("content")
        if isinstance(usage, str):
            yield from _usage(usage, index)
            yield from _locale(item, index)
            first = seen.setdefault((usage, templates.locale_of(item)), index)
            if first != index:
                yield _duplicate(index, first)
        if isinstance(content, str):
            yield from _length(content, ("templates", index, "content"), life)
            yield from _lifetime(content, ("templates", index, "content"), life)


def _usage(usage: str, index: int) -> Iterator[Fault]:
    if usage not in _USAGE_TYPES:
        near = next((known for known in UsageType if known.value.lower() == usage.strip().lower()), None)
        advice = f"Did you mean {near.value}?" if near else f"Write one of {', '.join(UsageType)}."
        message = f"No code is ever sent for this usage type, so the text is never used. {advice}"
        yield Fault(("templates", index, "usageType"), "unknown_usage_type", message)


def _locale(item: Mapping[str, Any], index: int) -> Iterator[Fault]:
    if item.get("locale") is not None and not isinstance(item["locale"], str):
        message = 'A locale is a language tag such as "ru"; this one is ignored.'
        yield Fault(("templates", index, "locale"), "ignored_locale", message)


def _duplicate(index: int, first: int) -> Fault:
    message = (
        f"Template {first + 1} of the list has this usage type and locale already: this one is never used. Remove one."
    )
    return Fault(("templates", index, "usageType"), "duplicate_template", message, {"first": first})


def _length(content: str, path: tuple[str | int, ...], life: timedelta) -> Iterator[Fault]:
    size = measure(_sample(content, life))
    if size.segments == 1:
        return
    over = size.units - size.room
    why = f"“{size.foreign}” is not in the GSM alphabet, so only {size.room} characters fit" if size.foreign else ""
    why = why or f"{size.room} characters fit"
    message = (
        f"This text is paid as {size.segments} SMS ({size.units} characters of {size.encoding}; {why} in one). "
        f"Make it {over} shorter to pay for one."
    )
    detail = {"segments": size.segments, "encoding": size.encoding, "units": size.units, "room": size.room}
    yield Fault(path, "long_text", message, detail | ({"character": size.foreign} if size.foreign else {}))


def _lifetime(content: str, path: tuple[str | int, ...], life: timedelta) -> Iterator[Fault]:
    told = timedelta(minutes=life // timedelta(minutes=1))
    for promise in dict.fromkeys(_promised(templates.without_tokens(content))):
        # Rounded down as `expiresIn` is: a promise of five minutes is kept by five and a half.
        if promise in (life, told):
            continue
        message = (
            f"The text promises {_spoken(promise)}, but a code lives {_spoken(life)}. "
            "Write {{expiresIn}} in place of the number of minutes: it is always the real one."
        )
        detail = {"promised": promise.total_seconds(), "real": life.total_seconds()}
        yield Fault(path, "wrong_lifetime", message, detail)


def _promised(words: str) -> Iterator[timedelta]:
    for pattern in _PROMISES:
        for match in pattern.finditer(words):
            unit = next(seconds for seconds in _UNITS if match[f"u{seconds}"])
            yield timedelta(seconds=float(match["number"].replace(",", ".")) * unit)


def _spoken(span: timedelta) -> str:
    seconds = span.total_seconds()
    return f"{seconds / 60:g} min" if seconds >= 60 else f"{seconds:g} s"


def _sample(content: str, life: timedelta) -> str:
    return templates.render(content, {**_SAMPLE, "expiresIn": templates.minutes(life)})
