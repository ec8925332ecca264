"""What becomes of messages; `store/decisions/marking.py` says how."""

import sqlite3
from datetime import timedelta

from aerocode.model.decision import Marked
from aerocode.model.decision import Spent
from aerocode.model.decision import Test
from aerocode.model.decision import TooSoon
from aerocode.model.message import Message
from aerocode.model.message import Outcome
from aerocode.model.message import Report
from aerocode.store import rows
from aerocode.store.decisions import marking
from aerocode.store.decisions import testing
from aerocode.store.decisions.case import Case
from aerocode.store.sql import statements
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

    async def give_up_unmarked(self, older_than: timedelta) -> int:
        """Messages handed over before that and never marked become `unknown`; how many were."""
        return await self._writer.run(
            lambda database, now: _give_up_unmarked(database, now, rows.from_span(older_than))
        )


def mark(database: sqlite3.Connection, now: int, message_id: str, outcome: Outcome) -> Marked:
    row = load(database, "to_mark", {"id": message_id})
    case, verification = Case(row, now), None
    if marking.touches(row, outcome):
        verification = load(database, "verification", {"id": row["verification"]})
    if row["aside"]:
        row.update(load(database, "money", {}))
    marked = marking.mark(case, verification, outcome)
    write(database, case)
    return marked


def _note(database: sqlite3.Connection, now: int, message_id: str, report: Report) -> Message:
    case = Case(load(database, "message", {"id": message_id}), now)
    message = marking.note(case, report)
    write(database, case)
    return message


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
        case = Case(dict(row), now)
        marking.give_up(case)
        write(database, case)
    return len(found)
