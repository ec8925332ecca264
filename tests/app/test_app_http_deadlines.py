"""How long a connection may take to say what it wants, and that the end of the server does not wait for it."""

import asyncio
import os
import signal
import time

import anyio
import pytest
from app_processes import serving
from app_words import opened
from wire_words import GET
from wire_words import post
from wire_words import wire

from aerocode.app import http

pytestmark = pytest.mark.anyio

PATIENCE = 0.4


@pytest.fixture(scope="module")
async def impatient(anyio_backend, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(http, "_PATIENCE", PATIENCE)
        async with opened(tmp_path_factory.mktemp("impatient") / "data") as house:
            yield house


@pytest.fixture
async def line(impatient):
    async with wire(impatient.address) as line:
        yield line


def whole(phone):
    head, _, body = post(phone).partition(b"\r\n\r\n")
    return head + b"\r\n\r\n", body


async def test_a_connection_without_a_byte_is_closed(line):
    said, took = await line.end(within=3)

    assert (b"", True) == (said, took >= PATIENCE / 2)


@pytest.mark.parametrize(
    "begun", [b"G", GET[:-2], b"\r\n", b"\r\n\r\nGET"], ids=["letter", "head", "empty line", "both"]
)
async def test_a_head_that_does_not_end_is_closed(line, begun):
    await line.send(begun)
    said, _ = await line.end(within=3)

    assert b"" == said


@pytest.mark.parametrize("sent", [0, 1, -1])
async def test_a_body_that_does_not_end_is_closed_and_starts_nothing(impatient, line, phone, sent):
    head, body = whole(phone)
    await line.send(head + body[:sent])
    await line.end(within=3)

    assert [] == impatient.sandbox.messages(phone)


async def test_a_body_in_chunks_that_does_not_end_is_closed(impatient, line, phone):
    await line.send(post(phone, chunks=3).removesuffix(b"0\r\n\r\n"))
    await line.end(within=3)

    assert [] == impatient.sandbox.messages(phone)


@pytest.mark.parametrize("part", ["head", "body", "empty lines"])
async def test_a_byte_now_and_then_buys_no_time(line, phone, part):
    head, body = whole(phone)
    slow = {"head": head, "body": body, "empty lines": b"\r\n" * 200}[part]
    began = time.perf_counter()
    if part == "body":
        await line.send(head)
    everything = await line.send(*(bytes([byte]) for byte in slow * 4), pause=0.02)
    await line.end(within=3)

    assert (False, True) == (everything, time.perf_counter() - began < PATIENCE + 2)


async def test_the_second_request_of_a_connection_has_a_deadline_too(line):
    await line.send(GET)
    first = await line.status()
    await line.send(GET[:10])
    said, _ = await line.end(within=3)

    assert (200, b"") == (first, said)


async def test_a_connection_at_rest_between_two_requests_is_not_closed_by_it(line):
    await line.send(GET)
    first = await line.status()
    await asyncio.sleep(PATIENCE * 2)
    await line.send(GET)

    assert [200, 200] == [first, await line.status()]


async def test_an_answer_that_takes_longer_is_waited_for(impatient, line, phone):
    impatient.sandbox.fault("hang", phone=phone)  # one second, the house's limit for its gate
    await line.send(post(phone))

    assert 201 == await line.status()


@pytest.mark.parametrize("begun", ["head", "body", "chunks", "nothing"])
async def test_the_end_of_a_server_does_not_wait_for_half_a_request(tmp_path, phone, begun):
    head, body = whole(phone)
    half = {"head": head[:-2], "body": head + body[:5], "chunks": post(phone, chunks=3)[:-5], "nothing": b""}[begun]
    with serving(tmp_path, "--sandbox", gate_timeout=30) as process:
        async with wire(process.address) as line:
            await line.send(half)
            await asyncio.sleep(0.2)
            began = time.perf_counter()
            os.kill(process.popen.pid, signal.SIGTERM)
            code = await anyio.to_thread.run_sync(process.popen.wait)

            assert (0, True) == (code, time.perf_counter() - began < 5)
            assert "Traceback" not in process.said


async def test_whoever_does_not_read_his_answers_is_cut_off(line):
    sending = asyncio.ensure_future(line.send(*[GET * 500] * 400))
    done, _ = await asyncio.wait([sending], timeout=10)

    assert (1, False) == (len(done), sending.result() if done else None)
