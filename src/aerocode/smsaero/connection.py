"""One connection to a gate, one request at a time: the bytes out in one write, and what came back or why nothing did.

Nothing here decides whether a request may be repeated. It promises what that decision needs: before `exchange` no byte
has left, and once it has begun any may have.
"""

import asyncio
from collections.abc import Callable
from typing import Any

from aerocode.smsaero.http1 import Answer
from aerocode.smsaero.http1 import Broken
from aerocode.smsaero.http1 import Incoming
from aerocode.smsaero.http1 import TooLong


class Connection(asyncio.Protocol):
    """`idle_until` is on the loop's clock; `gone` is told of the end."""

    def __init__(self, loop: asyncio.AbstractEventLoop, gone: "Callable[[Connection], None]") -> None:
        self.idle_until = 0.0
        self._loop = loop
        self._gone = gone
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._incoming: Incoming | None = None

    @property
    def open(self) -> bool:
        """Whether a request may be written. The loop reads what has arrived before it runs a task, an end included."""
        return self._transport is not None and not self._transport.is_closing()

    async def exchange(self, request: bytes, until: float, limit: int) -> Answer:
        """Write it and wait for the answer. Afterwards the connection is `open` only if it can take another.

        Raises:
            TimeoutError: no whole answer `until` then, on the loop's clock.
            Broken: the connection ended, or what came is not HTTP.
            TooLong: the answer goes beyond `limit`, bytes of its body.

        """
        if self._transport is None:
            raise Broken("the connection is closed")
        incoming = self._incoming = Incoming(limit)
        self._answer = self._loop.create_future()
        timer = self._loop.call_at(until, self._fail, TimeoutError())
        self._transport.write(request)
        try:
            return await self._answer
        finally:
            timer.cancel()
            self.idle_until = self._loop.time() + incoming.keep
            if not incoming.keep:
                self.abort()  # also when whoever waited was cancelled: the answer would be taken for the next one's

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: Any) -> None:  # uvloop's is no asyncio.Transport by inheritance
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if exc is None:
            self._feed(b"")
        self._fail(Broken("the connection ended" if exc is None else type(exc).__name__))
        self._gone(self)

    def data_received(self, data: bytes) -> None:
        if self._answer is None or self._answer.done():
            self.abort()  # nobody asked, so it would be taken for the answer to what is asked next
        else:
            self._feed(data)

    def _feed(self, data: bytes) -> None:
        if self._incoming is None or self._answer is None or self._answer.done():
            return
        try:
            self._incoming.feed(data)
        except (Broken, TooLong) as failure:
            self._fail(failure)
        if self._incoming.answer is not None and not self._answer.done():
            self._answer.set_result(self._incoming.answer)

    def _fail(self, error: Exception) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)
