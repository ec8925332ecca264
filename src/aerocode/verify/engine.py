"""Verifying a phone, top to bottom.

A start is decided and recorded in one atomic step, committed, put into words, sent, and marked. A check spends an
attempt and compares in one atomic step and gives one answer. What another order would give an attacker is said
where the order is.
"""

import asyncio
import logging
import time
from collections.abc import Coroutine
from datetime import datetime
from typing import Any

from aerocode import errors
from aerocode.crypto import Keyring
from aerocode.crypto import Secret
from aerocode.crypto import new_id
from aerocode.model.application import Application
from aerocode.model.decision import Approved
from aerocode.model.decision import ById
from aerocode.model.decision import Canceled
from aerocode.model.decision import Ended
from aerocode.model.decision import FixedCode
from aerocode.model.decision import Issue
from aerocode.model.decision import IssueAnswer
from aerocode.model.decision import Issued
from aerocode.model.decision import Marked
from aerocode.model.decision import Missing
from aerocode.model.decision import Repeated
from aerocode.model.decision import Request
from aerocode.model.decision import Resend
from aerocode.model.decision import Unready
from aerocode.model.decision import Where
from aerocode.model.decision import Wrong
from aerocode.model.message import Outcome
from aerocode.model.message import Refused
from aerocode.model.message import Spared
from aerocode.model.states import UsageType
from aerocode.model.verification import Subject
from aerocode.model.verification import Verification
from aerocode.phone import Countries
from aerocode.ports import Delivery
from aerocode.ports import Line
from aerocode.ports import Meter
from aerocode.ports import Order
from aerocode.ports import Settings
from aerocode.ports import Verifications
from aerocode.verify import payload as payloads
from aerocode.verify.answers import limit_of
from aerocode.verify.answers import named
from aerocode.verify.answers import over
from aerocode.verify.answers import refused
from aerocode.verify.answers import told_again
from aerocode.verify.answers import unmarked
from aerocode.verify.asking import Proof
from aerocode.verify.asking import Sent
from aerocode.verify.asking import Start
from aerocode.verify.codes import Codes
from aerocode.verify.codes import normal
from aerocode.verify.devices import Devices
from aerocode.verify.networks import network_of

log = logging.getLogger(__name__)


