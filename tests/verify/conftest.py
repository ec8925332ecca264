import pytest
from engine_parts import KEYRING
from engine_parts import House

from aerocode.store.sqlite.store import open_store


@pytest.fixture
async def house(anyio_backend, tmp_path):
    store = await open_store(tmp_path / "aerocode.db", KEYRING)
    house = House(store, tmp_path / "aerocode.db")
    yield house
    house.line.gate.set()
    await house.engine.finish()
    await house.store.close()


@pytest.fixture
def line(house):
    return house.line


@pytest.fixture
def engine(house):
    return house.engine
