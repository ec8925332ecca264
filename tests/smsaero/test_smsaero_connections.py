"""Connections that are kept: used again when nothing can go wrong with it, and never a request written twice."""

import asyncio
import socket

import pytest
from raw_gate import OK
from raw_gate import SMS
from raw_gate import TAKEN
from raw_gate import listening
from raw_gate import talking

from aerocode.smsaero import Credentials
from aerocode.smsaero import SmsAero
from aerocode.smsaero import Transport
from aerocode.smsaero import Uncertain
from aerocode.smsaero import Undecodable
from aerocode.smsaero import Unreachable
from aerocode.smsaero import http1

pytestmark = pytest.mark.anyio

CREDENTIALS = Credentials(email="me@example.com", api_key="not-a-real-api-key")


@pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
def anyio_backend(request):
    return "asyncio", {"use_uvloop": request.param}


def client(transport):
    return SmsAero(CREDENTIALS, transport=transport)


async def sent(address, times, *, pause=0.02, timeout=1.0):
    """The outcomes of so many sends, one after the other: the id, or the error."""
    ends = []
    async with Transport([address], timeout=timeout) as transport:
        for _ in range(times):
            try:
                ends.append((await client(transport).send(**SMS)).id)
            except (Uncertain, Undecodable, Unreachable) as error:
                ends.append(type(error))
            await asyncio.sleep(pause)
    return ends


def shares(heard):
    return [len(requests) for requests in heard]


async def test_a_connection_is_used_again():
    async with talking([OK, OK, OK]) as (address, heard):
        assert ([1, 1, 1], [3]) == (await sent(address, 3), shares(heard))


async def test_a_connection_the_gate_closed_meanwhile_is_not_used_again():
    async with talking([OK]) as (address, heard):
        assert ([1, 1], [1, 1]) == (await sent(address, 2), shares(heard))


async def test_a_request_that_was_written_is_never_written_again():
    """The gate reads the second request and closes: whether it took the SMS, nobody knows."""
    async with talking([OK, b""]) as (address, heard):
        assert ([1, Uncertain], [2]) == (await sent(address, 2), shares(heard))


async def test_after_a_broken_exchange_the_next_has_a_connection_of_its_own():
    async with talking([b""], [OK]) as (address, heard):
        assert ([Uncertain, 1], [1, 1]) == (await sent(address, 2), shares(heard))


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(OK.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1), id="it says close"),
        pytest.param(OK.replace(b"HTTP/1.1", b"HTTP/1.0"), id="HTTP/1.0"),
        pytest.param(OK + b"more", id="bytes behind it"),
        pytest.param(OK + OK, id="an answer behind it"),
        pytest.param(OK.replace(b"\r\n\r\n", b"\r\nKeep-Alive: timeout=1\r\n\r\n", 1), id="too short a patience"),
        pytest.param(OK.replace(b"\r\n\r\n", b"\r\nKeep-Alive: timeout=x\r\n\r\n", 1), id="an unreadable patience"),
    ],
)
async def test_a_connection_is_not_used_again_after(reply):
    async with talking([reply, OK]) as (address, heard):
        assert ([1, 1], [1, 1]) == (await sent(address, 2), shares(heard))


async def test_the_gate_may_say_that_it_waits_longer_than_most(monkeypatch):
    monkeypatch.setattr(http1, "KEEP", 0.01)
    reply = OK.replace(b"\r\n\r\n", b"\r\nKeep-Alive: timeout=30, max=100\r\n\r\n", 1)
    async with talking([reply, OK]) as (address, heard):
        assert ([1, 1], [2]) == (await sent(address, 2, pause=0.1), shares(heard))


async def test_an_idle_connection_is_closed_by_us_before_the_gate_would(monkeypatch):
    monkeypatch.setattr(http1, "KEEP", 0.05)
    async with talking([OK, OK]) as (address, heard), Transport([address], timeout=1.0) as transport:
        await client(transport).send(**SMS)
        (pool,) = transport._pools.values()
        before = len(pool._every)
        await asyncio.sleep(0.15)

        assert (1, 0) == (before, len(pool._every))
        await client(transport).send(**SMS)

    assert shares(heard) == [1, 1]


