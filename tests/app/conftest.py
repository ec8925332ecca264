"""The whole application, with real parts only: our server on a free port, a store, the sandbox as gate."""

import pytest
from app_words import SECRET
from app_words import fresh_phone
from app_words import opened

from aerocode.crypto import Secret
from postgres_server import shared


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


def pytest_generate_tests(metafunc):
    if "house" in metafunc.fixturenames:
        stores = getattr(metafunc.module, "STORES", ("sqlite",))
        metafunc.parametrize("house", stores, indirect=True, scope="module")


@pytest.fixture(scope="module")
async def house(request, anyio_backend, tmp_path_factory):
    """One on each of the file's `STORES` for all its tests: each uses phones of its own."""
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
