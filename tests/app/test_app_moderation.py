"""Moderation takes longer than a code lives: the code waits for it, and ends all the same."""

import logging

import pytest
from app_words import EVERY_STORE
from app_words import fresh_phone
from app_words import kept_in
from app_words import opened

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE


@pytest.fixture(scope="module")
async def house(request, anyio_backend, tmp_path_factory):
    place = tmp_path_factory.mktemp("house") / "data"
    async with opened(place, public=True, **kept_in(request.param)) as house:
        await house.services.chores.stop()
        yield house


@pytest.fixture
async def held(owner, sandbox, phone):
    """A start whose message stays in moderation."""
    sandbox.fault("moderation", phone=phone)
    return (await owner.start(phone)).body


async def test_a_code_in_moderation_is_good_when_its_lifetime_is_over(house, owner, phone, held):
    assert "moderation" == held["message"]["status"]
    await house.wait(590)

    assert 200 == (await owner.check(held["id"], house.code(phone))).status


async def test_a_code_in_moderation_ends_after_ten_minutes(house, owner, phone, held):
    await house.wait(601)

    assert (410, "verification_code.expired") == (await owner.check(held["id"], house.code(phone))).brief


async def test_a_code_that_left_moderation_lives_its_lifetime_from_then_on(house, owner, phone, held):
    await house.wait(100)
    (received,) = house.sandbox.messages(phone)
    url = house.services.post.live._traces.callback_url(held["message"]["id"])
    body = f"id={received.id}&status=0".encode()
    await house.caller().ask("POST", url.removeprefix(house.address), raw=body)
    await house.wait(310)

    assert 410 == (await owner.check(held["id"], house.code(phone))).status


async def test_a_moderated_message_that_is_delivered_in_time_verifies(house, owner, sandbox, phone):
    sandbox.fault("moderated", phone=phone)
    started = (await owner.start(phone)).body
    await house.wait(250)
    message = await house.message(started["message"]["id"])

    assert ("delivered", ["moderation", "delivered"]) == (
        message["status"],
        [line["status"] for line in message["timeline"][2:]],
    )
    assert 200 == (await owner.check(started["id"], house.code(phone))).status


async def test_many_moderated_messages_are_a_warning_once(house, owner, sandbox, caplog):
    for _ in range(11):
        phone = fresh_phone()
        sandbox.fault("moderation", phone=phone)
        await owner.start(phone)
    with caplog.at_level(logging.WARNING, logger="aerocode.delivery.watch"):
        await house.services.post.watch.moderation()
        await house.services.post.watch.moderation()

    assert 1 == len(caplog.records)
    assert "were in moderation" in caplog.text


async def test_a_fifth_of_the_messages_in_moderation_is_no_warning(anyio_backend, tmp_path, caplog):
    async with opened(tmp_path / "data") as house:
        await house.services.chores.stop()
        for number in range(12):
            phone = fresh_phone()
            house.sandbox.fault("moderation" if number < 10 else "delivered", phone=phone)
            await house.owner.start(phone)
        with caplog.at_level(logging.WARNING, logger="aerocode.delivery.watch"):
            await house.services.post.watch.moderation()

    assert [] == caplog.records
