"""Everybody at once: guesses, right answers, starts."""

import asyncio
from collections import Counter

import pytest
from app_words import EVERY_STORE
from app_words import wrong

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE


async def at_once(count, call):
    """Answers of `count` calls that leave together."""
    gate = asyncio.Event()

    async def one():
        await gate.wait()
        return await call()

    tasks = [asyncio.ensure_future(one()) for _ in range(count)]
    await asyncio.sleep(0)
    gate.set()
    return await asyncio.gather(*tasks)


async def test_of_200_wrong_guesses_at_once_five_are_looked_at(house, owner, phone):
    started = (await owner.start(phone)).body
    guess = wrong(house.code(phone))
    answers = await at_once(200, lambda: owner.check(started["id"], guess))

    assert {(400, "verification_code.code_mismatch"): 5, (410, "verification_code.exceed_max_try"): 195} == Counter(
        answer.brief for answer in answers
    )
    looked_at = [answer.body["data"]["attemptsLeft"] for answer in answers if answer.status == 400]
    assert [0, 1, 2, 3, 4] == sorted(looked_at)


async def test_of_50_right_answers_at_once_one_is_approved(house, owner, phone):
    started = (await owner.start(phone)).body
    code = house.code(phone)
    answers = await at_once(50, lambda: owner.check(started["id"], code))

    assert {200: 1, 409: 49} == Counter(answer.status for answer in answers)


async def test_50_starts_at_once_are_one_sms(house, owner, phone):
    answers = await at_once(50, lambda: owner.start(phone))

    assert {201: 1, 429: 49} == Counter(answer.status for answer in answers)
    assert 1 == len(house.sandbox.messages(phone))


async def test_50_resends_at_once_are_one_more_sms(house, owner, phone):
    started = (await owner.start(phone)).body
    house.pass_time(31)
    answers = await at_once(50, lambda: owner.post(f"/api/verifications/{started['id']}/resend"))

    assert {200: 1, 429: 49} == Counter(answer.status for answer in answers)
    assert 2 == len(house.sandbox.messages(phone))


async def test_a_cancel_and_a_right_answer_at_once_leave_one_end(house, owner, phone):
    started = (await owner.start(phone)).body
    code = house.code(phone)
    checked, canceled = await asyncio.gather(
        owner.check(started["id"], code), owner.post(f"/api/verifications/{started['id']}/cancel")
    )
    shown = (await owner.get(f"/api/verifications/{started['id']}")).body

    assert [200, 409] == sorted([checked.status, canceled.status])
    assert shown["status"] == ("approved" if checked.status == 200 else "canceled")
