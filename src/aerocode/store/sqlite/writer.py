"""One thread, one writing connection, one transaction for everything that waits.

Decisions that arrive while a commit is on its way to the disk share the next one, so the disk is asked once for many.
An error stays its own: after one, each is decided again in a savepoint of its own. Nobody hears an answer before the
commit that holds it.
"""

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from typing import TypeVar

from aerocode.errors import StoreUnavailable

log = logging.getLogger(__name__)

Result = TypeVar("Result")

#: Bytes; a larger file would stop all writing for longer than a second.
_REWRITTEN_UP_TO = 32 * 1024 * 1024

#: A decision gets the connection inside a transaction, and the store's time in microseconds.
Decision = Callable[[sqlite3.Connection, int], Result]
_Waiting = tuple[Decision[Any], asyncio.Future[Any]]
_Done = tuple[asyncio.Future[Any], Any, BaseException | None]
#: A batch, or what `empty_log` waits for and whether the file is written anew, or the end.
_Work = list[_Waiting] | tuple[asyncio.Future[None], bool] | None


class Writer:
    """Lives on one event loop; `offset` moves the store's clock and is zero except in tests and the sandbox."""

    def __init__(self, database: sqlite3.Connection, offset: timedelta = timedelta(0)) -> None:
        self.offset = offset
        self._reference = _wall(), _elapsed()
        self._database = database
        self._loop = asyncio.get_running_loop()
        self._waiting: list[_Waiting] = []
        self._busy = False
        self._idle = asyncio.Event()
        self._idle.set()
        self._closed = False
        self._batches: queue.SimpleQueue[_Work] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="aerocode-writer", daemon=True)
        self._thread.start()

    def now(self) -> int:
        """Microseconds since 1970 on the store's clock.

        It never stands still nor goes back: were the machine's clock set back, codes would live longer than they may.
        """
        wall, elapsed = _wall(), _elapsed()
        then, since = self._reference
        reached = then + elapsed - since
        if wall > reached:
            self._reference = wall, elapsed
        return max(wall, reached) + self.offset // timedelta(microseconds=1)

    async def run(self, decision: Decision[Result]) -> Result:
        """Decide, commit, answer. Raises what the decision raised, or StoreUnavailable when nothing was committed."""
        if self._closed:
            raise StoreUnavailable
        answer: asyncio.Future[Result] = self._loop.create_future()
        self._waiting.append((decision, answer))
        if not self._busy:
            # One turn of the loop later everything that became ready in this turn goes along.
            self._busy = True
            self._idle.clear()
            self._loop.call_soon(self._hand_over)
        return await answer

    async def empty_log(self, *, anew: bool = False) -> None:
        """Write the write-ahead log home and cut it off: pages as they were before would stay readable in it.

        `anew` also writes the file anew if it is small: what SQLite moved when it split a page stays readable where it
        lay, between the rows, though it overwrites what is deleted.
        """
        if self._closed:
            raise StoreUnavailable
        done: asyncio.Future[None] = self._loop.create_future()
        self._batches.put((done, anew))
        await done

    async def close(self) -> None:
        """Finish what waits, then close the connection."""
        self._closed = True
        await self._idle.wait()
        self._batches.put(None)
        await self._loop.run_in_executor(None, self._thread.join)

    def _hand_over(self) -> None:
        if self._waiting:
            batch, self._waiting = self._waiting, []
            self._batches.put(batch)
        else:
            self._busy = False
            self._idle.set()

    def _settle(self, results: list[_Done]) -> None:
        for answer, value, error in results:
            if answer.done():  # the caller went away; what it asked for is decided all the same
                continue
            if error is None:
                answer.set_result(value)
            else:
                answer.set_exception(error)
        self._hand_over()

    def _work(self) -> None:
        while (work := self._batches.get()) is not None:
            if isinstance(work, tuple):
                done, anew = work
                self._loop.call_soon_threadsafe(_finish, done, self._empty_log(anew=anew))
            else:
                self._loop.call_soon_threadsafe(self._settle, self._commit(work))
        self._database.close()

    def _empty_log(self, *, anew: bool) -> BaseException | None:
        try:
            if anew and _size(self._database) <= _REWRITTEN_UP_TO:
                self._database.execute("vacuum")
            # Readers are done in a few milliseconds; a backup is not, and requests wait while this does.
            self._database.execute("pragma busy_timeout = 50")
            busy = self._database.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
        except sqlite3.Error as cause:
            return _unavailable(cause)
        finally:
            self._database.execute("pragma busy_timeout = 2000")
        if busy:
            log.warning("Somebody reads the database: pages as they were stay in its log for now.")
        return None

    def _commit(self, batch: list[_Waiting]) -> list[_Done]:
        try:
            self._database.execute("begin immediate")
            results = self._decided(batch)
            self._database.execute("commit")
        except sqlite3.Error as cause:
            self._roll_back()
            return [(answer, None, _unavailable(cause)) for _, answer in batch]
        return results

    def _decided(self, batch: list[_Waiting]) -> list[_Done]:
        """All in one go. If one fails, which is rare, nothing of it stays, and each is decided apart."""
        try:
            return [(answer, decision(self._database, self.now()), None) for decision, answer in batch]
        except Exception as error:  # noqa: BLE001 - it comes up again where each is decided apart
            log.debug("a batch of %d is decided one by one: %s", len(batch), type(error).__name__)
        if self._database.in_transaction:
            self._database.execute("rollback")
        self._database.execute("begin immediate")
        return [self._decide(decision, answer) for decision, answer in batch]

    def _decide(self, decision: Decision[Any], answer: asyncio.Future[Any]) -> _Done:
        self._database.execute("savepoint decision")
        try:
            value = decision(self._database, self.now())
        except sqlite3.Error as cause:
            if not self._database.in_transaction:  # SQLite gave the whole transaction up: disk full, I/O error
                raise
            self._database.execute("rollback to decision")
            return answer, None, _unavailable(cause)
        except Exception as error:  # noqa: BLE001 - it belongs to whoever asked, and is raised there
            self._database.execute("rollback to decision")
            return answer, None, error
        self._database.execute("release decision")
        return answer, value, None

    def _roll_back(self) -> None:
        try:
            if self._database.in_transaction:
                self._database.execute("rollback")
        except sqlite3.Error as cause:
            log.error("The database could not roll back: %s", cause)  # noqa: TRY400


def _finish(answer: asyncio.Future[None], error: BaseException | None) -> None:
    if answer.done():
        return
    if error is None:
        answer.set_result(None)
    else:
        answer.set_exception(error)


def _size(database: sqlite3.Connection) -> int:
    pages, size = (int(database.execute(f"pragma {name}").fetchone()[0]) for name in ("page_count", "page_size"))
    return pages * size


def _unavailable(cause: sqlite3.Error) -> StoreUnavailable:
    error = StoreUnavailable()
    error.__cause__ = cause
    return error


def _wall() -> int:
    return time.time_ns() // 1000


def _elapsed() -> int:
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1000
