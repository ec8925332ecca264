"""The decisions about live verifications: each loads its case, lets `store.decisions` decide, and writes."""

import sqlite3
from datetime import datetime
from typing import Any

from aerocode.crypto import Pseudonyms
from aerocode.model.decision import ById
from aerocode.model.decision import CancelAnswer
from aerocode.model.decision import CheckAnswer
from aerocode.model.decision import Issue
from aerocode.model.decision import IssueAnswer
from aerocode.model.decision import Marked
from aerocode.model.decision import Missing
from aerocode.model.decision import Repeated
from aerocode.model.decision import Resend
from aerocode.model.decision import ResendAnswer
from aerocode.model.decision import Seals
from aerocode.model.decision import Unanswered
from aerocode.model.decision import Unlike
from aerocode.model.decision import Where
from aerocode.model.message import Outcome
from aerocode.model.policy import Limits
from aerocode.model.verification import Subject
from aerocode.store.decisions import checking
from aerocode.store.decisions import requests
from aerocode.store.decisions import starting
from aerocode.store.decisions.caps import Subjects
from aerocode.store.decisions.case import Case
from aerocode.store.decisions.requests import Named
from aerocode.store.sqlite import messages
from aerocode.store.sqlite.loading import load
from aerocode.store.sqlite.loading import look
from aerocode.store.sqlite.writer import Writer
from aerocode.store.sqlite.writing import write


class SqliteVerifications:
    """Implements `ports.Verifications`."""

    def __init__(self, writer: Writer, names: Pseudonyms) -> None:
        self._writer = writer
        self._names = names

    async def issue(self, ask: Issue) -> IssueAnswer:
        of = ask.subject
        network = None if ask.network is None else self._names.of(ask.network)
        subjects = Subjects(self._names.of(of.phone.e164), of.phone.e164, of.application, network)
        request = requests.named(ask.request, of.application, self._names)
        return await self._writer.run(lambda database, now: _issue(database, now, ask, subjects, request))

    async def check(self, where: Where, seals: Seals, device_since: datetime | None = None) -> CheckAnswer:
        return await self._writer.run(lambda database, now: _check(database, now, where, seals, device_since))

    async def resend(self, ask: Resend) -> ResendAnswer:
        request = requests.named(ask.request, ask.where.application, self._names)
        return await self._writer.run(lambda database, now: _resend(database, now, ask, request))

    async def cancel(self, where: ById) -> CancelAnswer:
        return await self._writer.run(lambda database, now: _cancel(database, now, where))

    async def mark(self, message_id: str, outcome: Outcome) -> Marked:
        return await self._writer.run(lambda database, now: messages.mark(database, now, message_id, outcome))


def _issue(
    database: sqlite3.Connection, now: int, ask: Issue, subjects: Subjects, request: Named | None
) -> IssueAnswer:
    key = {
        **_subject(ask.subject),
        "name": subjects.name,
        "phone_sends": subjects.of_phone,
        "network_sends": subjects.of_network,
        "block_sends": subjects.of_block,
        "application_sends": subjects.of_application,
        **_extras(ask.limits, request),
    }
    case = Case(load(database, "to_issue_plainly" if _is_plain(ask) else "to_issue", key), now)
    before = _before(database, case, request)
    if before is not None:
        return before
    answer = starting.issue(case, ask, subjects, request)
    write(database, case)
    return answer


def _resend(database: sqlite3.Connection, now: int, ask: Resend, request: Named | None) -> ResendAnswer:
    # A key is looked up whether or not there is anything to send again: it may have named another request.
    where = _by_id(database, ask.where) or ById(ask.where.application, "")
    key = {**_named(where), **_extras(ask.limits, request)}
    case = Case(load(database, "to_resend", key), now)
    before = _before(database, case, request)
    if before is not None:
        return before
    row = case.row
    subjects = Subjects(row["name"] or "", row["phone"] or "", where.application)
    answer = starting.resend(case, ask, subjects, request)
    write(database, case)
    return answer


def _check(
    database: sqlite3.Connection, now: int, where: Where, seals: Seals, device_since: datetime | None
) -> CheckAnswer:
    case = _found(database, now, where)
    if case is None:
        return Missing()
    answer = checking.check(case, where, seals, device_since)
    write(database, case)
    return answer


def _cancel(database: sqlite3.Connection, now: int, where: ById) -> CancelAnswer:
    case = _found(database, now, where)
    if case is None:
        return Missing()
    answer = checking.cancel(case)
    write(database, case)
    return answer


def _found(database: sqlite3.Connection, now: int, where: Where) -> Case | None:
    by_id = _by_id(database, where)
    row = None if by_id is None else look(database, "to_check", _named(by_id))
    return None if row is None else Case(row, now)


def _by_id(database: sqlite3.Connection, where: Where) -> ById | None:
    """A subject means its pending verification, or else its newest."""
    if isinstance(where, ById):
        return where
    key = _subject(where)
    row = look(database, "pending", key) or look(database, "latest", key)
    return None if row is None else ById(where.application, row["id"], where.session)


def _before(database: sqlite3.Connection, case: Case, request: Named | None) -> Repeated | Unanswered | Unlike | None:
    if request is None or not requests.is_live(case.row["request_created_at"], case.now):
        return None
    row = load(database, "request", {"id": request.id})
    verification = load(database, "verification", {"id": row["verification"]})
    message = load(database, "message", {"id": row["message"]})
    return requests.repeated(request, row, verification, message)


def _is_plain(ask: Issue) -> bool:
    rules = (ask.network, ask.request, ask.limits.daily_budget, ask.limits.application_day.most)
    return all(rule is None for rule in rules)


def _extras(limits: Limits, request: Named | None) -> dict[str, Any]:
    """What is looked at only when it is there to look at."""
    return {
        "spending": None if limits.daily_budget is None else "all",
        "request": None if request is None else request.id,
    }


def _named(where: ById) -> dict[str, str]:
    return {"id": where.verification_id, "application": where.application, "session": where.session}


def _subject(subject: Subject) -> dict[str, str]:
    return {
        "application": subject.application,
        "phone": subject.phone.e164,
        "usage_type": str(subject.usage_type),
        "session": subject.session,
    }
