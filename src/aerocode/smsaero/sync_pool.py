"""Blocking connections to one gate: the name looked up for each, the certificate always verified, idle ones kept."""

import select
import socket
import ssl
import threading
import time
from collections import deque
from typing import Any
from urllib.parse import urlsplit

from aerocode.smsaero.gates import tls


class SyncPool:
    """`address` is a gate's base address (see `gates.gate`). Safe to share between threads."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self._host = parts.hostname or ""
        self._port = parts.port or (443 if parts.scheme == "https" else 80)
        self._secure = parts.scheme == "https"
        self._tls: ssl.SSLContext | None = None
        self._idle: deque[tuple[socket.socket, float]] = deque()
        self.base, self.host = parts.path, parts.netloc
        """What leads every path, and what the header `Host` says."""

    def idle(self) -> socket.socket | None:
        """The one used last, so that those not needed grow old; None when no connection waits."""
        while self._idle:
            try:
                line, until = self._idle.pop()
            except IndexError:  # another thread was faster
                return None
            if time.monotonic() < until and not _stirs(line):
                return line
            line.close()
        return None

    def connect(self, until: float) -> socket.socket:
        """A new connection, on which nothing has been written. Raises OSError (TLS's are some) or UnicodeError."""
        found = _look_up(self._host, self._port, until - time.monotonic())
        failure: OSError = TimeoutError()
        for position, (family, kind, protocol, _, where) in enumerate(found):
            # An address that never answers must leave time for the next.
            left = (until - time.monotonic()) / (len(found) - position)
            try:
                line = _dialled(socket.socket(family, kind, protocol), where, left)
                return self._encrypted(line, until) if self._secure else line
            except OSError as error:
                failure = error
        raise failure

    def back(self, line: socket.socket | None, keep: float) -> None:
        """After its exchange: kept for `keep` seconds, or closed when that is none."""
        if line is None:
            return
        if keep > 0:
            self._idle.append((line, time.monotonic() + keep))
        else:
            line.close()

    def close(self) -> None:
        """Close those that wait."""
        while self._idle:
            self._idle.pop()[0].close()

    def _encrypted(self, line: socket.socket, until: float) -> socket.socket:
        try:
            # Made when first needed: reading the system's authorities takes longer than many a request.
            self._tls = self._tls or tls()
            line.settimeout(max(until - time.monotonic(), 0.001))
            return self._tls.wrap_socket(line, server_hostname=self._host)
        except BaseException:
            line.close()
            raise


def _dialled(line: socket.socket, where: Any, patience: float) -> socket.socket:
    try:
        line.settimeout(max(patience, 0.001))
        line.connect(where)
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        line.close()
        raise
    return line


def _stirs(line: socket.socket) -> bool:
    """Whether something came though nobody asked: the end, or what would be taken for the next request's answer."""
    poll = select.poll()
    poll.register(line, select.POLLIN)
    return bool(poll.poll(0))


def _look_up(host: str, port: int, patience: float) -> list[tuple[Any, ...]]:
    """The name's addresses. In a thread, because the system's resolver knows no time limit of ours."""
    outcome: list[Any] = []

    def ask() -> None:
        try:
            outcome.append(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError) as error:
            outcome.append(error)

    asking = threading.Thread(target=ask, name="look-up", daemon=True)
    asking.start()
    asking.join(max(patience, 0.001))
    if not outcome:
        raise TimeoutError
    if isinstance(outcome[0], Exception):
        raise outcome[0]
    return list(outcome[0])
