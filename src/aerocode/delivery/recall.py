"""The proof of a message whose process died before it was kept: made again from what the verification still has."""

from collections.abc import Callable

from aerocode.connectors.kit import Followed
from aerocode.crypto import Secret
from aerocode.errors import CannotDecrypt
from aerocode.errors import ConnectorError
from aerocode.model.decision import Due
from aerocode.model.decision import SealedCode
from aerocode.ports import Applications
from aerocode.ports import Messages
from aerocode.ports import Order

#: A code taken up from its rest, by its verification's id. Raises CannotDecrypt.
TakeUp = Callable[[str, SealedCode], Secret]


class Recall:
    def __init__(self, messages: Messages, applications: Applications, take_up: TakeUp) -> None:
        self._messages = messages
        self._applications = applications
        self._take_up = take_up

    async def proof(self, due: Due, line: Followed) -> bytes | None:
        """What the message left with, as far as it can still be told: while its code lives and its text is the same."""
        if due.unproved is None or due.message.phone is None:
            return None
        verification, code = due.unproved
        application = await self._applications.application(due.message.application)
        try:
            order = Order(
                message_id=due.message.id,
                phone=due.message.phone,
                usage_type=verification.usage_type,
                code=self._take_up(verification.id, code),
                life=verification.expires_at - due.message.created_at,
                locale=verification.locale,
                app_name="" if application is None else application.product,
                payload=verification.payload,
            )
            proof = line.proof_of(order)
        except (CannotDecrypt, ConnectorError):
            return None
        if proof is not None:
            await self._messages.prove(due.message.id, proof)
        return proof
