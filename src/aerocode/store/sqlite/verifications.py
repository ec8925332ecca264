"""The decisions about live verifications, each one step of the writer; `verify/reference.py` says what they mean."""

import sqlite3
from datetime import datetime
from typing import Any

from aerocode.model.budget import DEVICE_LIFE
from aerocode.model.budget import Pool
from aerocode.model.decision import Approved
from aerocode.model.decision import Blocked
from aerocode.model.decision import ById
from aerocode.model.decision import CancelAnswer
from aerocode.model.decision import Canceled
from aerocode.model.decision import CheckAnswer
from aerocode.model.decision import Ended
from aerocode.model.decision import Issue
from aerocode.model.decision import IssueAnswer
from aerocode.model.decision import Issued
from aerocode.model.decision import Marked
from aerocode.model.decision import Missing
from aerocode.model.decision import Resend
from aerocode.model.decision import ResendAnswer
from aerocode.model.decision import Seals
from aerocode.model.decision import TooSoon
from aerocode.model.decision import Where
from aerocode.model.decision import Wrong
from aerocode.model.message import Outcome
from aerocode.model.policy import LONGEST_LIFE
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.store.sql import statements
from aerocode.store.sqlite import messages
from aerocode.store.sqlite import rows
from aerocode.store.sqlite.budgets import SqliteBudgets
from aerocode.store.sqlite.writer import Writer

SQL = statements("sqlite", "verifications")


class SqliteVerifications:
    """Implements `ports.Verifications`."""

    def __init__(self, writer: Writer, budgets: SqliteBudgets) -> None:
        self._writer = writer
        self._budgets = budgets

    async def issue(self, ask: Issue) -> IssueAnswer:
        return await self._writer.run(lambda database, now: _issue(database, now, self._budgets, ask))

    async def check(self, where: Where, seals: Seals, device_since: datetime | None = None) -> CheckAnswer:
        return await self._writer.run(
            lambda database, now: _check(database, now, self._budgets, where, seals, device_since)
        )

    async def resend(self, ask: Resend) -> ResendAnswer:
        return await self._writer.run(lambda database, now: _resend(database, now, self._budgets, ask))

    async def cancel(self, where: ById) -> CancelAnswer:
        return await self._writer.run(lambda database, now: _cancel(database, now, where))

    async def mark(self, message_id: str, outcome: Outcome) -> Marked:
        return await self._writer.run(lambda database, now: messages.mark(database, now, message_id, outcome))


def _issue(database: sqlite3.Connection, now: int, budgets: SqliteBudgets, ask: Issue) -> IssueAnswer:
    subject = _key(ask.subject)
    pending = database.execute(SQL["pending"], subject).fetchone()
    if pending is not None and pending["expires_at"] <= now:
        _end(database, now, pending, VerificationStatus.EXPIRED)
        pending = None
    pool = _pool(ask, now)
    if pending is not None and pool is Pool.KNOWN:
        database.execute(SQL["take_over"], {"id": pending["id"]})
    budget = budgets.open(database, now, ask.subject, pool)
    if isinstance(budget, Blocked):
        return budget
    if pending is not None and pending["pool"] == Pool.KNOWN and pool is Pool.UNKNOWN:
        # A stranger's start must not be told the id of the owner's, nor send it again.
        return TooSoon(resend_at=rows.to_time(pending["expires_at"]), verification_id=None, now=rows.to_time(now))
    if pending is not None:
        return _send_again(database, now, pending, ask.message_id, ask.policy, ask.limits)
    rung = database.execute(SQL["ladder"], subject).fetchone()
    waits = rung is not None and now < rung["next_at"]
    if waits and ask.limits.ladder_mode is Mode.ENFORCE:
        return TooSoon(resend_at=rows.to_time(rung["next_at"]), verification_id=None, now=rows.to_time(now))
    resend_at = _climb(database, now, rung, {**subject, "message_id": ask.message_id}, ask.limits)
    new: dict[str, Any] = {
        **subject,
        "id": ask.verification_id,
        "seal": ask.code.seal,
        "cipher": ask.code.cipher,
        "attempts_left": min(ask.policy.attempts, budget.left(ask.subject.usage_type, rows.to_time(now))),
        "now": now,
        "expires_at": now + rows.from_span(ask.policy.lifetime),
        "resend_at": resend_at,
        "message_id": ask.message_id,
        "pool": pool,
        "locale": ask.locale,
        "payload": rows.from_mapping(ask.payload),
        "metadata": rows.from_mapping(ask.metadata),
    }
    database.execute(SQL["begin"], new)
    _record(database, now, None, new)
    return _issued(database, now, ask.verification_id, again=False, over=("ladder",) if waits else ())


