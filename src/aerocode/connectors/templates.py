"""Which template a message is made from, and how it is filled in.

The rules are those of Logto's connector kit, so that a config moved here reads the same; only language internals are
never reachable from a template, and a usage type without a template of its own falls back to `Generic`.
"""

import json
import math
import re
from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

#: What `\s` means in JavaScript; Python's own class differs (it has no U+FEFF and adds U+001C to U+001F).
_SPACE = "[\t\n\v\f\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]"
_TOKEN = re.compile(r"\{\{" + _SPACE + r"*+([A-Za-z0-9_.]++)" + _SPACE + r"*+\}\}")

#: Integers JavaScript holds exactly; larger ones it would print as the nearest double.
_EXACT = 2**53

_FALLBACK = "Generic"


def choose(templates: Iterable[Mapping[str, Any]], usage_type: str, locale: str = "") -> str | None:
    """The text for a usage type in a language, else in none, else the usage type's first, else the same of `Generic`.

    A language is met by the whole tag, then by its first part (`ru-RU` by `ru`); case and `_` do not matter.
    """
    every = list(templates)
    for wanted in (usage_type, _FALLBACK):
        found = _spoken([one for one in every if one["usageType"] == wanted], _tag(locale))
        if found is not None:
            content: str = found["content"]
            return content
    return None


def locale_of(template: Mapping[str, Any]) -> str:
    """The template's language tag in lower case; empty when it has none, or something that is not a tag."""
    locale = template.get("locale")
    return _tag(locale) if isinstance(locale, str) else ""


def render(content: str, payload: Mapping[str, Any]) -> str:
    """Put the payload's values in place of `{{key}}` and `{{key.inner}}`; a key the payload has not stays as written.

    One pass, values taken literally: a value that looks like a token, chosen by a caller to print the code or the
    product's name where it does not belong, is printed and not expanded.
    """

    def fill(token: re.Match[str]) -> str:
        root, *inner = token[1].split(".")
        if not root or root not in payload:
            return token[0]
        return _written(_reached(payload[root], inner))

    return _TOKEN.sub(fill, content)


def minutes(life: timedelta) -> int:
    """`expiresIn`: whole minutes, never more than there are, except that less than one is told as one."""
    return max(1, life // timedelta(minutes=1))


def tokens(content: str) -> frozenset[str]:
    """The keys between braces, whole: `{{code.x}}` is `code.x`."""
    return frozenset(_TOKEN.findall(content))


def without_tokens(content: str) -> str:
    """The fixed words alone, with a character that is neither digit nor letter where a value would stand."""
    return _TOKEN.sub("\N{REPLACEMENT CHARACTER}", content)


def _spoken(templates: Sequence[Mapping[str, Any]], locale: str) -> Mapping[str, Any] | None:
    for tag in (locale, locale.partition("-")[0], ""):
        for template in templates:
            if locale_of(template) == tag:
                return template
    return templates[0] if templates else None


def _tag(locale: str) -> str:
    return locale.strip().replace("_", "-").lower()


def _reached(value: Any, path: Sequence[str]) -> Any:
    for step in path:
        if isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, list | tuple):
            value = len(value) if step == "length" else _item(value, step)
        else:
            return None
    return value


def _item(items: Sequence[Any], step: str) -> Any:
    # An index is written as JavaScript writes it, `1` and not `01`. The length is looked at before the number is
    # read: a token may hold thousands of digits.
    if not step.isdecimal() or len(step) > len(str(len(items))) or str(int(step)) != step:
        return None
    index = int(step)
    return items[index] if index < len(items) else None


def _written(value: Any) -> str:
    """As JavaScript's `String(value)`, except that nothing is empty and an object or array is JSON."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, Mapping | list | tuple):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return str(value)


def _number(value: float) -> str:
    if isinstance(value, int) and -_EXACT <= value <= _EXACT:
        return str(value)
    double = _double(value)
    if math.isnan(double):
        return "NaN"
    if math.isinf(double):
        return "Infinity" if double > 0 else "-Infinity"
    return _laid_out(double) if double else "0"


def _double(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _laid_out(value: float) -> str:
    """ECMAScript's Number::toString: Python finds the same shortest digits and lays them out differently."""
    sign, digits, point = _shortest(value)
    if len(digits) <= point <= 21:
        return sign + digits.ljust(point, "0")
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{fraction}e{point - 1:+d}"


def _shortest(value: float) -> tuple[str, str, int]:
    """Sign, significant digits, and how many of them (or zeros after them) stand before the decimal point."""
    sign, digits, exponent = Decimal(repr(value)).normalize().as_tuple()
    text = "".join(map(str, digits))
    return "-" if sign else "", text, len(text) + int(exponent)
