"""The decisions about live verifications, as asks of the batcher; `store.decisions` decides."""

from datetime import datetime
from typing import Any

from aerocode.crypto import Pseudonyms
from aerocode.model.decision import ById
from aerocode.model.decision import CancelAnswer
from aerocode.model.decision import CheckAnswer
from aerocode.model.decision import Issue
from aerocode.model.decision import IssueAnswer
from aerocode.model.decision import Marked
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
from aerocode.store.postgres.ask import Ask
from aerocode.store.postgres.ask import Locks
from aerocode.store.postgres.batcher import Batcher
from aerocode.store.postgres.locks import MONEY
from aerocode.store.postgres.locks import of_phone
from aerocode.store.postgres.locks import of_request
from aerocode.store.postgres.messages import PostgresMessages
from aerocode.store.postgres.session import whole
from aerocode.store.rows import Row


class PostgresVerifications:
    """Implements `ports.Verifications`."""

    def __init__(self, batcher: Batcher, names: Pseudonyms, messages: PostgresMessages) -> None:
        self._batcher = batcher
        self._names = names
        self._messages = messages

    async def issue(self, ask: Issue) -> IssueAnswer:
        of = ask.subject
        network = None if ask.network is None else self._names.of(ask.network)
        subjects = Subjects(self._names.of(of.phone.e164), of.phone.e164, of.application, network)
        request = requests.named(ask.request, of.application, self._names)
        locks = _locks(subjects, ask.limits, request)
        question: Ask[IssueAnswer] = Ask(
            about=of.phone.e164,
            locks=lambda _: locks,
            loading="to_issue",
            values={
                **_place(of),
                "name": subjects.name,
                "phone_sends": subjects.of_phone,
                "network_sends": subjects.of_network,
                "block_sends": subjects.of_block,
                "application_sends": subjects.of_application,
                **_extras(ask.limits, request),
            },
            decide=lambda case: _before(case, request) or starting.issue(case, ask, subjects, request),
        )
        return await self._batcher.ask(question)

    async def resend(self, ask: Resend) -> ResendAnswer:
        request = requests.named(ask.request, ask.where.application, self._names)

        def locks(found: Row | None) -> Locks:
            return _locks(self._subjects(ask.where, found), ask.limits, request)

        def decide(case: Case) -> ResendAnswer:
            row = case.row
            subjects = Subjects(row["name"] or "", row["phone"] or "", ask.where.application)
            return _before(case, request) or starting.resend(case, ask, subjects, request)

        question: Ask[ResendAnswer] = Ask(
            about=_about(ask.where),
            finding=_finding(ask.where),
            locks=locks,
            loading="to_resend",
            values={**_place(ask.where), **_extras(ask.limits, request)},
            decide=decide,
        )
        return await self._batcher.ask(question)

    async def check(self, where: Where, seals: Seals, device_since: datetime | None = None) -> CheckAnswer:
        question: Ask[CheckAnswer] = Ask(
            about=_about(where),
            finding=_finding(where),
            locks=lambda found: Locks((of_phone(self._subjects(where, found).name),)),
            loading="to_check",
            values=_place(where),
            decide=lambda case: checking.check(case, where, seals, device_since),
        )
        return await self._batcher.ask(question)

    async def cancel(self, where: ById) -> CancelAnswer:
        question: Ask[CancelAnswer] = Ask(
            about=_about(where),
            finding=_finding(where),
            locks=lambda found: Locks((of_phone(self._subjects(where, found).name),)),
            loading="to_check",
            values=_place(where),
            decide=checking.cancel,
        )
        return await self._batcher.ask(question)

    async def mark(self, message_id: str, outcome: Outcome) -> Marked:
        return await self._messages.mark(message_id, outcome)

    def _subjects(self, where: Where, found: Row | None) -> Subjects:
        if isinstance(where, Subject):
            return Subjects(self._names.of(where.phone.e164), where.phone.e164, where.application)
        if found is None:
            return Subjects(where.verification_id, "", where.application)
        return Subjects(found["name"], found["phone"], found["application"])


def _locks(subjects: Subjects, limits: Limits, request: Named | None) -> Locks:
    mine = of_phone(subjects.name)
    alone = (mine,) if request is None else (mine, of_request(request.id))
    money = () if limits.daily_budget is None else (MONEY,)
    return Locks(alone, (*(counted.subject for counted in subjects.counted(limits) if counted.subject != mine), *money))


def _before(case: Case, request: Named | None) -> Repeated | Unanswered | Unlike | None:
    if request is None:
        return None
    row, verification, message = (whole(case.row[f"request_{part}"]) for part in ("row", "verification", "message"))
    if row is None or not requests.is_live(row["created_at"], case.now):
        return None
    if verification is None or message is None:
        return None  # erased since
    return requests.repeated(request, row, verification, message)


def _extras(limits: Limits, request: Named | None) -> dict[str, Any]:
    """What is looked at only when it is there to look at."""
    return {
        "spending": None if limits.daily_budget is None else "all",
        "request": None if request is None else request.id,
    }


def _about(where: Where) -> str:
    return where.phone.e164 if isinstance(where, Subject) else where.verification_id


def _finding(where: Where) -> str | None:
    return None if isinstance(where, Subject) else "named"


def _place(where: Where) -> dict[str, str | None]:
    """A subject means its pending verification, or else its newest."""
    if isinstance(where, Subject):
        return {
            "id": None,
            "application": where.application,
            "phone": where.phone.e164,
            "usage_type": str(where.usage_type),
            "session": where.session,
        }
    return {
        "id": where.verification_id,
        "application": where.application,
        "phone": None,
        "usage_type": None,
        "session": where.session,
    }
