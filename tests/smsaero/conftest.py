import pytest

from aerocode.sandbox import Sandbox
from aerocode.smsaero import Credentials
from aerocode.smsaero import SmsAero
from aerocode.smsaero import Transport


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
def credentials():
    return Credentials(email="me@example.com", api_key="not-a-real-api-key")


@pytest.fixture
async def client(sandbox, credentials):
    async with Transport([sandbox.url], timeout=1.0) as transport:
        yield SmsAero(credentials, transport=transport)
