"""HTTP/1.1 messages out of a stream of bytes: a head, and as many bytes of body as it declares."""

_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"
_CHUNKED = b"\r\ntransfer-encoding:"


class Malformed(ValueError):
    """Something a caller or a server with declared lengths never sends."""


class Incoming:
    """Feed bytes as they come; each finished message comes out once, its head in lower case."""

    def __init__(self) -> None:
        self._buffer = b""

    def feed(self, data: bytes) -> None:
        self._buffer = self._buffer + data if self._buffer else data

    def message(self) -> tuple[bytes, bytes] | None:
        """Head and body, or None when more bytes are needed. Raises Malformed."""
        end = self._buffer.find(_END)
        if end < 0:
            return None
        head = self._buffer[: end + 2].lower()
        begin = end + len(_END)
        stop = begin + _length(head)
        if len(self._buffer) < stop:
            return None
        body, self._buffer = self._buffer[begin:stop], self._buffer[stop:]
        return head, body


def _length(head: bytes) -> int:
    if _CHUNKED in head:
        raise Malformed("a body in chunks")
    at = head.find(_LENGTH)
    if at < 0:
        return 0
    begin = at + len(_LENGTH)
    text = head[begin : head.index(b"\r\n", begin)].strip()
    if not text.isdigit():
        raise Malformed("a length that is not a number")
    return int(text)


def status_of(head: bytes) -> int:
    """Of the head of an answer. Raises Malformed."""
    words = head.split(b" ", 2)
    if len(words) < 2 or not words[0].startswith(b"http/1.") or not words[1][:3].isdigit():
        raise Malformed("no status line")
    return int(words[1][:3])


def path_of(head: bytes) -> str:
    """Of the head of a request. Raises Malformed."""
    words = head.split(b" ", 2)
    if len(words) < 3:
        raise Malformed("no request line")
    return words[1].decode("latin-1")
