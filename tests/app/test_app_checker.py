"""A config looked at with the account's help: over HTTP, on the command line, and in the log once it is saved."""

import asyncio
import json
import logging

import pytest
from app_processes import born
from app_processes import run
from app_words import CONFIG
from app_words import FACTORY

pytestmark = pytest.mark.anyio

AT = f"/api/connectors/{FACTORY}/check"
SHOP = {**CONFIG, "senderName": "Shop"}


async def test_a_config_without_faults_is_held_against_the_account(house, owner):
    before = house.sandbox.requests
    good, bad = await owner.post(AT, {"config": CONFIG}), await owner.post(AT, {"config": SHOP})

    assert ((200, []), (200, ["sender_not_listed"])) == tuple(
        (answer.status, [warning["code"] for warning in answer.body["account"]]) for answer in (good, bad)
    )
    assert before == house.sandbox.requests


async def test_a_faulty_config_is_told_its_faults_and_the_account_is_not_asked(house, owner):
    before = house.sandbox.calls["sign/list"]
    told = (await owner.post(AT, {"config": {**SHOP, "templates": []}})).body

    assert ({"templates"}, [], before) == (
        {fault["path"][0] for fault in told["faults"]},
        told["account"],
        house.sandbox.calls["sign/list"],
    )


async def test_a_factory_nobody_knows_is_refused(owner):
    assert (400, "connector.not_found") == (await owner.post("/api/connectors/twilio/check", {"config": {}})).brief


@pytest.mark.parametrize("fault", [None, "hang"])
async def test_saving_waits_for_nobody_and_warns_in_the_log(house, owner, sandbox, caplog, fault):
    sandbox.fault(fault, path="sign/list")
    with caplog.at_level(logging.WARNING, logger="aerocode.delivery.checker"):
        saved = await owner.post("/api/connectors", {"connectorId": FACTORY, "config": SHOP})
        await asyncio.gather(*house.services.post.checker._tasks)
    sandbox.fault(None, path="sign/list")
    await owner.post("/api/connectors", {"connectorId": FACTORY, "config": CONFIG})

    assert (200, fault is None) == (saved.status, "no sender name “Shop”" in caplog.text)


def test_the_command_line_asks_the_account_when_told_to(tmp_path):
    folder = born(tmp_path, "--sandbox")
    (tmp_path / "connector.json").write_text(json.dumps(SHOP))
    alone = run(folder, "connector", "check", "connector.json", "--json")
    online = run(folder, "connector", "check", "connector.json", "--online", "--json", sandbox_port=0)

    assert (0, False) == (alone.returncode, "account" in alone.json)
    assert (0, ["sender_not_listed"]) == (online.returncode, [each["code"] for each in online.json["account"]])


def test_saving_on_the_command_line_tells_what_the_account_says(tmp_path):
    folder = born(tmp_path, "--sandbox")
    (tmp_path / "connector.json").write_text(json.dumps(SHOP))
    ended = run(folder, "connector", "save", "connector.json", sandbox_port=0)

    assert 0 == ended.returncode, ended.stderr
    assert "the account: warning: senderName: The account has no sender name “Shop”." in ended.stderr
