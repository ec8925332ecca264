"""One kept-alive connection to a server, with one request under way at a time."""

import asyncio
from collections.abc import Mapping

from benchmarks.adapter import Answer
from benchmarks.adapter import Ask
from benchmarks.incoming import Incoming
from benchmarks.incoming import Malformed
from benchmarks.incoming import status_of


class Caller(asyncio.Protocol):
    def __init__(self, host: str, headers: Mapping[str, str]) -> None:
        self._fields = _fields({"host": host, **headers})
        self._incoming = Incoming()
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Answer] | None = None

    async def post(self, ask: Ask) -> Answer:
        """Raises ConnectionError when the connection ends or what comes is no answer."""
        own = _fields(ask.headers)
        head = f"POST {ask.path} HTTP/1.1\r\n{self._fields}{own}content-length: {len(ask.body)}\r\n\r\n"
        return await self._exchange(head.encode() + ask.body)

    async def get(self, path: str) -> Answer:
        """Raises as `post` does."""
        return await self._exchange(f"GET {path} HTTP/1.1\r\n{self._fields}\r\n".encode())

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.Transport) -> None:
        self._transport = transport

    def connection_lost(self, _cause: Exception | None) -> None:
        self._transport = None
        self._fail("the connection ended")

    def data_received(self, data: bytes) -> None:
        self._incoming.feed(data)
        try:
            message = self._incoming.message()
            if message is None:
                return
            answer = Answer(status_of(message[0]), message[1])
        except Malformed as cause:
            self._fail(str(cause))
            self.close()
            return
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(answer)

    async def _exchange(self, raw: bytes) -> Answer:
        if self._transport is None:
            raise ConnectionError("the connection is closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(raw)
        return await self._answer

    def _fail(self, reason: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(ConnectionError(reason))


def _fields(headers: Mapping[str, str]) -> str:
    return "".join(f"{name}: {value}\r\n" for name, value in headers.items())


async def connect(host: str, port: int, headers: Mapping[str, str]) -> Caller:
    loop = asyncio.get_running_loop()
    _, caller = await loop.create_connection(lambda: Caller(f"{host}:{port}", headers), host, port)
    return caller
