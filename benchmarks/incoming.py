"""HTTP/1.1 messages out of a stream of bytes: a head, and a body of declared length or in chunks."""

_END = b"\r\n\r\n"
_LENGTH = b"\r\ncontent-length:"
_CHUNKED = b"\r\ntransfer-encoding:"


class Malformed(ValueError):
    """Something no caller or server ever sends."""


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
        if _CHUNKED in head:
            whole = _chunks(self._buffer, begin)
            if whole is None:
                return None
            body, stop = whole
        else:
            stop = begin + _length(head)
            if len(self._buffer) < stop:
                return None
            body = self._buffer[begin:stop]
        self._buffer = self._buffer[stop:]
        return head, body


def _length(head: bytes) -> int:
    at = head.find(_LENGTH)
    if at < 0:
        return 0
    begin = at + len(_LENGTH)
    text = head[begin : head.index(b"\r\n", begin)].strip()
    if not text.isdigit():
        raise Malformed("a length that is not a number")
    return int(text)


def _chunks(buffer: bytes, begin: int) -> tuple[bytes, int] | None:
    """The body that begins there and where it ends; None when more bytes are needed. Trailers are refused."""
    parts = []
    while (end := buffer.find(b"\r\n", begin)) >= 0:
        try:
            size = int(buffer[begin:end].partition(b";")[0], 16)
        except ValueError:
            raise Malformed("a chunk without a size") from None
        begin = end + 2
        stop = begin + size
        if len(buffer) < stop + 2:
            return None
        if buffer[stop : stop + 2] != b"\r\n":
            raise Malformed("a chunk of another size than it said")
        if size == 0:
            return b"".join(parts), stop + 2
        parts.append(buffer[begin:stop])
        begin = stop + 2
    return None


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
