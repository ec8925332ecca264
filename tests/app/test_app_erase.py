"""Erasing a phone in a running house: what is kept goes, what is counted stays, and only the operator may ask."""

import pytest
from app_words import CONTROL
from app_words import wrong

pytestmark = pytest.mark.anyio


async def erase(house, phone, **more):
    return await house.caller(CONTROL).post("/control/erase", {"phone": phone, "reason": "asked by letter", **more})


async def test_an_erased_phone_is_in_no_answer(house, owner, phone):
    started = (await owner.start(phone)).body
    erased = await erase(house, phone)

    assert (200, 1, 1) == (erased.status, erased.body["verifications"], erased.body["messages"])
    assert 404 == (await owner.get(f"/api/verifications/{started['id']}")).status
    assert [] == (await owner.get(f"/api/verifications?phone=%2B{phone[1:]}")).body["verifications"]


async def test_erasing_gives_no_guess_back(house, owner, phone):
    for session in ("a", "b"):
        started = (await owner.start(phone, session=session)).body
        for _ in range(5):
            await owner.check(started["id"], wrong(house.code(phone)), session=session)
        house.pass_time(61)
    await erase(house, phone)

    assert (429, "session.verification_blocked_too_many_attempts") == (await owner.start(phone)).brief


async def test_erasing_gives_no_send_back(house, owner, phone):
    await owner.start(phone)
    await erase(house, phone)

    assert 429 == (await owner.start(phone)).status


async def test_an_erased_entry_of_a_list_decides_nothing_any_more(house, owner, phone):
    await owner.post("/api/lists", {"verdict": "block", "kind": "phone", "value": phone, "reason": "of the test"})
    before = await owner.start(phone)
    await erase(house, phone)

    assert (422, 201) == (before.status, (await owner.start(phone)).status)


async def test_an_erased_test_number_is_an_ordinary_one(house, owner, phone):
    await owner.post("/api/test-numbers", {"phone": phone, "code": "135790"})
    await erase(house, phone)

    assert "test" not in (await owner.start(phone)).body


async def test_an_erased_request_is_forgotten(house, owner, phone):
    headers = {"Idempotency-Key": "erased"}
    await owner.ask("POST", "/api/verifications", {"phone": phone}, headers=headers)
    await erase(house, phone)
    house.pass_time(31)
    again = await owner.ask("POST", "/api/verifications", {"phone": phone}, headers=headers)

    assert (201, 2) == (again.status, len(house.sandbox.messages(phone)))


async def test_a_phone_of_a_country_that_was_closed_can_be_erased(house):
    assert 200 == (await erase(house, "+77012345678")).status


async def test_a_key_cannot_erase(owner, phone):
    assert 403 == (await owner.post("/control/erase", {"phone": phone, "reason": "mine"})).status


async def test_erasing_needs_a_reason(house, phone):
    assert 400 == (await erase(house, phone, reason="")).status
