"""A server below HTTP: it says exactly the bytes it is told to."""

import asyncio
import contextlib

SMS = {"number": "79129999999", "sign": "SMS Aero", "text": "482913 is your code"}

JSON = b'{"number":"79129999999","sign":"SMS Aero","text":"482913 is your code"}'


@contextlib.asynccontextmanager
async def listening(talk):
    """A raw server on loopback; yields its port and the requests' first bytes it has read."""
    heard, open_now = [], set()

    async def handle(reader, writer):
        open_now.add(writer)
        try:
            await talk(reader, writer, heard)
        except (OSError, asyncio.IncompleteReadError):
            pass  # the client went away, which is its right
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    try:
        yield server.sockets[0].getsockname()[1], heard
    finally:
        server.close()
        for writer in open_now:
            writer.transport.abort()
        await server.wait_closed()
        await asyncio.sleep(0)


async def silence(reader, writer, heard):
    while data := await reader.read(65_536):
        heard.append(data)


def answering(*chunks, forever=False):
    async def talk(reader, writer, heard):
        heard.append(await reader.readuntil(b"}"))
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
        while forever:
            writer.write(chunks[-1])
            await writer.drain()

    return talk


#: What a gate says of an SMS it took.
TAKEN = b'{"success":true,"data":{"id":1}}'
OK = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(TAKEN), TAKEN)


@contextlib.asynccontextmanager
async def talking(*connections, tls=None, port=0):
    """A gate that gives each connection its own replies, in turn, and then closes it: address and requests of each."""
    heard = []

    async def handle(reader, writer):
        mine = []
        heard.append(mine)
        try:
            for reply in connections[min(len(heard), len(connections)) - 1]:
                mine.append(await reader.readuntil(b"}"))
                writer.write(reply)
                await writer.drain()
            writer.close()
        except (OSError, asyncio.IncompleteReadError):
            writer.transport.abort()

    server = await asyncio.start_server(handle, "127.0.0.1", port, ssl=tls)
    scheme = "http://127.0.0.1" if tls is None else "https://localhost"
    try:
        yield f"{scheme}:{server.sockets[0].getsockname()[1]}", heard
    finally:
        server.close()
        await asyncio.sleep(0.02)  # both ends see the end
