"""The connector tester: one real SMS with a config that need not be saved, and the gate's real answer."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aerocode import errors
from aerocode.connectors.kit import factories
from aerocode.connectors.traces import Traces
from aerocode.crypto import Secret
from aerocode.crypto import new_id
from aerocode.delivery.follow import Follower
from aerocode.model.application import Application
from aerocode.model.decision import Spent
from aerocode.model.decision import Test
from aerocode.model.decision import TooSoon
from aerocode.model.message import Accepted
from aerocode.model.message import Message
from aerocode.model.message import Refused
from aerocode.model.message import Unknown
from aerocode.model.states import UsageType
from aerocode.phone import Countries
from aerocode.phone import Phone
from aerocode.ports import Messages
from aerocode.ports import Order
from aerocode.ports import Settings
from aerocode.smsaero import Transport

log = logging.getLogger(__name__)

#: What a test message shows in place of a code. It verifies nothing.
TEST_CODE = Secret("000000")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`caller` is who asks, for the limit of tests a minute."""

    factory: str
    config: Mapping[str, Any]
    phone: str
    application: Application
    caller: str
    locale: str = ""


class Tester:
    def __init__(
        self,
        messages: Messages,
        settings: Settings,
        transport: Transport,
        countries: Countries,
        follower: Follower,
        traces: Traces,
    ) -> None:
        self._messages = messages
        self._settings = settings
        self._transport = transport
        self._countries = countries
        self._follower = follower
        self._traces = traces

    async def test(self, trial: Trial) -> Message:
        """The message as the gate took it; it is followed for a minute afterwards.

        Raises UnknownTestFactory, InvalidConfig, what a phone is refused with, SendTooSoon, a ConnectorError when
        nothing was sent, and GateSilent or GateUnreadable when that is unknown: nothing can be checked later, so it is
        an error too.
        """
        factory = factories.get(trial.factory)
        if factory is None:
            raise errors.UnknownTestFactory
        faults = factory.faults(trial.config)
        if faults:
            raise errors.InvalidConfig(faults)
        phone = self._countries.admit(trial.phone)
        line = factory.line(trial.config, self._transport, self._traces)
        message = await self._record(trial, phone)
        policy = await self._settings.policy()
        order = Order(
            message_id=message.id,
            phone=phone,
            usage_type=UsageType.GENERIC,
            code=TEST_CODE,
            life=policy.lifetime,
            locale=trial.locale,
            app_name=trial.application.product,
            payload={},
        )
        outcome = await line.send(order)
        marked = await self._messages.mark(message.id, outcome)
        log.info("test message %s to %s: %s", message.id, phone, marked.message.status)
        if isinstance(outcome, Refused):
            raise errors.refusal(outcome.reason, outcome.wait).about(message.id, outcome.detail)
        if isinstance(outcome, Unknown):
            # Logto has a code of its own for an answer that came and can't be read.
            silent = errors.GateUnreadable() if outcome.reason == "not_json" else errors.GateSilent()
            raise silent.about(message.id, outcome.detail)
        if isinstance(outcome, Accepted) and not marked.message.status.final:
            self._follower.follow(line, message.id, outcome.gate_id)
        return marked.message

    async def _record(self, trial: Trial, phone: Phone) -> Message:
        limits = await self._settings.limits()
        recorded = await self._messages.test(
            Test(
                application=trial.application.id,
                caller=trial.caller,
                phone=phone,
                message_id=new_id(),
                limits=limits,
            )
        )
        if isinstance(recorded, TooSoon):
            raise errors.SendTooSoon(resend_at=recorded.resend_at, now=recorded.now, verification_id=None)
        if isinstance(recorded, Spent):
            raise errors.DailyBudgetSpent(until=recorded.until, now=recorded.now)
        return recorded
