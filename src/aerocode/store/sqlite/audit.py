"""What people changed, written down in the transaction of the change itself."""

import sqlite3

from aerocode.crypto import new_id
from aerocode.model.audit import By
from aerocode.store.sql import statements

SQL = statements("sqlite", "budgets")


def write_down(
    database: sqlite3.Connection, now: int, by: By, action: str, subject: str, name: str | None = None
) -> None:
    """`name` is the pseudonym of the phone it was about, under which the entry is emptied when that is erased."""
    entry = {"id": new_id(), "at": now, "actor": by.actor, "reason": by.reason}
    database.execute(SQL["write_down"], {**entry, "action": action, "subject": subject, "name": name})
