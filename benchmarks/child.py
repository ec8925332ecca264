"""A child process in an empty folder of its own: begun, watched with all it begins, and ended by its pid."""

import asyncio
import os
import socket
import tempfile
import time
from collections.abc import AsyncIterator
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import asynccontextmanager
from contextlib import suppress
from pathlib import Path

_PATIENCE = 30.0
_TICKS = os.sysconf("SC_CLK_TCK")


class Died(Exception):
    """A child ended, or said nothing for too long."""


class Child:
    def __init__(self, process: asyncio.subprocess.Process, errors: Path, began: float) -> None:
        self.began = began
        self._process = process
        self._errors = errors

    async def line(self) -> bytes:
        """The next line it prints. Raises Died with what it wrote on standard error."""
        assert self._process.stdout is not None
        try:
            line = await asyncio.wait_for(self._process.stdout.readline(), _PATIENCE)
        except TimeoutError:
            line = b""
        if not line:
            raise Died(f"A child said nothing more.\n{self.said()}")
        return line

    async def tell(self, line: bytes) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + b"\n")
        await self._process.stdin.drain()

    @property
    def is_gone(self) -> bool:
        return self._process.returncode is not None

    def said(self) -> str:
        """The end of its standard error."""
        return self._errors.read_text("utf-8", "replace")[-2000:]

    def cpu(self) -> float:
        """Seconds of user and system time so far, to the kernel's clock tick, of it and all below it. Raises Died."""
        return sum(_cpu(_told(pid, "stat")) for pid in self._processes())

    def memory(self) -> float:
        """Megabytes that are its own, and its share of what it shares (PSS), with all below it. Raises Died."""
        return sum(_memory(_told(pid, "smaps_rollup")) for pid in self._processes())

    async def end(self) -> None:
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.terminate()
        try:
            await asyncio.wait_for(self._process.wait(), _PATIENCE)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
        await self._close()

    async def _close(self) -> None:
        """Let go of its pipes; what it began may hold their other ends for a moment longer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        with suppress(ConnectionError):
            await self._process.stdin.wait_closed()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._process.stdout.read(), _PATIENCE)

    def _processes(self) -> list[int]:
        """Its pid and those of the processes it began, such as a server's workers."""
        found = [self._process.pid]
        for pid in found:
            try:
                tasks = [path.read_text("ascii") for path in Path(f"/proc/{pid}/task").glob("*/children")]
            except OSError as cause:
                raise Died(f"A child is gone.\n{self.said()}") from cause
            found.extend(int(word) for text in tasks for word in text.split())
        return found


@asynccontextmanager
async def child(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, first: Callable[[], None] | None = None
) -> AsyncIterator[Child]:
    """Run it with our environment but for Aerocode's settings, and with these; calling `first` at once."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("AEROCODE_")}
    errors = folder / "errors.txt"
    with errors.open("wb") as stderr:
        began = time.perf_counter()
        process = await asyncio.create_subprocess_exec(
            *command,
            env={**ours, **environment},
            cwd=folder,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            preexec_fn=first,
        )
    running = Child(process, errors, began)
    try:
        yield running
    finally:
        await running.end()


def free_port() -> int:
    """One that nobody listens on now."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def _told(pid: int, name: str) -> str:
    try:
        return Path(f"/proc/{pid}/{name}").read_text("ascii", "replace")
    except OSError as cause:
        raise Died(f"A child is gone: {cause}") from cause


def _cpu(stat: str) -> float:
    fields = stat.rpartition(")")[2].split()  # the name before it may hold spaces
    # Its own, and what it inherited from workers that have ended.
    return sum(int(ticks) for ticks in fields[11:15]) / _TICKS


def _memory(rollup: str) -> float:
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise Died("The kernel does not tell the memory of a child.")


def new_folder() -> tempfile.TemporaryDirectory[str]:
    return tempfile.TemporaryDirectory(prefix="benchmark-")
