"""The one part that touches the network: a pool of connections, a time limit, and failover that can't send twice.

Whether a request may have left is not guessed from the kind of error. aiohttp calls `on_request_headers_sent` just
before it writes the first byte, so a failure before that call is certain and a failure after it is not. aiohttp itself
repeats a request on a stale connection only for idempotent methods (`IDEMPOTENT_METHODS` in its client.py), never POST.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from types import SimpleNamespace
from typing import Self
from typing import TypeVar

import aiohttp

from aerocode.smsaero.errors import Uncertain
from aerocode.smsaero.errors import Undecodable
from aerocode.smsaero.errors import Unreachable
from aerocode.smsaero.errors import Unsettled
from aerocode.smsaero.gates import GATES
from aerocode.smsaero.gates import gate
from aerocode.smsaero.model import Credentials
from aerocode.smsaero.wire import Reply
from aerocode.smsaero.wire import Request
from aerocode.smsaero.wire import headers
from aerocode.smsaero.wire import read_reply

T = TypeVar("T")

REPLY_LIMIT = 65_536  # bytes; a real reply has a few hundred
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
        self._session: aiohttp.ClientSession | None = None
        self._avoid: dict[str, float] = {}
        # aiohttp's own queue for a connection is unfair: whoever comes first to a freed one takes it, and under load
        # a request that waits may wait for ever. This one is first come, first served.
        self._slots = asyncio.Semaphore(CONNECTIONS)

    async def open(self) -> None:
        trace = aiohttp.TraceConfig()
        trace.on_request_headers_sent.append(_about_to_write)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=20),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(),  # one deadline of our own; aiohttp rounds its own to whole seconds
            trace_configs=[trace],
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

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
        deadline = asyncio.get_running_loop().time() + self.timeout
        await self._take_slot(deadline)
        try:
            return await self._perform(request, credentials, deadline)
        finally:
            self._slots.release()

    async def _take_slot(self, deadline: float) -> None:
        try:
            async with asyncio.timeout_at(deadline):
                await self._slots.acquire()
        except TimeoutError:
            raise Unreachable(f"{CONNECTIONS} other requests were under way all the time") from None

    async def _perform(self, request: Request[T], credentials: Credentials, deadline: float) -> T:
        now = asyncio.get_running_loop().time
        failures: list[Unreachable | Unsettled] = []
        order = self._order(now())
        for position, address in enumerate(order):
            # A read that hangs must leave time for the next gate; a send that hangs has no next gate.
            left = len(order) - position if request.repeatable else 1
            attempt = _Attempt(address, _Limits(now(), deadline, share=self.timeout / (len(order) + 1), split=left))
            try:
                reply = await self._ask(attempt, request, credentials)
                return read_reply(request, reply, secrets=credentials.secrets())
            except Unreachable as failure:
                self._avoid[address] = now() + AVOID
                failures.append(failure)
            except Unsettled as failure:
                if not request.repeatable:
                    raise
                failures.append(failure)
        raise _verdict(failures)

    def _order(self, now: float) -> list[str]:
        """The gates as given, but those that lately could not be reached last: connecting costs a share each time."""
        return sorted(self.gates, key=lambda address: self._avoid.get(address, 0.0) > now)

    async def _ask(self, attempt: "_Attempt", request: Request[T], credentials: Credentials) -> Reply:
        if self._session is None:
            raise RuntimeError("the transport is not open")
        try:
            async with (
                asyncio.timeout_at(attempt.limits.connect) as attempt.timer,
                self._session.post(
                    f"{attempt.gate}/v2/{request.path}",
                    data=request.encode(),
                    headers=headers(credentials),
                    allow_redirects=False,  # a redirect would carry key, phone and code to an address nobody chose
                    trace_request_ctx=attempt,
                ) as response,
            ):
                return Reply(
                    status=response.status,
                    body=await _bounded(response, attempt),
                    retry_after=response.headers.get("Retry-After"),
                    gate=attempt.gate,
                    when=attempt.when,
                )
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
            reason = _reason(error)
        # Outside the except on purpose, without a cause: the repr of some aiohttp errors quotes the request's headers,
        # and whoever reads an error report would read the API key.
        raise attempt.failure(reason, request.subject)


@dataclass(frozen=True, slots=True)
class _Limits:
    now: float
    deadline: float
    share: float
    split: int

    @property
    def connect(self) -> float:
        return min(self.now + self.share, self.answer)

    @property
    def answer(self) -> float:
        return self.now + (self.deadline - self.now) / self.split


class _Attempt:
    """One request to one gate: whether its bytes may have left, and when."""

    def __init__(self, address: str, limits: _Limits) -> None:
        self.gate = address
        self.limits = limits
        self.when = datetime.now(UTC)
        self.may_have_left = False
        self.timer: asyncio.Timeout | None = None

    def leave(self) -> None:
        self.may_have_left = True
        if self.timer is not None and not self.timer.expired():
            self.timer.reschedule(self.limits.answer)

    def failure(self, reason: str, subject: str) -> Unreachable | Uncertain:
        if not self.may_have_left:
            return Unreachable(f"{self.gate}: {reason}", gate=self.gate, when=self.when)
        about = f", about {subject}" if subject else ""
        return Uncertain(
            f"{self.gate} at {self.when:%Y-%m-%dT%H:%M:%SZ}{about}: {reason}", gate=self.gate, when=self.when
        )


async def _about_to_write(
    _session: aiohttp.ClientSession, context: SimpleNamespace, _params: aiohttp.TraceRequestHeadersSentParams
) -> None:
    context.trace_request_ctx.leave()


async def _bounded(response: aiohttp.ClientResponse, attempt: _Attempt) -> bytes:
    """The body, unless it is longer than any honest one: an endless reply must not fill the memory."""
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > REPLY_LIMIT:
            response.close()
            raise Undecodable(
                f"the answer is longer than {REPLY_LIMIT} bytes",
                http_status=response.status,
                gate=attempt.gate,
                when=attempt.when,
            )
    return bytes(body)


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientConnectorError):
        return f"{type(error).__name__}: {error.strerror or error.os_error}"
    # Only the kind: a parser's message quotes bytes of the reply, which may repeat the SMS.
    return type(error).__name__


def _verdict(failures: Sequence[Unreachable | Unsettled]) -> Unreachable | Unsettled:
    """What to say when no gate settled it: the last answer of those that gave one, else why each was out of reach."""
    answered = [failure for failure in failures if isinstance(failure, Unsettled)]
    if answered or len(failures) == 1:
        return (answered or failures)[-1]
    return Unreachable("; ".join(failure.detail for failure in failures))
