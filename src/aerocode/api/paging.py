"""How long a page of a list is."""

from collections.abc import Mapping

from aerocode import errors

#: Rows a page holds at most, and when nothing is said.
_MOST = 100
_USUAL = "20"


def limit_of(query: Mapping[str, str]) -> int:
    """Raises InvalidInput."""
    text = query.get("limit", _USUAL)
    # The length first: Python refuses to read a number of thousands of digits.
    if len(text) <= 3 and text.isdecimal() and 1 <= int(text) <= _MOST:
        return int(text)
    raise errors.InvalidInput([errors.Fault(("limit",), "custom", f"Write a number from 1 to {_MOST}.")])
