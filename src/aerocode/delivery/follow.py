"""Ask the gate what became of a message, for the minute in which a person watches."""

import asyncio
import logging
from collections.abc import Awaitable
from collections.abc import Callable

from aerocode.connectors.kit import Followed
from aerocode.errors import AerocodeError
from aerocode.ports import Messages

log = logging.getLogger(__name__)

#: Seconds before each question: close together while most messages are delivered, then further apart; a minute in all.
PAUSES = (1.0, 1.0, 2.0, 2.0, 4.0, 5.0, 5.0, 10.0, 15.0, 15.0)

Sleep = Callable[[float], Awaitable[None]]


class Follower:
    """Follows messages in the background until they are final or the minute is over."""

    def __init__(self, messages: Messages, sleep: Sleep = asyncio.sleep) -> None:
        self._messages = messages
        self._sleep = sleep
        self._tasks: set[asyncio.Task[None]] = set()

    def follow(self, line: Followed, message_id: str, gate_id: str) -> None:
        task = asyncio.ensure_future(self._follow(line, message_id, gate_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Stop asking. What the gate said so far is written down already."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _follow(self, line: Followed, message_id: str, gate_id: str) -> None:
        for pause in PAUSES:
            await self._sleep(pause)
            try:
                message = await self._messages.note(message_id, await line.follow(gate_id))
            except AerocodeError as error:
                # A question costs nothing and is asked again; only the answer counts.
                log.info("message %s: the gate does not tell its status: %s", message_id, error.code)
                continue
            if message.status.final:
                return
