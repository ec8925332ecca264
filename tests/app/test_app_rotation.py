"""Rotations of the secret key in a running house: many at once, and beside whoever saves a connector."""

import asyncio

import pytest
from app_words import CONFIG
from app_words import CONTROL
from app_words import EVERY_STORE
from app_words import FACTORY
from app_words import fresh_phone
from app_words import opened

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE


async def test_ten_rotations_at_once_all_succeed_and_a_restart_opens_everything(tmp_path):
    phones = [fresh_phone() for _ in range(3)]
    async with opened(tmp_path / "data") as house:
        operator = house.caller(CONTROL)
        started = [(await house.owner.start(phone)).body["id"] for phone in phones]
        codes = [house.code(phone) for phone in phones]
        answers = await asyncio.gather(*(operator.post("/control/rotate") for _ in range(10)))
        before = await house.owner.check(started[0], codes[0])
    keys = (tmp_path / "data" / "secret.key").read_text().split()
    async with opened(tmp_path / "data") as house:
        after = [(await house.owner.check(*one)).status for one in zip(started[1:], codes[1:], strict=True)]
        again = await house.owner.start(fresh_phone())

        assert [200] * 10 == [answer.status for answer in answers]
        assert (200, [200, 200], 201) == (before.status, after, again.status)
    assert (11, 11) == (len(keys), len(set(keys)))


async def test_after_rotations_at_once_the_newest_key_alone_is_enough(tmp_path):
    async with opened(tmp_path / "data") as house:
        started = (await house.owner.start(phone := fresh_phone())).body
        code = house.code(phone)
        await asyncio.gather(*(house.caller(CONTROL).post("/control/rotate") for _ in range(5)))
    file = tmp_path / "data" / "secret.key"
    file.write_text(file.read_text().split()[0])
    async with opened(tmp_path / "data") as house:
        assert 200 == (await house.owner.check(started["id"], code)).status


async def test_a_connector_changed_while_keys_rotate_stays_changed(house, owner):
    saved = (await owner.post("/api/connectors", {"connectorId": FACTORY, "config": CONFIG})).body
    operator, lost = house.caller(CONTROL), []
    for number in range(10):
        name = f"SENDER{number}"
        change = {"config": {**CONFIG, "senderName": name}}
        answers = await asyncio.gather(
            operator.post("/control/rotate"),
            owner.ask("PATCH", f"/api/connectors/{saved['id']}", change),
            operator.post("/control/rotate"),
        )
        assert [200] * 3 == [answer.status for answer in answers]
        shown = (await owner.get(f"/api/connectors/{saved['id']}")).body["config"]["senderName"]
        lost += [name] * (shown != name)

    assert [] == lost


async def test_a_connector_saved_while_keys_rotate_is_the_one_that_sends(house, owner):
    operator = house.caller(CONTROL)
    for number in range(10):
        body = {"connectorId": FACTORY, "config": {**CONFIG, "senderName": f"SAVED{number}"}}
        _, saved, _ = await asyncio.gather(
            operator.post("/control/rotate"), owner.post("/api/connectors", body), operator.post("/control/rotate")
        )
        (shown,) = (await owner.get("/api/connectors")).body
        assert (saved.body["id"], f"SAVED{number}") == (shown["id"], shown["config"]["senderName"])
        await owner.start(phone := fresh_phone())
        assert f"SAVED{number}" == house.sandbox.messages(phone)[-1].sign
