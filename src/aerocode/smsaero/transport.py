"""The one part that touches the network: a pool of connections, a time limit, and failover that can't send twice.

Whether a request may have left is not guessed from the kind of error. aiohttp calls `on_request_headers_sent` just
before it writes the first byte, so a failure before that call is certain and a failure after it is not. aiohttp itself
repeats a request on a stale connection only for idempotent methods (`IDEMPOTENT_METHODS` in its client.py), never POST.
"""

import asyncio
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Self
from typing import TypeVar

import aiohttp

from aerocode.smsaero.errors import Unreachable
from aerocode.smsaero.errors import Unsettled
from aerocode.smsaero.failover import Attempt
from aerocode.smsaero.failover import Course
from aerocode.smsaero.failover import Failover
from aerocode.smsaero.gates import GATES
from aerocode.smsaero.http1 import Broken
from aerocode.smsaero.model import Credentials
from aerocode.smsaero.wire import Reply
from aerocode.smsaero.wire import Request
from aerocode.smsaero.wire import headers
from aerocode.smsaero.wire import read_reply

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
        self._session: aiohttp.ClientSession | None = None
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
        now = asyncio.get_running_loop().time
        deadline = now() + self.timeout
        await self._take_slot(deadline)
        try:
            course = Course(self._failover, request, clock=now, deadline=deadline)
            for attempt in course:
                try:
                    reply = await self._ask(attempt, credentials)
                    return read_reply(request, reply, secrets=credentials.secrets())
                except (Unreachable, Unsettled) as failure:
                    course.failed(attempt, failure)
            raise course.verdict()
        finally:
            self._slots.release()

    async def _take_slot(self, deadline: float) -> None:
        try:
            async with asyncio.timeout_at(deadline):
                await self._slots.acquire()
        except TimeoutError:
            raise Unreachable(f"{CONNECTIONS} other requests were under way all the time") from None

    async def _ask(self, attempt: Attempt, credentials: Credentials) -> Reply:
        if self._session is None:
            raise RuntimeError("the transport is not open")
        try:
            async with (
                asyncio.timeout_at(attempt.connect_by) as timer,
                self._session.post(
                    f"{attempt.gate}/v2/{attempt.request.path}",
                    data=attempt.request.encode(),
                    headers=headers(credentials),
                    allow_redirects=False,  # a redirect would carry key, phone and code to an address nobody chose
                    trace_request_ctx=(attempt, timer),
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
            failure = attempt.failure(_cause(error))
        # Outside the except on purpose, without a cause: the repr of some aiohttp errors quotes the request's headers,
        # and whoever reads an error report would read the API key.
        raise failure


async def _about_to_write(
    _session: aiohttp.ClientSession, context: SimpleNamespace, _params: aiohttp.TraceRequestHeadersSentParams
) -> None:
    attempt, timer = context.trace_request_ctx
    attempt.may_have_left = True
    if not timer.expired():
        timer.reschedule(attempt.answer_by)


async def _bounded(response: aiohttp.ClientResponse, attempt: Attempt) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > attempt.request.reply_limit:
            response.close()
            raise attempt.too_long(response.status)
    return bytes(body)


def _cause(error: Exception) -> Exception:
    """Aiohttp's errors by what is beneath them; of a parser's only the kind, since its message quotes the reply."""
    if isinstance(error, aiohttp.ClientConnectorCertificateError):
        return error.certificate_error
    if isinstance(error, aiohttp.ClientConnectorError):
        return error.os_error
    return error if isinstance(error, OSError) else Broken(type(error).__name__)
