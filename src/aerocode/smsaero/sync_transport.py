"""The network of the blocking client: sockets, a time limit that holds, and failover that can't send twice.

Whether a request may have left is not guessed from the kind of error. Connecting is one step and writing the next:
what fails in the first is certain, what fails once the second has begun is not, and no request is ever written twice.
"""

import socket
import time
from collections.abc import Sequence
from typing import Self
from typing import TypeVar

from aerocode.smsaero.errors import Unreachable
from aerocode.smsaero.errors import Unsettled
from aerocode.smsaero.failover import Attempt
from aerocode.smsaero.failover import Course
from aerocode.smsaero.failover import Failover
from aerocode.smsaero.gates import GATES
from aerocode.smsaero.http1 import Broken
from aerocode.smsaero.http1 import Incoming
from aerocode.smsaero.http1 import TooLong
from aerocode.smsaero.model import Credentials
from aerocode.smsaero.sync_pool import SyncPool
from aerocode.smsaero.wire import Reply
from aerocode.smsaero.wire import Request
from aerocode.smsaero.wire import read_reply
from aerocode.smsaero.wire import written

T = TypeVar("T")


class SyncTransport:
    """Pooled connections to the gates, shared by every client and thread. Opens them when needed; `close` or `with`.

    `timeout` is as for `Transport`: seconds for one request in all, over all gates together.
    """

    def __init__(self, gates: Sequence[str] = GATES, *, timeout: float = 8.0) -> None:
        """Connect to nothing yet.

        Raises:
            ValueError: no gate, an unsafe one (see `gates.gate`), or a time limit that is not positive.

        """
        self._failover = Failover(gates, timeout=timeout)
        self._pools = {address: SyncPool(address) for address in self._failover.gates}

    def close(self) -> None:
        """Close the connections that wait for a request. One that is in use is closed by whoever uses it."""
        for pool in self._pools.values():
            pool.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def perform(self, request: Request[T], credentials: Credentials) -> T:
        """Ask the gates in order until one settles it.

        The next gate is asked only when the request certainly never left, or when it is a repeatable read.

        Raises:
            SmsAeroError: in one of its kinds; see `errors`.

        """
        deadline = time.monotonic() + self._failover.timeout
        course = Course(self._failover, request, clock=time.monotonic, deadline=deadline)
        for attempt in course:
            try:
                return read_reply(request, self._ask(attempt, credentials), secrets=credentials.secrets())
            except (Unreachable, Unsettled) as failure:
                course.failed(attempt, failure)
        raise course.verdict()

    def _ask(self, attempt: Attempt, credentials: Credentials) -> Reply:
        pool = self._pools[attempt.gate]
        incoming = Incoming(attempt.request.reply_limit)
        line, keep = None, 0.0
        try:
            raw = written(attempt.request, credentials, host=pool.host, base=pool.base)
            line = pool.idle() or pool.connect(attempt.connect_by)
            attempt.may_have_left = True
            status, body, retry_after = _exchange(line, raw, incoming, attempt)
            keep = incoming.keep
            return Reply(status=status, body=body, retry_after=retry_after, gate=attempt.gate, when=attempt.when)
        except TooLong as cause:
            failure: Unreachable | Unsettled = attempt.too_long(cause.status)
        except (OSError, UnicodeError, Broken) as cause:  # TimeoutError and TLS's errors are OSErrors
            failure = attempt.failure(cause)
        finally:
            pool.back(line, keep)
        raise failure  # outside the except, so that no report of it shows what the cause's frames hold: key and text


def _exchange(
    line: socket.socket, request: bytes, incoming: Incoming, attempt: Attempt
) -> tuple[int, bytes, str | None]:
    line.settimeout(_left(attempt))
    line.sendall(request)
    while incoming.answer is None:
        # Anew for each piece: a gate that sends a byte now and then must not hold us for ever.
        line.settimeout(_left(attempt))
        incoming.feed(line.recv(65_536))
    return incoming.answer


def _left(attempt: Attempt) -> float:
    left = attempt.answer_by - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
