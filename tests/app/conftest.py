"""The whole application, with real parts only: our server on a free port, SQLite in a folder, the sandbox as gate."""

import pytest
from app_words import SECRET
from app_words import fresh_phone
from app_words import opened

from aerocode.crypto import Secret
from postgres_server import shared


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
async def house(request, anyio_backend, tmp_path_factory):
    """One for all tests of a file: each uses phones of its own."""
    folder = tmp_path_factory.mktemp("house") / "data"
    changes = {}
    if request.param == "postgres":
        changes = {"database_url": Secret(shared().empty()), "secret_key": Secret(SECRET)}
    async with opened(folder, **changes) as house:
        yield house


@pytest.fixture
def owner(house):
    return house.owner


@pytest.fixture
def sandbox(house):
    yield house.sandbox
    house.sandbox.fault(None)


@pytest.fixture
def phone():
    return fresh_phone()
