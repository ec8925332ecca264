"""How much a connection may send before it has said what it wants, and what ordinary clients do all the same."""

import asyncio
import time
import tracemalloc

import pytest
from app_words import KEY
from app_words import fresh_phone
from wire_words import GET
from wire_words import post
from wire_words import wire

pytestmark = pytest.mark.anyio

LIMIT = 65_536
TOO_LONG = b"HTTP/1.1 431 "
#: The beginning of what a browser says that was told https.
CLIENT_HELLO = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)) * 2


@pytest.fixture
async def line(house):
    async with wire(house.address) as line:
        yield line


@pytest.fixture
async def bounded(line):
    """Send it all; how the connection ended, and how many bytes this process held more at its worst."""

    async def bounded(*pieces):
        tracemalloc.start()
        try:
            whole = await line.send(*pieces)
            said, _ = await line.end(within=5)
            return whole, said, tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    return bounded


async def test_a_head_over_64_kb_in_one_piece_is_431_and_the_end(line):
    await line.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * LIMIT + b"\r\n\r\n")
    said, _ = await line.end(within=2)

    assert said.startswith(TOO_LONG)
    assert 1 == said.count(b"HTTP/1.1")


async def test_a_head_over_64_kb_in_many_pieces_is_431_and_the_end(line):
    await line.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n", *[b"X-Long: " + b"x" * 990 + b"\r\n"] * 66, pause=0.001)
    said, _ = await line.end(within=2)

    assert said.startswith(TOO_LONG)


async def test_a_head_of_almost_64_kb_is_served(line):
    await line.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: " + b"x" * (LIMIT - 100) + b"\r\n\r\n")

    assert 200 == await line.status()


async def test_a_second_head_over_64_kb_on_one_connection_is_431_too(line):
    await line.send(GET)
    first = await line.status()
    await line.send(b"GET /healthz HTTP/1.1\r\nX-Long: " + b"x" * LIMIT)
    said, _ = await line.end(within=2)

    assert (200, True) == (first, said.startswith(TOO_LONG))


async def test_an_endless_head_is_not_kept(bounded):
    whole, _, most = await bounded(b"GET / HTTP/1.1\r\nX-Long: ", *[b"x" * 60_000] * 500)

    assert (False, True) == (whole, most < 4_000_000)


@pytest.mark.parametrize("tail", [b"0\r\nX-Long: ", b"5;long="], ids=["after the last", "between two"])
async def test_an_endless_line_of_a_chunked_body_is_not_kept(bounded, phone, tail):
    begun = post(phone, chunks=3).split(b"\r\n0\r\n")[0] + b"\r\n"
    whole, _, most = await bounded(begun + tail, *[b"x" * 60_000] * 500)

    assert (False, True) == (whole, most < 4_000_000)


@pytest.mark.parametrize(
    "noise",
    [CLIENT_HELLO, bytes(range(256)), b"\x00" * 100, b"\xff\xfe" * 50, b"{}\r\n\r\n", b"HELO there\r\n\r\n"],
    ids=["tls", "all bytes", "zeros", "high bytes", "json", "smtp"],
)
async def test_what_is_no_http_is_ended_at_once(line, noise):
    await line.send(noise)
    said, took = await line.end(within=2)

    assert said == b"" or said.startswith(b"HTTP/1.1 400 ")
    assert took < 2


async def test_noise_after_a_request_is_ended_at_once(line):
    await line.send(GET + CLIENT_HELLO)
    said, _ = await line.end(within=2)

    assert b"Invalid HTTP request" in said


async def test_many_empty_lines_keep_nobody_waiting(house, line):
    began = time.perf_counter()
    await line.send(*[b"\r\n" * 100_000] * 10)
    answer = await house.caller().get("/healthz")

    assert (200, True) == (answer.status, time.perf_counter() - began < 2)


@pytest.mark.parametrize("lines", [b"\r\n", b"\n", b"\r\n\r\n\r\n"], ids=["one", "bare", "three"])
async def test_empty_lines_before_a_request_are_passed_over(line, lines):
    await line.send(lines + GET)
    first = await line.status()
    await line.send(lines, GET, pause=0.02)

    assert [200, 200] == [first, await line.status()]


async def test_a_connection_is_kept_for_one_request_after_another(line):
    statuses = []
    for _ in range(5):
        await line.send(post(fresh_phone()))
        statuses.append(await line.status())

    assert [201] * 5 == statuses


async def test_requests_that_come_together_are_answered_in_their_order(line):
    await line.send(GET + post(fresh_phone()) + GET + post(fresh_phone(), chunks=3) + GET)

    assert [200, 201, 200, 201, 200] == [await line.status() for _ in range(5)]


async def test_requests_that_come_together_may_be_cut_anywhere(house):
    phones = [fresh_phone() for _ in range(2)]
    whole = post(phones[0], chunks=2) + GET + post(phones[1]) + GET
    for at in range(1, len(whole), 7):
        house.pass_time(25 * 3600)
        async with wire(house.address) as line:
            await line.send(whole[:at])
            await asyncio.sleep(0)
            await line.send(whole[at:])
            assert [201, 200, 201, 200] == [await line.status() for _ in range(4)], at


@pytest.mark.parametrize("chunks", [1, 2, 31])
async def test_a_body_in_chunks_is_read(line, phone, chunks):
    await line.send(post(phone, chunks=chunks))

    assert 201 == await line.status()


async def test_a_request_whose_lines_end_bare_is_read(line):
    await line.send(f"GET /api/verifications HTTP/1.1\nHost: x\nAuthorization: Bearer {KEY}\n\n".encode() + GET)

    assert await line.status() in {200, 400}


async def test_thousands_of_requests_that_come_together_are_all_answered(line):
    sending = asyncio.ensure_future(line.send(GET * 3000))
    statuses = [await line.status() for _ in range(3000)]
    await sending

    assert [200] * 3000 == statuses


async def test_requests_whose_answers_nobody_reads_are_not_kept(line):
    tracemalloc.start()
    try:
        sending = asyncio.ensure_future(line.send(GET * 100_000))
        await asyncio.sleep(2)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        sending.cancel()

    # The 3 MB wait on the sender's side; each request made of them would be a thousand bytes or more.
    assert most < 12_000_000
