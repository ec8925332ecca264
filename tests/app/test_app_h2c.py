"""What Java's HttpClient sends on plain http: an offer of HTTP/2 with every request. It is ignored, the body is not."""

import asyncio
import json

import pytest
from app_words import KEY
from app_words import fresh_phone

from aerocode.app import http

pytestmark = pytest.mark.anyio


class Java:
    """One connection; `request` is the bytes of a request as that client writes them."""

    def __init__(self, reader, writer, port):
        self._reader, self._writer, self._port = reader, writer, port

    def request(self, phone):
        body = json.dumps({"phone": phone}).encode()
        head = (
            "POST /api/verifications HTTP/1.1\r\n"
            "Connection: Upgrade, HTTP2-Settings\r\n"
            f"Content-Length: {len(body)}\r\n"
            f"Host: 127.0.0.1:{self._port}\r\n"
            "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQBAAAAAAUAAEAA\r\n"
            "Upgrade: h2c\r\n"
            "User-Agent: Java-http-client/21.0.2\r\n"
            f"Authorization: Bearer {KEY}\r\n"
            "Content-Type: application/json\r\n"
            "\r\n"
        )
        return head.encode(), body

    async def send(self, *pieces):
        for piece in pieces:
            self._writer.write(piece)
            await self._writer.drain()
            # Long enough for the server to have seen this piece alone.
            await asyncio.sleep(0.02)

    async def answer(self):
        head = await self._reader.readuntil(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        length = next(int(line.split(":")[1]) for line in lines if line.startswith("content-length"))
        return int(lines[0].split()[1]), json.loads(await self._reader.readexactly(length))


@pytest.fixture
async def java(house):
    port = int(house.address.rsplit(":", 1)[1])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    yield Java(reader, writer, port)
    writer.close()
    await writer.wait_closed()


async def test_the_body_is_read_when_all_comes_in_one_segment(java, phone):
    head, body = java.request(phone)
    await java.send(head + body)
    status, answer = await java.answer()

    assert (201, phone) == (status, answer["phone"])


@pytest.mark.parametrize(
    "cut", [b"Upg", b"Upgrade", b"Upgrade:", b"Upgrade: h2", b"Upgrade: h2c\r", b"Upgrade: h2c\r\n"]
)
async def test_the_body_is_read_when_the_offer_is_cut_in_two(java, phone, cut):
    head, body = java.request(phone)
    at = head.index(b"Upgrade: h2c") + len(cut)
    await java.send(head[:at], head[at:] + body)

    assert 201 == (await java.answer())[0]


@pytest.mark.parametrize("at", [-1, -2, -3])
async def test_the_body_is_read_when_the_end_of_the_head_is_cut_in_two(java, phone, at):
    head, body = java.request(phone)
    await java.send(head[:at], head[at:] + body)

    assert 201 == (await java.answer())[0]


async def test_the_body_is_read_when_it_comes_later(java, phone):
    head, body = java.request(phone)
    await java.send(head, body)

    assert 201 == (await java.answer())[0]


async def test_the_body_is_read_when_it_comes_in_pieces(java, phone):
    head, body = java.request(phone)
    await java.send(head + body[:5], body[5:9], body[9:])

    assert 201 == (await java.answer())[0]


async def test_the_body_is_read_when_every_byte_comes_alone(java, phone):
    head, body = java.request(phone)
    for byte in head + body:
        java._writer.write(bytes([byte]))
        await java._writer.drain()
        await asyncio.sleep(0)

    assert 201 == (await java.answer())[0]


async def test_the_body_of_each_request_on_one_connection_is_read(java):
    for _ in range(3):
        phone = fresh_phone()
        head, body = java.request(phone)
        await java.send(head + body)
        status, answer = await java.answer()
        assert (201, phone) == (status, answer["phone"])


@pytest.mark.parametrize("name", [b"upgrade", b"UPGRADE", b"Upgrade", b"uPGRADE", b"uPgRaDe", b"UpGrAdE"])
async def test_the_offer_is_known_however_it_is_written(java, phone, name):
    head, body = java.request(phone)
    await java.send(head.replace(b"Upgrade: h2c", name + b":h2c") + body)

    assert 201 == (await java.answer())[0]


async def test_two_offers_in_one_segment_keep_their_bodies(java):
    phones = [fresh_phone(), fresh_phone()]
    first, second = (b"".join(java.request(phone)) for phone in phones)
    await java.send(first + second.replace(b"Upgrade: h2c", b"uPgRaDe: h2c"))
    answers = [await java.answer(), await java.answer()]

    assert [(201, phone) for phone in phones] == [(status, body["phone"]) for status, body in answers]


async def test_an_offer_that_follows_an_ordinary_request_keeps_its_body(java, phone):
    plain = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
    await java.send(plain + b"".join(java.request(phone)) + plain)

    assert [200, 201, 200] == [(await java.answer())[0] for _ in range(3)]


async def test_a_body_that_speaks_of_an_upgrade_keeps_its_length(java, phone):
    head, body = java.request(phone)
    odd = b'["\r\nUpgrade: h2c\r\n"]'.ljust(len(body))
    await java.send(head + odd)
    first, _ = await java.answer()
    await java.send(head + body)
    second, _ = await java.answer()

    assert (400, 201) == (first, second)


def test_the_mended_protocol_serves_as_long_as_its_hooks_are_there():
    assert http.HttpProtocol is http.protocol()


@pytest.mark.parametrize("hook", http._HOOKS)
def test_h11_serves_where_a_hook_is_missing(monkeypatch, hook):
    hooks = {name: lambda self: None for name in http._HOOKS if name != hook}
    monkeypatch.setattr(http, "HttpToolsProtocol", type("Newer", (), hooks))

    assert "h11" == http.protocol()
