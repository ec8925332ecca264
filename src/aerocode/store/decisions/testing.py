"""A test message of the connector tester: it belongs to no verification, and has two limits of its own."""

from datetime import timedelta

from aerocode.model.decision import Spent
from aerocode.model.decision import Test
from aerocode.model.decision import TooSoon
from aerocode.model.message import Message
from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.store import rows
from aerocode.store.decisions import caps
from aerocode.store.decisions.case import Case
from aerocode.store.rows import Row

#: How long a look back the two limits take.
CALLER_WINDOW = timedelta(minutes=1)
PHONE_WINDOW = timedelta(hours=1)


def test(case: Case, ask: Test, of_caller: Row, of_phone: Row) -> Message | TooSoon | Spent:
    """`of_caller` and `of_phone` say how many tests there were in each window, and when the first was."""
    limits = (
        (of_caller, CALLER_WINDOW, ask.limits.tests_per_caller_minute),
        (of_phone, PHONE_WINDOW, ask.limits.tests_per_phone_hour),
    )
    for row, window, limit in limits:
        if row["sent"] >= limit:
            return caps.too_soon(case, (row["first"] or case.now) + rows.from_span(window), None)
    spent = caps.money_refusal(case, ask.limits)
    if spent is not None:
        return spent
    aside, _ = caps.set_aside(case, ask.limits, warns=False)
    new = {
        "id": ask.message_id,
        "application": ask.application,
        "verification": None,
        "caller": ask.caller,
        "phone": ask.phone.e164,
        "usage_type": str(UsageType.GENERIC),
        "before_expires_at": None,
        "before_resend_at": None,
        "request": None,
        "aside": aside,
        "life": 0,  # its code verifies nothing
    }
    case.write("record", **new, now=case.now)
    blank = {
        "reason": "",
        "gate_id": "",
        "sender": "",
        "segments": None,
        "cost": None,
        "operator": "",
        "timeline": "[]",
    }
    times = {"created_at": case.now, "updated_at": case.now}
    return rows.message_of({**new, **blank, **times, "status": MessageStatus.CREATED})
