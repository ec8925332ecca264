"""What became of messages nobody reports on: asked for, found again by their text's HMAC, or told to be lost."""

import asyncio
import logging

import pytest
from app_words import EVERY_STORE
from app_words import fresh_phone
from app_words import opened

from aerocode.delivery import reconciler
from aerocode.errors import StoreUnavailable
from aerocode.smsaero import Transport

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE
ANOTHER = {"email": "another@example.com", "apiKey": "another-key-of-the-gate"}


@pytest.fixture(autouse=True)
async def idle(house):
    """The chore of the house stays out of the way; each test is its own."""
    await house.services.chores.stop()
    house.sandbox.fault(None)
    await house.wait(60 * 60 * 72)
    while await house.reconcile():
        pass


async def uncertain(house, phone, fault):
    house.sandbox.fault(fault, phone=phone, times=1)
    started = (await house.owner.start(phone)).body
    assert "unknown" == started["message"]["status"]
    return started


async def settled(house, started, *, after=20):
    await house.wait(after)
    await house.reconcile()
    return await house.message(started["message"]["id"])


async def test_a_message_is_asked_about_until_it_is_final(house, owner, phone):
    started = (await owner.start(phone)).body
    message = await settled(house, started)

    assert ("delivered", "poll") == (message["status"], message["timeline"][-1]["source"])
    await house.wait(600)
    assert 0 == await house.reconcile()


async def test_nothing_is_asked_before_it_is_due(house, owner, phone):
    await owner.start(phone)
    await house.wait(5)

    assert 0 == await house.reconcile()


async def test_questions_grow_rare_and_end(house, owner, sandbox, phone):
    sandbox.fault("moderation", phone=phone)
    await owner.start(phone)
    await house.wait(601)
    asked = []
    for _ in range(60 * 6):
        asked.append(await house.reconcile())
        await house.wait(15 * 60)

    assert 10 < sum(asked) < 30
    assert 0 == sum(asked[60 * 4 :])


@pytest.mark.parametrize("fault", ["slow", "reset_after_accept"])
async def test_an_uncertain_send_that_arrived_is_found(house, phone, fault):
    started = await uncertain(house, phone, fault)
    message = await settled(house, started)
    (received,) = house.sandbox.messages(phone)

    assert ("delivered", str(received.id), None) == (message["status"], message["gateId"], message["reason"])
    assert str(received.id) == message["timeline"][-1]["gateId"]


async def test_the_text_is_never_sent_as_a_filter(house, phone, monkeypatch):
    started = await uncertain(house, phone, "reset_after_accept")
    bodies = []
    perform = Transport.perform

    async def watched(transport, request, credentials):
        bodies.append(dict(request.body))
        return await perform(transport, request, credentials)

    monkeypatch.setattr(Transport, "perform", watched)
    await settled(house, started)

    assert [{"number": phone[1:]}] == [body for body in bodies if "id" not in body]


async def test_what_is_listed_is_not_logged(house, phone, caplog):
    started = await uncertain(house, phone, "reset_after_accept")
    with caplog.at_level(logging.DEBUG):
        await settled(house, started)
    (received,) = house.sandbox.messages(phone)

    assert received.code not in caplog.text
    assert received.text not in caplog.text


async def test_an_uncertain_send_that_is_not_there_is_lost_ten_minutes_after_its_code(house, phone):
    started = await uncertain(house, phone, "reset")
    seen = []
    for _ in range(10):
        await house.wait(100)
        await house.reconcile()
        message = await house.message(started["message"]["id"])
        seen.append((message["status"], message["reason"]))

    assert [("unknown", "reset")] * 8 + [("failed", reconciler.NOT_FOUND)] == seen[:9]


async def test_a_message_that_was_lost_ended_no_verification(house, owner, phone):
    started = await uncertain(house, phone, "reset")
    await settled(house, started, after=1000)
    shown = (await owner.get(f"/api/verifications/{started['id']}")).body

    assert ("failed", None) == (shown["messages"][0]["status"], shown["endedAt"])
    assert (410, "verification_code.expired") == (await owner.check(started["id"], "000000")).brief


async def test_a_code_of_an_uncertain_send_is_good_until_it_ends_and_not_a_second_longer(house, owner, phone):
    started = await uncertain(house, phone, "reset_after_accept")
    await settled(house, started)
    await house.wait(300)

    assert 410 == (await owner.check(started["id"], house.code(phone))).status


async def test_another_message_of_the_same_phone_is_not_taken_for_it(house, owner, phone):
    first = (await owner.start(phone)).body
    await house.wait(40)
    house.sandbox.fault("reset", phone=phone, times=1)
    again = (await owner.post(f"/api/verifications/{first['id']}/resend")).body
    message = await settled(house, again)

    assert "unknown" == message["status"]


async def test_of_two_uncertain_sends_with_the_same_text_each_finds_its_own(house, owner, phone):
    house.sandbox.fault("reset_after_accept", phone=phone)
    first = (await owner.start(phone)).body
    await house.wait(31)
    second = (await owner.post(f"/api/verifications/{first['id']}/resend")).body
    ids = [str(message.id) for message in house.sandbox.messages(phone)]
    await settled(house, second)

    assert ids == [(await house.message(sent["message"]["id"]))["gateId"] for sent in (first, second)]


