"""Counters for Prometheus. Labels hold usage types, statuses and codes of ours: never a phone, an id or a text.

Counting is an addition on the event loop; what Prometheus reads is made when it asks, since it asks less often.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Generator
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from itertools import accumulate

from prometheus_client import CollectorRegistry
from prometheus_client import Metric
from prometheus_client import generate_latest
from prometheus_client import start_http_server
from prometheus_client.core import CounterMetricFamily
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from aerocode.errors import CannotStart
from aerocode.model.states import UsageType

_SECONDS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
_BOUNDS = (*map(str, _SECONDS), "+Inf")


class Metrics(Collector):
    """Implements `ports.Meter`. Counters go from zero at each start, as Prometheus expects."""

    def __init__(self) -> None:
        self._started: Counter[tuple[str, ...]] = Counter()
        self._sent: Counter[tuple[str, ...]] = Counter()
        self._checked: Counter[tuple[str, ...]] = Counter()
        self._refused: Counter[tuple[str, ...]] = Counter()
        self._watched: Counter[tuple[str, ...]] = Counter()
        self._repeated: Counter[tuple[str, ...]] = Counter()
        self._took = [0] * len(_BOUNDS)
        self._seconds = 0.0
        self._registry = CollectorRegistry()
        self._shown = self._registry
        self._balance = float("nan")  # nobody was asked yet, and 0 would wake somebody up
        self._registry.register(self)

    def started(self, usage_type: UsageType, *, again: bool) -> None:
        self._started[usage_type, "true" if again else "false"] += 1

    def sent(self, status: str, reason: str, seconds: float) -> None:
        self._sent[status, reason] += 1
        self._took[bisect_left(_SECONDS, seconds)] += 1
        self._seconds += seconds

    def checked(self, answer: str) -> None:
        self._checked[answer,] += 1

    def collect(self) -> Iterator[Metric]:
        decided, handed = "Messages decided on, first ones and resends.", "Messages handed to the gate, by its answer."
        yield _family("aerocode_starts", decided, ["usage_type", "again"], self._started)
        yield _family("aerocode_sends", handed, ["status", "reason"], self._sent)
        yield _family("aerocode_checks", "Codes checked, by answer.", ["answer"], self._checked)
        refused, watched = "Messages that did not leave, by the limit.", "Messages that left over a limit in monitor."
        yield _family("aerocode_refused", refused, ["limit"], self._refused)
        yield _family("aerocode_watched", watched, ["limit"], self._watched)
        repeated = "Requests answered as before by their Idempotency-Key."
        yield _family("aerocode_repeated", repeated, [], self._repeated)
        left = "What the SMS Aero account had left when it was last asked."
        yield GaugeMetricFamily("aerocode_balance_roubles", left, value=self._balance)
        buckets = list(zip(_BOUNDS, accumulate(self._took), strict=True))
        yield HistogramMetricFamily(
            "aerocode_send_seconds", "How long the gate took.", buckets=buckets, sum_value=self._seconds
        )

    def refused(self, limit: str) -> None:
        self._refused[limit,] += 1

    def watched(self, limit: str) -> None:
        self._watched[limit,] += 1

    def repeated(self) -> None:
        self._repeated[()] += 1

    def balance(self, roubles: Decimal) -> None:
        self._balance = float(roubles)

    @contextmanager
    def listening(self, port: int | None) -> Generator[None]:
        """Serve the counters on this machine alone, to whoever asks. Raises CannotStart when the port is taken."""
        if port is None:
            yield
            return
        try:
            server, thread = start_http_server(port, "127.0.0.1", self._shown)
        except OSError as cause:
            raise CannotStart(f"The metrics port {port} cannot be listened on: {cause.strerror}.") from cause
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()

    def text(self) -> tuple[bytes, str]:
        return generate_latest(self._shown), CONTENT_TYPE_LATEST

    def of_this_process(self) -> bytes:
        return generate_latest(self._registry)

    def show(self, collector: Collector) -> None:
        """Show what that collects, instead of what was counted here."""
        self._shown = CollectorRegistry()
        self._shown.register(collector)


def _family(name: str, documentation: str, labels: list[str], counted: Counter[tuple[str, ...]]) -> Metric:
    family = CounterMetricFamily(name, documentation, labels=labels)
    for values, count in list(counted.items()):  # a list at once: the metrics port is read from another thread
        family.add_metric(values, count)
    return family
