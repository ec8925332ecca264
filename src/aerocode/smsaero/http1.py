"""The answer to one request, out of the bytes of an HTTP/1.1 connection, without a network.

Feed what arrives until `answer` is there; feeding `b""` says that the other side has ended.
"""

from typing import NamedTuple

import httptools

#: Seconds an idle connection is kept for the next request. A gate that closes it just as we write leaves a send in
#: doubt, so we close first: several common servers wait five seconds for another request, the others longer.
KEEP = 4.0
_KEEP_AT_MOST = 20.0
_HEAD_LIMIT = 65_536  # bytes of all that is not body


class Answer(NamedTuple):
    status: int
    body: bytes
    retry_after: str | None


class Broken(Exception):
    """The connection ended, or what came is not HTTP, before an answer was whole. Its text quotes nothing that came."""


class TooLong(Exception):
    """An answer longer than it may be: an endless one must not fill the memory."""

    def __init__(self, status: int | None) -> None:
        super().__init__("the answer is too long")
        self.status = status


class Incoming:
    """`limit` is bytes of the body. The parser decides how its callbacks are named."""

    answer: Answer | None = None
    keep = 0.0
    """Seconds the connection may wait for another request, once `answer` is there; 0 when it can take none."""
    _received = 0
    _size = 0
    _status: int | None = None
    _retry_after: str | None = None
    _delimited = False
    _may_keep = False

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._patience = KEEP
        self._body: list[bytes] = []
        self._parser: httptools.HttpResponseParser | None = httptools.HttpResponseParser(self)

    def feed(self, data: bytes) -> None:
        """Raises Broken or TooLong; the connection is of no use then."""
        if not data:
            if self._status is None or self._delimited:
                raise Broken("the connection ended")
            self._finish(self._status)  # such an answer ends where its connection does
            return
        self._received += len(data)
        if self._parser is None:
            self.keep = 0.0  # something behind the answer
            return
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:  # what follows is another protocol; `on_message_complete` was called
            self.keep = 0.0
        except httptools.HttpParserError as error:
            if self.answer is None:
                raise Broken(type(error).__name__) from None
            self.keep = 0.0  # the answer is whole; what stands behind it is none
        if self._size > self._limit or self._received - self._size > _HEAD_LIMIT:
            raise TooLong(self._status)
        if self.answer is not None:
            self._parser = None  # it refers to us: without this, each answer would wait for the garbage collector

    def on_message_begin(self) -> None:
        if self.answer is not None:  # something behind the answer, which would be taken for the next one's
            self.keep = 0.0

    def on_header(self, name: bytes, value: bytes) -> None:
        match name.lower():
            case b"content-length":
                self._delimited = True
            case b"transfer-encoding":
                self._delimited = value.lower().endswith(b"chunked")
            case b"retry-after":
                self._retry_after = self._retry_after or value.decode("latin-1")
            case b"keep-alive":
                self._patience = _patience(value)

    def on_headers_complete(self) -> None:
        if self._parser is None:
            return
        status = self._parser.get_status_code()
        if not 100 <= status < 200 or status == 101:
            self._status = self._status or status
            self._may_keep = self._parser.should_keep_alive()

    def on_body(self, body: bytes) -> None:
        if self.answer is None:
            self._size += len(body)
            if self._size <= self._limit:
                self._body.append(body)

    def on_message_complete(self) -> None:
        if self._status is None:  # 100 Continue and its like; the answer is still to come
            self._delimited, self._retry_after, self._patience = False, None, KEEP
        elif self.answer is None:
            self.keep = self._patience if self._may_keep else 0.0
            self._finish(self._status)

    def _finish(self, status: int) -> None:
        self.answer = Answer(status, b"".join(self._body), self._retry_after)


def _patience(value: bytes) -> float:
    """`Keep-Alive: timeout=5, max=100`, less a second for the way; what is not understood is answered with none."""
    for part in value.lower().split(b","):
        name, _, number = part.strip().partition(b"=")
        if name == b"timeout":
            return max(0.0, min(float(number) - 1, _KEEP_AT_MOST)) if number.isdigit() and len(number) < 10 else 0.0
    return KEEP
