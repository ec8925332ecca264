"""What an application may put into a message besides the code.

An application may pass on what its own visitors typed, so a payload is an attacker's way into our SMS: no links, no
room for a story, and never a value of ours.
"""

import re
import unicodedata
from collections.abc import Mapping

from aerocode.errors import Fault
from aerocode.errors import InvalidInput

#: Ours alone: an application that could set these could show a code, a lifetime or a name that are not true.
RESERVED = frozenset({"code", "expiresIn", "appName", "locale"})

#: Controls, direction marks, line and paragraph separators: they rearrange what the reader believes we wrote.
_UNSEEN = frozenset({"Cc", "Cf", "Zl", "Zp"})

_MOST_KEYS = 10
_LONGEST = 40
# Phones turn `example.com` and `1.1.1.1` into links as readily as a full address.
_LINK = re.compile(r"://|www\.|[^\W_]\.[^\W\d_]{2,}|\d+(\.\d+){3}", re.IGNORECASE)
# Browsers read these as dots in a name; NFKC folds the others.
_DOTS = str.maketrans("。｡․", "...")


def admit(payload: Mapping[str, str]) -> Mapping[str, str]:
    """The payload, or InvalidInput with everything that is wrong with it."""
    faults = [fault for key, value in payload.items() for fault in _faults(key, value)]
    if len(payload) > _MOST_KEYS:
        detail = {"maximum": _MOST_KEYS, "type": "object", "inclusive": True, "exact": False}
        faults.insert(0, Fault(("payload",), "too_big", f"Give at most {_MOST_KEYS} keys.", detail))
    if faults:
        raise InvalidInput(faults)
    return payload


def _faults(key: str, value: str) -> list[Fault]:
    path = ("payload", key)
    faults = []
    if key in RESERVED:
        faults.append(Fault(path, "custom", f"{key} is set by Aerocode itself."))
    if not key or len(key) > _LONGEST:
        faults.append(Fault(path, "custom", f"A key has 1 to {_LONGEST} characters."))
    if len(value) > _LONGEST:
        detail = {"maximum": _LONGEST, "type": "string", "inclusive": True, "exact": False}
        faults.append(Fault(path, "too_big", f"Give at most {_LONGEST} characters.", detail))
    if any(unicodedata.category(letter) in _UNSEEN for letter in value):
        faults.append(Fault(path, "custom", "Line breaks and characters that cannot be seen are not sent."))
    if _LINK.search(unicodedata.normalize("NFKC", value.translate(_DOTS))):
        faults.append(Fault(path, "custom", "Links cannot be put into a message."))
    return faults
