"""Several processes behind one listening socket: started, watched, started again when one dies, ended together.

The parent serves nobody. It has no event loop and no thread while workers run, so that a copy of it is whole.
"""

import contextlib
import logging
import os
import select
import signal
import time
from collections.abc import Callable
from collections.abc import Generator

from aerocode.errors import CannotStart

log = logging.getLogger(__name__)

#: What a worker does until it is told to leave: its number, what to call when it serves, and what tells that the
#: parent is gone: a descriptor that can be read from then on.
Work = Callable[[int, Callable[[], None], int], None]

_SIGNALS = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}
#: Seconds between two starts in the place of one worker: one that cannot live must not keep the machine busy.
_PAUSE = 1.0
_START = 30.0


class Workers:
    def __init__(self, count: int, work: Work, leave: Callable[[], None]) -> None:
        """`leave` is called when no newcomer is to be let in any more."""
        self._leave = leave
        self._count = count
        self._work = work
        self._started: dict[int, float] = {}
        self._numbers: dict[int, int] = {}
        self._alive, self._alive_end = os.pipe()
        self._ready, self._ready_end = os.pipe()

    def run(self, ready: Callable[[], None]) -> None:
        """Until SIGTERM or SIGINT; `ready` is called once all of them serve. Raises CannotStart when one cannot."""
        with _held_back(_SIGNALS):
            try:
                for number in range(self._count):
                    self._start(number)
                self._expect_all()
                ready()
                self._watch()
            finally:
                self._end()

    def _start(self, number: int) -> None:
        pid = os.fork()
        if pid:
            self._numbers[pid], self._started[number] = number, time.monotonic()
            return
        code = 1
        try:
            os.close(self._alive_end)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            self._work(number, self._serves, self._alive)
            code = 0
        except BaseException:
            log.exception("worker %s ended", number)
        finally:
            # What the parent has open is the parent's to close: nothing of it may run twice.
            os._exit(code)

    def _serves(self) -> None:
        os.write(self._ready_end, b"+")

    def _expect_all(self) -> None:
        until = time.monotonic() + _START
        missing = self._count
        while missing:
            if select.select([self._ready], [], [], 0.05)[0]:
                missing -= len(os.read(self._ready, missing))
            if self._dead() or time.monotonic() > until:
                raise CannotStart("A worker could not start; the log says why.")

    def _watch(self) -> None:
        while signal.sigwait(_SIGNALS) is signal.SIGCHLD:
            for number in self._dead():
                log.error("worker %s died and is started again", number)
                pause = self._started[number] + _PAUSE - time.monotonic()
                if pause > 0 and signal.sigtimedwait(_SIGNALS - {signal.SIGCHLD}, pause) is not None:
                    return
                self._start(number)

    def _dead(self) -> list[int]:
        """The numbers of those that have ended since this was asked last."""
        ended = [pid for pid in self._numbers if os.waitpid(pid, os.WNOHANG)[0]]
        return [self._numbers.pop(pid) for pid in ended]

    def _end(self) -> None:
        self._leave()
        for pid in self._numbers:
            os.kill(pid, signal.SIGTERM)
        for pid in self._numbers:
            os.waitpid(pid, 0)
        for descriptor in (self._alive, self._alive_end, self._ready, self._ready_end):
            os.close(descriptor)


@contextlib.contextmanager
def _held_back(signals: set[signal.Signals]) -> Generator[None]:
    """They wait to be asked for, so that none comes between looking and waiting."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
