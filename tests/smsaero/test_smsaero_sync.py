"""The blocking client over real sockets: the same faults as the awaited one, each told by the same error."""

import asyncio
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from raw_gate import JSON
from raw_gate import OK
from raw_gate import SMS
from raw_gate import answering
from raw_gate import listening
from raw_gate import silence
from raw_gate import talking
from test_smsaero_client import REFUSALS
from test_smsaero_client import UNKNOWNS
from test_smsaero_failover import closed  # noqa: F401 - a fixture
from test_smsaero_failover import nameless  # noqa: F401 - a fixture
from test_smsaero_failover import untrusted  # noqa: F401 - a fixture

from aerocode.smsaero import Credentials
from aerocode.smsaero import SmsAeroError
from aerocode.smsaero import SmsStatus
from aerocode.smsaero import SyncSmsAero
from aerocode.smsaero import SyncTransport
from aerocode.smsaero import Uncertain
from aerocode.smsaero import Undecodable
from aerocode.smsaero import Unreachable
from aerocode.smsaero import WrongCredentials
from aerocode.smsaero import http1

pytestmark = pytest.mark.anyio


@pytest.fixture
def blocking(credentials):
    """Run one method of a blocking client in a thread, since the double lives on our loop."""

    async def run(method, *gates, timeout=2.0, **arguments):
        def ask():
            with SyncTransport(gates, timeout=timeout) as transport:
                return getattr(SyncSmsAero(credentials, transport=transport), method)(**arguments)

        return await asyncio.to_thread(ask)

    return run


@pytest.fixture
def send(blocking):
    async def run(*gates, timeout=2.0):
        return await blocking("send", *gates, timeout=timeout, **SMS)

    return run


async def failure(send, *gates, **options):
    with pytest.raises(SmsAeroError) as caught:
        await send(*gates, **options)
    return caught.value


async def test_an_sms_is_sent_and_described(send, sandbox):
    sms = await send(sandbox.url)

    assert (sandbox.messages()[0].id, Decimal("4.19"), SmsStatus.QUEUE) == (sms.id, sms.cost, sms.status)


async def test_empty_credentials_are_refused(sandbox):
    with SyncTransport([sandbox.url]) as transport, pytest.raises(WrongCredentials):
        await asyncio.to_thread(SyncSmsAero(Credentials(email="e", api_key=""), transport=transport).auth)


@pytest.mark.parametrize(("fault", "expected"), REFUSALS + UNKNOWNS)
async def test_each_fault_has_its_error(send, sandbox, fault, expected):
    sandbox.fault(fault)

    assert expected is type(await failure(send, sandbox.url, timeout=0.6))


@pytest.mark.parametrize("fault", [name for name, _ in UNKNOWNS])
async def test_an_unknown_outcome_is_asked_once(send, sandbox, fault):
    sandbox.fault(fault)
    error = await failure(send, sandbox.url, sandbox.url.replace("127.0.0.1", "localhost"), timeout=0.6)

    assert (error.uncertain, sandbox.requests) == (True, 1)


async def test_a_redirect_is_not_followed(send, sandbox):
    sandbox.fault("redirect")
    await failure(send, sandbox.url)

    assert sandbox.redirects_followed == 0


async def test_an_uncertain_send_carries_what_is_needed_to_look_it_up(send, sandbox):
    sandbox.fault("hang")
    error = await failure(send, sandbox.url, timeout=0.3)

    assert (sandbox.url, "sms/send", "7912*****99") == (error.gate, error.path, error.subject)
    assert error.when.tzinfo is not None


async def test_a_failure_quotes_no_secret_and_drags_no_cause_that_could(send, sandbox):
    sandbox.fault("reset")
    error = await failure(send, sandbox.url)

    assert (error.__cause__, error.__context__) == (None, None)
    assert not any(secret in f"{error} {vars(error)}" for secret in ("79129999999", "482913", "not-a-real-api-key"))


async def test_a_closed_port_fails_over(send, sandbox, closed):  # noqa: F811
    await send(closed, sandbox.url)

    assert len(sandbox.messages()) == 1


async def test_every_gate_out_of_reach_is_told(send, closed, nameless):  # noqa: F811
    error = await failure(send, closed, nameless)

    assert (Unreachable, True, True) == (type(error), closed in str(error), "Name or service" in str(error))


async def test_an_untrusted_certificate_fails_over_and_hears_no_request(send, sandbox, untrusted):  # noqa: F811
    address, heard = untrusted
    await send(address, sandbox.url)

    assert (len(sandbox.messages()), b"".join(heard)) == (1, b"")


async def test_an_untrusted_certificate_alone_is_certain(send, untrusted):  # noqa: F811
    error = await failure(send, untrusted[0])

    assert (Unreachable, True) == (type(error), "Certificate" in str(error))


async def test_a_tls_handshake_that_never_ends_leaves_time_for_the_next_gate(send, sandbox):
    async with listening(silence) as (port, _):
        await send(f"https://127.0.0.1:{port}", sandbox.url, timeout=1.5)

    assert len(sandbox.messages()) == 1


