"""The gates, asked one after the other: a time limit, and failover that can't send twice.

Whether a request may have left is not guessed from the kind of error. Connecting is one step and writing the next: what
fails in the first is certain, what fails once the second has begun is not, and no request is ever written twice.
"""

import asyncio
from collections.abc import Sequence
from typing import Self
from typing import TypeVar

from aerocode.smsaero.connection import Connection
from aerocode.smsaero.errors import Unreachable
from aerocode.smsaero.errors import Unsettled
from aerocode.smsaero.failover import Attempt
from aerocode.smsaero.failover import Course
from aerocode.smsaero.failover import Failover
from aerocode.smsaero.gates import GATES
from aerocode.smsaero.http1 import Broken
from aerocode.smsaero.http1 import TooLong
from aerocode.smsaero.model import Credentials
from aerocode.smsaero.pool import Pool
from aerocode.smsaero.wire import Reply
from aerocode.smsaero.wire import Request
from aerocode.smsaero.wire import read_reply
from aerocode.smsaero.wire import written

T = TypeVar("T")

CONNECTIONS = 128  # requests under way at once


class Transport:
    """Pooled connections to the gates, shared by every client. The caller opens and closes it, or uses `async with`.

    `timeout` is seconds for one request in all, over all gates together. Of it each gate may spend one share of
    `len(gates) + 1` on name, connection and TLS, so that a gate whose TLS never completes still leaves time for others.
    """

    def __init__(self, gates: Sequence[str] = GATES, *, timeout: float = 8.0) -> None:
        """Connect to nothing yet.

        Raises:
            ValueError: no gate, an unsafe one (see `gates.gate`), or a time limit that is not positive.

        """
        self._failover = Failover(gates, timeout=timeout)
        self.gates = self._failover.gates
        self.timeout = timeout
        self._pools: dict[str, Pool] = {}
        self._slots = asyncio.Semaphore(CONNECTIONS)  # first come, first served

    async def open(self) -> None:
        self._pools = {address: Pool(address) for address in self.gates}

    async def close(self) -> None:
        pools, self._pools = self._pools, {}
        for pool in pools.values():
            await pool.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def perform(self, request: Request[T], credentials: Credentials) -> T:
        """Ask the gates in order until one settles it.

        The next gate is asked only when the request certainly never left, or when it is a repeatable read.

        Raises:
            SmsAeroError: in one of its kinds; see `errors`.

        """
        if not self._pools:
            raise RuntimeError("the transport is not open")
        now = asyncio.get_running_loop().time
        deadline = now() + self.timeout
        if self._slots.locked():
            await self._wait_for_slot(deadline)
        else:
            await self._slots.acquire()
        try:
            course = Course(self._failover, request, clock=now, deadline=deadline)
            for attempt in course:
                try:
                    return read_reply(request, await self._ask(attempt, credentials), secrets=credentials.secrets())
                except (Unreachable, Unsettled) as failure:
                    course.failed(attempt, failure)
            raise course.verdict()
        finally:
            self._slots.release()

    async def _wait_for_slot(self, deadline: float) -> None:
        try:
            async with asyncio.timeout_at(deadline):
                await self._slots.acquire()
        except TimeoutError:
            raise Unreachable(f"{CONNECTIONS} other requests were under way all the time") from None

    async def _ask(self, attempt: Attempt, credentials: Credentials) -> Reply:
        pool = self._pools[attempt.gate]
        connection = None
        try:
            raw = written(attempt.request, credentials, host=pool.host, base=pool.base)
            connection = pool.idle() or await _connected(pool, attempt)
            # Nothing else runs between the look at the connection and the first byte on it.
            attempt.may_have_left = True
            status, body, retry_after = await connection.exchange(raw, attempt.answer_by, attempt.request.reply_limit)
            return Reply(status=status, body=body, retry_after=retry_after, gate=attempt.gate, when=attempt.when)
        except TooLong as cause:
            failure: Unreachable | Unsettled = attempt.too_long(cause.status)
        except (OSError, UnicodeError, Broken) as cause:  # TimeoutError and TLS's errors are OSErrors
            failure = attempt.failure(cause)
        finally:
            if connection is not None:
                pool.back(connection)
        raise failure  # outside the except, so that no report of it shows what the cause's frames hold: key and text


async def _connected(pool: Pool, attempt: Attempt) -> Connection:
    async with asyncio.timeout_at(attempt.connect_by):
        return await pool.connect()
