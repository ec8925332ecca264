"""What is done in the background.

Codes that ran out are wiped, unmarked messages given up, old phones forgotten; the gate is asked what became of
messages and how much money is left.
"""

import asyncio
import logging
from collections.abc import Awaitable
from collections.abc import Callable
from datetime import timedelta

from aerocode.app.delivering import Delivering
from aerocode.app.store import Store
from aerocode.errors import Unavailable

log = logging.getLogger(__name__)

Chore = Callable[[], Awaitable[object]]

#: Seconds. A code that ran out can't be used from that very moment; this is only how long its ciphertext may stay.
_EXPIRE_EVERY = 10
_FORGET_EVERY = 3600
_RECONCILE_EVERY = 5
_LOOK_EVERY = 60
_ASK_FOR_THE_BALANCE_EVERY = 600
#: Until then nobody is asked nor warned: a command that opens the house for a moment is none of their business.
_AT_REST = 5

#: A send that takes longer than the gate's time limit and this has lost its process.
_MARGIN = timedelta(seconds=5)


class Chores:
    def __init__(self, store: Store, post: Delivering, *, retention: timedelta, gate_timeout: float) -> None:
        self._store = store
        self._reconciler = post.reconciler
        self._watch = post.watch
        self._retention = retention
        self._lost_after = timedelta(seconds=gate_timeout) + _MARGIN
        self._tasks: list[asyncio.Task[None]] = []

    def start(self) -> None:
        self._tasks = [
            asyncio.ensure_future(_every(seconds, chore, after=after))
            for chore, seconds, after in (
                (self._settle, _EXPIRE_EVERY, 0),
                (self._forget, _FORGET_EVERY, 0),
                (self._reconciler.round, _RECONCILE_EVERY, _AT_REST),
                (self._watch.moderation, _LOOK_EVERY, _AT_REST),
                (self._watch.balance, _ASK_FOR_THE_BALANCE_EVERY, _AT_REST),
            )
        ]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _settle(self) -> None:
        if not await self._store.chores.turn("settle", timedelta(seconds=_EXPIRE_EVERY)):
            return
        await self._store.chores.expire()
        while await self._store.messages.give_up_unmarked(self._lost_after):
            pass

    async def _forget(self) -> None:
        if await self._store.chores.turn("forget", timedelta(seconds=_FORGET_EVERY)):
            await self._store.chores.forget(self._retention)


async def _every(seconds: float, chore: Chore, *, after: float = 0) -> None:
    await asyncio.sleep(after)
    while True:
        try:
            await chore()
        except Unavailable:
            log.warning("a chore waits for the database")
        except Exception:
            # One bad row must not end the others' expiry for good; the log has it, and the next round tries again.
            log.exception("a chore failed")
        await asyncio.sleep(seconds)
