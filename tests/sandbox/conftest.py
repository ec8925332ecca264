import aiohttp
import pytest

from aerocode.sandbox import Sandbox

BASIC = {"Authorization": "Basic bWVAZXhhbXBsZS5jb206YW55IGtleQ=="}  # me@example.com, any key
SMS = {"number": "79129999999", "sign": "SMS Aero", "text": "482913 is your code"}


@pytest.fixture
def anyio_backend():
    return "asyncio"


@pytest.fixture
async def sandbox(anyio_backend):
    sandbox = Sandbox(slow_after=0.2)
    await sandbox.start(port=0)
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def http(sandbox):
    """Plain HTTP to the sandbox, with credentials."""
    limit = aiohttp.ClientTimeout(total=5)
    async with aiohttp.ClientSession(sandbox.url, headers=BASIC, timeout=limit) as session:
        yield session


@pytest.fixture
def send(http):
    async def send(**changes):
        async with http.post("/v2/sms/send", json=SMS | changes) as reply:
            return await reply.json()

    return send


@pytest.fixture
def control(http):
    async def control(order):
        async with http.post("/control", json=order) as reply:
            return reply.status, await reply.json()

    return control


@pytest.fixture
def ask(http):
    """A method of the gate: HTTP status and envelope."""

    async def ask(path, /, **given):
        async with http.post(f"/v2/{path}", json=given) as reply:
            return reply.status, await reply.json()

    return ask


@pytest.fixture
def data(ask):
    """What a method answers when all is well."""

    async def data(path, /, **given):
        status, envelope = await ask(path, **given)
        assert (200, True) == (status, envelope["success"]), envelope
        return envelope["data"]

    return data


@pytest.fixture
def wrong(ask):
    """The fields a method complains about."""

    async def wrong(path, /, **given):
        status, envelope = await ask(path, **given)
        assert (400, "Validation error.", False) == (status, envelope["message"], envelope["success"])
        assert all(["incorrect"] == codes for codes in envelope["data"].values())
        return list(envelope["data"])

    return wrong
