"""Reads JSON as people write it: one pass names everything that is not JSON, where it is, and what to write instead.

The standard library stops at the first fault and keeps no positions, so the walk is ours; strings are still read by its
scanner. The input may be hostile: depth and number of faults are bounded, each pattern is linear, and no message
repeats a value, which may be the API key written without its quotes.
"""

import json
import math
import re
from dataclasses import dataclass
from typing import Any

from aerocode.connectors.scanner import Lost
from aerocode.connectors.scanner import Path
from aerocode.connectors.scanner import Scanner
from aerocode.connectors.scanner import Slip

DEPTH_LIMIT = 64

_STRING = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*+"')
_CONTROL = re.compile(r"[\x00-\x1f]")
_HALF = re.compile("[\ud800-\udfff]")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_BARE = re.compile(r"[^\s,:\[\]{}\"'][^\s,:\[\]{}\"'/#]*")
_NUMERIC = re.compile(r"[+-]?\.?[0-9]")

_CLOSING_QUOTE = {"'": "'", "`": "`", "“": "”", "”": "”", "„": "“”", "‘": "’", "’": "’", "«": "»"}
_LITERALS: dict[str, Any] = {"true": True, "false": False, "null": None}
_INSTEAD = {
    "True": ("true", True),
    "False": ("false", False),
    "None": ("null", None),
    "TRUE": ("true", True),
    "FALSE": ("false", False),
    "NULL": ("null", None),
    "undefined": ("null", None),
    "NaN": ("a number or null", None),
    "Infinity": ("a number or null", None),
    "-Infinity": ("a number or null", None),
}
_STRINGS = json.JSONDecoder(strict=False)


@dataclass(frozen=True, slots=True)
class Reading:
    """`value` is what was meant, as far as that can be told; `whole` is False when the reading had to stop early."""

    value: Any
    whole: bool
    slips: tuple[Slip, ...]
    offsets: dict[Path, int]


def read(text: str) -> Reading:
    walk = _Walk(text)
    try:
        value = walk.document()
    except Lost:
        return Reading(None, whole=False, slips=tuple(walk.slips), offsets=walk.offsets)
    return Reading(value, whole=True, slips=tuple(walk.slips), offsets=walk.offsets)


