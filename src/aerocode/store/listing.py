"""Lists of messages, as statements of either database are asked for them."""

from datetime import UTC
from datetime import datetime

from aerocode.model.policy import LONGEST_LIFE
from aerocode.model.verification import Verification
from aerocode.ports import Wanted
from aerocode.store import rows
from aerocode.store.rows import Loaded

_END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)


def of_application(application: str, wanted: Wanted) -> Loaded:
    before_at, before_id = wanted.before or (_END_OF_TIME, "")
    if wanted.until is not None and wanted.until <= before_at:
        before_at, before_id = wanted.until, ""
    return {
        "application": application,
        "since": 0 if wanted.since is None else rows.from_time(wanted.since),
        "before_at": rows.from_time(before_at),
        "before_id": before_id,
        "limit": wanted.limit,
    }


def of_verification(verification: Verification, phone: str) -> Loaded:
    """`phone` as its row has it, which is a pseudonym once its retention has ended."""
    since = rows.from_time(verification.created_at)
    until = since + rows.from_span(LONGEST_LIFE)
    return {"phone": phone, "verification": verification.id, "since": since, "until": until}
