"""The sentence a refusal is told in, in the language its reader asked for.

English stands in `errors/`. Translations are gettext catalogues, read as they are written: nothing has to be compiled,
and nothing is looked at for an answer that is no refusal.
"""

import inspect
import json
from collections.abc import Iterator
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from aerocode.errors import AerocodeError

ENGLISH = "en"
LANGUAGES = (ENGLISH, "ru", "fr")

#: Ranges of one header worth reading.
_MOST = 20


def language(accepted: str | None) -> str:
    """The best of ours for an Accept-Language (RFC 9110 §12.5.4); English when it names none of them."""
    best, weight = ENGLISH, 0.0
    for tag, quality in _ranges(accepted or ""):
        name = tag.split("-")[0].lower()
        ours = ENGLISH if name == "*" else name
        if ours in LANGUAGES and quality > weight:
            best, weight = ours, quality
    return best


def told(refusal: AerocodeError, spoken: str) -> str:
    """What it says, or, where that has no translation, what its kind says."""
    said = str(refusal)
    if spoken == ENGLISH:
        return said
    words = catalogue(spoken)
    return words.get(said) or words.get(inspect.cleandoc(type(refusal).__doc__ or "")) or said


@cache
def catalogue(spoken: str) -> Mapping[str, str]:
    """English to that language. Sentences without a translation are not in it."""
    text = files(__package__).joinpath("locales", spoken, "LC_MESSAGES", "aerocode.po").read_text("utf-8")
    return {english: other for english, other in _entries(text) if english and other}


def _ranges(accepted: str) -> Iterator[tuple[str, float]]:
    for part in accepted.split(",", _MOST)[:_MOST]:
        tag, _, parameter = part.partition(";")
        name, _, value = parameter.partition("=")
        yield tag.strip(), _quality(value.strip()) if name.strip().lower() == "q" else 1.0


def _quality(text: str) -> float:
    whole, _, rest = text.partition(".")
    if whole not in {"0", "1"} or len(rest) > 3 or (rest and not rest.isdecimal()):
        return 0.0
    return min(1.0, float(text))


def _entries(text: str) -> Iterator[tuple[str, str]]:
    """The pairs of a `.po` file: strings over several lines are one, comments and the header say nothing here."""
    english, other, into = "", "", ""
    for line in (*text.splitlines(), 'msgid ""'):
        keyword, _, quoted = line.partition(" ") if not line.startswith('"') else (into, " ", line)
        if keyword == "msgid" and into == "msgstr":
            yield english, other
            english = other = ""
        if keyword not in {"msgid", "msgstr"}:
            continue
        into = keyword
        if keyword == "msgid":
            english += json.loads(quoted)
        else:
            other += json.loads(quoted)
