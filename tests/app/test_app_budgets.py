"""Guesses over HTTP: what is left, the block, the owner's device, and the unlock by our route and by Logto's."""

from datetime import timedelta

import pytest
from app_words import EVERY_STORE
from app_words import fresh_phone
from app_words import wrong

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE

BLOCKED = (429, "session.verification_blocked_too_many_attempts")


@pytest.fixture
def fast(house):
    """The ladder is not the subject: each start is later than its wait."""

    def later(seconds=301):
        house.services.store.shift_clock(timedelta(seconds=seconds))

    return later


async def spent(house, owner, phone, fast, count=10, **more):
    """Wrong codes in verifications one after the other; the last check's answer."""
    answer = None
    while count:
        fast()
        begun = (await owner.start(phone, **more)).body
        for _ in range(min(count, begun["attemptsLeft"])):
            answer = await owner.check(begun["id"], wrong(house.code(phone)))
            count -= 1
        await owner.post(f"/api/verifications/{begun['id']}/cancel")
    return answer


async def approved(house, owner, phone, fast):
    fast()
    begun = (await owner.start(phone)).body
    return (await owner.check(begun["id"], house.code(phone))).body


async def test_the_tenth_wrong_code_leaves_nothing(house, owner, phone, fast):
    answer = await spent(house, owner, phone, fast)
    assert (400, 0) == (answer.status, answer.body["data"]["attemptsLeft"])


async def test_a_start_without_a_guess_left_is_429_with_retry_after_and_sends_nothing(house, owner, phone, fast):
    await spent(house, owner, phone, fast)
    sent = len(house.sandbox.messages(phone))
    fast()
    answer = await owner.start(phone)
    assert (BLOCKED, True, sent) == (
        answer.brief,
        0 < int(answer.headers["retry-after"]) <= 3600,
        len(house.sandbox.messages(phone)),
    )


async def test_a_right_code_is_429_where_no_guess_is_left(house, owner, phone, fast):
    waiting = (await owner.start(phone, session="waiting")).body
    code = house.code(phone)
    for session in ("a", "b"):
        house.services.store.shift_clock(timedelta(seconds=61))
        begun = (await owner.start(phone, session=session)).body
        for _ in range(5):
            await owner.check(begun["id"], wrong(house.code(phone)), session=session)
    answer = await owner.check(waiting["id"], code, session="waiting")
    assert BLOCKED == answer.brief


async def test_logtos_check_says_the_block_as_400(house, owner, phone, fast):
    await owner.post("/api/verification-codes", {"phone": phone})
    for session in ("a", "b"):
        fast(100)
        begun = (await owner.start(phone, session=session)).body
        for _ in range(5):
            await owner.check(begun["id"], wrong(house.code(phone)), session=session)
    body = {"phone": phone, "verificationCode": "000000"}
    answer = await owner.post("/api/verification-codes/verify", body)
    assert (400, BLOCKED[1]) == answer.brief


async def test_a_device_that_was_approved_gets_in_when_strangers_have_spent_the_hour(house, owner, phone, fast):
    token = (await approved(house, owner, phone, fast))["deviceToken"]
    await spent(house, owner, phone, fast)
    fast()
    begun = (await owner.start(phone, deviceToken=token)).body
    assert 200 == (await owner.check(begun["id"], house.code(phone))).status


async def test_a_token_of_another_phone_opens_nothing(house, owner, phone, fast):
    token = (await approved(house, owner, fresh_phone(), fast))["deviceToken"]
    await spent(house, owner, phone, fast)
    fast()
    assert BLOCKED == (await owner.start(phone, deviceToken=token)).brief


async def test_an_unlock_needs_a_reason(owner, phone):
    assert (400, "guard.invalid_input") == (await owner.post("/api/unlocks", {"phone": phone})).brief


async def test_an_unlock_tells_how_many_pools_it_opened(house, owner, phone, fast):
    await spent(house, owner, phone, fast, 1)
    answer = await owner.post("/api/unlocks", {"phone": phone, "reason": "called us"})
    assert (200, {"unlocked": 1}) == (answer.status, answer.body)


async def test_logtos_unlock_is_204(owner, phone):
    body = {"targetType": "User", "targets": [phone]}
    assert 204 == (await owner.post("/api/sentinel-activities/delete", body)).status
