"""How many SMS a text costs: GSM-7 (GSM 03.38) while all its characters are in that alphabet, else UCS-2."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

_GSM = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
#: Reached through an escape, so each costs two.
_GSM_EXTENSION = frozenset("\f^{}\\[~]|€")
_ALPHABET = _GSM | _GSM_EXTENSION


@dataclass(frozen=True, slots=True)
class Size:
    """`units` are septets or UTF-16 code units, `room` how many one SMS holds; `foreign` is what forced UCS-2."""

    encoding: str
    units: int
    segments: int
    room: int
    foreign: str = ""


def measure(text: str) -> Size:
    """What the network will make of a text. A text over one SMS pays a few units in each part for the header."""
    characters = set(text)
    strange = characters - _ALPHABET
    if strange:
        double = {char for char in strange if char > "\uffff"}
        foreign = next(char for char in text if char in strange)
        return _packed("UCS-2", text, double, alone=70, joined=67, foreign=foreign)
    return _packed("GSM-7", text, characters & _GSM_EXTENSION, alone=160, joined=153)


def _packed(encoding: str, text: str, double: AbstractSet[str], *, alone: int, joined: int, foreign: str = "") -> Size:
    if not double and len(text) <= alone:  # nearly all there are
        return Size(encoding, len(text), 1, alone, foreign)
    widths = [2 if char in double else 1 for char in text]
    units = sum(widths)
    if units <= alone:
        return Size(encoding, units, 1, alone, foreign)
    segments, used = 1, 0
    for width in widths:
        # Neither an escaped character nor a surrogate pair is cut in two: it moves whole to the next part.
        if used + width > joined:
            segments, used = segments + 1, 0
        used += width
    return Size(encoding, units, segments, alone, foreign)
