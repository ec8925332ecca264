"""Who changed something, and why they say they did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class By:
    """`actor` is the id of a key, or the name of a token that lies outside the database. `reason` may be empty."""

    actor: str
    reason: str = ""
