"""Housekeeping in steps small enough never to hold a request up: expiry, retention, new keys, erasing."""

from collections.abc import Callable
from datetime import timedelta
from itertools import takewhile
from pathlib import Path

from aerocode.crypto import Keyring
from aerocode.crypto import Pseudonyms
from aerocode.errors import CannotStart
from aerocode.model.audit import By
from aerocode.model.budget import DAY
from aerocode.model.decision import SealedCode
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.phone import Phone
from aerocode.store import rows
from aerocode.store.postgres.audit import write_down
from aerocode.store.postgres.locks import lock
from aerocode.store.postgres.locks import of_phone
from aerocode.store.postgres.pool import Pool
from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import statements

SQL = statements("chores")
ERASING = statements("erasing")
FACTS = statements("facts")

#: Rows a step: at a few microseconds each, far under the time a request would notice.
_STEP = 200

Reseal = Callable[[Subject, str, bytes], SealedCode]


class PostgresChores:
    def __init__(self, pool: Pool, keyring: Keyring, names: Pseudonyms) -> None:
        self._pool = pool
        self._keyring = keyring
        self._names = names

    async def turn(self, chore: str, every: timedelta) -> bool:
        """Whether it is for us to do that now: of all replicas one does it in that time, and another if it dies."""
        async with self._pool.transaction() as session:
            now = await session.now()
            due = now - rows.from_span(every)
            return await session.do(FACTS["turn"], {"chore": chore, "now": now, "due": due}) == 1

    async def expire(self) -> int:
        """End what has run out and wipe its code; how many verifications that were."""
        total = 0
        while True:
            async with self._pool.transaction() as session:
                step = await session.do(SQL["expire"], {"now": await session.now(), "limit": _STEP})
            if not step:
                return total
            total += step

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
                async with self._pool.transaction() as session:
                    step = await self._forget(session, age, kind)
        return total

    async def erase(self, phone: Phone, *, actor: str, reason: str) -> dict[str, int]:
        """Delete the phone's rows, in one step, and write down that it was done; how many of each."""
        key = {"phone": phone.e164, "name": self._names.of(phone.e164)}
        async with self._pool.transaction() as session:
            await lock(session, [of_phone(key["name"])])
            await session.do(FACTS["changed"])  # every replica remembers lists and test numbers
            erased = {"verifications": 0}
            for application in await session.all(ERASING["applications"]):
                of_it = {**key, "application": application["id"]}
                erased["verifications"] += await session.do(ERASING["verifications"], of_it)
            for what in ("messages", "requests", "lists", "test_numbers", "audit"):
                erased[what] = await session.do(ERASING[what], key)
            await write_down(session, By(actor=actor, reason=reason), "erase", "")
        return erased

    async def rotate(self, reseal: Reseal) -> int:
        """Seal and close every pending code with the primary key; how many needed it."""
        total, after = 0, ""
        while True:
            async with self._pool.transaction() as session:
                found = await session.all(SQL["sealed"], {"after": after, "limit": _STEP})
                stale = [row for row in found if not self._keyring.is_current(row["cipher"])]
                for row in stale:
                    subject = Subject(row["application"], Phone(row["phone"]), UsageType(row["usage_type"]))
                    code = reseal(subject, row["id"], row["cipher"])
                    await session.do(SQL["reseal"], {"id": row["id"], "seal": code.seal, "cipher": code.cipher})
            if not found:
                return total
            total, after = total + len(stale), found[-1]["id"]

    async def copy(self, target: Path) -> None:
        raise CannotStart(f"A PostgreSQL is copied with pg_dump, not by Aerocode; {target} was not written.")

    async def _sweep(self, what: str, age: int) -> None:
        after: str | None = ""
        while after is not None:
            async with self._pool.transaction() as session:
                before = await session.now() - age
                row = await session.one(SQL[f"last_{what}"], {"after": after, "limit": _STEP})
                last: str | None = None if row is None else row["last"]
                if last is not None:
                    await session.do(SQL[f"sweep_{what}"], {"after": after, "last": last, "before": before})
            after = last

    async def _forget(self, session: Session, age: int, kind: str) -> int | None:
        before = await session.now() - age
        mark = {"name": f"forgotten_{kind}s"}
        row = await session.one(FACTS["fact"], mark)
        after = "" if row is None else row["value"]
        found = await session.all(SQL[f"old_{kind}s"], {"after": after, "limit": _STEP})
        # As far as the first young row: ids and times need not be in quite the same order, and none may be skipped.
        old = list(takewhile(lambda row: _is_old(row["created_at"], row["status"], before), found))
        named = [
            {"id": row["id"], "pseudonym": self._names.of(row["phone"])} for row in old if row["phone"].startswith("+")
        ]
        if named:
            await session.each(SQL[f"forget_{kind}_phone"], named)
        if old:
            await session.do(FACTS["put"], {**mark, "value": old[-1]["id"]})
        return len(old) or None


def _is_old(created_at: int, status: str, before: int) -> bool:
    """One that a decision had under its hands when all the others expired is for the next time."""
    return created_at < before and status != VerificationStatus.PENDING
