"""Where a reading of JSON text stands, what lies between its values, and the list of what was wrong on the way."""

import re
from dataclasses import dataclass
from typing import NoReturn

Path = tuple[str | int, ...]

FAULT_LIMIT = 50

_SPACE = re.compile(r"[ \t\r\n]*+")
#: Spaces that word processors and web pages put between words; JSON knows none of them.
_ODD_SPACE = re.compile("[\v\f\u0085\u00a0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]+")
_COMMENT = re.compile(r"//[^\r\n]*|#[^\r\n]*|/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Slip:
    """One thing that is not JSON, `offset` characters into the text."""

    offset: int
    path: Path
    code: str
    message: str


class Lost(Exception):
    """Ends the walk where going on would only guess."""


class Scanner:
    """Moves over a text and keeps count: `at` is the next character, `offsets` where each value began."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.slips: list[Slip] = []
        self.offsets: dict[Path, int] = {}

    def char(self) -> str:
        return self.text[self.at : self.at + 1]

    def skip(self, path: Path) -> None:
        while True:
            self._spaces()
            if odd := _ODD_SPACE.match(self.text, self.at):
                self.slip(path, "odd_space", "This space is none of JSON's: write an ordinary one.")
                self.at = odd.end()
            elif comment := _COMMENT.match(self.text, self.at):
                self.slip(path, "comment", "JSON has no comments: remove it.")
                self.at = comment.end()
            elif self.text.startswith("/*", self.at):
                self.lose(path, "comment", "JSON has no comments, and this one is not closed: remove it.")
            else:
                return

    def _spaces(self) -> None:
        if spaces := _SPACE.match(self.text, self.at):
            self.at = spaces.end()

    def slip(self, path: Path, code: str, message: str, offset: int | None = None) -> None:
        offset = self.at if offset is None else offset
        if self.slips and self.slips[-1].offset == offset:
            return  # a second word about the same place is an echo of the first
        self.slips.append(Slip(offset, path, code, message))
        if len(self.slips) >= FAULT_LIMIT:
            raise Lost

    def forget(self, path: Path) -> None:
        """The later of two equal keys counts, so no position may stay of what stood inside the earlier one."""
        self.offsets = {known: offset for known, offset in self.offsets.items() if known[: len(path)] != path}

    def lose(self, path: Path, code: str, message: str) -> NoReturn:
        """Name a fault after which the rest can't be understood."""
        self.slip(path, code, message)
        raise Lost
