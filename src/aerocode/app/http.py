"""uvicorn's httptools protocol, with one thing mended.

A client that offers `Upgrade: h2c` (Java's HttpClient does on plain http, with every request) has its body dropped:
the parser stops after the head, taking what follows for another protocol. An offer may be ignored (RFC 9110 §7.8), so
we take it out of the head before the parser sees it. Where a new uvicorn has other hooks than these, h11 serves.
"""

import re

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HOOKS = ("data_received", "on_message_begin", "on_message_complete")
_LONGEST_HEAD = 65_536
_END = b"\r\n\r\n"
_OFFER = re.compile(rb"\r\nupgrade[ \t]*:[^\r\n]*", re.IGNORECASE)


class HttpProtocol(HttpToolsProtocol):
    """Serves no other protocol than HTTP/1.1, so every offer of one is ignored."""

    _inside = False
    _begun = b""

    def data_received(self, data: bytes) -> None:
        if self._inside:
            super().data_received(data)
            return
        # A head may come in pieces; the offer must not slip through between two.
        data = self._begun + data
        end = data.find(_END)
        if end < 0 and len(data) < _LONGEST_HEAD and not data.isspace():
            self._begun = data
            return
        self._begun = b""
        if b"pgrade" in data or b"PGRADE" in data:
            data = _OFFER.sub(b"", data[:end]) + data[end:]
        super().data_received(data)

    def on_message_begin(self) -> None:
        self._inside = True
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self._inside = False
        super().on_message_complete()


def protocol() -> type[HttpToolsProtocol] | str:
    """What uvicorn is to serve with."""
    return HttpProtocol if all(callable(getattr(HttpToolsProtocol, hook, None)) for hook in _HOOKS) else "h11"
