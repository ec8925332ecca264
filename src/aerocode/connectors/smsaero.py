"""One code becomes one SMS: rendered, handed to SMS Aero once, and answered as one of the three outcomes.

SMS Aero's own errors stop here. What is logged is their kind: never a text, a code, a key or a whole phone number.
"""

import logging
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from functools import lru_cache
from functools import partial
from typing import Any

from aerocode import errors
from aerocode import smsaero
from aerocode.connectors import templates
from aerocode.connectors.segments import measure
from aerocode.connectors.smsaero_config import faults
from aerocode.connectors.traces import Traces
from aerocode.model.message import Accepted
from aerocode.model.message import Found
from aerocode.model.message import HandOver
from aerocode.model.message import Outcome
from aerocode.model.message import Refused
from aerocode.model.message import Report
from aerocode.model.message import Source
from aerocode.model.message import Unknown
from aerocode.model.states import MessageStatus
from aerocode.phone import Phone
from aerocode.ports import Order
from aerocode.smsaero import decode

_log = logging.getLogger(__name__)

DETAIL_LIMIT = 300
_OPERATOR_LIMIT = 32
#: Messages of one phone in the provider's list: pages of fifty, most likely the newest first.
_LOOKED_THROUGH = 250

_STATUSES = {
    smsaero.SmsStatus.QUEUE: MessageStatus.QUEUED,
    smsaero.SmsStatus.MODERATION: MessageStatus.MODERATION,
    smsaero.SmsStatus.SENT: MessageStatus.SENT,
    smsaero.SmsStatus.WAIT: MessageStatus.SENT,
    smsaero.SmsStatus.DELIVERED: MessageStatus.DELIVERED,
    smsaero.SmsStatus.UNDELIVERED: MessageStatus.UNDELIVERED,
    smsaero.SmsStatus.REJECT: MessageStatus.REJECTED,
}

_REFUSALS: Mapping[type[smsaero.SmsAeroError], type[errors.ConnectorError]] = {
    smsaero.WrongCredentials: errors.WrongCredentials,
    smsaero.NotEnoughMoney: errors.NotEnoughMoney,
    smsaero.IpNotAllowed: errors.AddressNotAllowed,
    smsaero.RateLimited: errors.GateRateLimited,
    smsaero.Unreachable: errors.GateUnreachable,
}
_FIELDS: Mapping[str, type[errors.ConnectorError]] = {
    "sign": errors.InvalidSender,
    "number": errors.InvalidRecipient,
    "numbers": errors.InvalidRecipient,
}


class SmsAeroLine:
    """A config ready to send with. Raises InvalidConfig at once for a faulty one, so that no send begins with it."""

    def __init__(self, config: Mapping[str, Any], transport: smsaero.Transport, traces: Traces | None = None) -> None:
        found = faults(config)
        if found:
            raise errors.InvalidConfig(found)
        self._sender = config["senderName"]
        self._content = lru_cache(maxsize=256)(partial(templates.choose, config["templates"]))
        self._config = config
        self._traces = traces
        self._account = "" if traces is None else traces.account(config["email"])
        credentials = smsaero.Credentials(email=config["email"], api_key=config["apiKey"])
        self._client = smsaero.SmsAero(credentials, transport=transport)

    async def send(self, order: Order) -> Outcome:
        """Raises TemplateNotFound before anything has left; nothing the gate does is raised."""
        text, traces = _filled(self._content(order.usage_type, order.locale), order), self._traces
        number, sign = order.phone.digits, self._sender
        callback = None if traces is None else traces.callback_url(order.message_id)
        began = time.perf_counter()
        try:
            sent = await self._client.send(number=number, sign=sign, text=text, callback_url=callback)
        except smsaero.SmsAeroError as error:
            _log.warning("message %s: %s", order.message_id, _kind(error))
            proof = self._traces.proof(number, text) if self._traces is not None and error.uncertain else None
            return _outcome(error, text, self._handed(began, proof), hide=order.code.reveal())
        return Accepted(
            gate_id=str(sent.id),
            status=status_of(sent.status),
            detail=sent.extend_status[:DETAIL_LIMIT],
            sender=sent.sender,
            segments=measure(text).segments,
            cost=sent.cost,
            handed=self._handed(began),
        )

    async def follow(self, gate_id: str) -> Report:
        """What the gate says of a message now. Raises the ConnectorError that keeps it from telling."""
        try:
            sent = await self._client.status(int(gate_id))
        except smsaero.SmsAeroError as error:
            _log.info("status of %s: %s", gate_id, _kind(error))
            raise _translated(error) from error
        return _report(sent)

    async def find(self, phone: Phone, proof: bytes, since: datetime) -> list[Found]:
        """What the account sent to the phone from then on, of the text that `proof` was made of; the oldest first.

        The text never travels as a filter, and what is listed is looked at here and forgotten. Raises ConnectorError.
        """
        found, looked = [], 0
        try:
            async for sent in self._client.messages(number=phone.digits):
                if self._is_it(sent, proof, since) and sent.created_at is not None:
                    found.append(Found(at=sent.created_at, report=replace(_report(sent), gate_id=str(sent.id))))
                looked += 1
                if looked >= _LOOKED_THROUGH:
                    break
        except smsaero.SmsAeroError as error:
            _log.info("list for %s: %s", phone, _kind(error))
            raise _translated(error) from error
        return sorted(found, key=lambda each: (each.at, int(each.report.gate_id)))

    async def balance(self) -> Decimal:
        """Roubles. Raises ConnectorError."""
        try:
            return (await self._client.balance()).amount
        except smsaero.SmsAeroError as error:
            raise _translated(error) from error

    def sends_for(self, account: str) -> bool:
        """Whether a message that was sent from this account can be asked about here."""
        return self._traces is not None and self._traces.is_account(account, self._config["email"])

    def proof_of(self, order: Order) -> bytes | None:
        """The proof of what `send` would send."""
        text = compose(self._config, order)
        return None if self._traces is None else self._traces.proof(order.phone.digits, text)

    def _handed(self, began: float, proof: bytes | None = None) -> HandOver:
        return HandOver(took=timedelta(seconds=time.perf_counter() - began), account=self._account, proof=proof)

    def _is_it(self, sent: smsaero.SentSms, proof: bytes, since: datetime) -> bool:
        if self._traces is None or sent.created_at is None or sent.created_at < since:
            return False
        return self._traces.proves(proof, sent.number, sent.text)


