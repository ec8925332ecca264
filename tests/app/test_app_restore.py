"""Configs that were live once: listed without their keys, and made live again."""

import json

import pytest
from app_processes import run
from app_words import CONFIG
from app_words import FACTORY

pytestmark = pytest.mark.anyio

AT = "/api/connectors"


@pytest.fixture
async def saved(owner):
    """A connector that was saved as FIRST and changed to SECOND."""
    connector = (await owner.post(AT, {"connectorId": FACTORY, "config": {**CONFIG, "senderName": "FIRST"}})).body
    await owner.ask("PATCH", f"{AT}/{connector['id']}", {"config": {**CONFIG, "senderName": "SECOND"}})
    return connector["id"]


async def test_an_earlier_config_is_listed_with_its_key_masked(owner, saved):
    answer = await owner.get("/api/connector-versions")
    newest = answer.body["versions"][0]

    assert (saved, FACTORY, "FIRST") == (newest["connector"], newest["connectorId"], newest["config"]["senderName"])
    assert CONFIG["apiKey"].encode() not in answer.raw


async def test_codes_are_sent_with_what_was_restored(house, owner, saved, phone):
    answer = await owner.post(f"{AT}/{saved}/restore")
    await owner.start(phone)

    assert (200, saved) == (answer.status, answer.body["id"])
    assert "FIRST" == house.sandbox.messages(phone)[0].sign


async def test_a_replaced_connector_comes_back_under_its_id(owner, saved):
    await owner.post(AT, {"connectorId": FACTORY, "config": {**CONFIG, "senderName": "THIRD"}})
    await owner.post(f"{AT}/{saved}/restore")

    assert [(saved, "SECOND")] == [(row["id"], row["config"]["senderName"]) for row in (await owner.get(AT)).body]


async def test_a_version_can_be_named(owner, saved):
    kept = (await owner.get("/api/connector-versions")).body["versions"]
    answer = await owner.post(f"{AT}/{saved}/restore", {"version": kept[0]["id"]})

    assert kept[0]["config"] == answer.body["config"]


async def test_nothing_is_restored_that_was_never_kept(owner, saved):
    assert (404, "entity.not_found") == (await owner.post(f"{AT}/nobody/restore")).brief
    assert (404, "entity.not_found") == (await owner.post(f"{AT}/{saved}/restore", {"version": "x"})).brief


async def test_who_may_only_read_restores_nothing(house, saved):
    reader = await house.holder("connectors:read")

    assert (403, "auth.forbidden") == (await reader.post(f"{AT}/{saved}/restore")).brief


def test_the_command_lists_and_restores(tmp_path):
    for sender in ("FIRST", "SECOND"):
        (tmp_path / "connector.json").write_text(json.dumps({**CONFIG, "senderName": sender}))
        run(tmp_path, "connector", "save", "connector.json", "--sandbox")
    listed = run(tmp_path, "connector", "versions")
    restored = run(tmp_path, "connector", "restore", "--json")

    assert (True, 0, "FIRST") == ("FIRST" in listed.stdout, restored.returncode, restored.json["config"]["senderName"])


def test_the_command_says_that_there_is_nothing_to_restore(tmp_path):
    ended = run(tmp_path, "connector", "restore", "nothing", "--sandbox")

    assert (1, True) == (ended.returncode, "No config of this connector is kept." in ended.stderr)
