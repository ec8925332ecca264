"""The counters of several workers, shown by any of them: each puts its own on a shelf, labelled with its number.

Under a label of its own, a worker that was started again counts from zero as Prometheus expects, and the others go on.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector

from aerocode.app.metrics import Metrics

_EVERY = 1.0  # seconds: how old the others' counters may be


class Shelf(Collector):
    """`folder` is the workers' alone, and goes with them."""

    def __init__(self, folder: Path, number: int, metrics: Metrics) -> None:
        self._folder = folder
        self._number = number
        self._metrics = metrics

    def collect(self) -> Iterable[Metric]:
        found: dict[str, Metric] = {}
        for place in sorted(self._folder.glob("*.txt")):
            for family in text_string_to_metric_families(self._text(place)):
                all_of_it = found.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                for sample in family.samples:
                    all_of_it.add_sample(sample.name, {**sample.labels, "worker": place.stem}, sample.value)
        return found.values()

    def put(self) -> None:
        draft = self._folder / f"{self._number}.new"
        draft.write_bytes(self._metrics.of_this_process())
        draft.replace(self._folder / f"{self._number}.txt")

    @contextlib.asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        self.put()
        self._metrics.show(self)
        task = asyncio.ensure_future(self._go_on())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _text(self, place: Path) -> str:
        if place.stem == str(self._number):
            return self._metrics.of_this_process().decode()
        return place.read_text("utf-8")

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            await asyncio.get_running_loop().run_in_executor(None, self.put)
