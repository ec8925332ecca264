"""A connector file as a person wrote it: its value, and the line and column of each part of it.

`read` never raises: whatever the bytes are, the answer is a document with faults that say what to write instead.
"""

import bisect
import codecs
import re
from collections.abc import Iterable
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from aerocode.connectors import syntax
from aerocode.connectors.scanner import Path
from aerocode.errors import Fault

SIZE_LIMIT = 65_536  # bytes; a config with nine templates in ten languages has a third of that

_LINE_END = re.compile(r"\r\n|\r|\n")

#: The marks that other encodings begin with. UTF-32 first: its little-endian mark begins as UTF-16's does.
_OTHER_MARKS = (
    (codecs.BOM_UTF32_LE, "UTF-32"),
    (codecs.BOM_UTF32_BE, "UTF-32"),
    (codecs.BOM_UTF16_LE, "UTF-16"),
    (codecs.BOM_UTF16_BE, "UTF-16"),
)


@dataclass(frozen=True, slots=True, order=True)
class Located:
    """A fault and where it is. Lines and columns count from 1; a column counts characters, not bytes."""

    line: int
    column: int
    fault: Fault = field(compare=False)


@dataclass(frozen=True, slots=True)
class Document:
    """`value` is what was meant, as far as that can be told; with `whole` False the reading stopped before the end.

    `faults` are those of the writing alone; what the value should have been is the connector's to say.
    """

    value: Any = field(repr=False)
    whole: bool
    faults: tuple[Located, ...]
    warnings: tuple[Located, ...]
    _offsets: Mapping[Path, int] = field(repr=False)
    _lines: tuple[int, ...] = field(repr=False)

    def position(self, path: Path) -> tuple[int, int]:
        """Line and column where the value at `path` begins; where there is none, of the nearest one around it."""
        while path and path not in self._offsets:
            path = path[:-1]
        return _position(self._lines, self._offsets.get(path, 0))

    def located(self, faults: Iterable[Fault]) -> list[Located]:
        return [Located(*self.position(fault.path), fault) for fault in faults]


def read(data: bytes) -> Document:
    if len(data) > SIZE_LIMIT:
        return _unreadable("too_big", f"The file has {len(data)} bytes; at most {SIZE_LIMIT} are read.", "")
    encoding = _other_encoding(data)
    if encoding:
        return _unreadable("encoding", f"The file is {encoding}: save it as UTF-8.", "")
    marked = data.startswith(codecs.BOM_UTF8)
    bare = data.removeprefix(codecs.BOM_UTF8)
    try:
        text = bare.decode()
    except UnicodeDecodeError as fault:
        before = bare[: fault.start].decode()
        return _unreadable("encoding", "This is not UTF-8: save the file as UTF-8.", before)
    return _walked(text, marked=marked)


def _walked(text: str, *, marked: bool) -> Document:
    lines = _line_starts(text)
    reading = syntax.read(text)
    faults = [
        Located(*_position(lines, slip.offset), Fault(slip.path, slip.code, slip.message)) for slip in reading.slips
    ]
    warning = Fault((), "byte_order_mark", "The file begins with a byte order mark: save it as UTF-8 without one.")
    return Document(
        value=reading.value,
        whole=reading.whole,
        faults=tuple(sorted(faults)),
        warnings=(Located(1, 1, warning),) if marked else (),
        _offsets=reading.offsets,
        _lines=lines,
    )


def _unreadable(code: str, message: str, before: str) -> Document:
    """A document of which nothing but one fault is known, at the end of the text `before` it."""
    lines = _line_starts(before)
    fault = Located(*_position(lines, len(before)), Fault((), code, message))
    return Document(value=None, whole=False, faults=(fault,), warnings=(), _offsets={}, _lines=lines)


def _other_encoding(data: bytes) -> str:
    for mark, name in _OTHER_MARKS:
        if data.startswith(mark):
            return name
    # JSON text begins with an ASCII character, so a zero byte among the first two is half of one in UTF-16.
    return "UTF-16 or UTF-32" if b"\0" in data[:2] else ""


def _line_starts(text: str) -> tuple[int, ...]:
    return (0, *(end.end() for end in _LINE_END.finditer(text)))


def _position(lines: tuple[int, ...], offset: int) -> tuple[int, int]:
    line = bisect.bisect_right(lines, offset)
    return line, offset - lines[line - 1] + 1
