"""A real PostgreSQL for tests: the one that is installed, else the one that comes with the test requirements.

Its data and its socket lie in a folder of their own, and it ends by the id it was started with. It never runs as root.
"""

import asyncio
import atexit
import contextlib
import functools
import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import asyncpg
from benchmarks.postgres import OWNER
from benchmarks.postgres import binaries
from benchmarks.postgres import somebody
from benchmarks.postgres import within_reach

from aerocode.store.postgres.schema import prepare

PATIENCE = 30.0  # seconds; only a hang takes that long
#: What is never asked of a server whose data nobody will need after a power cut.
_CARELESS = ("fsync=off", "full_page_writes=off")
_ALWAYS = ("listen_addresses=", "shared_buffers=64MB", "max_connections=200", "log_min_messages=warning")


class PostgresServer:
    """`durable` keeps what it promised over a kill; without it a stopped server is started again by nobody."""

    def __init__(self, *, durable: bool = False) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="aerocode-pg-"))
        self._names = itertools.count(1)
        self._durable = durable
        self._who = somebody()
        self._bin = within_reach(binaries(), self.folder, self._who)
        self._popen: subprocess.Popen | None = None
        if self._who:
            account = pwd.getpwnam(self._who["user"])
            os.chown(self.folder, account.pw_uid, account.pw_gid)
        self._run(
            "initdb", "-D", self.folder / "data", "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"
        )
        self.start()

    def url(self, database: str) -> str:
        return f"postgresql://{OWNER}@/{database}?host={self.folder}"

    def empty(self, template: str = "template1") -> str:
        """The address of a database that nobody has used."""
        name = f"test_{next(self._names)}"
        self.ask("postgres", f"create database {name} template {template}")
        return self.url(name)

    def drop(self, url: str) -> None:
        self.ask("postgres", f"drop database if exists {_name(url)} with (force)")

    def ask(self, database: str, question: str, *values: object) -> list[tuple]:
        """What another connection sees; may be called on a running event loop, which it holds up."""
        return ask(self.url(database), question, *values)

    def start(self) -> None:
        settings = (*_ALWAYS, f"unix_socket_directories={self.folder}", *(() if self._durable else _CARELESS))
        words = [str(self._bin / "postgres"), "-D", str(self.folder / "data")]
        for setting in settings:
            words += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self._popen = subprocess.Popen(
                words, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=self.folder, **self._who
            )
        until = time.monotonic() + PATIENCE
        while not self._is_ready():
            assert self._popen.poll() is None, (self.folder / "log").read_text()
            assert time.monotonic() < until, (self.folder / "log").read_text()
            time.sleep(0.01)

    @property
    def is_running(self) -> bool:
        return self._popen is not None and self._popen.poll() is None

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT throws everybody out and closes well; SIGQUIT is a crash."""
        assert self._popen is not None
        if self._popen.poll() is None:
            self._popen.send_signal(signal.SIGCONT)
            self._popen.send_signal(how)
            self._popen.wait(PATIENCE)

    def freeze(self) -> None:
        """Whoever is connected gets no answer, and whoever comes now is not told anything either."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._everybody():
            with contextlib.suppress(ProcessLookupError):  # a child of the server that had just done its work
                os.kill(pid, number)

    def _everybody(self) -> list[int]:
        assert self._popen is not None
        if self._popen.poll() is not None:
            return []
        children = Path(f"/proc/{self._popen.pid}/task/{self._popen.pid}/children").read_text().split()
        return [self._popen.pid, *map(int, children)]

    def _is_ready(self) -> bool:
        try:
            lines = (self.folder / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) >= 8 and lines[0] == str(self._popen.pid) and lines[7].strip() == "ready"

    def _run(self, program: str, *words: object) -> None:
        done = subprocess.run(
            [self._bin / program, *map(str, words)],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C"},
            capture_output=True,
            text=True,
            check=False,
            **self._who,
        )
        assert done.returncode == 0, done.stderr


@functools.cache
def shared() -> PostgresServer:
    """One for all tests of this process, gone with it; each test uses databases of its own."""
    server = PostgresServer()
    atexit.register(server.remove)
    return server


@functools.cache
def template() -> str:
    """The name of a database of the shared server that has our schema and nothing in it."""
    url = shared().empty()
    done(prepare(url))
    return _name(url)


def ask(url: str, question: str, *values: object) -> list[tuple]:
    """What another connection sees: only what is committed."""

    async def asked() -> list[tuple]:
        connection = await asyncpg.connect(url, timeout=PATIENCE, server_settings={"search_path": "aerocode, public"})
        try:
            return [tuple(row) for row in await connection.fetch(question, *values)]
        finally:
            await connection.close()

    return done(asked())


def done(what: Coroutine[Any, Any, Any]) -> Any:
    """On a thread with a loop of its own: the caller may be inside one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, what).result()


def _name(url: str) -> str:
    return url.split("@/")[1].split("?", maxsplit=1)[0]
