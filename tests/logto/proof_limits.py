"""Section K: phones. Section L: how often something is sent. Section M: when guessing is stopped."""

import pytest
from lines import betters
from lines import ours
from lines import proves
from world import VERIFY

from aerocode import errors
from aerocode.app.seeds import read_seeds
from aerocode.model.policy import Limits
from aerocode.phone import Countries

BLOCKED = (400, "session.verification_blocked_too_many_attempts")
TOO_MANY = (429, "request.message_rate_limited")
HOUR = 3600
LADDER = 301


def admitted(text, home="RU"):
    return Countries(home, None).admit(text).digits


async def spend_the_hour(world):
    """Ten wrong codes of the usage type, and one code that nobody tried: the answer is its verification."""
    for session in ("a", "b"):
        started = (await world.owner.start(world.phone, session=session)).body
        for _ in range(5):
            await world.owner.check(started["id"], "0000001", session=session)
        world.house.pass_time(130)
    return started


async def with_a_code_untried(world):
    untried = (await world.owner.start(world.phone)).body
    world.house.pass_time(31)
    await spend_the_hour(world)
    return untried


async def stop_guessing(world):
    """Seventy wrong codes in a row, as slowly as the hour and the day ask."""
    for _ in range(7):
        for _ in range(2):
            await world.send()
            for _ in range(5):
                await world.verify("0000001")
            world.house.pass_time(61)
        world.house.pass_time(13 * HOUR)


async def unlock(world):
    body = {"targetType": "User", "targets": [world.phone[1:]]}
    return await world.owner.post("/api/sentinel-activities/delete", body)


@proves(144)
def a_number_is_read_in_any_form(world):
    assert "16502530000" == admitted("+1 (650) 253-0000", "US") == admitted("1 650 253 0000", "US")
    assert "447911123456" == admitted("07911 123456", "GB") == admitted("+44 7911 123456", "GB")


@proves(145)
def three_forms_of_a_russian_number_are_one(world):
    for text in ("79123456789", "+7 (912) 345-67-89", "789123456789"):
        assert "79123456789" == admitted(text)


@betters(146)
async def eight_and_ten_digits_is_a_russian_number(world):
    assert "79123456789" == admitted("89123456789")
    answer = await world.send(f"+8{world.phone[2:]}")
    assert (204, 1) == (answer.status, len(world.messages()))


@ours(147)
def what_cannot_be_a_number_is_always_refused(world):
    for text in ("1", "7912345678", "666"):
        with pytest.raises(errors.InvalidPhone):
            admitted(text)


@ours(149)
async def a_plus_and_spaces_are_no_fault(world):
    digits = world.phone[1:]
    answer = await world.owner.post("/api/verification-codes", {"phone": f"+7 {digits[1:4]} {digits[4:]}"})
    body = {"phone": f"+{digits}", "verificationCode": world.code()}
    assert (204, 204) == (answer.status, (await world.owner.post(VERIFY, body)).status)


@ours(150)
async def the_sixth_send_in_an_hour_is_too_many(world):
    answers = []
    for _ in range(6):
        answers.append(await world.send())
        world.house.pass_time(LADDER)
    assert [204] * 5 + [TOO_MANY] == [*(answer.status for answer in answers[:5]), answers[5].brief]
    assert 5 == len(world.messages())


@proves(151)
async def another_phone_is_not_held_up(world):
    await world.owner.start(world.phone, session="s")
    assert TOO_MANY == (await world.owner.start(world.phone, session="s")).brief
    assert 201 == (await world.owner.start(world.other_phone(), session="s")).status


@proves(152)
async def all_forms_of_a_phone_are_counted_together(world):
    digits = world.phone[2:]
    await world.send()
    for form in (f"8{digits}", f"7{digits}", f"+7 ({digits[:3]}) {digits[3:]}"):
        assert TOO_MANY == (await world.owner.post("/api/verification-codes", {"phone": form})).brief


@ours(153)
async def a_send_that_failed_is_counted_as_well(world):
    world.sandbox.fault("refused")
    codes = [(await world.send()).code for _ in range(6)]
    assert ["connector.refused"] * 5 + ["request.message_rate_limited"] == codes


@ours(154)
def one_limit_can_be_changed_and_a_faulty_one_stops_the_start(world):
    assert Limits(sends_per_verification=3) == read_seeds({}, {"sends_per_verification": 3}).limits
    with pytest.raises(errors.CannotStart):
        read_seeds({}, {"sends_per_verification": "many"})


@proves(156)
async def every_route_that_sends_draws_on_one_count(world):
    await world.owner.start(world.phone)
    assert TOO_MANY == (await world.send()).brief
    assert TOO_MANY == (await world.owner.start(world.phone, session="another")).brief


@ours(157)
async def ten_wrong_codes_an_hour_then_a_wait(world):
    await with_a_code_untried(world)
    assert BLOCKED == (await world.verify("0000001")).brief
    world.house.pass_time(HOUR)
    assert 204 == (await world.send()).status


@proves(158)
async def while_blocked_the_right_code_is_refused_too(world):
    await with_a_code_untried(world)
    code = world.messages()[0].code
    assert BLOCKED == (await world.verify(code)).brief


@proves(161)
async def an_unlock_ends_the_stop(world):
    await stop_guessing(world)
    blocked = await world.send()
    freed = await unlock(world)
    assert ((429, BLOCKED[1]), 204) == (blocked.brief, freed.status)
    assert 204 == (await world.send()).status


@betters(163)
async def a_right_code_refused_while_blocked_is_not_used_up(world):
    untried = await with_a_code_untried(world)
    await world.verify(world.messages()[0].code)
    row = (await world.owner.get(f"/api/verifications/{untried['id']}")).body
    assert ("pending", 5) == (row["status"], row["attemptsLeft"])


@betters(164)
async def a_stop_of_days_ago_is_ended_by_an_unlock(world):
    await stop_guessing(world)
    world.house.pass_time(5 * 24 * HOUR)
    assert 429 == (await world.send()).status
    await unlock(world)
    assert 204 == (await world.send()).status


@ours(165)
async def a_success_starts_the_row_anew(world):
    for _ in range(3):
        await world.send()
        for _ in range(4):
            assert 400 == (await world.verify("0000001")).status
        assert 204 == (await world.verify(world.code())).status
        world.house.pass_time(31)
