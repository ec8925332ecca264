"""Every row of the design's table of what a check may answer; on our routes only an approval is 2xx."""

import pytest
from app_words import EVERY_STORE
from app_words import fresh_phone
from app_words import wrong

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE


@pytest.fixture
async def begun(house, owner, phone):
    started = await owner.start(phone, "SignIn")
    assert started.status == 201
    return started.body["id"], house.code(phone)


async def test_the_right_code_answers_approved_and_when(owner, phone, begun):
    verification_id, code = begun
    answer = await owner.check(verification_id, code)

    assert (200, "approved", verification_id, phone) == (
        answer.status, answer.body["status"], answer.body["id"], answer.body["phone"],
    )  # fmt: skip
    assert answer.body["approvedAt"].endswith("Z")


async def test_a_wrong_code_answers_mismatch_and_the_attempts_left(owner, begun):
    verification_id, code = begun
    answer = await owner.check(verification_id, wrong(code))

    assert (400, "verification_code.code_mismatch") == answer.brief
    assert {"attemptsLeft": 4} == answer.body["data"]


async def test_the_wrong_guess_that_spends_the_last_attempt_is_still_a_mismatch(owner, begun):
    verification_id, code = begun
    answers = [await owner.check(verification_id, wrong(code)) for _ in range(5)]

    assert [4, 3, 2, 1, 0] == [answer.body["data"]["attemptsLeft"] for answer in answers]


async def test_after_the_last_attempt_even_the_right_code_is_gone(owner, begun):
    verification_id, code = begun
    for _ in range(5):
        await owner.check(verification_id, wrong(code))
    answer = await owner.check(verification_id, code)

    assert (410, "verification_code.exceed_max_try") == answer.brief
    assert "retry-after" not in answer.headers


async def test_a_code_that_ran_out_is_gone(house, owner, begun):
    verification_id, code = begun
    house.pass_time(301)

    assert (410, "verification_code.expired") == (await owner.check(verification_id, code)).brief


async def test_a_code_approves_once(owner, begun):
    verification_id, code = begun
    await owner.check(verification_id, code)
    answer = await owner.check(verification_id, code)

    assert (409, "verification_code.not_found") == answer.brief
    assert {"status": "approved"} == answer.body["data"]


async def test_a_verification_whose_sms_was_refused_is_over(house, owner, phone, sandbox):
    sandbox.fault("bad_sender", phone=phone)
    refused = await owner.start(phone)
    message = await owner.get(f"/api/messages/{refused.body['data']['messageId']}")
    answer = await owner.check(message.body["verificationId"], "000000")

    assert (409, "verification_code.not_found") == answer.brief
    assert {"status": "failed"} == answer.body["data"]


async def test_an_id_that_never_was_is_not_found(owner):
    assert (404, "verification_code.not_found") == (await owner.check("0" * 26, "000000")).brief


async def test_another_session_of_the_same_id_is_not_found(owner, begun):
    verification_id, code = begun

    answer = await owner.check(verification_id, code, session="theirs")
    assert (404, "verification_code.not_found") == answer.brief


async def test_a_phone_that_never_asked_is_not_found(owner):
    body = {"phone": fresh_phone(), "usageType": "SignIn", "code": "000000"}

    assert (404, "verification_code.not_found") == (await owner.post("/api/verifications/check", body)).brief


async def test_the_newest_verification_of_a_phone_answers(house, owner, phone, begun):
    await owner.post(f"/api/verifications/{begun[0]}/cancel")
    house.pass_time(31)
    second = await owner.start(phone, "SignIn")
    body = {"phone": phone, "usageType": "SignIn", "code": house.code(phone)}
    answer = await owner.post("/api/verifications/check", body)

    assert (200, second.body["id"]) == (answer.status, answer.body["id"])


@pytest.mark.parametrize("code", ["", "  ", "abc", "0" * 65, "١٢٣", "123456789012345"])
async def test_what_can_be_no_code_is_never_a_success(owner, begun, code):
    answer = await owner.check(begun[0], code)

    assert answer.brief in {(400, "verification_code.code_mismatch"), (400, "guard.invalid_input")}


@pytest.mark.parametrize("what", ["resend", "cancel"])
async def test_what_is_over_can_be_neither_resent_nor_canceled(owner, begun, what):
    verification_id, code = begun
    await owner.check(verification_id, code)
    answer = await owner.post(f"/api/verifications/{verification_id}/{what}")

    assert (409, "verification_code.not_found") == answer.brief


@pytest.mark.parametrize("what", ["resend", "cancel"])
async def test_what_ran_out_can_be_neither_resent_nor_canceled(house, owner, begun, what):
    house.pass_time(301)
    answer = await owner.post(f"/api/verifications/{begun[0]}/{what}")

    assert (410, "verification_code.expired") == answer.brief


async def test_a_refusal_is_one_shape_for_people_and_programs(owner, begun):
    answer = await owner.check(begun[0], wrong(begun[1]))

    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "code", "message", "data", "requestId"} == set(answer.body)
    assert answer.body["requestId"] == answer.headers["x-request-id"]


async def test_nothing_gives_attempts_back(house, owner, phone, begun):
    await owner.check(begun[0], wrong(begun[1]))
    house.pass_time(31)
    await owner.start(phone, "SignIn")

    assert 4 == (await owner.get(f"/api/verifications/{begun[0]}")).body["attemptsLeft"]


async def test_an_approval_lets_the_next_start_leave_at_once(owner, phone, begun):
    await owner.check(*begun)

    assert 201 == (await owner.start(phone, "SignIn")).status
