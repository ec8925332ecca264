"""What the gate tells us by itself, and what is left of the account's money."""

from collections.abc import Awaitable
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from aerocode import errors
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Ask
from aerocode.api.exchange import ReadBody
from aerocode.delivery.reports import Reports


@dataclass(frozen=True, slots=True)
class DeliveryHandlers:
    """`balance` gives roubles, or raises ConnectorError."""

    reports: Reports
    balance: Callable[[], Awaitable[Decimal]]

    async def report(self, ask: Ask[ReadBody]) -> Answer:
        """A delivery report. Open to everybody: the address is the secret, and is looked at before the body is."""
        message_id = self.reports.about(ask.path["token"])
        if message_id is None:
            raise errors.UnknownRoute
        try:
            body = await ask.body()
        except (errors.InvalidInput, errors.BodyTooLarge):
            return Answer(200)  # anything else would only bring it again
        await self.reports.take(message_id, body)
        return Answer(200)

    async def left(self, ask: Ask[None]) -> Answer:  # noqa: ARG002 - every handler has the same shape
        return Answer(200, {"balance": str(await self.balance())})
