"""The house itself: is it up, what does it offer, what has it counted; and what its own command line asks of it."""

from collections.abc import Callable
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import field

import pydantic_core

from aerocode.api import bodies
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Ask
from aerocode.api.exchange import Route
from aerocode.api.openapi import document
from aerocode.api.openapi import page
from aerocode.phone import Countries
from aerocode.ports import Health
from aerocode.ports import Housekeeping


@dataclass(slots=True)
class HouseHandlers:
    """`metrics` gives the text Prometheus reads, and its media type."""

    health: Health
    housekeeping: Housekeeping
    countries: Countries
    metrics: Callable[[], tuple[bytes, str]]
    _openapi: Answer = field(default=Answer(404), init=False)
    _docs: Answer = field(default=Answer(404), init=False)

    def describe(self, routes: Sequence[Route]) -> None:
        """What /openapi.json and /docs tell about; written once, since anybody may ask for them."""
        shown = [route for route in routes if not route.hidden]
        self._openapi = Answer(200, text=pydantic_core.to_json(document(shown)))
        text, policy = page(shown)
        self._docs = Answer(
            200, text=text, media="text/html; charset=utf-8", headers={"content-security-policy": policy}
        )

    async def healthz(self, ask: Ask[None]) -> Answer:  # noqa: ARG002 - every handler has the same shape
        return Answer(200, {"status": "ok"})

    async def readyz(self, ask: Ask[None]) -> Answer:  # noqa: ARG002
        await self.health.ready()
        return Answer(200, {"status": "ready"})

    async def openapi(self, ask: Ask[None]) -> Answer:  # noqa: ARG002
        return self._openapi

    async def docs(self, ask: Ask[None]) -> Answer:  # noqa: ARG002
        return self._docs

    async def count(self, ask: Ask[None]) -> Answer:  # noqa: ARG002
        text, media = self.metrics()
        return Answer(200, text=text, media=media)

    async def purge(self, ask: Ask[None]) -> Answer:  # noqa: ARG002
        return Answer(200, dict(await self.housekeeping.purge()))

    async def erase(self, ask: Ask[bodies.EraseBody]) -> Answer:
        phone = self.countries.everywhere.admit(ask.body.phone)
        erased = await self.housekeeping.erase(phone, actor=ask.caller.key, reason=ask.body.reason)
        return Answer(200, {"testNumbers" if what == "test_numbers" else what: many for what, many in erased.items()})

    async def backup(self, ask: Ask[bodies.BackupBody]) -> Answer:
        await self.housekeeping.backup(ask.body.path)
        return Answer(200, {"path": ask.body.path})

    async def rotate(self, ask: Ask[None]) -> Answer:  # noqa: ARG002
        return Answer(200, dict(await self.housekeeping.rotate()))
