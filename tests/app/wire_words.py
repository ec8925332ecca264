"""Requests as bytes on a connection of one's own, for what no HTTP client can be made to send."""

import asyncio
import json
import time
from contextlib import asynccontextmanager
from contextlib import suppress
from dataclasses import dataclass

from app_words import KEY

GET = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"


def post(phone, *, chunks=0):
    """A start; in so many `chunks`, or with its length."""
    body = json.dumps({"phone": phone}).encode()
    framing = b"Transfer-Encoding: chunked" if chunks else b"Content-Length: %d" % len(body)
    head = b"POST /api/verifications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer %s\r\n%s\r\n\r\n"
    if chunks:
        size = -(-len(body) // chunks)
        pieces = [body[at : at + size] for at in range(0, len(body), size)]
        body = b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    return head % (KEY.encode(), framing) + body


@dataclass
class Wire:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *pieces, pause=0.0):
        """As much of it as the other side takes; whether it took all."""
        try:
            for piece in pieces:
                self.writer.write(piece)
                await self.writer.drain()
                await asyncio.sleep(pause)
        except ConnectionError:
            return False
        return True

    async def status(self):
        """Of one answer, its body read."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length"))
        await self.reader.readexactly(length)
        return int(lines[0].split()[1])

    async def end(self, within):
        """What came until the other side closed, and the seconds that took; TimeoutError when it did not."""
        began, said = time.perf_counter(), b""
        async with asyncio.timeout(within):
            try:
                while piece := await self.reader.read(65_536):
                    said += piece
            except ConnectionError:
                pass
        return said, time.perf_counter() - began


@asynccontextmanager
async def wire(address):
    reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rsplit(":", 1)[1]))
    try:
        yield Wire(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()
