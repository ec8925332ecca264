"""When something is to end, as a person wrote it."""

from datetime import datetime

from aerocode.errors import Fault
from aerocode.errors import InvalidInput


def refuse_past(moment: datetime | None, now: datetime) -> None:
    """Raises InvalidInput about the field `expiresAt`."""
    if moment is None or _to_come(moment, now):
        return
    message = "Write a time to come within a hundred years, with its zone, as in 2030-01-31T12:00:00Z."
    raise InvalidInput([Fault(("expiresAt",), "custom", message)])


def _to_come(moment: datetime, now: datetime) -> bool:
    # The years first: a time near the end of the calendar overflows when it is brought to another zone.
    return moment.tzinfo is not None and moment.year <= now.year + 100 and now < moment
