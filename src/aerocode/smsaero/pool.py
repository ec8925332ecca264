"""The connections to one gate: a name looked up anew for each, a certificate always verified, the idle ones kept."""

import asyncio
import socket
from collections import deque
from urllib.parse import urlsplit

import aiohappyeyeballs

from aerocode.smsaero.connection import Connection
from aerocode.smsaero.gates import tls

#: Seconds before the next of a name's addresses is tried beside one that does not answer (RFC 8305).
_STAGGER = 0.25


class Pool:
    """`address` is a gate's base address (see `gates.gate`). Lives on the running loop; counts no limit of its own."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._tls = tls() if parts.scheme == "https" else None
        self._loop = asyncio.get_running_loop()
        self._idle: deque[Connection] = deque()
        self._every: set[Connection] = set()
        self._none = asyncio.Event()
        self._closed = False
        self._sweeper: asyncio.TimerHandle | None = None
        host = f"[{self._host}]" if ":" in self._host else self._host
        port = "" if self._port == (80 if self._tls is None else 443) else f":{self._port}"
        #: What leads every path, and what the header `Host` says.
        self.base, self.host = parts.path, host + port

    def idle(self) -> Connection | None:
        """The one used last, so that those not needed grow old; None when no connection waits."""
        now = self._loop.time()
        while self._idle:
            connection = self._idle.pop()
            if connection.open and now < connection.idle_until:
                return connection
            connection.abort()
        return None

    async def connect(self) -> Connection:
        """A new connection, on which nothing has been written. Raises OSError (TLS's errors are some) or UnicodeError.

        uvloop tries a name's addresses one after the other, so that one that never answers would take all the time.
        """
        found = await self._loop.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
        raw = await aiohappyeyeballs.start_connection(
            [(family, kind, number, name, where) for family, kind, number, name, where in found],
            happy_eyeballs_delay=_STAGGER,
            interleave=1,
            loop=self._loop,
        )
        _, connection = await self._loop.create_connection(
            lambda: Connection(self._loop, self._gone),
            sock=raw,
            ssl=self._tls,
            server_hostname=None if self._tls is None else self._host,
        )
        if self._closed:
            connection.abort()
        if not connection.open:
            raise ConnectionResetError
        self._every.add(connection)
        return connection

    def back(self, connection: Connection) -> None:
        """After its exchange: kept when it can take another."""
        if connection.open:
            self._idle.append(connection)
            if self._sweeper is None:
                self._sweeper = self._loop.call_at(connection.idle_until, self._sweep)

    async def close(self) -> None:
        """Abort every connection, those in use too, and see them closed."""
        self._closed = True
        if self._sweeper is not None:
            self._sweeper.cancel()
        for connection in self._every:
            connection.abort()
        if self._every:
            await self._none.wait()

    def _gone(self, connection: Connection) -> None:
        self._every.discard(connection)
        if not self._every:
            self._none.set()

    def _sweep(self) -> None:
        """Close those that nobody needed for so long, and look again when the next is due."""
        now = self._loop.time()
        for connection in self._idle:
            if now >= connection.idle_until:
                connection.abort()
        self._idle = deque(connection for connection in self._idle if connection.open)
        due = min((connection.idle_until for connection in self._idle), default=None)
        self._sweeper = None if due is None else self._loop.call_at(due, self._sweep)
