"""What an operator is warned of in the log: messages that wait for a person at SMS Aero, and money that runs out."""

import logging
from decimal import Decimal

from aerocode import errors
from aerocode.delivery.sending import LiveDelivery
from aerocode.ports import Meter
from aerocode.ports import Reader

log = logging.getLogger(__name__)

#: Messages looked back on, and how many of them may have been in moderation: a fifth.
_LAST = 50
_ALLOWED = 10


class Watch:
    """Each warning is given once, and again after it was over. `low` is in roubles; None warns of no balance."""

    def __init__(self, reader: Reader, delivery: LiveDelivery, meter: Meter, low: Decimal | None) -> None:
        self._reader = reader
        self._delivery = delivery
        self._meter = meter
        self._low = low
        self._moderated = False
        self._poor = False

    async def moderation(self) -> None:
        moderated, known = await self._reader.moderated(_LAST)
        if moderated > _ALLOWED and not self._moderated:
            log.warning(
                "%d of the last %d messages were in moderation, where a person reads them first: sign a contract with "
                "SMS Aero for a sender name of your own",
                moderated,
                known,
            )
        self._moderated = moderated > _ALLOWED

    async def balance(self) -> None:
        """What the gate does not tell stays as it was told last."""
        try:
            amount = await self.asked()
        except errors.NoConnector:
            return
        except errors.ConnectorError as error:
            log.info("the gate does not tell the balance: %s", error.code)
            return
        poor = self._low is not None and amount < self._low
        if poor and not self._poor:
            log.warning("the SMS Aero account has %s roubles left, under the %s to warn at", amount, self._low)
        self._poor = poor

    async def asked(self) -> Decimal:
        """The balance in roubles, as the gate says now. Raises ConnectorError."""
        line = await self._delivery.line()
        amount = await line.balance()
        self._meter.balance(amount)
        return amount
