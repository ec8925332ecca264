"""What a replica remembers of what seldom changes, and how it learns that another replica changed it.

Every change moves a version in its own transaction; every replica looks at the version once a second, and reads again
what it remembers when it moved. So a key revoked on one machine is dead on all of them about a second later.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator
from collections.abc import Awaitable
from collections.abc import Callable

from aerocode.errors import StoreUnavailable
from aerocode.store.postgres.pool import Pool
from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import statements

log = logging.getLogger(__name__)

SQL = statements("facts")
_EVERY = 1.0  # seconds
#: Between two looks for the sake of somebody who asked for what is not known here: anybody may make such requests.
_AGAIN = 0.2

Load = Callable[[Session], Awaitable[None]]


class Watch:
    """Also tells the time on the database's clock without asking for it: for saying when, never for deciding."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._loads: list[Load] = []
        self._version: str | None = None
        self._ahead = 0
        self._latest = 0
        self._looked_at = 0.0
        self._one_at_a_time = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    def remember(self, load: Load) -> None:
        """Call `load` now and then; it reads what it wants in the session it is given."""
        self._loads.append(load)

    async def start(self) -> None:
        """Read everything for the first time. Raises what a load raises, or StoreUnavailable."""
        await self.look(anyway=True)
        self._task = asyncio.get_running_loop().create_task(self._go_on())

    async def close(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def change(self) -> AsyncIterator[Session]:
        """A transaction that changes what replicas remember; this one has read it again when the block is over."""
        async with self._pool.transaction() as session:
            await session.do(SQL["changed"])
            yield session
        await self.look(anyway=True)

    async def look(self, *, anyway: bool = False) -> bool:
        """Whether this replica may write: False on a standby."""
        async with self._one_at_a_time, self._pool.transaction() as session:
            began = _elapsed()
            self._looked_at = time.monotonic()
            row = await session.one(SQL["version"])
            if row is None:
                raise StoreUnavailable
            # Half of the way there and back is how old the answer is.
            self._ahead = row["now"] + (_elapsed() - began) // 2 - _elapsed()
            if anyway or row["version"] != self._version:
                for load in self._loads:
                    await load(session)
                self._version = row["version"]
            return not row["standby"]

    async def look_again(self) -> None:
        """For who misses something: another replica may have added it a moment ago."""
        if time.monotonic() - self._looked_at >= _AGAIN:
            await self.look()

    def now(self) -> int:
        """Microseconds since 1970; never before what was told last."""
        self._latest = max(self._latest, _elapsed() + self._ahead + self._pool.offset)
        return self._latest

    async def _go_on(self) -> None:
        while True:
            await asyncio.sleep(_EVERY)
            try:
                await self.look()
            except StoreUnavailable:
                log.warning("the database cannot be asked whether settings changed")
            except Exception:
                # What is remembered stays in force; the log has what could not be read.
                log.exception("settings that changed cannot be read")


def _elapsed() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
