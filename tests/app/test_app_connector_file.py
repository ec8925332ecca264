"""AEROCODE_CONNECTOR_FILE: applied when it changed since the last time; what was saved later stands until then."""

import json

import pytest
from app_words import CONFIG
from app_words import FACTORY
from app_words import opened

pytestmark = pytest.mark.anyio


@pytest.fixture
def file(tmp_path):
    file = tmp_path / "connector.json"
    file.write_text(json.dumps(CONFIG))
    return file


async def saved_by(house):
    (connector,) = (await house.owner.get("/api/connectors")).body
    return connector["config"]["email"]


async def save(house, email):
    config = {**CONFIG, "email": email}
    assert (await house.owner.post("/api/connectors", {"connectorId": FACTORY, "config": config})).status == 200


async def test_a_file_is_applied_at_the_first_start(tmp_path, file):
    async with opened(tmp_path / "data", connector_file=file) as house:
        assert CONFIG["email"] == await saved_by(house)


async def test_what_was_saved_later_stands_as_long_as_the_file_is_the_same(tmp_path, file):
    async with opened(tmp_path / "data", connector_file=file) as house:
        await save(house, "later@example.com")
    async with opened(tmp_path / "data", connector_file=file) as house:
        assert "later@example.com" == await saved_by(house)


async def test_a_file_that_changed_is_applied_again(tmp_path, file):
    async with opened(tmp_path / "data", connector_file=file) as house:
        await save(house, "later@example.com")
    file.write_text(json.dumps({**CONFIG, "email": "changed@example.com"}))
    async with opened(tmp_path / "data", connector_file=file) as house:
        assert "changed@example.com" == await saved_by(house)


async def test_a_sandbox_without_a_file_begins_with_the_demo_connector(tmp_path):
    async with opened(tmp_path / "data") as house:
        assert "demo@example.com" == await saved_by(house)


async def test_the_demo_connector_replaces_nothing_that_was_saved(tmp_path):
    async with opened(tmp_path / "data") as house:
        await save(house, "mine@example.com")
    async with opened(tmp_path / "data") as house:
        assert "mine@example.com" == await saved_by(house)
