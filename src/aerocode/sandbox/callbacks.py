"""Calling back, as SMS Aero does when the status of a message changes.

A form by default, JSON when `callbackFormat` says so; the fields of SMS are `id`, `status` and `extendStatus`. Whether
the real gate repeats a callback that was not answered by 200 is not known; this one does not.
"""

import asyncio
from collections import Counter
from collections import deque
from collections.abc import Collection
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from aerocode.sandbox.clock import Clock
from aerocode.sandbox.faults import Reports
from aerocode.smsaero.gates import is_loopback

_LIMIT = 5.0  # seconds for one call
_KEPT = 50  # calls told by /control

Report = tuple[float, Mapping[str, Any]]
"""When, in Unix seconds on the sandbox's clock, and what is told then."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a caller wants to hear of a message."""

    url: str
    as_json: bool = False


@dataclass(slots=True)
class _Round:
    """The callbacks of one message; `next` is when the next of them is due."""

    next: float


class Callbacks:
    """`ports` are those of this machine that may be called; None is all of them. Other machines are never called."""

    def __init__(self, clock: Clock, *, ports: Collection[int] | None = None) -> None:
        self._clock = clock
        self._ports = ports
        self._session: aiohttp.ClientSession | None = None
        self._rounds: dict[asyncio.Task[None], _Round] = {}
        self._told = asyncio.Condition()
        self.counts: Counter[str] = Counter(answered=0, failed=0, refused=0)
        """Calls answered by 200, those answered otherwise or not at all, and messages whose URL may not be called."""
        self.last: deque[dict[str, Any]] = deque(maxlen=_KEPT)
        """The last calls: what was told, and the HTTP status of the answer or the kind of failure."""

    async def start(self) -> None:
        self._told = asyncio.Condition()
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=_LIMIT))

    async def stop(self) -> None:
        """Callbacks that are still to come are forgotten."""
        for task in self._rounds:
            task.cancel()
        await asyncio.gather(*self._rounds, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def follow(self, target: Target | None, reports: Sequence[Report], habit: Reports) -> None:
        """Tell `target` each report when it is due, in the order and as often as `habit` has it."""
        if target is None or not reports:
            return
        if not self._may_call(target.url):
            self.counts["refused"] += 1
            return
        if habit is Reports.SHUFFLED:
            end = reports[-1][0]
            reports = [(end, fields) for _, fields in reversed(reports)]
        elif habit is Reports.TWICE:
            reports = [report for report in reports for _ in range(2)]
        round_ = _Round(next=reports[0][0])
        task = asyncio.create_task(self._tell(target, reports, round_))
        self._rounds[task] = round_
        task.add_done_callback(self._rounds.pop)

    async def settled(self) -> None:
        """Wait until every callback that is due by now has been answered or has failed."""
        now = self._clock.now()
        async with self._told:
            await self._told.wait_for(lambda: not any(waiting.next <= now for waiting in self._rounds.values()))

    def _may_call(self, url: str) -> bool:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
        return is_loopback(parts.hostname or "") and (self._ports is None or port in self._ports)

    async def _tell(self, target: Target, reports: Sequence[Report], round_: _Round) -> None:
        following = [when for when, _ in reports[1:]]
        for (when, fields), after in zip(reports, [*following, float("inf")], strict=True):
            await self._clock.until(when)
            try:
                outcome = await self._post(target, fields)
                self.counts["answered" if outcome == 200 else "failed"] += 1
                self.last.append({**fields, "answer": outcome})
            finally:
                # Whatever happened, nobody waits for this one any more.
                round_.next = after
                async with self._told:
                    self._told.notify_all()

    async def _post(self, target: Target, fields: Mapping[str, Any]) -> int | str:
        """The status of the answer, or why there is none."""
        if self._session is None:
            raise RuntimeError("the sandbox does not run")
        form = None if target.as_json else {name: str(value) for name, value in fields.items()}
        try:
            async with self._session.post(
                target.url, json=dict(fields) if target.as_json else None, data=form, allow_redirects=False
            ) as reply:
                return reply.status
        except (aiohttp.ClientError, TimeoutError) as error:
            return type(error).__name__
