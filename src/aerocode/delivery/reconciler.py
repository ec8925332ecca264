"""Asking the gate what became of messages: the status of those it has, and whether it has those nobody knows about.

Nothing here decides: which message is asked about, by whom and how often is the store's, and so is what an answer
changes. An answer that never comes costs one question, and the next is put later.
"""

import asyncio
import logging
from datetime import timedelta

from aerocode import errors
from aerocode.connectors.kit import Followed
from aerocode.delivery.recall import Recall
from aerocode.delivery.sending import LiveDelivery
from aerocode.model.decision import Due
from aerocode.model.message import Message
from aerocode.model.message import Report
from aerocode.model.message import Source
from aerocode.model.states import MessageStatus
from aerocode.ports import Messages

log = logging.getLogger(__name__)

#: The reason of a message that the gate never got.
NOT_FOUND = "not_found_at_gate"

#: Questions in the air at once.
_ABREAST = 8
#: How far the gate's clock may be behind ours.
_SLACK = timedelta(seconds=60)
#: After these, the next question would be answered alike.
_HOPELESS = (
    errors.WrongCredentials,
    errors.AddressNotAllowed,
    errors.GateRateLimited,
    errors.GateUnreachable,
    errors.GateSilent,
)


class Reconciler:
    def __init__(self, messages: Messages, delivery: LiveDelivery, recall: Recall) -> None:
        self._messages = messages
        self._delivery = delivery
        self._recall = recall

    async def round(self) -> int:
        """Ask about everything that is due, a few at a time; how many messages that were."""
        try:
            line = await self._delivery.line()
        except errors.NoConnector:
            return 0
        asked = 0
        while due := await self._messages.due(_ABREAST):
            asked += len(due)
            answers = await asyncio.gather(*(self._ask(line, each) for each in due), return_exceptions=True)
            failures = [answer for answer in answers if isinstance(answer, BaseException)]
            hopeless = next((failure for failure in failures if isinstance(failure, _HOPELESS)), None)
            other = next((failure for failure in failures if not isinstance(failure, errors.ConnectorError)), None)
            if other is not None:
                raise other
            if hopeless is not None:
                log.warning("the gate does not tell what became of messages: %s", hopeless.code)
                break
        return asked

    async def _ask(self, line: Followed, due: Due) -> None:
        """Raises ConnectorError, or what keeps the answer from being written down."""
        message = due.message
        if due.account and not line.sends_for(due.account):
            return  # another account is live now, which knows nothing of it
        if message.gate_id:
            noted = await self._messages.note(message.id, await line.follow(message.gate_id))
        else:
            noted = await self._look_for(line, due)
        if noted.status is not message.status:
            log.info("message %s: %s, as the gate says when asked", message.id, noted.status)

    async def _look_for(self, line: Followed, due: Due) -> Message:
        message, proof = due.message, due.proof
        if not due.account and not await self._delivery.was_live(message.created_at):
            return message  # its process died, and nobody can tell any more what it was sent with
        if proof is None:
            proof = await self._recall.proof(due, line)
        if proof is None or message.phone is None:
            return message
        for found in await line.find(message.phone, proof, message.created_at - _SLACK):
            settled = await self._messages.settle(message.id, found)
            if settled is not None:
                return settled
        if due.now < due.deadline or message.status is not MessageStatus.UNKNOWN:
            return message
        lost = Report(status=MessageStatus.FAILED, source=Source.POLL, reason=NOT_FOUND)
        return await self._messages.note(message.id, lost)
