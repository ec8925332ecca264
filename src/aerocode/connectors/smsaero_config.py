"""What is wrong with a config of the SMS Aero connector.

What Logto's guard rejects is rejected here, issue for issue (codes, paths and details are zod's); what it accepts is
accepted, except for a config that could never send a code: an empty key, sender or text, or a text without `{{code}}`.
Unknown keys and usage types are left alone, so that a config from elsewhere can be pasted whole.
"""

import re
from collections.abc import Iterator
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

from aerocode.connectors import templates
from aerocode.connectors.masking import MASK
from aerocode.errors import Fault
from aerocode.model.states import UsageType

REQUIRED = (UsageType.REGISTER, UsageType.SIGN_IN, UsageType.FORGOT_PASSWORD, UsageType.GENERIC)

#: Zod 3.24's e-mail rule: ASCII alone; dots neither doubled nor at an end of the local part; a domain of labels that
#: begin with a letter or digit; a last label of letters. `fullmatch`, because `$` would let a line break follow.
EMAIL = (
    r"(?!\.)(?!.*\.\.)[A-Za-z0-9_'+.-]*[A-Za-z0-9_+-]"
    r"@(?:[A-Za-z0-9][A-Za-z0-9-]*\.)+[A-Za-z]{2,}"
)
_EMAIL = re.compile(EMAIL)

#: Half of a character, as `"\ud83d"` in JSON makes one: no text can be sent or stored with it.
_HALF = re.compile("[\ud800-\udfff]")

_Path = tuple[str | int, ...]

_HINTS = {
    "email": 'the e-mail you sign in to SMS Aero with, such as "me@example.com"',
    "apiKey": "the API key from the SMS Aero cabinet, Settings, API and SMPP",
    "senderName": 'the sender name SMS Aero approved for you, or its shared one, "SMS Aero"',
    "templates": 'a list of {"usageType": …, "content": …}',
    "usageType": 'one of "Register", "SignIn", "ForgotPassword", "Generic", …',
    "content": "the text of the SMS, with {{code}} where the code stands",
}


def faults(config: object) -> list[Fault]:
    """Every fault at once, in the order of the fields; an empty list means that the config can be saved."""
    if not isinstance(config, Mapping):
        return [_wrong_type((), "object", config, 'Write an object: { "email": …, "apiKey": … }.')]
    return [
        *_email(config),
        *_words(config, "apiKey"),
        *_masked_key(config),
        *_words(config, "senderName"),
        *_templates(config),
    ]


def kind(value: object) -> str:
    """The name JSON has for a value's type, as zod reports it in `received`."""
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case str():
            return "string"
        case int() | float():
            return "number"
        case Mapping():
            return "object"
    return "array"


def _email(config: Mapping[str, Any]) -> Iterator[Fault]:
    yield from _string(config, (), "email")
    address = config.get("email")
    if isinstance(address, str) and not _EMAIL.fullmatch(address):
        advice = f"Write {_HINTS['email']}."
        yield Fault(("email",), "invalid_string", "Invalid email", {"validation": "email"}, advice)


def _words(config: Mapping[str, Any], key: str) -> Iterator[Fault]:
    yield from _string(config, (), key)
    value = config.get(key)
    if isinstance(value, str) and not value.strip():
        yield _too_small((key,), f"`{key}` is empty: write {_HINTS[key]}.")


def _masked_key(config: Mapping[str, Any]) -> Iterator[Fault]:
    if config.get("apiKey") == MASK:
        yield Fault(("apiKey",), "custom", f"This is the mask shown in place of the key: write {_HINTS['apiKey']}.")


def _templates(config: Mapping[str, Any]) -> Iterator[Fault]:
    items = config.get("templates")
    if not isinstance(items, list | tuple):
        yield _wrong(config, (), "templates", "array")
        return
    malformed = False
    for index, item in enumerate(items):
        shape = list(_shape(item, ("templates", index)))
        malformed = malformed or bool(shape)
        yield from shape
        if isinstance(item, Mapping):
            yield from _content(item, ("templates", index, "content"))
    # As zod does: the list is judged as a whole only once every item of it could be read.
    if not malformed:
        yield from _missing(items)


def _shape(item: object, path: _Path) -> Iterator[Fault]:
    if not isinstance(item, Mapping):
        yield _wrong_type(path, "object", item, 'Write a template: {"usageType": …, "content": …}.')
        return
    yield from _string(item, path, "usageType")
    yield from _string(item, path, "content")


def _content(item: Mapping[str, Any], path: _Path) -> Iterator[Fault]:
    content = item.get("content")
    if not isinstance(content, str):
        return
    if not content:
        yield _too_small(path, f"The text is empty: write {_HINTS['content']}.")
    elif "code" not in templates.tokens(content):
        yield Fault(path, "custom", "The text has no {{code}}: write {{code}} where the code stands.")


def _missing(items: Sequence[Mapping[str, Any]]) -> Iterator[Fault]:
    given = {item["usageType"] for item in items}
    missing = [usage.value for usage in REQUIRED if usage.value not in given]
    if missing:
        named = ", ".join(missing)
        message = f"Template with UsageType ({named}) should be provided!"
        advice = (
            f'Add {{"usageType": "{missing[0]}", "content": "…{{{{code}}}}…"}}{" and so on" if missing[1:] else ""}.'
        )
        yield Fault(("templates",), "custom", message, advice=advice)


def _string(fields: Mapping[str, Any], path: _Path, key: str) -> Iterator[Fault]:
    value = fields.get(key)
    if not isinstance(value, str):
        yield _wrong(fields, path, key, "string")
    elif _HALF.search(value):
        yield Fault((*path, key), "custom", "This text holds half a character (\\ud800 to \\udfff): write it whole.")


def _wrong(fields: Mapping[str, Any], path: _Path, key: str, expected: str) -> Fault:
    if key not in fields:
        detail = {"expected": expected, "received": "undefined"}
        return Fault((*path, key), "invalid_type", f"`{key}` is missing: write {_HINTS[key]}.", detail)
    return _wrong_type((*path, key), expected, fields[key], f"Write {_HINTS[key]}.")


def _wrong_type(path: _Path, expected: str, value: object, advice: str) -> Fault:
    received = kind(value)
    message = f"Expected {expected}, received {received}. {advice}"
    return Fault(path, "invalid_type", message, {"expected": expected, "received": received})


def _too_small(path: _Path, message: str) -> Fault:
    return Fault(path, "too_small", message, {"minimum": 1, "type": "string", "inclusive": True, "exact": False})
