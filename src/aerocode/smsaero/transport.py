"""The gates, asked one after the other: a time limit, and failover that can't send twice.

Whether a request may have left is not guessed from the kind of error. Connecting is one step and writing the next: what
fails in the first is certain, what fails once the second has begun is not, and no request is ever written twice.
"""

import asyncio
from collections.abc import Sequence
from datetime import UTC
from datetime import datetime
from ssl import SSLCertVerificationError
from ssl import SSLError
from typing import Self
from typing import TypeVar

from aerocode.smsaero.connection import Broken
from aerocode.smsaero.connection import Connection
from aerocode.smsaero.connection import TooLong
from aerocode.smsaero.errors import Uncertain
from aerocode.smsaero.errors import Undecodable
from aerocode.smsaero.errors import Unreachable
from aerocode.smsaero.errors import Unsettled
from aerocode.smsaero.gates import GATES
from aerocode.smsaero.gates import gate
from aerocode.smsaero.model import Credentials
from aerocode.smsaero.pool import Pool
from aerocode.smsaero.wire import Reply
from aerocode.smsaero.wire import Request
from aerocode.smsaero.wire import read_reply
from aerocode.smsaero.wire import written

T = TypeVar("T")

CONNECTIONS = 128  # requests under way at once
AVOID = 60.0  # seconds a gate that could not be reached is asked last


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
        self.gates = tuple(dict.fromkeys(gate(address) for address in gates))
        if not self.gates:
            raise ValueError("at least one gate is needed")
        if not timeout > 0:
            raise ValueError("the time limit must be positive")
        self.timeout = timeout
        self._pools: dict[str, Pool] = {}
        self._avoid: dict[str, float] = {}
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
        deadline = asyncio.get_running_loop().time() + self.timeout
        if self._slots.locked():
            await self._wait_for_slot(deadline)
        else:
            await self._slots.acquire()
        try:
            return await self._perform(request, credentials, deadline)
        finally:
            self._slots.release()

    async def _wait_for_slot(self, deadline: float) -> None:
        try:
            async with asyncio.timeout_at(deadline):
                await self._slots.acquire()
        except TimeoutError:
            raise Unreachable(f"{CONNECTIONS} other requests were under way all the time") from None

    async def _perform(self, request: Request[T], credentials: Credentials, deadline: float) -> T:
        time = asyncio.get_running_loop().time
        failures: list[Unreachable | Unsettled] = []
        order = self._order(time()) if self._avoid else self.gates
        for position, address in enumerate(order):
            # A read that hangs must leave time for the next gate; a send that hangs has no next gate.
            now, left = time(), len(order) - position if request.repeatable else 1
            answer_by = now + (deadline - now) / left
            connect_by = min(now + self.timeout / (len(order) + 1), answer_by)
            try:
                reply = await self._ask(address, request, credentials, connect_by=connect_by, answer_by=answer_by)
                return read_reply(request, reply, secrets=credentials.secrets())
            except Unreachable as failure:
                self._avoid[address] = time() + AVOID
                failures.append(failure)
            except Unsettled as failure:
                if not request.repeatable:
                    raise
                failures.append(failure)
        raise _verdict(failures)

    def _order(self, now: float) -> Sequence[str]:
        """The gates as given, but those that lately could not be reached last: connecting costs a share each time."""
        return sorted(self.gates, key=lambda address: self._avoid.get(address, 0.0) > now)

    async def _ask(
        self, address: str, request: Request[T], credentials: Credentials, *, connect_by: float, answer_by: float
    ) -> Reply:
        """One request to one gate; the times are the loop's."""
        pool = self._pools[address]
        connection = pool.idle() or await _connected(pool, address, connect_by)
        # Nothing else runs between the look at the connection and the first byte on it.
        when = datetime.now(UTC)
        try:
            status, body, retry_after = await connection.exchange(
                written(request, credentials, host=pool.host, base=pool.base), answer_by
            )
            return Reply(status=status, body=body, retry_after=retry_after, gate=address, when=when)
        except (TimeoutError, Broken, TooLong) as cause:
            failure = _doubt(cause, address, when, request.subject)
        finally:
            pool.back(connection)
        raise failure  # outside the except, so that no report of it shows what the cause's frames hold: key and text


async def _connected(pool: Pool, address: str, until: float) -> Connection:
    """Raises Unreachable."""
    try:
        async with asyncio.timeout_at(until):
            return await pool.connect()
    except (OSError, UnicodeError) as cause:  # TimeoutError and TLS's errors are OSErrors
        reason = _reason(cause)
    raise Unreachable(f"{address}: {reason}", gate=address, when=datetime.now(UTC))


def _doubt(cause: Exception, address: str, when: datetime, subject: str) -> Uncertain | Undecodable:
    if isinstance(cause, TooLong):
        return Undecodable(str(cause), http_status=cause.status, gate=address, when=when)
    about = f", about {subject}" if subject else ""
    timed_out = isinstance(cause, TimeoutError)
    said = "no answer in time" if timed_out else cause
    told = f"{address} at {when:%Y-%m-%dT%H:%M:%SZ}{about}: {said}"
    return Uncertain(told, timed_out=timed_out, gate=address, when=when)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, SSLCertVerificationError):
        return f"Certificate not trusted: {error.verify_message}"
    if isinstance(error, SSLError):
        return f"TLS failed: {error.reason}"
    return f"{type(error).__name__}: {error.strerror}" if isinstance(error, OSError) else type(error).__name__


def _verdict(failures: Sequence[Unreachable | Unsettled]) -> Unreachable | Unsettled:
    """What to say when no gate settled it: the last answer of those that gave one, else why each was out of reach."""
    answered = [failure for failure in failures if isinstance(failure, Unsettled)]
    if answered or len(failures) == 1:
        return (answered or failures)[-1]
    return Unreachable("; ".join(failure.detail for failure in failures))