async def test_of_two_uncertain_sends_with_the_same_text_the_nearer_one_has_arrived(house, owner, phone):
    house.sandbox.fault("reset", phone=phone, times=1)
    first = (await owner.start(phone)).body
    await house.wait(31)
    house.sandbox.fault("reset_after_accept", phone=phone, times=1)
    second = (await owner.post(f"/api/verifications/{first['id']}/resend")).body
    await settled(house, second)
    told = [await house.message(sent["message"]["id"]) for sent in (first, second)]

    assert ["unknown", "delivered"] == [message["status"] for message in told]


async def test_nothing_is_concluded_from_a_gate_that_does_not_answer(house, phone, caplog):
    started = await uncertain(house, phone, "reset")
    house.sandbox.fault("error_500", path="sms/list")
    with caplog.at_level(logging.WARNING):
        message = await settled(house, started, after=2000)
    house.sandbox.fault(None, path="sms/list")

    assert "unknown" == message["status"]
    assert "does not tell what became of messages" in caplog.text
    assert "failed" == (await settled(house, started, after=2000))["status"]


async def test_nothing_is_concluded_about_another_account(house, owner, phone):
    started = await uncertain(house, phone, "reset")
    (saved,) = (await owner.get("/api/connectors")).body
    config = {**saved["config"], **ANOTHER}
    await owner.ask("PATCH", f"/api/connectors/{saved['id']}", {"config": config})

    assert "unknown" == (await settled(house, started, after=2000))["status"]


async def test_a_restart_forgets_no_question(house, tmp_path):
    phone = fresh_phone()
    async with opened(tmp_path / "data") as first:
        started = await uncertain(first, phone, "reset_after_accept")
        gate = first.sandbox
        taken = gate.messages(phone)
    async with opened(tmp_path / "data") as second:
        await second.services.chores.stop()
        for message in taken:
            second.sandbox._state.inbox.add(message)
        message = await settled(second, started)

    assert ("delivered", str(taken[0].id)) == (message["status"], message["gateId"])


async def test_a_message_whose_process_died_before_it_was_marked_is_found_as_well(house, tmp_path, monkeypatch):
    phone = fresh_phone()
    async with opened(tmp_path / "data") as first:
        monkeypatch.setattr(first.services.store.verifications, "mark", out_of_order)
        started = (await first.owner.start(phone)).body
        taken = first.sandbox.messages(phone)
    async with opened(tmp_path / "data") as second:
        await second.services.chores.stop()
        before = await second.message(started["message"]["id"])
        for message in taken:
            second.sandbox._state.inbox.add(message)
        after = await settled(second, started)

    assert ("unknown", "not_marked") == (before["status"], before["timeline"][-1]["reason"])
    assert ("delivered", str(taken[0].id)) == (after["status"], after["gateId"])


async def test_such_a_message_is_looked_for_before_a_person_can_want_another(tmp_path, monkeypatch):
    phone = fresh_phone()
    async with opened(tmp_path / "data") as first:
        monkeypatch.setattr(first.services.store.verifications, "mark", out_of_order)
        started = (await first.owner.start(phone)).body
        taken = first.sandbox.messages(phone)
    async with opened(tmp_path / "data") as second:
        await second.services.chores.stop()
        await second.reconcile()
        await second.wait(30)
        second.sandbox.fault("reset", phone=phone)
        again = await second.owner.start(phone)
        for message in taken:
            second.sandbox._state.inbox.add(message)
        after = await settled(second, started)

    assert (200, "delivered") == (again.status, after["status"])


@pytest.mark.parametrize("edited", [{"templates": "{{code}} is what you asked for."}, ANOTHER])
async def test_nothing_is_concluded_about_it_once_the_connector_was_changed(tmp_path, monkeypatch, edited):
    phone = fresh_phone()
    async with opened(tmp_path / "data") as first:
        monkeypatch.setattr(first.services.store.verifications, "mark", out_of_order)
        started = (await first.owner.start(phone)).body
        taken = first.sandbox.messages(phone)
    async with opened(tmp_path / "data") as second:
        await second.services.chores.stop()
        for message in taken:
            second.sandbox._state.inbox.add(message)
        await edit(second.owner, **edited)
        seen = [(await settled(second, started, after=seconds))["status"] for seconds in (20, 2000)]

    assert ["unknown", "unknown"] == seen


async def edit(owner, *, templates=None, **config):
    (saved,) = (await owner.get("/api/connectors")).body
    if templates is not None:
        config["templates"] = [{**each, "content": templates} for each in saved["config"]["templates"]]
    changed = {"config": {**saved["config"], **config}}
    assert 200 == (await owner.ask("PATCH", f"/api/connectors/{saved['id']}", changed)).status


async def test_whoever_died_before_the_gate_heard_of_it_has_lost_it(tmp_path, monkeypatch):
    phone = fresh_phone()
    async with opened(tmp_path / "data") as first:
        monkeypatch.setattr(first.services.store.verifications, "mark", out_of_order)
        first.sandbox.fault("reset", phone=phone)
        started = (await first.owner.start(phone)).body
    async with opened(tmp_path / "data") as second:
        await second.services.chores.stop()
        seen = [(await settled(second, started, after=seconds))["status"] for seconds in (20, 2000)]

    assert ["unknown", "failed"] == seen


async def out_of_order(*_):
    raise StoreUnavailable


async def test_a_message_is_asked_about_once_however_many_ask_at_the_same_moment(house, owner):
    for _ in range(20):
        await owner.start(fresh_phone())
    await house.wait(20)
    before = house.sandbox.calls["sms/status"]
    asked = await asyncio.gather(*(house.reconcile() for _ in range(5)))

    assert (20, 20) == (sum(asked), house.sandbox.calls["sms/status"] - before)