def _check(
    database: sqlite3.Connection,
    now: int,
    budgets: SqliteBudgets,
    where: Where,
    seals: Seals,
    device_since: datetime | None,
) -> CheckAnswer:
    row = _find(database, where)
    if isinstance(where, Subject) and row and row["pool"] == Pool.KNOWN and not _known(device_since, now):
        return Missing()  # a known device's verification is there for its id, or for its phone with the token
    found = _open(database, now, row)
    if not isinstance(found, sqlite3.Row):
        return found
    subject, pool = rows.subject_of(found), Pool(found["pool"])
    # Before the code is looked at: a right one must not pass where no guess is left.
    budget = budgets.open(database, now, subject, pool)
    if isinstance(budget, Blocked):
        return budget
    # Both seals are HMACs under a secret key: nothing is learned from how long this comparison takes.
    if found["seal"] in seals(subject, found["id"]):
        _end(database, now, found, VerificationStatus.APPROVED)
        database.execute(SQL["leave_ladder"], {name: found[name] for name in _LADDER})
        budgets.forgive(database, now, subject, pool, budget)
        return Approved(verification=rows.verification_of(_by_id(database, found["id"])))
    moment = rows.to_time(now)
    spent = budget.failed(pool, subject.usage_type, moment)
    budgets.keep(database, now, subject, pool, spent)
    if found["attempts_left"] > 1:
        database.execute(SQL["spend"], {"id": found["id"]})
    else:
        database.execute(SQL["exhaust"], {"id": found["id"], "now": now})
    left = min(found["attempts_left"] - 1, spent.left(subject.usage_type, moment))
    return Wrong(attempts_left=left, stopped=spent.stopped)


def _resend(database: sqlite3.Connection, now: int, budgets: SqliteBudgets, ask: Resend) -> ResendAnswer:
    found = _open(database, now, _find(database, ask.where))
    if not isinstance(found, sqlite3.Row):
        return found
    subject = rows.subject_of(found)
    budget = budgets.open(database, now, subject, Pool(found["pool"]))
    if isinstance(budget, Blocked):
        return budget
    return _send_again(database, now, found, ask.message_id, ask.policy, ask.limits)


def _cancel(database: sqlite3.Connection, now: int, where: ById) -> CancelAnswer:
    found = _open(database, now, _find(database, where))
    if not isinstance(found, sqlite3.Row):
        return found
    _end(database, now, found, VerificationStatus.CANCELED)
    return Canceled(verification=rows.verification_of(_by_id(database, found["id"])))


def _send_again(
    database: sqlite3.Connection, now: int, row: sqlite3.Row, message_id: str, policy: Policy, limits: Limits
) -> Issued | TooSoon:
    over = []
    if row["sends"] >= limits.sends_per_verification:
        if limits.sends_per_verification_mode is Mode.ENFORCE:
            return _too_soon(now, row["expires_at"], row)
        over.append("sends_per_verification")
    rung = database.execute(SQL["ladder"], {name: row[name] for name in _LADDER}).fetchone()
    if rung is not None and now < rung["next_at"]:
        if limits.ladder_mode is Mode.ENFORCE:
            return _too_soon(now, rung["next_at"], row)
        over.append("ladder")
    new = {name: row[name] for name in (*_LADDER, "id")} | {"message_id": message_id}
    new["resend_at"] = _climb(database, now, rung, new, limits)
    latest = row["created_at"] + rows.from_span(LONGEST_LIFE)
    new["expires_at"] = min(now + rows.from_span(policy.lifetime), latest)
    database.execute(SQL["send_again"], new)
    _record(database, now, row, new)
    return _issued(database, now, row["id"], again=True, over=tuple(over))


