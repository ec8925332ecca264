"""Section G: codes over Logto's two routes. Section H: what a code is and when it counts."""

import asyncio
import re
from collections import Counter

from lines import betters
from lines import ours
from lines import proves
from world import SEND
from world import SETTINGS

from aerocode.crypto import new_code

SIX = re.compile(r"\d{6}")


async def policy(world, **values):
    answer = await world.set(verificationCodePolicy=values)
    assert answer.status == 200, answer.body


async def statuses(world):
    page = (await world.owner.get(f"/api/verifications?phone={world.phone[1:]}")).body
    return [row["status"] for row in page["verifications"]]


@proves(84)
async def a_phone_gets_one_generic_sms_with_six_digits(world):
    answer = await world.send()
    (message,) = world.messages()
    assert (204, b"") == (answer.status, answer.raw)
    assert re.fullmatch(r"Generic of \w+: \d{6} for 5 min\.", message.text)


@proves(85)
async def a_send_to_nobody_is_400_and_sends_nothing(world):
    before = world.sandbox.requests
    assert (400, "guard.invalid_input") == (await world.owner.post(SEND, {})).brief
    assert before == world.sandbox.requests


@proves(86)
async def without_a_connector_a_send_is_501(world):
    await world.remove()
    assert (501, "connector.not_found") == (await world.send()).brief


@ours(87)
async def what_certainly_was_not_sent_left_nothing_to_verify(world):
    await world.remove()
    await world.send()
    assert (400, "verification_code.not_found") == (await world.verify("000000")).brief


@proves(88)
async def the_right_code_is_204_once(world):
    await world.send()
    first, second = await world.verify(world.code()), await world.verify(world.code())
    assert (204, (400, "verification_code.not_found")) == (first.status, second.brief)


@proves(89, 100)
async def a_wrong_code_is_a_mismatch_and_counted(world):
    await world.send()
    answers = [await world.verify(world.wrong()) for _ in range(2)]
    assert [(400, "verification_code.code_mismatch")] * 2 == [answer.brief for answer in answers]
    assert [4, 3] == [answer.body["data"]["attemptsLeft"] for answer in answers]


@proves(90)
async def another_phone_is_not_found(world):
    await world.send()
    answer = await world.verify(world.code(), world.other_phone())
    assert (400, "verification_code.not_found") == answer.brief


@betters(91)
async def endless_guesses_are_blocked(world):
    answers = []
    for _ in range(2):
        await world.send()
        answers += [await world.verify(world.wrong()) for _ in range(7)]
        world.house.pass_time(61)
    blocked = await world.send()
    assert 10 == Counter(answer.code for answer in answers)["verification_code.code_mismatch"]
    assert (429, "session.verification_blocked_too_many_attempts") == blocked.brief
    assert 400 == (await world.verify(world.code())).status


@proves(92)
def a_code_is_six_digits_and_may_begin_with_zero(world):
    drawn = [new_code(6) for _ in range(400)]
    assert all(SIX.fullmatch(code) for code in drawn)
    assert any(code.startswith("0") for code in drawn)


@ours(93)
async def a_further_send_is_the_same_verification_and_code(world):
    await world.send()
    world.house.pass_time(31)
    await world.send()
    first, second = (message.code for message in world.messages())
    assert (first, ["pending"]) == (second, await statuses(world))


@proves(94)
async def the_connector_gets_phone_type_code_and_context(world):
    content = "{{code}} {{locale}} {{city}} {{appName}} {{expiresIn}}"
    await world.save(templates=[{**one, "content": content} for one in world.config["templates"]])
    await world.owner.start(world.phone, "SignIn", locale="ru", payload={"city": "Omsk"})
    (message,) = world.messages()
    assert re.fullmatch(r"\d{6} ru Omsk Aerocode 5", message.text)
    assert world.phone[1:] == message.number


@proves(95)
async def no_code_can_be_without_a_phone(world):
    table = await world.rows("select name, \"notnull\" from pragma_table_info('verifications')")
    assert 1 == dict(table)["phone"]
    assert (400, "guard.invalid_input") == (await world.owner.post(SEND, {"email": "a@example.com"})).brief


@proves(96)
async def the_connector_chooses_the_template(world):
    for usage in ("SignIn", "Register", "ForgotPassword", "Generic"):
        phone = world.other_phone()
        await world.owner.start(phone, usage)
        assert world.messages(phone)[0].text.startswith(f"{usage} of ")


