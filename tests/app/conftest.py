"""The whole application, with real parts only: our server on a free port, a store, the sandbox as gate."""

import pytest
from app_words import fresh_phone
from app_words import kept_in
from app_words import opened


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


def pytest_generate_tests(metafunc):
    stores = getattr(metafunc.module, "STORES", None)
    if stores is not None and "house" in metafunc.fixturenames:
        metafunc.parametrize("house", stores, indirect=True, scope="module")


@pytest.fixture(scope="module")
async def house(request, anyio_backend, tmp_path_factory):
    """One on each of the file's `STORES` for all its tests: each uses phones of its own."""
    async with opened(
        tmp_path_factory.mktemp("house") / "data", **kept_in(getattr(request, "param", "sqlite"))
    ) as house:
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