async def test_what_comes_unasked_is_not_taken_for_the_next_answer():
    async def talk(reader, writer, heard):
        heard.append(await reader.readuntil(b"}"))
        writer.write(OK)
        await asyncio.sleep(0.05)
        writer.write(OK.replace(b'"id":1', b'"id":2'))
        await reader.read()

    async with listening(talk) as (port, heard):
        assert ([1, 1], 2) == (await sent(f"http://127.0.0.1:{port}", 2, pause=0.1), len(heard))


async def test_an_answer_to_a_cancelled_send_is_not_taken_for_the_next_one():
    async def talk(reader, writer, heard):
        heard.append(await reader.readuntil(b"}"))
        number = len(heard)
        await asyncio.sleep(0.1)
        writer.write(OK.replace(b'"id":1', b'"id":%d' % number))
        await reader.read()

    async with listening(talk) as (port, _), Transport([f"http://127.0.0.1:{port}"], timeout=1.0) as transport:
        first = asyncio.create_task(client(transport).send(**SMS))
        await asyncio.sleep(0.05)
        first.cancel()
        second = await client(transport).send(**SMS)
        await asyncio.gather(first, return_exceptions=True)

    assert (True, 2) == (first.cancelled(), second.id)


@pytest.mark.parametrize(
    ("fate", "timed_out"), [pytest.param([b""], False, id="closed"), pytest.param([b"HTTP/1.1 2"] * 2, True, id="slow")]
)
async def test_an_uncertain_send_says_whether_time_ran_out(fate, timed_out):
    async with talking(fate) as (address, _), Transport([address], timeout=0.2) as transport:
        with pytest.raises(Uncertain) as caught:
            await client(transport).send(**SMS)

    assert caught.value.timed_out is timed_out


@pytest.mark.parametrize(
    "reply",
    [
        pytest.param(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 200_000, id="a head without end"),
        pytest.param(b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000, id="interim answers without end"),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1;" + b"e" * 200_000, id="a chunk's extension"
        ),
        pytest.param(
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\n \r\n" * 100_000, id="chunks without end"
        ),
        pytest.param(b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 200_000, id="a body without end"),
    ],
)
async def test_nothing_without_end_is_read_to_its_end(reply):
    async with talking([reply], [OK]) as (address, heard):
        assert ([Undecodable, 1], [1, 1]) == (await sent(address, 2), shares(heard))


async def test_a_switch_to_another_protocol_is_no_answer():
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nPRI"
    async with talking([switch], [OK]) as (address, heard):
        assert ([Undecodable, 1], [1, 1]) == (await sent(address, 2), shares(heard))


async def test_a_connection_reset_in_a_body_that_only_its_end_delimits_leaves_the_send_in_doubt():
    async def talk(reader, writer, heard):
        heard.append(await reader.readuntil(b"}"))
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + TAKEN)
        await asyncio.sleep(0.05)
        # Linger 0: closing sends a reset instead of an end.
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    async with listening(talk) as (port, _):
        assert [Uncertain] == await sent(f"http://127.0.0.1:{port}", 1)


async def test_requests_at_once_have_a_connection_each_and_leave_them_to_those_after():
    async with talking([OK] * 9) as (address, heard), Transport([address], timeout=1.0) as transport:
        for _ in range(3):
            await asyncio.gather(*(client(transport).send(**SMS) for _ in range(3)))

    assert [3, 3, 3] == sorted(shares(heard))


async def test_closing_ends_what_is_under_way():
    async with talking([b"HTTP/1.1 2"] * 2) as (address, _):
        transport = Transport([address], timeout=5.0)
        await transport.open()
        under_way = asyncio.create_task(client(transport).send(**SMS))
        await asyncio.sleep(0.05)
        await transport.close()

        with pytest.raises(Uncertain):
            await asyncio.wait_for(under_way, 1)


async def test_a_trusted_certificate_is_kept_in_use(self_signed, monkeypatch):
    context, path = self_signed
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    async with talking([OK, OK], tls=context) as (address, heard):
        assert ([1, 1], [2]) == (await sent(address, 2), shares(heard))


async def test_a_trusted_certificate_for_another_name_is_refused_before_a_byte_left(self_signed, monkeypatch):
    context, path = self_signed
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    async with talking([OK], tls=context) as (address, heard):
        ends = await sent(address.replace("localhost", "127.0.0.1"), 1)

    assert ([Unreachable], 0) == (ends, sum(shares(heard)))
