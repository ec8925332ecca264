"""Counters for Prometheus. Labels hold usage types, statuses and codes of ours: never a phone, an id or a text."""

from collections.abc import Generator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry
from prometheus_client import Counter
from prometheus_client import Histogram
from prometheus_client import generate_latest
from prometheus_client import start_http_server
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from aerocode.errors import CannotStart
from aerocode.model.states import UsageType

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 16)


class Metrics:
    """Implements `ports.Meter`. Counters go from zero at each start, as Prometheus expects."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._started = Counter(
            "aerocode_starts", "Messages decided on, first ones and resends.", ["usage_type", "again"],
            registry=self._registry,
        )  # fmt: skip
        self._sent = Counter(
            "aerocode_sends", "Messages handed to the gate, by what it answered.", ["status", "reason"],
            registry=self._registry,
        )  # fmt: skip
        self._seconds = Histogram(
            "aerocode_send_seconds", "How long the gate took.", buckets=_SECONDS, registry=self._registry
        )
        self._checked = Counter("aerocode_checks", "Codes checked, by answer.", ["answer"], registry=self._registry)
        self._refused = Counter(
            "aerocode_refused", "Messages that did not leave, by the limit that refused.", ["limit"],
            registry=self._registry,
        )  # fmt: skip
        self._watched = Counter(
            "aerocode_watched", "Messages that left although a limit in monitor was over.", ["limit"],
            registry=self._registry,
        )  # fmt: skip
        self._repeated = Counter(
            "aerocode_repeated", "Requests answered as before by their Idempotency-Key.", registry=self._registry
        )

    def started(self, usage_type: UsageType, *, again: bool) -> None:
        self._started.labels(usage_type, str(again).lower()).inc()

    def sent(self, status: str, reason: str, seconds: float) -> None:
        self._sent.labels(status, reason).inc()
        self._seconds.observe(seconds)

    def checked(self, answer: str) -> None:
        self._checked.labels(answer).inc()

    def refused(self, limit: str) -> None:
        self._refused.labels(limit).inc()

    def watched(self, limit: str) -> None:
        self._watched.labels(limit).inc()

    def repeated(self) -> None:
        self._repeated.inc()

    @contextmanager
    def listening(self, port: int | None) -> Generator[None]:
        """Serve the counters on this machine alone, to whoever asks. Raises CannotStart when the port is taken."""
        if port is None:
            yield
            return
        try:
            server, thread = start_http_server(port, "127.0.0.1", self._registry)
        except OSError as cause:
            raise CannotStart(f"The metrics port {port} cannot be listened on: {cause.strerror}.") from cause
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def text(self) -> tuple[bytes, str]:
        return generate_latest(self._registry), CONTENT_TYPE_LATEST
