"""Delivery reports: what the gate posts to the callback address of one message."""

import logging

from aerocode.connectors.kit import SMS_AERO
from aerocode.connectors.traces import Traces
from aerocode.errors import EntityNotFound
from aerocode.ports import Messages

log = logging.getLogger(__name__)


class Reports:
    def __init__(self, messages: Messages, traces: Traces) -> None:
        self._messages = messages
        self._traces = traces

    def about(self, token: str) -> str | None:
        """The id of the message that this end of an address was made for; None when we never made it."""
        return self._traces.called_about(token)

    async def take(self, message_id: str, body: bytes) -> None:
        """Write down what it tells. Whatever is of no use is passed over: saying so would only bring it again.

        Raises StoreUnavailable, after which the same report is welcome.
        """
        report = SMS_AERO.read_report(body)
        if report is None:
            log.info("message %s: a callback tells nothing", message_id)
            return
        try:
            message = await self._messages.note(message_id, report)
        except EntityNotFound:
            log.info("message %s: a callback comes after it was erased", message_id)
            return
        if report.gate_id and message.gate_id != report.gate_id:
            log.warning("message %s: a callback is about the gate's %s, not about it", message_id, report.gate_id)
            return
        log.info("message %s: %s, by a callback", message_id, message.status)
