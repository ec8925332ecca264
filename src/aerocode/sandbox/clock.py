"""The sandbox's clock: the machine's, plus what was added by hand."""

import asyncio
import time
from contextlib import suppress


class Clock:
    def __init__(self) -> None:
        self.advanced = 0.0
        """Seconds added since the beginning."""
        self._moved = asyncio.Event()

    def now(self) -> float:
        """Unix seconds."""
        return time.time() + self.advanced

    def advance(self, seconds: float) -> None:
        """Move forward; whoever waits `until` a time that is reached now goes on."""
        self.advanced += seconds
        moved, self._moved = self._moved, asyncio.Event()
        moved.set()

    async def until(self, when: float) -> None:
        """Return at `when`, in Unix seconds of this clock, or at once when that is past."""
        while (left := when - self.now()) > 0:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), left)