class Engine:
    def __init__(
        self,
        *,
        verifications: Verifications,
        settings: Settings,
        delivery: Delivery,
        keyring: Keyring,
        countries: Countries,
        meter: Meter,
    ) -> None:
        self._verifications = verifications
        self._settings = settings
        self._delivery = delivery
        self._codes = Codes(keyring)
        self._devices = Devices(keyring)
        self._countries = countries
        self._meter = meter
        self._sends: set[asyncio.Task[Sent]] = set()

    async def start(self, ask: Start) -> Sent:
        """Send a code, the pending one again if there is one.

        Raises InvalidInput, InvalidPhone, PhoneNotAllowed and NoConnector before anything is recorded; SendTooSoon,
        GuessesSpent or DailyBudgetSpent when nothing may be sent yet; RequestInProgress or RequestUnlike for a request
        that named itself; a ConnectorError when nothing was sent, for certain.
        """
        subject = self.subject(ask.application, ask.phone, ask.usage_type, ask.session)
        payload, network = payloads.admit(ask.payload), network_of(ask.ip)
        line = await self._line(ask.request)
        policy, limits = await self._settings.policy(), await self._settings.limits()
        verification_id = new_id()
        code, resting = self._codes.new(subject, verification_id, policy.length_for(ask.usage_type))
        issue = Issue(
            subject=subject,
            verification_id=verification_id,
            message_id=new_id(),
            code=resting,
            policy=policy,
            limits=limits,
            device_since=await self._since(subject, ask.device_token),
            network=network,
            lists=await self._settings.lists(),
            fixed=await self._fixed(subject, verification_id),
            request=ask.request,
            ready=line is not None,
            locale=ask.locale,
            payload=payload,
            metadata=ask.metadata,
        )
        return await self._see_through(self._start(ask.application, line, issue, code))

    async def resend(self, application: Application, where: ById, request: Request | None = None) -> Sent:
        """Send the same code again. Raises as `start` does, and as `check` does when there is nothing pending."""
        line = await self._line(request)
        policy, limits = await self._settings.policy(), await self._settings.limits()
        ask = Resend(
            where=where,
            message_id=new_id(),
            policy=policy,
            limits=limits,
            lists=await self._settings.lists(),
            request=request,
            ready=line is not None,
        )
        return await self._see_through(self._resend(application, line, ask))

    async def check(self, where: Where, typed: str, device_token: str = "") -> Proof:
        """The proof that the code was right.

        Raises VerificationNotFound, VerificationOver, CodeExpired, AttemptsExhausted, GuessesSpent before the code was
        looked at, or CodeMismatch after an attempt was spent.
        """
        guess, since = normal(typed), None
        if isinstance(where, Subject):
            since = await self._since(where, device_token)
        answer = await self._verifications.check(
            where, lambda subject, verification_id: self._codes.seals(subject, verification_id, guess), since
        )
        self._meter.checked(type(answer).__name__.lower())
        match answer:
            case Approved(verification=verification):
                proof = " (a test number: no proof)" if verification.test else ""
                log.info("verification %s approved for %s%s", verification.id, verification.phone, proof)
                return self._proof(verification)
            case Wrong(attempts_left=left, stopped=stopped):
                if stopped:
                    log.warning("guesses are stopped until an unlock: %s", named(where))
                raise errors.CodeMismatch(left)
            case _:
                raise over(answer)

    async def cancel(self, where: ById) -> Verification:
        """End a pending verification; it gives no attempt back. Raises as `check` does."""
        answer = await self._verifications.cancel(where)
        if isinstance(answer, Canceled):
            return answer.verification
        raise over(answer)

    def subject(self, application: Application, phone: str, usage_type: UsageType, session: str) -> Subject:
        """Raises InvalidInput, InvalidPhone or PhoneNotAllowed."""
        return Subject(application.id, self._countries.admit(phone), usage_type, session)

    async def finish(self) -> None:
        """Wait for the sends that have begun; each ends within the gate's time limit."""
        await asyncio.gather(*self._sends, return_exceptions=True)

    async def _line(self, request: Request | None) -> Line | None:
        """None without a connector: a request that was answered before is answered all the same."""
        try:
            return await self._delivery.line()
        except errors.NoConnector:
            if request is None:
                raise
            return None

    def _proof(self, verification: Verification) -> Proof:
        if verification.phone is None or verification.ended_at is None:
            raise errors.VerificationNotFound
        token = self._devices.token(
            verification.application, verification.phone, verification.ended_at, test=verification.test
        )
        return Proof(verification=verification, device_token=token)

    async def _see_through(self, work: Coroutine[Any, Any, Sent]) -> Sent:
        """Go on though the caller hangs up: what is recorded must be sent, and what was sent must be marked."""
        task = asyncio.ensure_future(work)
        self._sends.add(task)
        task.add_done_callback(self._seen_through)
        return await asyncio.shield(task)

    def _seen_through(self, task: asyncio.Task[Sent]) -> None:
        self._sends.discard(task)
        if not task.cancelled():
            task.exception()  # seen here too, for the caller who hung up; one who waits gets it raised

    async def _since(self, subject: Subject, token: str) -> datetime | None:
        if not token:
            return None
        is_test = await self._settings.test_number(subject.phone) is not None
        return self._devices.since(subject.application, subject.phone, token, test=is_test)

    async def _fixed(self, subject: Subject, verification_id: str) -> FixedCode | None:
        number = await self._settings.test_number(subject.phone)
        if number is None:
            return None
        return FixedCode(code=self._codes.fixed(subject, verification_id, number.code), until=number.expires_at)

    async def _start(self, application: Application, line: Line | None, ask: Issue, code: Secret) -> Sent:
        decided = await self._verifications.issue(ask)
        return await self._go_on(application, line, ask.subject, decided, code)

    async def _resend(self, application: Application, line: Line | None, ask: Resend) -> Sent:
        decided = await self._verifications.resend(ask)
        if isinstance(decided, Missing | Ended):
            raise over(decided)
        return await self._go_on(application, line, ask.where, decided, None)

    async def _go_on(
        self, application: Application, line: Line | None, where: Where, decided: IssueAnswer, fresh: Secret | None
    ) -> Sent:
        if isinstance(decided, Issued) and line is not None:
            return await self._hand_over(application, line, decided, fresh)
        if isinstance(decided, Issued | Unready):  # nothing is issued unless it is ready
            raise errors.NoConnector
        if isinstance(decided, Repeated):
            self._meter.repeated()
            log.info("verification %s is told again, nothing is sent", decided.verification.id)
            return Sent(verification=decided.verification, message=told_again(decided), again=decided.again)
        self._meter.refused(limit_of(decided))
        log.info("no message for %s: %s", named(where), limit_of(decided))
        raise refused(decided)

    async def _hand_over(self, application: Application, line: Line, issued: Issued, fresh: Secret | None) -> Sent:
        """`fresh` is the code of a verification that began just now; one sent again is taken up from its rest."""
        for limit in issued.over:
            self._meter.watched(limit)
            log.warning("limit %s would have refused message %s", limit, issued.message_id)
        verification = issued.verification
        self._meter.started(verification.usage_type, again=issued.again)
        if issued.nearly_spent:
            log.warning("four fifths of the day's budget for messages are spent")
        order = self._order(application, issued, fresh)
        began = time.perf_counter()
        outcome = Spared() if verification.test else await line.send(order)
        took = time.perf_counter() - began
        marked = await self._mark(issued, outcome)
        self._meter.sent(marked.message.status, marked.message.reason, took)
        log.info(
            "message %s for verification %s to %s: %s%s",
            issued.message_id,
            verification.id,
            verification.phone,
            marked.message.status,
            f" ({marked.message.reason})" if marked.message.reason else "",
        )
        if isinstance(outcome, Refused):
            raise errors.refusal(outcome.reason, outcome.wait).about(issued.message_id)
        return Sent(verification=marked.verification or verification, message=marked.message, again=issued.again)

    def _order(self, application: Application, issued: Issued, fresh: Secret | None) -> Order:
        verification = issued.verification
        if verification.phone is None:  # only what ended long ago has lost it
            raise errors.VerificationNotFound
        return Order(
            message_id=issued.message_id,
            phone=verification.phone,
            usage_type=verification.usage_type,
            code=fresh if fresh and not issued.again else self._codes.take_up(verification.id, issued.code),
            life=verification.expires_at - issued.now,
            locale=verification.locale,
            app_name=application.product,
            payload=verification.payload,
        )

    async def _mark(self, issued: Issued, outcome: Outcome) -> Marked:
        try:
            return await self._verifications.mark(issued.message_id, outcome)
        except (errors.StoreUnavailable, errors.EntityNotFound) as cause:
            # The SMS is on its way all the same; the record says `created` and will say `unknown`, and so do we.
            # There is none when its phone was erased meanwhile.
            why = cause.__cause__ or type(cause).__name__
            log.error("message %s could not be marked: %s", issued.message_id, why)  # noqa: TRY400
            return Marked(message=unmarked(issued), verification=None)
