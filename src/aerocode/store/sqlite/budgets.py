"""How many wrong codes a phone has left, kept by the decision that spends them; `model/budget.py` has the rules."""

import json
import sqlite3
from typing import Any

from aerocode.crypto import new_id
from aerocode.model.budget import Budget
from aerocode.model.budget import Failure
from aerocode.model.budget import Pool
from aerocode.model.decision import Blocked
from aerocode.model.states import UsageType
from aerocode.model.verification import Subject
from aerocode.phone import Phone
from aerocode.store.sql import statements
from aerocode.store.sqlite import rows
from aerocode.store.sqlite.writer import Writer

SQL = statements("sqlite", "budgets")


class SqliteBudgets:
    """Implements `ports.Budgets`."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer

    async def unlock(self, phone: Phone, *, application: str | None, actor: str, reason: str) -> int:
        return await self._writer.run(
            lambda database, now: _unlock(database, now, phone, application, {"actor": actor, "reason": reason})
        )


def load(database: sqlite3.Connection, subject: Subject, pool: Pool) -> Budget:
    row = database.execute(SQL["budget"], _key(subject, pool)).fetchone()
    if row is None:
        return Budget()
    return Budget(
        failures=tuple(Failure(UsageType(kind), rows.to_time(at)) for kind, at in json.loads(row["failures"])),
        row=row["in_a_row"],
        stopped=bool(row["stopped"]),
        forgiven_at=rows.to_optional_time(row["forgiven_at"]),
    )


def keep(database: sqlite3.Connection, subject: Subject, pool: Pool, budget: Budget) -> None:
    values = {
        "failures": json.dumps([[failure.usage_type, rows.from_time(failure.at)] for failure in budget.failures]),
        "in_a_row": budget.row,
        "stopped": int(budget.stopped),
        "forgiven_at": None if budget.forgiven_at is None else rows.from_time(budget.forgiven_at),
    }
    database.execute(SQL["keep"], {**_key(subject, pool), **values})


def blocked(subject: Subject, budget: Budget, now: int) -> Blocked | None:
    moment = rows.to_time(now)
    if budget.left(subject.usage_type, moment):
        return None
    return Blocked(until=budget.free_at(subject.usage_type, moment), now=moment)


def forgive(database: sqlite3.Connection, now: int, subject: Subject, pool: Pool, budget: Budget) -> None:
    """After a success; the owner's device also ends the stop that strangers caused."""
    if budget != Budget():
        keep(database, subject, pool, budget.succeeded(rows.to_time(now)))
    if pool is Pool.KNOWN:
        strangers = load(database, subject, Pool.UNKNOWN)
        if strangers != strangers.freed():
            keep(database, subject, Pool.UNKNOWN, strangers.freed())


def _key(subject: Subject, pool: Pool) -> dict[str, str]:
    return {"application": subject.application, "phone": subject.phone.e164, "pool": pool}


def _unlock(
    database: sqlite3.Connection, now: int, phone: Phone, application: str | None, words: dict[str, Any]
) -> int:
    who = {"phone": phone.e164, "application": application}
    freed = database.execute(SQL["free" if application else "free_everywhere"], who).rowcount
    entry = {"id": new_id(), "at": now, "action": "unlock", "subject": f"{application or '*'} {phone.masked}"}
    database.execute(SQL["write_down"], {**entry, **words})
    return freed
