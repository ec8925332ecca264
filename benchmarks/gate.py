"""The SMS provider of the run, in the process that makes the load: a code is known the moment it was sent."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from collections.abc import Callable
from contextlib import asynccontextmanager

from benchmarks.adapter import Delivery
from benchmarks.incoming import Incoming
from benchmarks.incoming import Malformed
from benchmarks.incoming import path_of

#: Seconds a code may be late; a server may answer before it sends.
_LATE = 5.0

Read = Callable[[str, bytes], Delivery]


class Gate:
    """`read` is the adapter's `delivered`. `requests` counts sends, `refused` what was none."""

    def __init__(self, read: Read) -> None:
        self.address = ""
        self.requests = 0
        self.refused = 0
        self._read = read
        self._codes: dict[str, str] = {}
        self._awaited: dict[str, asyncio.Future[str]] = {}

    async def code(self, phone: str) -> str:
        """The code last sent to that phone, once. Raises TimeoutError when none comes."""
        code = self._codes.pop(phone, None)
        if code is not None:
            return code
        self._awaited[phone] = asyncio.get_running_loop().create_future()
        try:
            return await asyncio.wait_for(self._awaited[phone], _LATE)
        finally:
            del self._awaited[phone]

    def forget(self) -> None:
        self._codes.clear()

    def take(self, path: str, body: bytes) -> bytes | None:
        """The reply, or None to what a gate would not take."""
        try:
            delivery = self._read(path, body)
        except (ValueError, KeyError, TypeError):
            self.refused += 1
            return None
        self.requests += 1
        awaited = self._awaited.get(delivery.phone)
        if awaited is not None and not awaited.done():
            awaited.set_result(delivery.code)
        else:
            self._codes[delivery.phone] = delivery.code
        return delivery.reply


class _Server(asyncio.Protocol):
    def __init__(self, gate: Gate, open_ones: set[asyncio.Transport]) -> None:
        self._gate = gate
        self._open = open_ones
        self._incoming = Incoming()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._open.add(transport)

    def connection_lost(self, _cause: Exception | None) -> None:
        self._open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._incoming.feed(data)
        try:
            while (message := self._incoming.message()) is not None:
                self._reply(self._gate.take(path_of(message[0]), message[1]))
        except Malformed:
            self._gate.refused += 1
            self._transport.abort()

    def _reply(self, body: bytes | None) -> None:
        line = b"HTTP/1.1 400 Bad Request" if body is None else b"HTTP/1.1 200 OK"
        body = body or b""
        self._transport.write(
            b"%s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (line, len(body), body)
        )


@asynccontextmanager
async def gate_for(read: Read, tls: ssl.SSLContext | None = None) -> AsyncIterator[Gate]:
    """A gate on a free port of this machine, on plain http without `tls`."""
    gate, open_ones = Gate(read), set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Server(gate, open_ones), "127.0.0.1", 0, backlog=1024, ssl=tls)
    host, port = server.sockets[0].getsockname()[:2]
    gate.address = f"{'http' if tls is None else 'https'}://{host}:{port}"
    try:
        yield gate
    finally:
        server.close()
        for transport in list(open_ones):
            transport.abort()
        await server.wait_closed()