@proves(97)
async def a_verified_code_is_consumed(world):
    await world.send()
    await world.verify(world.code())
    assert ["approved"] == await statuses(world)
    assert [(None, None)] == await world.rows("select seal, cipher from verifications where phone = ?", (world.phone,))


@ours(98)
async def a_code_lives_five_minutes_or_as_long_as_was_set(world):
    assert 300 == (await world.owner.get(SETTINGS)).body["verificationCodePolicy"]["expirationDuration"]
    await policy(world, expirationDuration=60)
    await world.send()
    world.house.pass_time(61)
    assert (400, "verification_code.expired") == (await world.verify(world.code())).brief


@ours(99)
async def a_code_takes_five_wrong_guesses_or_as_many_as_was_set(world):
    assert 5 == (await world.owner.get(SETTINGS)).body["verificationCodePolicy"]["maxRetryAttempts"]
    await policy(world, maxRetryAttempts=1)
    await world.send()
    await world.verify(world.wrong())
    assert (400, "verification_code.exceed_max_try") == (await world.verify(world.code())).brief


@ours(101)
async def another_phone_in_a_session_finds_nothing(world):
    await world.owner.start(world.phone, session="s1")
    body = {"phone": world.other_phone(), "session": "s1", "code": world.code()}
    assert (404, "verification_code.not_found") == (await world.owner.post("/api/verifications/check", body)).brief


@ours(102)
async def a_spent_code_stays_spent_when_its_time_has_run_out_too(world):
    await policy(world, maxRetryAttempts=1)
    await world.send()
    await world.verify(world.wrong())
    world.house.pass_time(301)
    assert (400, "verification_code.exceed_max_try") == (await world.verify(world.code())).brief


@ours(103)
async def lifetimes_are_60_to_600_and_attempts_1_to_10(world):
    for value in (60, 600):
        await policy(world, expirationDuration=value)
    for value in (1, 10):
        await policy(world, maxRetryAttempts=value)
    for refused in ({"expirationDuration": 59}, {"expirationDuration": 601}, {"maxRetryAttempts": 0}):
        assert (400, "guard.invalid_input") == (await world.set(verificationCodePolicy=refused)).brief
    assert 400 == (await world.set(verificationCodePolicy={"maxRetryAttempts": 11})).status


@ours(104)
async def a_code_keeps_the_policy_it_was_sent_under(world):
    await world.send()
    await policy(world, expirationDuration=60, maxRetryAttempts=1)
    world.house.pass_time(90)
    wrong = await world.verify(world.wrong())
    assert (4, 204) == (wrong.body["data"]["attemptsLeft"], (await world.verify(world.code())).status)


@betters(105)
async def of_parallel_sends_one_leaves(world):
    answers = await asyncio.gather(*(world.send() for _ in range(20)))
    assert {204: 1, 429: 19} == Counter(answer.status for answer in answers)
    assert (1, ["pending"], 204) == (
        len(world.messages()),
        await statuses(world),
        (await world.verify(world.code())).status,
    )


@betters(106)
async def of_parallel_right_answers_one_is_approved(world):
    await world.send()
    answers = await asyncio.gather(*(world.verify(world.code()) for _ in range(20)))
    assert {204: 1, 400: 19} == Counter(answer.status for answer in answers)


@betters(107)
async def parallel_wrong_guesses_spend_no_more_than_there_are(world):
    await world.send()
    answers = await asyncio.gather(*(world.verify(world.wrong()) for _ in range(20)))
    told = Counter(answer.code for answer in answers)
    assert {"verification_code.code_mismatch": 5, "verification_code.exceed_max_try": 15} == told


@betters(108)
async def no_code_lies_in_the_database_in_clear(world):
    await world.send()
    code = world.code()
    ((seal, cipher),) = await world.rows("select seal, cipher from verifications where phone = ?", (world.phone,))
    files = list(world.house.services.settings.database.parent.glob("aerocode.db*"))
    assert files
    assert [] == [blob for blob in (seal, cipher) if code.encode() in blob]
    for table in ("verifications", "messages", "requests", "facts", "audit"):
        for row in await world.rows(f"select * from {table}"):
            assert code not in [value for value in row if isinstance(value, str)]
