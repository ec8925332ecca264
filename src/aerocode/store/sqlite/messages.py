"""What becomes of messages; `store/decisions/marking.py` says how."""

import sqlite3
from collections.abc import Sequence
from datetime import timedelta

from aerocode.model.decision import Due
from aerocode.model.decision import Marked
from aerocode.model.decision import Spent
from aerocode.model.decision import Test
from aerocode.model.decision import TooSoon
from aerocode.model.message import Found
from aerocode.model.message import Message
from aerocode.model.message import Outcome
from aerocode.model.message import Report
from aerocode.model.states import MessageStatus
from aerocode.store import rows
from aerocode.store.decisions import following
from aerocode.store.decisions import marking
from aerocode.store.decisions import testing
from aerocode.store.decisions.case import Case
from aerocode.store.rows import Loaded
from aerocode.store.sql import statements
from aerocode.store.sqlite.loading import SQL
from aerocode.store.sqlite.loading import load
from aerocode.store.sqlite.loading import look
from aerocode.store.sqlite.writer import Writer
from aerocode.store.sqlite.writing import write

CHORES = statements("sqlite", "chores")

_STEP = 200


class SqliteMessages:
    """Implements `ports.Messages`, and for `ports.Verifications` the mark."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def test(self, ask: Test) -> Message | TooSoon | Spent:
        return await self._writer.run(lambda database, now: _test(database, now, ask))

    async def mark(self, message_id: str, outcome: Outcome) -> Marked:
        return await self._writer.run(lambda database, now: mark(database, now, message_id, outcome))

    async def note(self, message_id: str, report: Report) -> Message:
        return await self._writer.run(lambda database, now: _note(database, now, message_id, report))

    async def settle(self, message_id: str, found: Found) -> Message | None:
        return await self._writer.run(lambda database, now: _settle(database, now, message_id, found))

    async def prove(self, message_id: str, proof: bytes) -> None:
        key = {"id": message_id, "proof": proof}
        await self._writer.run(lambda database, _: database.execute(SQL["prove"], key))

    async def due(self, limit: int) -> Sequence[Due]:
        return await self._writer.run(lambda database, now: _due(database, now, limit))

    async def give_up_unmarked(self, older_than: timedelta) -> int:
        """Messages handed over before that and never marked become `unknown`; how many were."""
        return await self._writer.run(
            lambda database, now: _give_up_unmarked(database, now, rows.from_span(older_than))
        )


def mark(database: sqlite3.Connection, now: int, message_id: str, outcome: Outcome) -> Marked:
    case = _case(database, now, message_id)
    around = _around(database, case.row) if marking.touches(case.row, outcome) else (None, 0)
    marked = marking.mark(case, around[0], outcome, around[1])
    write(database, case)
    return marked


def _note(database: sqlite3.Connection, now: int, message_id: str, report: Report) -> Message:
    case = _case(database, now, message_id)
    around: tuple[Loaded | None, int] = (None, 0)
    if MessageStatus.MODERATION in {case.row["status"], report.status}:
        around = _around(database, case.row)
    message = marking.note(case, report, *around)
    write(database, case)
    return message


def _settle(database: sqlite3.Connection, now: int, message_id: str, found: Found) -> Message | None:
    row = load(database, "message", {"id": message_id})
    key = {
        "id": message_id,
        "phone": row["phone"],
        "since": row["created_at"] - rows.from_span(marking.NEIGHBOURS),
        "gate_id": found.report.gate_id,
        "proof": row["proof"],
        "at": rows.from_time(found.at),
        "created_at": row["created_at"],
    }
    if look(database, "claimed", key) is not None:
        return None
    return _note(database, now, message_id, found.report)


def _due(database: sqlite3.Connection, now: int, limit: int) -> list[Due]:
    found = []
    for row in database.execute(SQL["due"], {"now": now, "limit": limit}).fetchall():
        case, verification = Case(dict(row), now), None
        if row["verification"] is not None:
            verification = look(database, "verification", {"id": row["verification"]})
        found.append(following.take(case, verification))
        write(database, case)
    return found


def _case(database: sqlite3.Connection, now: int, message_id: str) -> Case:
    row = load(database, "to_mark", {"id": message_id})
    if row["aside"]:
        row.update(load(database, "money", {}))
    return Case(row, now)


def _around(database: sqlite3.Connection, row: Loaded) -> tuple[Loaded | None, int]:
    """The message's verification, and how many more of its messages are in moderation, if this one is."""
    if row["verification"] is None:
        return None, 0
    verification = look(database, "verification", {"id": row["verification"]})
    if verification is None or row["status"] != MessageStatus.MODERATION:
        return verification, 0
    key = {name: row[name] for name in ("id", "phone", "verification")}
    others = load(database, "others_in_moderation", {**key, "since": verification["created_at"]})
    return verification, others["others"]


def _test(database: sqlite3.Connection, now: int, ask: Test) -> Message | TooSoon | Spent:
    since = {"caller": now - rows.from_span(testing.CALLER_WINDOW), "phone": now - rows.from_span(testing.PHONE_WINDOW)}
    of_caller = load(database, "tests_of_caller", {"caller": ask.caller, "since": since["caller"]})
    of_phone = load(database, "tests_of_phone", {"phone": ask.phone.e164, "since": since["phone"]})
    money = look(database, "money", {})
    case = Case(money or {"money_marks": None, "money_price": None, "money_warned": 0}, now)
    answer = testing.test(case, ask, of_caller, of_phone)
    write(database, case)
    return answer


def _give_up_unmarked(database: sqlite3.Connection, now: int, age: int) -> int:
    found = database.execute(CHORES["not_marked"], {"before": now - age, "limit": _STEP}).fetchall()
    for row in found:
        case, verification = Case(dict(row), now), None
        if row["request"] is not None:
            verification = look(database, "verification", {"id": row["verification"]})
        marking.give_up(case, verification)
        write(database, case)
    return len(found)
