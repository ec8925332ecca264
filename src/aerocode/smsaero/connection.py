"""One connection to a gate, one request at a time: the bytes out in one write, and what came back or why nothing did.

Nothing here decides whether a request may be repeated. It promises what that decision needs: before `exchange` no byte
has left, and once it has begun any may have.
"""

import asyncio
from collections.abc import Callable
from typing import Any
from typing import NamedTuple

import httptools

REPLY_LIMIT = 65_536  # bytes of the body, and again of all that is not body; a real reply has a few hundred
#: Seconds an idle connection is kept for the next request. A gate that closes it just as we write leaves a send in
#: doubt, so we close first: several common servers wait five seconds for another request, the others longer.
KEEP = 4.0
_KEEP_AT_MOST = 20.0


class Answer(NamedTuple):
    status: int
    body: bytes
    retry_after: str | None


class Broken(Exception):
    """The connection ended, or what came is not HTTP, before an answer was whole. Its text quotes nothing that came."""


class TooLong(Exception):
    """An answer longer than any honest one: an endless reply must not fill the memory."""

    def __init__(self, status: int | None) -> None:
        super().__init__(f"the answer is longer than {REPLY_LIMIT} bytes")
        self.status = status


class Connection(asyncio.Protocol):
    """`idle_until` is on the loop's clock; `gone` is told of the end. The callbacks `on_…` are the parser's."""

    #: Of the answer that is coming.
    _status: int | None
    _retry_after: str | None
    _body: bytes
    #: Its end is told by a length or a last chunk, not by the end of the connection.
    _delimited: bool
    #: The connection can take another request: by its head, and after all that has come.
    _may_keep: bool
    _keep: bool

    def __init__(self, loop: asyncio.AbstractEventLoop, gone: "Callable[[Connection], None]") -> None:
        self.idle_until = 0.0
        self._loop = loop
        self._gone = gone
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None
        self._parser = httptools.HttpResponseParser(self)
        self._reset()

    @property
    def open(self) -> bool:
        """Whether a request may be written. The loop reads what has arrived before it runs a task, an end included."""
        return self._transport is not None and not self._transport.is_closing()

    async def exchange(self, request: bytes, until: float) -> Answer:
        """Write it and wait for the answer. Afterwards the connection is `open` only if it can take another.

        Raises:
            TimeoutError: no whole answer `until` then, on the loop's clock.
            Broken: the connection ended, or what came is not HTTP.
            TooLong: the answer goes beyond the limit.

        """
        if self._transport is None:
            raise Broken("the connection is closed")
        self._reset()
        self._answer = self._loop.create_future()
        timer = self._loop.call_at(until, self._fail, TimeoutError())
        self._transport.write(request)
        try:
            return await self._answer
        finally:
            timer.cancel()
            if not self._keep:
                self.abort()  # also when whoever waited was cancelled: the answer would be taken for the next one's

    def abort(self) -> None:
        self._fail(Broken("we closed the connection"))
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: Any) -> None:  # uvloop's is no asyncio.Transport by inheritance
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport, self._keep = None, False
        if exc is None and self._status is not None and not self._delimited:
            self._finish()  # such an answer ends where its connection does
        self._fail(Broken("the connection ended" if exc is None else type(exc).__name__))
        self._gone(self)

    def data_received(self, data: bytes) -> None:
        if not self._awaited:
            self.abort()  # nobody asked, so it would be taken for the answer to what is asked next
            return
        self._received += len(data)
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade) as error:
            self._fail(Broken(type(error).__name__))
        if self._received - len(self._body) > REPLY_LIMIT:
            self._fail(TooLong(self._status))

    def on_message_begin(self) -> None:
        if not self._awaited:  # something behind the answer
            self._keep = False

    def on_header(self, name: bytes, value: bytes) -> None:
        match name.lower():
            case b"content-length":
                self._delimited = True
            case b"transfer-encoding":
                self._delimited = value.lower().endswith(b"chunked")
            case b"retry-after":
                self._retry_after = self._retry_after or value.decode("latin-1")
            case b"keep-alive":
                self._patience = _patience(value)

    def on_headers_complete(self) -> None:
        status = self._parser.get_status_code()
        if 100 <= status < 200 and status != 101:
            return
        self._status = status
        self._may_keep = self._parser.should_keep_alive()
        if status == 101:
            self._finish()

    def on_body(self, body: bytes) -> None:
        if len(self._body) <= REPLY_LIMIT:
            self._body += body
        if len(self._body) > REPLY_LIMIT:
            self._fail(TooLong(self._status))

    def on_message_complete(self) -> None:
        if self._status is None:  # 100 Continue and its like; the answer is still to come
            self._delimited, self._retry_after, self._patience = False, None, KEEP
            return
        self._keep = self._may_keep and self._awaited
        self.idle_until = self._loop.time() + self._patience
        self._finish()

    @property
    def _awaited(self) -> bool:
        return self._answer is not None and not self._answer.done()

    def _reset(self) -> None:
        self._keep = self._delimited = self._may_keep = False
        self._received = 0  # bytes, of whatever kind
        self._status = None
        self._retry_after = None
        self._patience = KEEP
        self._body = b""

    def _finish(self) -> None:
        if self._answer is not None and not self._answer.done() and self._status is not None:
            self._answer.set_result(Answer(self._status, self._body, self._retry_after))

    def _fail(self, error: Exception) -> None:
        self._keep = False
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(error)


def _patience(value: bytes) -> float:
    """`Keep-Alive: timeout=5, max=100`, less a second for the way; what is not understood is answered with none."""
    for part in value.lower().split(b","):
        name, _, number = part.strip().partition(b"=")
        if name == b"timeout":
            return min(float(number) - 1, _KEEP_AT_MOST) if number.isdigit() and len(number) < 10 else 0.0
    return KEEP
