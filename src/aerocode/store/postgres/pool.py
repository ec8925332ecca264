"""Connections: how many, how long anybody waits for one or on one, and where the driver's errors become ours.

A connection that was interrupted is thrown away: what the server was doing on it is not known. A lost one is replaced
by the next who asks, so that service returns with the database and nothing has to notice that it did.
"""

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta

import asyncpg

from aerocode.errors import StoreUnavailable
from aerocode.store.postgres.session import Session

#: What the driver and the network raise; nothing of it leaves this room.
FOREIGN = (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError, EOFError)

#: Told to the server at the start of each connection, so that it lets go of what we have given up.
SETTINGS = {
    "application_name": "aerocode",
    "search_path": "aerocode",
    "timezone": "UTC",
    "synchronous_commit": "on",
    "jit": "off",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """`size` connections at most; `waiting` callers at most wait for one.

    `connect` and `whole` are seconds: for a new connection, and for waiting and the whole transaction together.
    `settings` are the session's own, told to the server.
    """

    size: int
    waiting: int = 200
    connect: float = 1.0
    whole: float = 1.8
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def session(self) -> dict[str, str]:
        milliseconds = int(self.whole * 1000)
        limits = {
            # A lock nobody gives back, a statement nobody waits for any more, a replica that froze holding locks.
            "lock_timeout": str(milliseconds * 2 // 3),
            "statement_timeout": str(milliseconds),
            "idle_in_transaction_session_timeout": str(milliseconds + 1000),
        }
        return {**SETTINGS, **limits, **self.settings}


class Pool:
    """Lives on one event loop. What leaves it is StoreUnavailable, with the driver's error as its cause."""

    def __init__(self, url: str, bounds: Bounds, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset // timedelta(microseconds=1)
        self._url = url
        self._bounds = bounds
        self._idle: list[asyncpg.Connection] = []
        self._free = bounds.size
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._closed = False

    async def close(self) -> None:
        """Whoever has a connection keeps it to the end of the transaction."""
        self._closed = True
        while self._idle:
            connection = self._idle.pop()
            with contextlib.suppress(*FOREIGN, TimeoutError):
                await connection.close(timeout=self._bounds.connect)

    @contextlib.asynccontextmanager
    async def transaction(self, *, begin: str = "begin") -> AsyncIterator[Session]:
        """Committed when the block ends well, rolled back when it raises, and over within the bounds either way.

        Raises StoreUnavailable. When that comes from the commit itself, the database may have committed all the same.
        """
        try:
            async with asyncio.timeout(self._bounds.whole), self._turn(), self._connection() as connection:
                await connection.execute(begin)
                try:
                    yield Session(connection, self.offset)
                except Exception:  # not when time is up: the server may not answer this either
                    if not connection.is_closed():
                        await connection.execute("rollback")
                    raise
                await connection.execute("commit")
        except (*FOREIGN, TimeoutError) as cause:
            raise StoreUnavailable from cause

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncpg.Connection]:
        connection = await self._open()
        try:
            yield connection
        finally:
            # Interrupted in the middle of a transaction, it is of no use to anybody any more.
            if self._closed or connection.is_closed() or connection.is_in_transaction():
                connection.terminate()
            else:
                self._idle.append(connection)

    @contextlib.asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        await self._wait()
        try:
            yield
        finally:
            self._next()

    async def _wait(self) -> None:
        if self._closed:
            raise StoreUnavailable
        if self._free and not self._waiting:
            self._free -= 1
            return
        if len(self._waiting) >= self._bounds.waiting:
            raise StoreUnavailable
        place = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        try:
            await place
        except BaseException:
            if place in self._waiting:
                self._waiting.remove(place)
            elif not place.cancelled():
                self._next()  # it was handed over in the moment we gave up
            raise

    def _next(self) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                return
        self._free += 1

    async def _open(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        return await asyncpg.connect(self._url, timeout=self._bounds.connect, server_settings=self._bounds.session)
