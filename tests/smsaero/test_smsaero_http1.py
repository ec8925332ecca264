"""The answer out of the bytes of a connection, however they are cut."""

import contextlib

import pytest
from hypothesis import given as any_of
from hypothesis import settings
from hypothesis import strategies as st
from raw_gate import OK
from raw_gate import TAKEN

from aerocode.smsaero.http1 import KEEP
from aerocode.smsaero.http1 import Broken
from aerocode.smsaero.http1 import Incoming
from aerocode.smsaero.http1 import TooLong

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CHUNKS = b"8\r\n" + TAKEN[:8] + b"\r\n18;x=y\r\n" + TAKEN[8:] + b"\r\n0\r\n\r\n"
WHOLE = [
    pytest.param(OK, 200, TAKEN, KEEP, id="declared"),
    pytest.param(CHUNKED + CHUNKS, 200, TAKEN, KEEP, id="chunked"),
    pytest.param(b"HTTP/1.1 100 Continue\r\nRetry-After: 9\r\n\r\n" + OK, 200, TAKEN, KEEP, id="after an interim one"),
    pytest.param(b"HTTP/1.1 304 Not Modified\r\n\r\n", 304, b"", KEEP, id="without a body"),
    pytest.param(OK.replace(b"OK", b"OK\r\nConnection: close"), 200, TAKEN, 0.0, id="the last on its connection"),
    pytest.param(OK.replace(b"OK", b"OK\r\nKeep-Alive: max=9, timeout=7"), 200, TAKEN, 6.0, id="with patience"),
    pytest.param(OK.replace(b"OK", b"OK\r\nKeep-Alive: timeout=9999"), 200, TAKEN, 20.0, id="with boundless patience"),
    pytest.param(OK.replace(b"OK", b"OK\r\nKeep-Alive: timeout=0"), 200, TAKEN, 0.0, id="without patience"),
]  # fmt: skip


def fed(*pieces, limit=65_536):
    incoming = Incoming(limit)
    for piece in pieces:
        incoming.feed(piece)
    return incoming


@pytest.mark.parametrize(("raw", "status", "body", "keep"), WHOLE)
def test_an_answer_is_whole_when_its_last_byte_is_there_and_not_before(raw, status, body, keep):
    incoming = Incoming(65_536)
    for position in range(len(raw)):
        assert incoming.answer is None
        incoming.feed(raw[position : position + 1])

    assert (status, body, keep) == (incoming.answer.status, incoming.answer.body, incoming.keep)


@pytest.mark.parametrize(("raw", "status", "body", "keep"), WHOLE)
def test_an_answer_in_one_piece_is_the_same(raw, status, body, keep):
    incoming = fed(raw)

    assert (status, body, None, keep) == (*incoming.answer, incoming.keep)


def test_the_first_retry_after_counts():
    assert fed(OK.replace(b"OK", b"OK\r\nRetry-After: 30\r\nretry-after: 1")).answer.retry_after == "30"


def test_an_answer_of_no_declared_length_ends_with_its_connection():
    incoming = fed(b"HTTP/1.1 200 OK\r\n\r\n", TAKEN, b"")

    assert (TAKEN, 0.0) == (incoming.answer.body, incoming.keep)


@pytest.mark.parametrize("cut", [0, 1, 20, len(OK) - 1])
def test_a_connection_that_ends_before_its_answer_does_is_broken(cut):
    with pytest.raises(Broken, match="ended"):
        fed(*filter(None, [OK[:cut]]), b"")


@pytest.mark.parametrize("behind", [b"more", OK, b"\r\n\r\n\x00"])
def test_what_stands_behind_an_answer_spoils_the_connection_and_not_the_answer(behind):
    incoming = fed(OK + behind)

    assert (TAKEN, 0.0) == (incoming.answer.body, incoming.keep)


@pytest.mark.parametrize("length", [10, 11])
def test_a_body_may_be_as_long_as_the_limit(length):
    raw = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (length, b" " * length)
    if length == 10:
        assert fed(raw, limit=10).answer.body == b" " * 10
    else:
        with pytest.raises(TooLong):
            fed(raw, limit=10)


@pytest.mark.parametrize(
    "endless",
    [
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000,
        b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
        CHUNKED + b"1;" + b"e" * 200_000,
        CHUNKED + b"1\r\n \r\n" * 100_000,
        b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 200_000,
    ],
    ids=["head", "interim answers", "extension of a chunk", "chunks", "body"],
)
def test_nothing_endless_is_kept(endless):
    with pytest.raises(TooLong):
        fed(*(endless[position : position + 8192] for position in range(0, len(endless), 8192)))


@settings(deadline=None)  # a busy machine is no failure
@any_of(noise=st.lists(st.binary(min_size=1)), head=st.sampled_from([b"", b"HTTP/1.1 200 OK\r\n", OK, CHUNKED]))
def test_noise_ends_in_an_answer_or_one_of_the_two_errors(noise, head):
    with contextlib.suppress(Broken, TooLong):
        fed(*filter(None, [head, *noise]))
