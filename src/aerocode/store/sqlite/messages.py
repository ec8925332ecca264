"""What becomes of messages: recorded, marked with the outcome of the send, and noted when the gate says more."""

import sqlite3
from datetime import timedelta

from aerocode.errors import EntityNotFound
from aerocode.model.decision import Marked
from aerocode.model.decision import Test
from aerocode.model.decision import TooSoon
from aerocode.model.message import Accepted
from aerocode.model.message import Message
from aerocode.model.message import Outcome
from aerocode.model.message import Refused
from aerocode.model.message import Report
from aerocode.model.message import Source
from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.store.sql import statements
from aerocode.store.sqlite import rows
from aerocode.store.sqlite.writer import Writer

SQL = statements("sqlite", "messages")
OF_VERIFICATION = statements("sqlite", "verifications")

#: How long a look back the tester's two limits take.
_CALLER_WINDOW = timedelta(minutes=1)
_PHONE_WINDOW = timedelta(hours=1)


class SqliteMessages:
    """Implements `ports.Messages`, and for `ports.Verifications` the mark."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def test(self, ask: Test) -> Message | TooSoon:
        return await self._writer.run(lambda database, now: _test(database, now, ask))

    async def mark(self, message_id: str, outcome: Outcome) -> Marked:
        return await self._writer.run(lambda database, now: mark(database, now, message_id, outcome))

    async def note(self, message_id: str, report: Report) -> Message:
        return await self._writer.run(lambda database, now: _note(database, now, message_id, report))

    async def give_up_unmarked(self, older_than: timedelta) -> int:
        """Messages handed over before that and never marked become `unknown`; how many were."""
        return await self._writer.run(
            lambda database, now: _give_up_unmarked(database, now, rows.from_span(older_than))
        )


def record(
    database: sqlite3.Connection,
    now: int,
    row: sqlite3.Row | None,
    **values: str | None,
) -> None:
    """Write the message down before it leaves; `row` is the verification as it stood, None at a start."""
    before = {
        "before_expires_at": None if row is None else row["expires_at"],
        "before_resend_at": None if row is None else row["resend_at"],
    }
    database.execute(SQL["record"], {"caller": None, "now": now, **before, **values})


def mark(database: sqlite3.Connection, now: int, message_id: str, outcome: Outcome) -> Marked:
    """See `verify.reference.mark`."""
    row = _message(database, message_id)
    told, status = MessageStatus(row["status"]), _status_of(outcome)
    moves = told.may_become(status)
    reason = "" if isinstance(outcome, Accepted) else outcome.reason
    event = rows.from_event(now, status, Source.REPLY, reason, outcome.detail)
    values = {
        "id": message_id,
        "now": now,
        "event": event,
        "status": status if moves else told,
        "reason": reason if moves else row["reason"],
        **_facts(outcome),
    }
    database.execute(SQL["mark"], values)
    if moves and isinstance(outcome, Refused) and row["verification"] is not None:
        _take_back(database, now, row)
    return _marked(database, row)


def _facts(outcome: Outcome) -> dict[str, str | int | None]:
    """What an accepting reply tells besides the status: worth keeping even when the status is known to be further."""
    if not isinstance(outcome, Accepted):
        return {"gate_id": "", "sender": "", "segments": None, "cost": None}
    cost = None if outcome.cost is None else str(outcome.cost)
    return {"gate_id": outcome.gate_id, "sender": outcome.sender, "segments": outcome.segments, "cost": cost}


def _status_of(outcome: Outcome) -> MessageStatus:
    if isinstance(outcome, Accepted):
        return outcome.status
    return MessageStatus.FAILED if isinstance(outcome, Refused) else MessageStatus.UNKNOWN


def _take_back(database: sqlite3.Connection, now: int, message: sqlite3.Row) -> None:
    """The message certainly never left: it starts no wait, and its verification is as it was, or never was."""
    key = {name: message[name] for name in ("application", "phone", "usage_type")} | {"message_id": message["id"]}
    database.execute(OF_VERIFICATION["forget_rung"], key)
    database.execute(OF_VERIFICATION["step_down"], key)
    mine = {"id": message["verification"], "message_id": message["id"]}
    if message["before_expires_at"] is None:
        database.execute(OF_VERIFICATION["fail_start"], {**mine, "now": now})
    else:
        before = {"expires_at": message["before_expires_at"], "resend_at": message["before_resend_at"]}
        database.execute(OF_VERIFICATION["take_back_resend"], {**mine, **before})


def _marked(database: sqlite3.Connection, message: sqlite3.Row) -> Marked:
    verification = None
    if message["verification"] is not None:
        found = database.execute(OF_VERIFICATION["verification"], {"id": message["verification"]}).fetchone()
        verification = None if found is None else rows.verification_of(found)
    return Marked(message=rows.message_of(_message(database, message["id"])), verification=verification)


def _note(database: sqlite3.Connection, now: int, message_id: str, report: Report) -> Message:
    row = _message(database, message_id)
    event = rows.from_event(now, report.status, report.source, "", report.detail)
    values = {"id": message_id, "now": now, "event": event}
    if MessageStatus(row["status"]).may_become(report.status):
        cost = None if report.cost is None else str(report.cost)
        database.execute(SQL["move"], {**values, "status": report.status, "cost": cost})
    elif row["status"] != report.status:
        database.execute(SQL["jot"], values)
    return rows.message_of(_message(database, message_id))


def _test(database: sqlite3.Connection, now: int, ask: Test) -> Message | TooSoon:
    phone = ask.phone.e164
    questions = (
        ("tests_of_caller", {"caller": ask.caller}, _CALLER_WINDOW, ask.limits.tests_per_caller_minute),
        ("tests_of_phone", {"phone": phone}, _PHONE_WINDOW, ask.limits.tests_per_phone_hour),
    )
    for name, who, window, limit in questions:
        since = now - rows.from_span(window)
        sent = database.execute(SQL[name], {**who, "since": since}).fetchone()
        if sent["sent"] >= limit:
            free_at = now if sent["first"] is None else sent["first"] + rows.from_span(window)
            return TooSoon(resend_at=rows.to_time(free_at), verification_id=None, now=rows.to_time(now))
    record(
        database,
        now,
        None,
        id=ask.message_id,
        application=ask.application,
        verification=None,
        caller=ask.caller,
        phone=phone,
        usage_type=UsageType.GENERIC,
    )
    return rows.message_of(_message(database, ask.message_id))


def _give_up_unmarked(database: sqlite3.Connection, now: int, age: int) -> int:
    found = database.execute(SQL["not_marked"], {"before": now - age, "limit": 500}).fetchall()
    event = rows.from_event(now, MessageStatus.UNKNOWN, Source.RESTART, "not_marked")
    for row in found:
        values = {"id": row["id"], "now": now, "event": event, "status": MessageStatus.UNKNOWN, "cost": None}
        database.execute(SQL["move"], values)
    return len(found)


def _message(database: sqlite3.Connection, message_id: str) -> sqlite3.Row:
    row: sqlite3.Row | None = database.execute(SQL["message"], {"id": message_id}).fetchone()
    if row is None:
        raise EntityNotFound
    return row
