"""Aerocode as its own process: servers and commands, each ended by the id it was started with."""

import atexit
import contextlib
import functools
import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from app_words import CONFIG
from app_words import KEY
from app_words import SECRET

from postgres_server import shared

COMMANDS = Path(__file__).with_name("command_server.py")
STAGED = Path(__file__).with_name("staged_server.py")
PATIENCE = 30.0  # seconds; only a hang takes that long


def environment(**settings):
    """Nothing of whoever runs the tests but the path; `port=0` becomes AEROCODE_PORT=0, None leaves it unset."""
    said = {f"AEROCODE_{name.upper()}": str(value) for name, value in settings.items() if value is not None}
    return {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **said}


@dataclass
class Ended:
    returncode: int
    stdout: str
    stderr: str

    @property
    def json(self):
        return json.loads(self.stdout)


class Commands:
    """One command_server.py for all tests, started by the first command and gone with this process."""

    def __init__(self):
        ours, theirs = socket.socketpair()
        with theirs:
            words = [sys.executable, str(COMMANDS), str(theirs.fileno())]
            self._popen = subprocess.Popen(
                words, env=environment(), pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
            )
        ours.settimeout(PATIENCE)
        self._socket, self._talk, self._lock = ours, ours.makefile("rw"), threading.Lock()

    def run(self, order):
        with self._lock:
            self._talk.write(f"{json.dumps(order)}\n")
            self._talk.flush()
            child = int(self._talk.readline())
            try:
                return int(self._talk.readline())
            except TimeoutError:
                os.kill(child, signal.SIGKILL)
                raise

    def close(self):
        self._talk.close()
        self._socket.close()
        self._popen.wait(PATIENCE)


@functools.cache
def commands():
    started = Commands()
    atexit.register(started.close)
    return started


def run(folder, *words, typed="", **settings):
    """One command to its end."""
    with tempfile.TemporaryDirectory() as scratch:
        streams = [Path(scratch, name) for name in ("stdin", "stdout", "stderr")]
        streams[0].write_text(typed)
        order = {
            "folder": str(folder),
            "words": [str(word) for word in words],
            "environment": environment(**settings),
            "streams": [str(path) for path in streams],
        }
        code = commands().run(order)
        return Ended(code, *(path.read_text() if path.exists() else "" for path in streams[1:]))


def run_anew(folder, *words, largest_file=None, **settings):
    """As `run`, by the interpreter; `largest_file` is how many bytes its disk has room for in one file."""
    room = (largest_file, resource.RLIM_INFINITY)
    ended = subprocess.run(
        [sys.executable, "-m", "aerocode", *words],
        cwd=folder,
        env=environment(**settings),
        preexec_fn=None if largest_file is None else lambda: resource.setrlimit(resource.RLIMIT_FSIZE, room),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def born(folder, *words):
    """Make the data of a folder."""
    ended = run(folder, "apps", "list", *words)
    assert ended.returncode == 0, ended.stderr
    return folder


def refused(folder, *words, by=run, **settings):
    """The one sentence a server ends with that could not begin."""
    ended = by(folder, "serve", *words, **{"port": 0, "sandbox_port": 0, **settings})
    assert (2, "") == (ended.returncode, ended.stdout), ended.stderr
    lines = ended.stderr.splitlines()
    assert len(lines) == 1, ended.stderr
    assert lines[0].startswith("aerocode: ")
    assert lines[0][-1] == "."
    return lines[0].removeprefix("aerocode: ")


@dataclass
class Process:
    popen: subprocess.Popen
    facts: dict
    errors: Path

    @property
    def address(self):
        return self.facts["address"]

    @property
    def said(self):
        """Standard error so far."""
        return self.errors.read_text()

    def kill(self):
        self.popen.send_signal(signal.SIGKILL)
        return self.popen.wait(PATIENCE)

    def stop(self):
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(PATIENCE)


@contextlib.contextmanager
def serving(folder, *words, stage=(), **settings):
    """A server with free ports on the data in `folder`; a `stage` of staged_server.py makes one of its steps odd."""
    started = [sys.executable, str(STAGED), *map(str, stage)] if stage else [sys.executable, "-m", "aerocode"]
    errors = folder / f"stderr-{len(list(folder.glob('stderr-*')))}"
    with errors.open("wb") as sink:
        popen = subprocess.Popen(
            [*started, "serve", "--json", *words],
            cwd=folder,
            env=environment(**{"port": 0, "sandbox_port": 0, "api_key": KEY, **settings}),
            stdout=subprocess.PIPE,
            stderr=sink,
        )
    try:
        readable, _, _ = select.select([popen.stdout], [], [], PATIENCE)
        line = popen.stdout.readline() if readable else b""
        assert line, f"the server did not start: {errors.read_text()}"
        yield Process(popen, json.loads(line), errors)
    finally:
        if popen.poll() is None:
            popen.send_signal(signal.SIGTERM)
        try:
            popen.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            popen.send_signal(signal.SIGKILL)
            popen.wait()
        popen.stdout.close()


def new_database(server=None):
    """Settings for an empty database on a PostgreSQL."""
    return {"database_url": (server or shared()).empty(), "secret_key": SECRET}


def live(folder, gate):
    """Settings of a live server whose gate is a sandbox that outlives it."""
    file = folder / "connector.json"
    if not file.exists():
        file.write_text(json.dumps(CONFIG))
    return {"gates": gate, "gate_timeout": 1.5, "connector_file": file}
