"""How many wrong codes a phone has left, kept by the decision that spends them; `model/budget.py` has the rules."""

import json
import sqlite3

from aerocode.crypto import Pseudonyms
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
    """Implements `ports.Budgets`; the other methods are parts of decisions, called by the writer inside them."""

    def __init__(self, writer: Writer, names: Pseudonyms) -> None:
        self._writer = writer
        self._names = names

    async def unlock(self, phone: Phone, *, application: str | None, actor: str, reason: str) -> int:
        words = {"actor": actor, "reason": reason}
        return await self._writer.run(lambda database, now: self._unlock(database, now, phone, application, words))

    def load(self, database: sqlite3.Connection, subject: Subject, pool: Pool) -> Budget:
        who = {"phone": self._names.of(subject.phone.e164), "application": subject.application, "pool": pool}
        row = database.execute(SQL["budget"], who).fetchone()
        if row is None:
            return Budget()
        return Budget(
            failures=tuple(Failure(UsageType(kind), rows.to_time(at)) for kind, at in json.loads(row["failures"])),
            row=row["in_a_row"],
            stopped=bool(row["stopped"]),
            forgiven_at=rows.to_optional_time(row["forgiven_at"]),
        )

    def keep(self, database: sqlite3.Connection, now: int, subject: Subject, pool: Pool, budget: Budget) -> None:
        values = {
            "phone": self._names.of(subject.phone.e164),
            "application": subject.application,
            "pool": pool,
            "failures": json.dumps([[failure.usage_type, rows.from_time(failure.at)] for failure in budget.failures]),
            "in_a_row": budget.row,
            "stopped": int(budget.stopped),
            "forgiven_at": None if budget.forgiven_at is None else rows.from_time(budget.forgiven_at),
            "now": now,
        }
        database.execute(SQL["keep"], values)

    def open(self, database: sqlite3.Connection, now: int, subject: Subject, pool: Pool) -> Blocked | Budget:
        """The budget to go on with, or that there is none."""
        budget, moment = self.load(database, subject, pool), rows.to_time(now)
        if budget.left(subject.usage_type, moment):
            return budget
        return Blocked(until=budget.free_at(subject.usage_type, moment), now=moment)

    def forgive(self, database: sqlite3.Connection, now: int, subject: Subject, pool: Pool, budget: Budget) -> None:
        """After a success; the owner's device also ends the stop that strangers caused."""
        if budget != Budget():
            self.keep(database, now, subject, pool, budget.succeeded(rows.to_time(now)))
        if pool is Pool.KNOWN:
            strangers = self.load(database, subject, Pool.UNKNOWN)
            if strangers != strangers.freed():
                self.keep(database, now, subject, Pool.UNKNOWN, strangers.freed())

    def _unlock(
        self, database: sqlite3.Connection, now: int, phone: Phone, application: str | None, words: dict[str, str]
    ) -> int:
        who = {"phone": self._names.of(phone.e164), "application": application}
        freed = database.execute(SQL["free"], who).rowcount
        entry = {"id": new_id(), "at": now, "action": "unlock", "subject": f"{application or '*'} {phone.masked}"}
        database.execute(SQL["write_down"], {**entry, **words})
        return freed