async def test_a_name_server_that_never_answers_leaves_time_for_the_next_gate(send, sandbox, monkeypatch):
    released, known = threading.Event(), socket.getaddrinfo

    def look_up(host, *arguments, **options):
        if host == "gate.invalid":
            released.wait(10)
        return known(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    await send("https://gate.invalid", sandbox.url, timeout=1.5)
    released.set()

    assert len(sandbox.messages()) == 1


async def test_a_hanging_send_is_not_failed_over(send, sandbox):
    async with listening(silence) as (port, _):
        error = await failure(send, f"http://127.0.0.1:{port}", sandbox.url, timeout=0.4)

    assert (Uncertain, 0) == (type(error), sandbox.requests)


async def test_a_hanging_read_is_failed_over(blocking, sandbox):
    async with listening(silence) as (port, _):
        await blocking("auth", f"http://127.0.0.1:{port}", sandbox.url, timeout=1.0)


async def test_a_reply_that_comes_byte_by_byte_does_not_outlast_the_time_limit(send):
    async def drip(reader, writer, heard):
        for byte in b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 10_000:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.02)

    async with listening(drip) as (port, _):
        started = time.monotonic()
        error = await failure(send, f"http://127.0.0.1:{port}", timeout=0.5)

    assert (Uncertain, True) == (type(error), time.monotonic() - started < 1)


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffff\r\n",
        b"HTTP/1.1 200 OK\r\nX: ",
    ],
)
async def test_an_endless_reply_is_cut_off(send, head):
    async with listening(answering(head, b" " * 8192, forever=True)) as (port, _):
        error = await failure(send, f"http://127.0.0.1:{port}")

    assert isinstance(error, Undecodable | Uncertain)


@pytest.mark.parametrize("noise", [b"SSH-2.0-OpenSSH\r\n", b"HTTP/1.1 abc\r\n\r\n", b"\x00\x01\x02", b""])
async def test_an_answer_that_is_not_http_is_uncertain_and_not_quoted(send, noise):
    async with listening(answering(noise)) as (port, _):
        error = await failure(send, f"http://127.0.0.1:{port}")

    assert (Uncertain, False) == (type(error), "OpenSSH" in str(error))


async def test_what_leaves_is_what_the_provider_documents(send):
    async with listening(answering(OK)) as (port, heard):
        await send(f"http://127.0.0.1:{port}/v2/")

    head, body = heard[0].split(b"\r\n\r\n")
    assert (b"POST /v2/sms/send HTTP/1.1", JSON) == (head.split(b"\r\n")[0], body)
    assert f"Host: 127.0.0.1:{port}".encode() in head


async def used(credentials, *connections, times, pause=0.0):
    """How many of so many sends each connection of a gate took, which has these replies for each."""

    def ask(address):
        with SyncTransport([address], timeout=2) as transport:
            for _ in range(times):
                SyncSmsAero(credentials, transport=transport).send(**SMS)
                time.sleep(pause)

    async with talking(*connections) as (address, heard):
        await asyncio.to_thread(ask, address)
    return [len(requests) for requests in heard]


async def test_a_connection_is_used_again(credentials):
    assert [3] == await used(credentials, [OK, OK, OK], times=3)


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
async def test_a_connection_is_not_used_again_after(credentials, reply):
    assert [1, 1] == await used(credentials, [reply, OK], times=2, pause=0.02)


async def test_a_connection_the_gate_closed_meanwhile_is_not_used_again(credentials):
    assert [1, 1] == await used(credentials, [OK], times=2, pause=0.1)


async def test_an_idle_connection_is_closed_by_us_before_the_gate_would(credentials, monkeypatch):
    monkeypatch.setattr(http1, "KEEP", 0.05)

    assert [1, 1] == await used(credentials, [OK, OK], times=2, pause=0.1)


async def test_an_interim_answer_is_not_the_answer(credentials):
    assert [2] == await used(credentials, [b"HTTP/1.1 100 Continue\r\n\r\n" + OK] * 2, times=2)


async def test_an_answer_that_ends_where_its_connection_does_is_whole(credentials):
    reply = OK.replace(b"Content-Length: 32\r\n", b"")

    assert (True, [1, 1]) == (b"Content" not in reply, await used(credentials, [reply], [reply], times=2))


async def test_a_switch_to_another_protocol_is_no_answer(send):
    switch = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\nPRI"
    async with talking([switch]) as (address, _):
        assert Undecodable is type(await failure(send, address))


async def test_threads_share_a_transport_and_each_gets_its_own_answer(credentials, sandbox):
    numbers = [f"79129{n:02}5555" for n in range(60)]

    def ask():
        with SyncTransport([sandbox.url], timeout=5) as transport, ThreadPoolExecutor(8) as threads:
            client = SyncSmsAero(credentials, transport=transport)
            return list(threads.map(lambda number: client.send(**SMS | {"number": number}).number, numbers))

    assert numbers == await asyncio.to_thread(ask)


async def test_a_client_without_a_transport_closes_its_own(credentials):
    with SyncSmsAero(credentials) as client:
        assert len(client.transport._pools) == 3


@pytest.mark.parametrize("gates", [[], ["http://gate.example"]])
def test_a_transport_without_a_safe_gate_is_refused(gates):
    with pytest.raises(ValueError, match="gate"):
        SyncTransport(gates)
