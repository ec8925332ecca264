"""One code becomes one SMS: rendered, handed to SMS Aero once, and answered as one of the three outcomes.

SMS Aero's own errors stop here. What is logged is their kind: never a text, a code, a key or a whole phone number.
"""

import logging
from collections.abc import Mapping
from typing import Any

from aerocode import errors
from aerocode import smsaero
from aerocode.connectors import templates
from aerocode.connectors.segments import measure
from aerocode.connectors.smsaero_config import faults
from aerocode.model.message import Accepted
from aerocode.model.message import Outcome
from aerocode.model.message import Refused
from aerocode.model.message import Report
from aerocode.model.message import Source
from aerocode.model.message import Unknown
from aerocode.model.states import MessageStatus
from aerocode.ports import Order

_log = logging.getLogger(__name__)

_DETAIL_LIMIT = 300

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

    def __init__(self, config: Mapping[str, Any], transport: smsaero.Transport) -> None:
        found = faults(config)
        if found:
            raise errors.InvalidConfig(found)
        self._config = config
        credentials = smsaero.Credentials(email=config["email"], api_key=config["apiKey"])
        self._client = smsaero.SmsAero(credentials, transport=transport)

    async def send(self, order: Order) -> Outcome:
        """Raises TemplateNotFound before anything has left; nothing the gate does is raised."""
        text = compose(self._config, order)
        try:
            sent = await self._client.send(number=order.phone.digits, sign=self._config["senderName"], text=text)
        except smsaero.SmsAeroError as error:
            _log.warning("message %s: %s", order.message_id, _kind(error))
            return _outcome(error, hide=order.code.reveal())
        return Accepted(
            gate_id=str(sent.id),
            status=_STATUSES.get(sent.status, MessageStatus.ACCEPTED),
            detail=sent.extend_status[:_DETAIL_LIMIT],
            sender=sent.sender,
            segments=measure(text).segments,
            cost=sent.cost,
        )

    async def follow(self, gate_id: str) -> Report:
        """What the gate says of a message now. Raises the ConnectorError that keeps it from telling."""
        try:
            sent = await self._client.status(int(gate_id))
        except smsaero.SmsAeroError as error:
            _log.info("status of %s: %s", gate_id, _kind(error))
            raise _translated(error) from error
        return Report(
            status=_STATUSES.get(sent.status, MessageStatus.ACCEPTED),
            source=Source.POLL,
            detail=sent.extend_status[:_DETAIL_LIMIT],
            cost=sent.cost,
        )


def compose(config: Mapping[str, Any], order: Order) -> str:
    """The text of the SMS. The caller's payload can't overrule our own keys, the code above all."""
    content = templates.choose(config["templates"], order.usage_type, order.locale)
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


def _outcome(error: smsaero.SmsAeroError, *, hide: str) -> Refused | Unknown:
    # The provider may quote what it refused, and a timeline is read by people who must not learn the code.
    said = _words(error).replace(hide, "•" * len(hide))[:_DETAIL_LIMIT]
    if error.uncertain:
        return Unknown(reason=_doubt(error), detail=said)
    return Refused(reason=_refusal(error).code, detail=said, wait=_wait(error))


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