def status_of(number: int) -> MessageStatus:
    """What one of the provider's status numbers means here; one that nobody knows is no more than accepted."""
    return _STATUSES.get(smsaero.SmsStatus(number), MessageStatus.ACCEPTED)


def read_report(body: bytes) -> Report | None:
    """What a callback of the gate tells, in a form or in JSON; None when it tells nothing of use."""
    told = smsaero.read_callback(body)
    if told is None:
        return None
    return Report(
        status=MessageStatus.ACCEPTED if told.status is None else status_of(told.status),
        source=Source.CALLBACK,
        detail=told.extend_status[:DETAIL_LIMIT],
        gate_id="" if told.id is None else str(told.id),
        operator=_operator(told.fields),
    )


def _operator(fields: Mapping[str, Any]) -> str:
    """No documented report names it; should one, then by the word the provider uses for it everywhere else."""
    return decode.words(fields.get("extendOperator"))[:_OPERATOR_LIMIT]


def _report(sent: smsaero.SentSms) -> Report:
    return Report(
        status=status_of(sent.status),
        source=Source.POLL,
        detail=sent.extend_status[:DETAIL_LIMIT],
        cost=sent.cost,
    )


def compose(config: Mapping[str, Any], order: Order) -> str:
    """The text of the SMS."""
    return _filled(templates.choose(config["templates"], order.usage_type, order.locale), order)


def _filled(content: str | None, order: Order) -> str:
    """The caller's payload can't overrule our own keys, the code above all."""
    if content is None:
        message = f"Cannot find template for type: {order.usage_type}"
        raise errors.TemplateNotFound(data={"message": message})
    own = {
        "code": order.code.reveal(),
        "expiresIn": templates.minutes(order.life),
        "appName": order.app_name,
    }
    if order.locale:
        own["locale"] = order.locale
    return templates.render(content, {**order.payload, **own})


def _outcome(error: smsaero.SmsAeroError, text: str, handed: HandOver, *, hide: str) -> Refused | Unknown:
    # The provider may quote what it refused, and a timeline is read by people who must not learn the code.
    said = _words(error).replace(hide, "•" * len(hide))[:DETAIL_LIMIT]
    if error.uncertain:
        return Unknown(reason=_doubt(error), detail=said, segments=measure(text).segments, handed=handed)
    left = None if isinstance(error, smsaero.Unreachable) else handed
    return Refused(reason=_refusal(error).code, detail=said, wait=_wait(error), handed=left)


def _translated(error: smsaero.SmsAeroError) -> errors.ConnectorError:
    if error.uncertain:
        return errors.GateSilent()
    return errors.refusal(_refusal(error).code, _wait(error))


def _refusal(error: smsaero.SmsAeroError) -> type[errors.ConnectorError]:
    if isinstance(error, smsaero.InvalidField):
        return next((kind for name, kind in _FIELDS.items() if name in error.fields), errors.GateRefused)
    return _REFUSALS.get(type(error), errors.GateRefused)


def _wait(error: smsaero.SmsAeroError) -> int | None:
    return error.wait if isinstance(error, smsaero.RateLimited) else None


def _doubt(error: smsaero.SmsAeroError) -> str:
    """One word for why nobody knows what became of a send."""
    if isinstance(error, smsaero.ProviderFault):
        return "server_error"
    if isinstance(error, smsaero.Uncertain):
        return "timeout" if error.timed_out else "reset"
    redirected = error.http_status is not None and error.http_status // 100 == 3
    return "redirect" if redirected else "not_json"


def _words(error: smsaero.SmsAeroError) -> str:
    return "; ".join(part for part in (error.provider_message, error.detail) if part)


def _kind(error: smsaero.SmsAeroError) -> str:
    answered = "no answer" if error.http_status is None else f"answered {error.http_status}"
    return f"{type(error).__name__} from {error.gate or 'no gate'}, {answered}"
