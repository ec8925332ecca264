"""An answer is the same however the network cuts it."""

import asyncio
import itertools
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aerocode.smsaero.connection import Answer
from aerocode.smsaero.connection import Broken
from aerocode.smsaero.connection import Connection
from aerocode.smsaero.connection import TooLong

BODY = b'{"success":true,"data":{"id":1}}'
LENGTH = b"HTTP/1.1 %d X\r\nServer: x\r\nRetry-After: 30\r\nContent-Length: %d\r\n\r\n%s"
CHUNKED = b"HTTP/1.1 %d X\r\nTransfer-Encoding: chunked\r\nRetry-After: 30\r\n\r\n%s0\r\nTrailer: t\r\n\r\n"
ENDLESS = b"HTTP/1.1 %d X\r\nRetry-After: 30\r\n\r\n%s"
INTERIM = [b"", b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nRetry-After: 9\r\nLink: </x>\r\n\r\n"]


def cut(data, places):
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[begin:end] for begin, end in itertools.pairwise(edges) if begin < end]


def in_chunks(body, size):
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;ext=1\r\n%s\r\n" % (len(part), part) for part in parts)


def heard(pieces, *, ends):
    """What becomes of an exchange on which these pieces arrive; `ends` closes the connection behind them."""

    async def exchange():
        loop, (ours, theirs) = asyncio.get_running_loop(), socket.socketpair()
        _, connection = await loop.create_connection(lambda: Connection(loop, lambda _: None), sock=ours)
        asking = asyncio.create_task(connection.exchange(b"ask", loop.time() + 5, 65_536))
        await asyncio.sleep(0)
        for piece in pieces:
            if connection.open:
                connection.data_received(piece)
        if ends:
            theirs.recv(9)  # with something unread, closing would reset the connection
            theirs.close()
        try:
            return await asking, connection.open
        finally:
            connection.abort()
            theirs.close()
            await asyncio.sleep(0)

    return asyncio.run(exchange())


places = st.lists(st.integers(0, 2000), max_size=12)
statuses = st.sampled_from([200, 400, 404, 429, 500, 503])
bodies = st.binary(max_size=200) | st.just(BODY)


@given(statuses, bodies, st.sampled_from(INTERIM), places)
def test_an_answer_of_a_declared_length(status, body, interim, cuts):
    said = interim + LENGTH % (status, len(body), body)

    assert (Answer(status, body, "30"), True) == heard(cut(said, cuts), ends=False)


@given(statuses, bodies, st.sampled_from(INTERIM), places, st.integers(1, 40))
def test_an_answer_in_chunks(status, body, interim, cuts, size):
    said = interim + CHUNKED % (status, in_chunks(body, size))

    assert (Answer(status, body, "30"), True) == heard(cut(said, cuts), ends=False)


@given(statuses, bodies, st.sampled_from(INTERIM), places)
def test_an_answer_that_ends_with_its_connection(status, body, interim, cuts):
    said = interim + ENDLESS % (status, body)

    assert (Answer(status, body, "30"), False) == heard(cut(said, cuts), ends=True)


@given(st.sampled_from([LENGTH % (200, len(BODY), BODY), CHUNKED % (200, in_chunks(BODY, 9))]), places, st.data())
def test_an_answer_cut_short_is_none(said, cuts, data):
    short = said[: data.draw(st.integers(0, len(said) - 1))]

    with pytest.raises(Broken):
        heard(cut(short, cuts), ends=True)


@given(st.sampled_from([204, 304]), places)
def test_an_answer_that_has_no_body_ends_with_its_head(status, cuts):
    said = b"HTTP/1.1 %d X\r\nETag: e\r\n\r\n" % status

    assert (Answer(status, b"", None), True) == heard(cut(said, cuts), ends=False)


@given(st.binary(min_size=1, max_size=300), places)
def test_noise_ends_the_exchange_in_one_of_its_ways(noise, cuts):
    try:
        answer, _ = heard(cut(noise, cuts), ends=True)
    except (Broken, TooLong):
        return
    assert noise.lstrip(b"\r\n").startswith(b"HTTP/1.")
    assert 100 < answer.status <= 999
