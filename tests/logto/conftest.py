import importlib
from pathlib import Path

import pytest
from app_words import CONFIG
from app_words import FACTORY
from app_words import fresh_phone
from app_words import opened
from differences import TOLD
from lines import counts
from world import CONNECTORS
from world import PLAIN_SETTINGS
from world import SETTINGS
from world import World

from aerocode.model.policy import Policy
from aerocode.model.sign_in import Experience
from aerocode.model.sign_in import SignIn

for proof in sorted(Path(__file__).parent.glob("proof_*.py")):
    importlib.import_module(proof.stem)


@pytest.fixture(scope="session")
def anyio_backend():
    return "asyncio"


@pytest.fixture(scope="module")
async def house(anyio_backend, tmp_path_factory):
    async with opened(tmp_path_factory.mktemp("house") / "data") as house:
        yield house


@pytest.fixture
async def world(house, caplog):
    """As a new installation has it: its connector saved, its settings plain, its gate well."""
    house.sandbox.fault(None)
    store = house.services.store
    if await store.settings.experience() != Experience(policy=Policy(), sign_in=SignIn()):
        await house.owner.ask("PATCH", SETTINGS, PLAIN_SETTINGS)
    live = await store.connectors.live()
    if live is None or (live.factory, dict(live.config)) != (FACTORY, CONFIG):
        await house.owner.post(CONNECTORS, {"connectorId": FACTORY, "config": CONFIG})
    yield World(house, caplog, fresh_phone())
    house.sandbox.fault(None)


def pytest_terminal_summary(terminalreporter):
    told = ", ".join(f"{count} {what}" for what, count in counts().items())
    for line in (f"Logto's lines: {told}.", *TOLD):
        terminalreporter.write_line(line)
