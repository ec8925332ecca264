"""Which gate is asked next, for how long, and what is said when none settled it. Without a network.

The next gate is asked only when the request certainly never left, or when it is a repeatable read.
"""

from collections.abc import Callable
from collections.abc import Iterator
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from ssl import SSLCertVerificationError
from ssl import SSLError
from typing import Any

from aerocode.smsaero.errors import Facts
from aerocode.smsaero.errors import Uncertain
from aerocode.smsaero.errors import Undecodable
from aerocode.smsaero.errors import Unreachable
from aerocode.smsaero.errors import Unsettled
from aerocode.smsaero.gates import gate
from aerocode.smsaero.http1 import Broken
from aerocode.smsaero.wire import Request

AVOID = 60.0  # seconds a gate that could not be reached is asked last


@dataclass(slots=True, kw_only=True)
class Attempt:
    """One request to one gate. Whoever touches the network sets `may_have_left` just before the first byte leaves."""

    request: Request[Any]
    gate: str
    connect_by: float
    """When name, connection and TLS must be done, by the caller's clock."""
    answer_by: float
    """When the whole reply must be there, by the caller's clock."""
    when: datetime
    """When it was begun, aware."""
    may_have_left: bool = False

    def failure(self, cause: Exception) -> Unreachable | Uncertain:
        """The error for a connection that failed; it quotes neither the request nor the reply, nor drags the cause."""
        said = reason(cause)
        if not self.may_have_left:
            return Unreachable(f"{self.gate}: {said}", **self._facts())
        about = f", about {self.request.subject}" if self.request.subject else ""
        told = f"{self.gate} at {self.when:%Y-%m-%dT%H:%M:%SZ}{about}: {said}"
        return Uncertain(told, timed_out=isinstance(cause, TimeoutError), **self._facts())

    def too_long(self, http_status: int | None) -> Undecodable:
        """The error for a reply longer than any honest one: an endless reply must not fill the memory."""
        words = f"the answer is longer than {self.request.reply_limit} bytes"
        return Undecodable(words, **self._facts(http_status))

    def _facts(self, http_status: int | None = None) -> Facts:
        return Facts(
            http_status=http_status,
            gate=self.gate,
            when=self.when,
            path=self.request.path,
            subject=self.request.subject,
        )


class Failover:
    """The gates in the user's order, and which of them lately could not be reached. Shared by every request.

    `timeout` is seconds for one request in all, over all gates together. Of it each gate may spend one share of
    `len(gates) + 1` on name, connection and TLS, so that a gate whose TLS never completes still leaves time for others.
    """

    def __init__(self, gates: Sequence[str], *, timeout: float) -> None:
        """Raises ValueError: no gate, an unsafe one (see `gates.gate`), or a time limit that is not positive."""
        self.gates = tuple(dict.fromkeys(gate(address) for address in gates))
        if not self.gates:
            raise ValueError("at least one gate is needed")
        if not timeout > 0:
            raise ValueError("the time limit must be positive")
        self.timeout = timeout
        self.out_of_reach: dict[str, float] = {}
        """Gate to the time until which it is asked last."""

    def order(self, now: float) -> Sequence[str]:
        """The gates as given, but those that lately could not be reached last: connecting costs a share each time."""
        if not self.out_of_reach:
            return self.gates
        return sorted(self.gates, key=lambda address: self.out_of_reach.get(address, 0.0) > now)


class Course:
    """One request on its way over the gates: iterate to get the attempts, tell each that failed, raise the verdict.

    `clock` gives seconds that only grow; `deadline` is by the same clock.
    """

    def __init__(
        self, failover: Failover, request: Request[Any], *, clock: Callable[[], float], deadline: float
    ) -> None:
        self._failover = failover
        self._request = request
        self._clock = clock
        self._deadline = deadline
        self._failures: list[Unreachable | Unsettled] = []

    def __iter__(self) -> Iterator[Attempt]:
        order = self._failover.order(self._clock())
        share = self._failover.timeout / (len(order) + 1)
        for position, address in enumerate(order):
            now = self._clock()
            # A read that hangs must leave time for the next gate; a send that hangs has no next gate.
            split = len(order) - position if self._request.repeatable else 1
            answer_by = now + (self._deadline - now) / split
            yield Attempt(
                request=self._request,
                gate=address,
                connect_by=min(now + share, answer_by),
                answer_by=answer_by,
                when=datetime.now(UTC),
            )

    def failed(self, attempt: Attempt, failure: Unreachable | Unsettled) -> None:
        """Let the next gate be asked, or raise `failure` when a second request could carry it out twice."""
        if isinstance(failure, Unreachable):
            self._failover.out_of_reach[attempt.gate] = self._clock() + AVOID
        elif not self._request.repeatable:
            raise failure
        self._failures.append(failure)

    def verdict(self) -> Unreachable | Unsettled:
        """What to say when no gate settled it: the last answer of those that gave one, else why each failed."""
        answered = [failure for failure in self._failures if isinstance(failure, Unsettled)]
        if answered or len(self._failures) == 1:
            return (answered or self._failures)[-1]
        return Unreachable("; ".join(failure.detail for failure in self._failures))


def reason(error: Exception) -> str:
    """Why a connection failed, in words that quote nothing that was sent or received."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, SSLCertVerificationError):
        return f"Certificate not trusted: {error.verify_message}"
    if isinstance(error, SSLError):
        return f"TLS failed: {error.reason}"
    if isinstance(error, Broken):
        return str(error)
    return f"{type(error).__name__}: {error.strerror}" if isinstance(error, OSError) else type(error).__name__
