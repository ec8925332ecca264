"""uvicorn's httptools protocol, with two things mended.

A client that offers `Upgrade: h2c` (Java's HttpClient does on plain http, with every request) has its body dropped:
the parser stops after the head, taking what follows for another protocol. An offer may be ignored (RFC 9110 §7.8), so
we take it out of each head before the parser sees it.

And a head or a body could be as long and take as long as its sender liked, which costs him nothing and us memory and
sockets. Where a new uvicorn has other hooks than these, h11 serves, which has limits of its own.
"""

import asyncio
import re
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

_HOOKS = (
    "connection_made",
    "connection_lost",
    "data_received",
    "on_message_begin",
    "on_headers_complete",
    "on_body",
    "on_message_complete",
    "on_response_complete",
    "pause_writing",
    "resume_writing",
    "shutdown",
)
_LONGEST_HEAD = 65_536
#: Seconds for a request to arrive whole, from the moment the connection is there.
_PATIENCE = 20.0
_END = re.compile(rb"\r?\n\r?\n")
_OFFER = re.compile(rb"\r\nupgrade:[^\r\n]*", re.IGNORECASE)
_TOO_LONG = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class HttpProtocol(HttpToolsProtocol):
    """Serves no other protocol than HTTP/1.1, so every offer of one is ignored."""

    #: What has come of a head that is not there whole yet.
    _begun = b""
    #: Bytes of the body to come; None while a head is expected, -1 for a body in chunks.
    _left: int | None = None
    #: The parser is inside a head: of one that came right behind a body in chunks, whose end it alone sees.
    _inside = False
    #: What the parser gets is one head and nothing behind it.
    _alone = False
    #: Bytes since the last of a body in chunks: what stands between and after them has no length of its own.
    _between = 0
    #: Requests that came before the one before them was answered; not read further until it is.
    _held = b""
    _deadline: asyncio.TimerHandle | None = None
    _stalled: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._rest()
        self._flow_again()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        data, self._begun, self._held = self._held + self._begun + data, b"", b""
        while data and not self.transport.is_closing():
            if self._answering():
                # One at a time: a few bytes of a request make a hundred of ours, and a sender need not read answers.
                self._held = data
                self.flow.pause_reading()
                break
            data = self._body(data) if self._left is not None or self._inside else self._head(data)
        if self._unfinished():
            self._watch()

    def _head(self, data: bytes) -> bytes:
        """Feed the head that `data` begins with, without its offer; what follows it."""
        data = data.lstrip(b"\r\n")  # empty lines before a request say nothing, as many as there may be
        if not data:
            return b""
        if data[:1].isalpha():
            end = _END.search(data)
            if len(data if end is None else data[: end.start()]) > _LONGEST_HEAD:
                self.transport.write(_TOO_LONG)
                self.transport.close()
                return b""
            if end is None:
                self._begun = data
                return b""
            head, rest = data[: end.start()], data[end.end() :]
            if b"upgrade" in head.lower():
                head = _OFFER.sub(b"", head)
            self._alone = True
            super().data_received(head + end.group())
            self._alone = False
            return rest
        # No HTTP at all, and the parser says so.
        super().data_received(data[:1])
        return data[1:]

    def _body(self, data: bytes) -> bytes:
        """Feed what belongs to the body, or all when its length is not known; what follows it."""
        known = self._left is not None and self._left > 0
        mine = data[: self._left] if known else data
        if self._left is not None and known:
            self._left -= len(mine)
        self._between += len(mine)
        super().data_received(mine)
        if not known and self._between > _LONGEST_HEAD:
            self.transport.close()
        return data[len(mine) :]

    def on_message_begin(self) -> None:
        self._inside = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        length = next((value for name, value in self.headers if name == b"content-length"), None)
        known = length is not None and length.isdigit() and self._alone
        self._left = int(length) if length is not None and known else -1
        self._inside, self._between = False, 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._between = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._left, self._between = None, 0
        self._rest()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._held:
            self.loop.call_soon(self.data_received, b"")

    def pause_writing(self) -> None:
        """Whoever does not read his answer for so long will not read it later, and holds what we keep for him."""
        super().pause_writing()
        self._stalled = self.loop.call_later(_PATIENCE, self.transport.abort)

    def resume_writing(self) -> None:
        self._flow_again()
        super().resume_writing()

    def shutdown(self) -> None:
        """A request that has not arrived whole was promised nothing; waiting for it would hold up the others' end."""
        if self._unfinished():
            self.transport.close()
        super().shutdown()

    def _answering(self) -> bool:
        """Between two requests, the former not answered yet."""
        if self._left is not None or self._inside:
            return False
        cycle: RequestResponseCycle | None = self.cycle  # None until the first request, whatever uvicorn declares
        return cycle is not None and not cycle.response_complete

    def _flow_again(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _unfinished(self) -> bool:
        return self._left is not None or self._inside or bool(self._begun)

    def _watch(self) -> None:
        if self._deadline is None:
            self._deadline = self.loop.call_later(_PATIENCE, self.transport.close)

    def _rest(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def protocol() -> type[HttpToolsProtocol] | str:
    """What uvicorn is to serve with."""
    return HttpProtocol if all(callable(getattr(HttpToolsProtocol, hook, None)) for hook in _HOOKS) else "h11"