def _pool(ask: Issue, now: int) -> Pool:
    return Pool.KNOWN if _known(ask.device_since, now) else Pool.UNKNOWN


def _known(since: datetime | None, now: int) -> bool:
    moment = rows.to_time(now)
    return since is not None and moment - DEVICE_LIFE < since <= moment


_LADDER = ("application", "phone", "usage_type")


def _climb(
    database: sqlite3.Connection, now: int, rung: sqlite3.Row | None, key: dict[str, str], limits: Limits
) -> int:
    """Take the next step of the ladder; the earliest moment of the send after this one."""
    forgotten = rung is None or now - rung["sent_at"] > rows.from_span(limits.ladder_memory)
    step = 1 if rung is None or forgotten else rung["step"] + 1
    next_at = now + rows.from_span(limits.wait_after(step))
    values = {**{name: key[name] for name in _LADDER}, "message_id": key["message_id"]}
    database.execute(SQL["climb"], {**values, "step": step, "now": now, "next_at": next_at})
    return next_at if limits.ladder_mode is Mode.ENFORCE else now


def _open(database: sqlite3.Connection, now: int, row: sqlite3.Row | None) -> sqlite3.Row | Ended | Missing:
    """The pending verification meant, or why there is none. What has run out ends here, not when a chore comes by."""
    if row is None:
        return Missing()
    if row["status"] != VerificationStatus.PENDING:
        return Ended(status=VerificationStatus(row["status"]))
    if row["expires_at"] <= now:
        _end(database, now, row, VerificationStatus.EXPIRED)
        return Ended(status=VerificationStatus.EXPIRED)
    return row


def _find(database: sqlite3.Connection, where: Where) -> sqlite3.Row | None:
    row: sqlite3.Row | None
    if isinstance(where, Subject):
        key = _key(where)
        row = database.execute(SQL["pending"], key).fetchone() or database.execute(SQL["newest"], key).fetchone()
    else:
        key = {"id": where.verification_id, "application": where.application, "session": where.session}
        row = database.execute(SQL["by_id"], key).fetchone()
    return row


def _key(subject: Subject) -> dict[str, str]:
    return {
        "application": subject.application,
        "phone": subject.phone.e164,
        "usage_type": subject.usage_type,
        "session": subject.session,
    }


def _record(database: sqlite3.Connection, now: int, row: sqlite3.Row | None, new: dict[str, Any]) -> None:
    values = {name: new[name] for name in _LADDER}
    messages.record(database, now, row, id=new["message_id"], verification=new["id"], **values)


def _issued(
    database: sqlite3.Connection, now: int, verification_id: str, *, again: bool, over: tuple[str, ...]
) -> Issued:
    row = _by_id(database, verification_id)
    return Issued(
        verification=rows.verification_of(row),
        message_id=row["message_id"],
        code=rows.code_of(row),
        again=again,
        now=rows.to_time(now),
        over=over,
    )


def _too_soon(now: int, resend_at: int, row: sqlite3.Row) -> TooSoon:
    return TooSoon(resend_at=rows.to_time(resend_at), verification_id=row["id"], now=rows.to_time(now))


def _by_id(database: sqlite3.Connection, verification_id: str) -> sqlite3.Row:
    row: sqlite3.Row = database.execute(SQL["verification"], {"id": verification_id}).fetchone()
    return row


def _end(database: sqlite3.Connection, now: int, row: sqlite3.Row, status: VerificationStatus) -> None:
    database.execute(SQL["end"], {"id": row["id"], "status": status, "now": now})