class _Walk(Scanner):
    def document(self) -> Any:
        value = self._value(())
        self.skip(())
        if self.at < len(self.text):
            self.lose(
                (), "trailing_text", "Nothing may follow the value: remove the rest, or a bracket too many above."
            )
        return value

    # Containers.

    def _object(self, path: Path) -> dict[str, Any]:
        opened = self._open(path)
        found: dict[str, Any] = {}
        while not self._closes("}", opened, path):
            start = self.at
            key = self._key(path)
            if key in found:
                self.slip((*path, key), "duplicate_key", "This key stands in the object already: remove one.", start)
                self.forget((*path, key))
            self._colon((*path, key))
            found[key] = self._value((*path, key))
            self._comma("}", path)
        self.at += 1
        return found

    def _array(self, path: Path) -> list[Any]:
        opened = self._open(path)
        found: list[Any] = []
        while not self._closes("]", opened, path):
            found.append(self._value((*path, len(found))))
            self._comma("]", path)
        self.at += 1
        return found

    def _open(self, path: Path) -> int:
        if len(path) >= DEPTH_LIMIT:
            self.lose(path, "too_deep", f"Values may stand at most {DEPTH_LIMIT} deep inside each other.")
        self.at += 1
        return self.at

    def _closes(self, end: str, opened: int, path: Path) -> bool:
        self.skip(path)
        char = self.char()
        if char and char not in "]}":
            return False
        if char != end:
            line = self.text.count("\n", 0, opened) + 1
            self.lose(path, "not_closed", f"Expected `{end}` to close what was opened on line {line}.")
        return True

    def _key(self, path: Path) -> str:
        char = self.char()
        if char == '"':
            return self._string(path)
        if char in _CLOSING_QUOTE:
            return self._misquoted(path)
        bare = _BARE.match(self.text, self.at)
        if bare is None:
            self.lose(path, "expected_key", "Expected a key in double quotes.")
        self.slip(path, "unquoted_key", "A key stands in double quotes.")
        self.at = bare.end()
        return bare.group()

    def _colon(self, path: Path) -> None:
        self.skip(path)
        if self.char() == ":":
            self.at += 1
        else:
            self.slip(path, "expected_colon", "Expected `:` and a value after the key.")
            if self.char() == "=":
                self.at += 1

    def _comma(self, end: str, path: Path) -> None:
        after = self.at
        self.skip(path)
        if self.char() != ",":
            if self.char() not in ("", "]", "}"):
                hint = ' A double quote inside a text is written \\".' if self.text[after - 1] == '"' else ""
                self.slip(path, "expected_comma", f"Expected `,` or `{end}` here.{hint}", after)
            return
        while self.char() == ",":
            comma = self.at
            self.at += 1
            self.skip(path)
            if self.char() == end:
                self.slip(path, "trailing_comma", "No comma stands after the last one: remove it.", comma)
            elif self.char() == ",":
                self.slip(path, "expected_value", "Nothing stands between two commas: remove one.")

    # Values.

    def _value(self, path: Path) -> Any:
        self.skip(path)
        self.offsets[path] = self.at
        char = self.char()
        if char == "{":
            return self._object(path)
        if char == "[":
            return self._array(path)
        if char == '"':
            return self._string(path)
        if char in _CLOSING_QUOTE:
            return self._misquoted(path)
        if char in ("", ":"):
            self.lose(path, "expected_value", "Expected a value here.")
        if char in ",]}":
            self.slip(path, "expected_value", "Expected a value here.")
            return None
        return self._bare(path)

    def _string(self, path: Path) -> str:
        start = self.at
        match = _STRING.match(self.text, start)
        if match is None:
            message = 'The string is not closed on its line: end it with `"`; a line break inside it is written \\n.'
            self.lose(path, "string_not_closed", message)
        self.at = match.end()
        for control in _CONTROL.finditer(match.group()):
            written = json.dumps(control.group())[1:-1]
            message = f"A control character is written as an escape: {written}"
            self.slip(path, "control_character", message, start + control.start())
        try:
            value: str = _STRINGS.raw_decode(self.text, start)[0]
        except json.JSONDecodeError as fault:
            message = 'No such escape: write \\\\ for a backslash; others are \\" \\/ \\b \\f \\n \\r \\t \\u0041.'
            self.slip(path, "bad_escape", message, self.text.rfind("\\", start, fault.pos + 1))
            return match.group()[1:-1]
        if _HALF.search(value):
            self.slip(
                path, "half_character", "An escape \\ud800 to \\udfff is half a character: write it whole.", start
            )
        return value

    def _misquoted(self, path: Path) -> str:
        closing = _CLOSING_QUOTE[self.char()]
        match = re.compile(rf"(?:[^{closing}\\\r\n]|\\[^\r\n])*+").match(self.text, self.at + 1)
        end = match.end() if match else len(self.text)
        if self.text[end : end + 1] not in closing or end >= len(self.text):
            self.lose(path, "quotes", 'A string stands in double quotes: ".')
        self.slip(path, "quotes", 'A string stands in straight double quotes: ".')
        content = self.text[self.at + 1 : end]
        self.at = end + 1
        return content

    def _bare(self, path: Path) -> Any:
        match = _BARE.match(self.text, self.at)
        if match is None:
            self.lose(path, "expected_value", "Expected a value here.")
        word = match.group()
        if word in _LITERALS:
            self.at = match.end()
            return _LITERALS[word]
        if number := _NUMBER.fullmatch(word):
            return self._number(number, path)
        meant: Any = None
        if word in _INSTEAD:
            instead, meant = _INSTEAD[word]
            self.slip(path, "not_json", f"JSON has no `{word}`: write {instead}.")
        elif _NUMERIC.match(word):
            self.slip(
                path, "bad_number", "This is not a number of JSON: write 10, -1 or 0.5, or a text in double quotes."
            )
        else:
            self.slip(path, "unquoted_text", "A text stands in double quotes.")
            meant = word
        self.at = match.end()
        return meant

    def _number(self, number: re.Match[str], path: Path) -> int | float | None:
        word = number.group()
        if math.isinf(float(word)):
            self.slip(path, "bad_number", "This number is too big.")
            self.at += len(word)
            return None
        self.at += len(word)
        return float(word) if number[1] or number[2] else int(word)
