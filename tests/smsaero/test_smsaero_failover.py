"""Servers that misbehave below HTTP, where the sandbox can't: closed ports, broken TLS, endless replies."""

import asyncio
import contextlib
import socket
import threading
import time
import zlib

import pytest
from raw_gate import JSON
from raw_gate import SMS
from raw_gate import answering
from raw_gate import listening
from raw_gate import silence

from aerocode.smsaero import SmsAero
from aerocode.smsaero import Transport
from aerocode.smsaero import Uncertain
from aerocode.smsaero import Undecodable
from aerocode.smsaero import Unreachable

pytestmark = pytest.mark.anyio


@pytest.fixture
async def closed():
    """The address of a port nobody listens on."""
    async with listening(silence) as (port, _):
        pass
    return f"http://127.0.0.1:{port}"


@pytest.fixture
def untrusted(self_signed):
    """A TLS server with that certificate: its address and what it was told. A thread, as a gate is elsewhere too."""
    heard = []

    context, _ = self_signed

    def serve():
        while True:
            try:
                raw, _ = server.accept()
            except OSError:
                return
            raw.settimeout(5)
            with raw, contextlib.suppress(OSError), context.wrap_socket(raw, server_side=True) as encrypted:
                heard.append(encrypted.recv(65_536))

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=serve)
        thread.start()
        yield f"https://localhost:{server.getsockname()[1]}", heard
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def nameless(monkeypatch):
    """A gate whose name nobody knows, told without asking a real name server."""
    known = socket.getaddrinfo

    def look_up(host, *args, **kwargs):
        if host == "gate.invalid":
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return known(host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return "https://gate.invalid"


async def send(credentials, *gates, timeout=2.0):
    async with Transport(gates, timeout=timeout) as transport:
        return await SmsAero(credentials, transport=transport).send(**SMS)


async def test_a_closed_port_is_certain(credentials, closed):
    with pytest.raises(Unreachable) as caught:
        await send(credentials, closed)

    assert (caught.value.uncertain, caught.value.permanent) == (False, False)


async def test_a_name_that_does_not_resolve_is_certain(credentials, nameless):
    with pytest.raises(Unreachable, match="Name or service not known"):
        await send(credentials, nameless)


async def test_a_closed_port_fails_over(credentials, sandbox, closed):
    await send(credentials, closed, sandbox.url)

    assert len(sandbox.messages()) == 1


async def test_every_gate_out_of_reach_is_told(credentials, closed, nameless):
    with pytest.raises(Unreachable) as caught:
        await send(credentials, closed, nameless)

    assert [address in str(caught.value) for address in (closed, nameless)] == [True, True]


async def test_an_untrusted_certificate_fails_over_and_hears_no_request(credentials, sandbox, untrusted):
    address, heard = untrusted
    await send(credentials, address, sandbox.url)

    assert (len(sandbox.messages()), b"".join(heard)) == (1, b"")


async def test_an_untrusted_certificate_alone_is_certain(credentials, untrusted):
    with pytest.raises(Unreachable, match="Certificate"):
        await send(credentials, untrusted[0])


async def test_a_gate_that_speaks_no_tls_fails_over(credentials, sandbox):
    async with listening(answering(b"HTTP/1.1 200 OK\r\n\r\n")) as (port, _):
        await send(credentials, f"https://127.0.0.1:{port}", sandbox.url)

    assert len(sandbox.messages()) == 1


async def test_a_tls_handshake_that_never_ends_leaves_time_for_the_next_gate(credentials, sandbox):
    async with listening(silence) as (port, _):
        await send(credentials, f"https://127.0.0.1:{port}", sandbox.url, timeout=1.5)

    assert len(sandbox.messages()) == 1


async def test_a_tls_handshake_that_never_ends_is_certain(credentials):
    async with listening(silence) as (port, _):
        with pytest.raises(Unreachable):
            await send(credentials, f"https://127.0.0.1:{port}", timeout=0.4)


async def test_a_gate_out_of_reach_is_asked_last_for_a_while(credentials, sandbox):
    async with (
        listening(silence) as (port, _),
        Transport([f"https://127.0.0.1:{port}", sandbox.url], timeout=1.5) as transport,
    ):
        client = SmsAero(credentials, transport=transport)
        await client.send(**SMS)
        started = time.monotonic()
        await client.send(**SMS)

    assert time.monotonic() - started < 0.4


async def test_too_many_sends_at_once_wait_in_line_and_then_certainly_never_left(credentials, sandbox, monkeypatch):
    monkeypatch.setattr("aerocode.smsaero.transport.CONNECTIONS", 2)
    sandbox.fault("hang")
    async with Transport([sandbox.url], timeout=0.4) as transport:
        client = SmsAero(credentials, transport=transport)
        first = [asyncio.create_task(client.send(**SMS)) for _ in range(2)]
        while sandbox.requests < 2:
            await asyncio.sleep(0.01)
        transport.timeout = 0.1
        with pytest.raises(Unreachable, match="under way"):
            await client.send(**SMS)
        ends = await asyncio.gather(*first, return_exceptions=True)

    assert ([Uncertain, Uncertain], 2) == ([type(end) for end in ends], sandbox.requests)


async def test_a_freed_connection_goes_to_whoever_waited_longest(credentials, sandbox, monkeypatch):
    monkeypatch.setattr("aerocode.smsaero.transport.CONNECTIONS", 1)
    numbers = [f"791299999{n}0" for n in range(30, 40)]
    async with Transport([sandbox.url], timeout=5) as transport:
        client = SmsAero(credentials, transport=transport)
        await asyncio.gather(*(client.send(**SMS | {"number": number}) for number in numbers))

    assert [message.number for message in sandbox.messages()] == numbers


async def test_a_hanging_send_is_not_failed_over(credentials, sandbox):
    async with listening(silence) as (port, _):
        with pytest.raises(Uncertain):
            await send(credentials, f"http://127.0.0.1:{port}", sandbox.url, timeout=0.4)

    assert sandbox.requests == 0


async def test_a_send_whose_connection_breaks_is_not_failed_over(credentials, sandbox):
    async with listening(answering()) as (port, heard):
        with pytest.raises(Uncertain):
            await send(credentials, f"http://127.0.0.1:{port}", sandbox.url)

    assert (sandbox.requests, len(heard)) == (0, 1)


async def test_a_hanging_read_is_failed_over(credentials, sandbox):
    async with (
        listening(silence) as (port, _),
        Transport([f"http://127.0.0.1:{port}", sandbox.url], timeout=1.0) as transport,
    ):
        await SmsAero(credentials, transport=transport).auth()


async def test_a_read_with_a_broken_answer_is_failed_over(credentials, sandbox):
    async with (
        listening(answering(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")) as (port, _),
        Transport([f"http://127.0.0.1:{port}", sandbox.url], timeout=1.0) as transport,
    ):
        await SmsAero(credentials, transport=transport).auth()


async def test_a_read_no_gate_settles_raises_the_last_answer(credentials, closed):
    async with (
        listening(answering(b"HTTP/1.1 500 Oops\r\nContent-Length: 0\r\n\r\n")) as (port, _),
        Transport([f"http://127.0.0.1:{port}", closed], timeout=1.0) as transport,
    ):
        with pytest.raises(Exception, match="HTTP 500"):
            await SmsAero(credentials, transport=transport).auth()


@pytest.mark.parametrize("head", [b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n"])
async def test_an_endless_reply_is_cut_off(credentials, head):
    async with listening(answering(head, b" " * 8192, forever=True)) as (port, _):
        with pytest.raises(Undecodable, match="longer than 65536"):
            await send(credentials, f"http://127.0.0.1:{port}")


async def test_a_reply_that_stops_half_way_is_uncertain(credentials):
    async with listening(answering(b'HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"success":')) as (port, _):
        with pytest.raises(Uncertain):
            await send(credentials, f"http://127.0.0.1:{port}")


@pytest.mark.parametrize("noise", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00\x01\x02"])
async def test_an_answer_that_is_not_http_is_uncertain_and_not_quoted(credentials, noise):
    async with listening(answering(noise)) as (port, _):
        with pytest.raises(Uncertain) as caught:
            await send(credentials, f"http://127.0.0.1:{port}")

    assert "OpenSSH" not in str(caught.value)


async def test_a_compressed_bomb_is_cut_off(credentials):
    packer = zlib.compressobj(9, wbits=31)
    bomb = packer.compress(b" " * 20_000_000) + packer.flush()
    head = f"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n".encode()
    async with listening(answering(head, bomb)) as (port, _):
        with pytest.raises((Undecodable, Uncertain)):
            await send(credentials, f"http://127.0.0.1:{port}")


async def test_what_leaves_is_what_the_provider_documents(credentials):
    body = b'{"success":true,"data":{"id":1}}'
    reply = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)
    async with listening(answering(reply)) as (port, heard):
        await send(credentials, f"http://127.0.0.1:{port}/v2/")

    line, body = heard[0].split(b"\r\n", 1)[0], heard[0].split(b"\r\n\r\n")[1]
    assert (line, body) == (b"POST /v2/sms/send HTTP/1.1", JSON)
