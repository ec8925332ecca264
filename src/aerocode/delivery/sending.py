"""The live connector, ready to send. Implements `ports.Delivery`."""

from datetime import datetime

from aerocode.connectors.kit import Followed
from aerocode.connectors.kit import factories
from aerocode.connectors.traces import Traces
from aerocode.errors import NoConnector
from aerocode.model.connector import SavedConnector
from aerocode.ports import Connectors
from aerocode.smsaero import Transport


class LiveDelivery:
    def __init__(self, connectors: Connectors, transport: Transport, traces: Traces) -> None:
        self._connectors = connectors
        self._transport = transport
        self._traces = traces
        self._built: tuple[SavedConnector, Followed] | None = None

    async def line(self) -> Followed:
        """The live connector's line, rebuilt when another config was saved. Raises NoConnector."""
        live = await self._connectors.live()
        if live is None or live.factory not in factories:
            raise NoConnector
        if self._built is None or self._built[0] is not live:
            self._built = live, factories[live.factory].line(live.config, self._transport, self._traces)
        return self._built[1]

    async def was_live(self, at: datetime) -> bool:
        """Whether what is live now was so then, with nothing changed since."""
        live = await self._connectors.live()
        versions = await self._connectors.versions()
        return live is not None and live.created_at <= at and all(version.ended_at <= at for version in versions)
