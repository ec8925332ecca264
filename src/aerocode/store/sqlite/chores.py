"""Housekeeping in steps small enough never to hold a request up: expiry, retention, new keys, a copy."""

import asyncio
import os
import sqlite3
from collections.abc import Callable
from datetime import timedelta
from itertools import takewhile
from pathlib import Path

from aerocode.crypto import Keyring
from aerocode.crypto import Pseudonyms
from aerocode.crypto import new_id
from aerocode.errors import CannotStart
from aerocode.model.budget import DAY
from aerocode.model.decision import SealedCode
from aerocode.model.states import UsageType
from aerocode.model.verification import Subject
from aerocode.phone import Phone
from aerocode.store import rows
from aerocode.store.sql import statements
from aerocode.store.sqlite.budgets import SQL as BUDGETS
from aerocode.store.sqlite.facts import SQL as FACTS
from aerocode.store.sqlite.open import open_for_reading
from aerocode.store.sqlite.writer import Writer

SQL = statements("sqlite", "chores")
ERASING = statements("sqlite", "erasing")

#: Rows a step: at a few microseconds each, far under the time a request would notice.
_STEP = 200

Reseal = Callable[[Subject, str, bytes], SealedCode]


class SqliteChores:
    def __init__(self, writer: Writer, keyring: Keyring, names: Pseudonyms, path: Path) -> None:
        self._writer = writer
        self._keyring = keyring
        self._names = names
        self._path = path

    async def turn(self, chore: str, every: timedelta) -> bool:  # noqa: ARG002 - as on the other store
        """Nobody else is there to do it."""
        return True

    async def expire(self) -> int:
        """End what has run out and wipe its code; how many verifications that were."""
        total = 0
        while step := await self._writer.run(_expire):
            total += step
        return total

    async def forget(self, retention: timedelta) -> int:
        """Replace the phones of rows older than that by pseudonyms; how many rows it were.

        What counts under a pseudonym goes as soon as its window has ended, an entry that has run out at once; what
        people wrote in the audit may name somebody, and goes with the phones.
        """
        await self.expire()  # what ran out while nobody was running is still pending, and a pending one keeps its phone
        age, day = rows.from_span(retention), rows.from_span(DAY)
        for what in ("ladder", "budget", "count", "request"):
            await self._sweep(what, day)
        for what, kept in (("list", 0), ("test_number", 0), ("audited", age)):
            await self._sweep(what, kept)
        total = 0
        for kind in ("verification", "message"):
            step: int | None = 0
            while step is not None:
                total += step
                step = await self._writer.run(lambda database, now, kind=kind: self._forget(database, now - age, kind))  # type: ignore[misc]
        await self._writer.empty_log()
        return total

    async def erase(self, phone: Phone, *, actor: str, reason: str) -> dict[str, int]:
        """Delete the phone's rows, in one step, and write down that it was done; how many of each."""
        erased = await self._writer.run(lambda database, now: self._erase(database, now, phone, actor, reason))
        await self._writer.empty_log(anew=True)
        return erased

    async def _sweep(self, what: str, age: int) -> None:
        after: str | None = ""
        while after is not None:
            after = await self._writer.run(
                lambda database, now, after=after: _sweep(database, now - age, what, after)  # type: ignore[misc]
            )

    def _erase(self, database: sqlite3.Connection, now: int, phone: Phone, actor: str, reason: str) -> dict[str, int]:
        key = {"phone": phone.e164, "name": self._names.of(phone.e164)}
        erased = {"verifications": 0}
        for application in database.execute(ERASING["applications"]).fetchall():
            of_it = {**key, "application": application["id"]}
            erased["verifications"] += database.execute(ERASING["verifications"], of_it).rowcount
        for what in ("messages", "requests", "lists", "test_numbers", "audit"):
            erased[what] = database.execute(ERASING[what], key).rowcount
        entry = {"id": new_id(), "at": now, "actor": actor, "action": "erase", "subject": "", "reason": reason}
        database.execute(BUDGETS["write_down"], {**entry, "name": None})
        return erased

    async def rotate(self, reseal: Reseal) -> int:
        """Seal and close every pending code with the primary key; how many needed it."""
        total, after = 0, ""
        while True:
            step = await self._writer.run(lambda database, _, after=after: self._rotate(database, after, reseal))  # type: ignore[misc]
            if step is None:
                return total
            changed, after = step
            total += changed

    async def copy(self, target: Path) -> None:
        """A consistent copy of the database, written while others go on. Raises CannotStart in one sentence."""
        await asyncio.get_running_loop().run_in_executor(None, copy, self._path, target)

    def _forget(self, database: sqlite3.Connection, before: int, kind: str) -> int | None:
        mark = {"name": f"forgotten_{kind}s"}
        row = database.execute(FACTS["fact"], mark).fetchone()
        after = "" if row is None else row["value"]
        found = database.execute(SQL[f"old_{kind}s"], {"after": after, "limit": _STEP}).fetchall()
        # As far as the first young row: ids and times need not be in quite the same order, and none may be skipped.
        old = list(takewhile(lambda row: row["created_at"] < before, found))
        for row in old:
            if row["phone"].startswith("+"):
                pseudonym = self._names.of(row["phone"])
                database.execute(SQL[f"forget_{kind}_phone"], {"id": row["id"], "pseudonym": pseudonym})
        if old:
            database.execute(FACTS["put"], {**mark, "value": old[-1]["id"]})
        return len(old) or None

    def _rotate(self, database: sqlite3.Connection, after: str, reseal: Reseal) -> tuple[int, str] | None:
        # So many rows at a time, not so many pending ones: those may lie far apart among what is finished.
        last = database.execute(SQL["last_sealed"], {"after": after, "limit": _STEP}).fetchone()["last"]
        if last is None:
            return None
        found = database.execute(SQL["sealed"], {"after": after, "last": last}).fetchall()
        stale = [row for row in found if not self._keyring.is_current(row["cipher"])]
        for row in stale:
            subject = Subject(row["application"], Phone(row["phone"]), UsageType(row["usage_type"]))
            code = reseal(subject, row["id"], row["cipher"])
            database.execute(SQL["reseal"], {"id": row["id"], "seal": code.seal, "cipher": code.cipher})
        return len(stale), last


def _sweep(database: sqlite3.Connection, before: int, what: str, after: str) -> str | None:
    last = database.execute(SQL[f"last_{what}"], {"after": after, "limit": _STEP}).fetchone()["last"]
    if last is not None:
        database.execute(SQL[f"sweep_{what}"], {"after": after, "last": last, "before": before})
    return None if last is None else str(last)


def _expire(database: sqlite3.Connection, now: int) -> int:
    overdue = database.execute(SQL["overdue"], {"now": now, "limit": _STEP}).fetchall()
    for row in overdue:
        database.execute(SQL["expire"], {"id": row["id"], "now": now})
    return len(overdue)


def copy(source: Path, target: Path) -> None:
    try:
        # Made before it is written, so that nobody else can read along.
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError as cause:
        raise CannotStart(f"{target} exists already; a backup never overwrites anything.") from cause
    except OSError as cause:
        raise CannotStart(f"The backup {target} cannot be written: {cause}.") from cause
    database = open_for_reading(source)
    try:
        database.execute("pragma query_only = off")
        database.execute(SQL["copy"], {"path": str(target)})
    except sqlite3.Error as cause:
        target.unlink(missing_ok=True)
        raise CannotStart(f"The backup {target} cannot be written: {cause}.") from cause
    finally:
        database.close()
