"""Phone numbers: any human form in, one `Phone` out, and what kind of number it is.

The numbering plans are libphonenumber's. A `Phone` prints masked, so that a log line or an error can't leak one by
accident; whoever needs the digits asks for them by name.
"""

import re
from dataclasses import dataclass
from dataclasses import replace

import phonenumbers
from phonenumbers import PhoneNumberType

from aerocode.errors import Fault
from aerocode.errors import InvalidInput
from aerocode.errors import InvalidPhone
from aerocode.errors import PhoneNotAllowed

#: What people put between digits. Anything else in a phone field is not a phone, and is told so by its shape.
_SHAPE = re.compile(r"\s*\+?[\d\s().\-‐-―−/]*\d[\d\s().\-‐-―−/]*")
_LONGEST = 64

#: Russian mobile numbers, nearly all that are ever asked about: the library takes a seventh of a cycle to say the same.
#: 930 is left to it, for not all of 930 is given out. `tests/ground` holds both to one answer over the whole plan.
_HOME = re.compile(r"(?:\+7|7|8)?(9(?:[0-24-9]\d|3[1-9])\d{7})")
_BETWEEN = str.maketrans("", "", " ()-\u00a0")

_CARRIES_SMS = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


@dataclass(frozen=True, slots=True)
class Phone:
    """A possible number in E.164, `+79123456789`."""

    e164: str

    @property
    def digits(self) -> str:
        """Country code and number without the plus: what SMS Aero takes and what Logto's routes return."""
        return self.e164[1:]

    @property
    def masked(self) -> str:
        """`+7912•••••89`: enough to recognise one's own number, not enough to call it."""
        return f"{self.e164[:5]}{'•' * (len(self.e164) - 7)}{self.e164[-2:]}"

    @property
    def country(self) -> str:
        """The ISO code of the region whose numbering plan it is in."""
        return phonenumbers.region_code_for_number(phonenumbers.parse(self.e164)) or ""

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Phone({self.masked})"


@dataclass(frozen=True, slots=True)
class Countries:
    """Where codes may be sent. `default` reads numbers without a country code; `allowed` None means anywhere."""

    default: str = "RU"
    allowed: frozenset[str] | None = frozenset({"RU"})

    @property
    def everywhere(self) -> "Countries":
        """For what is kept of phones whose country was closed since."""
        return replace(self, allowed=None)

    def admit(self, text: str) -> Phone:
        """The phone that was meant.

        Raises InvalidInput (not the shape of a phone), InvalidPhone (no such number can exist) or PhoneNotAllowed
        (`reason` is `country` or `landline`): all before anything is recorded or paid for.
        """
        if len(text) > _LONGEST or not _SHAPE.fullmatch(text):
            fault = Fault(("phone",), "invalid_string", "This is not a phone number.", {"validation": "regex"})
            raise InvalidInput([fault])
        at_home = self.default == "RU" and (self.allowed is None or "RU" in self.allowed)
        known = _HOME.fullmatch(text.translate(_BETWEEN)) if at_home else None
        return Phone(f"+7{known[1]}") if known else self._admit(text)

    def _admit(self, text: str) -> Phone:
        number = _read(text, self.default)
        if self.allowed is not None and phonenumbers.region_code_for_number(number) not in self.allowed:
            raise PhoneNotAllowed("country")
        if phonenumbers.number_type(number) not in _CARRIES_SMS:
            raise PhoneNotAllowed("landline")
        return Phone(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def _read(text: str, region: str) -> phonenumbers.PhoneNumber:
    number = _valid(text, region)
    if number is None and "+" not in text:
        # Logto's routes carry the country code without a plus; at home that reads as a number that does not exist.
        number = _valid(f"+{text.strip()}", None)
    if number is None:
        raise InvalidPhone
    return number


def _valid(text: str, region: str | None) -> phonenumbers.PhoneNumber | None:
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    return number if phonenumbers.is_valid_number(number) else None
