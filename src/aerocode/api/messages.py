"""Messages and their timelines."""

from dataclasses import dataclass

from aerocode import errors
from aerocode.api import render
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Ask
from aerocode.ports import Reader


@dataclass(frozen=True, slots=True)
class MessageHandlers:
    reader: Reader

    async def one(self, ask: Ask[None]) -> Answer:
        found = await self.reader.message(ask.caller.application.id, ask.path["id"])
        if found is None:
            raise errors.EntityNotFound
        return Answer(200, render.message(found))
