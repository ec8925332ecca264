"""Logto's two routes: its bodies, its statuses, its codes."""

import pytest
from app_words import EVERY_STORE
from app_words import fresh_phone
from app_words import wrong

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE

SEND, VERIFY = "/api/verification-codes", "/api/verification-codes/verify"


async def sent(caller, phone):
    answer = await caller.post(SEND, {"phone": phone[1:]})
    assert answer.status == 204, answer.body


async def verified(caller, phone, code):
    return await caller.post(VERIFY, {"phone": phone[1:], "verificationCode": code})


async def test_a_code_is_sent_and_verified_without_a_body(house, owner, phone):
    await sent(owner, phone)
    answer = await verified(owner, phone, house.code(phone))

    assert (204, b"") == (answer.status, answer.raw)


async def test_the_code_is_one_of_the_usage_type_generic(owner, phone):
    await sent(owner, phone)
    page = await owner.get(f"/api/verifications?phone={phone[1:]}")

    assert ["Generic"] == [row["usageType"] for row in page.body["verifications"]]


async def test_a_wrong_code_is_a_mismatch(house, owner, phone):
    await sent(owner, phone)

    assert (400, "verification_code.code_mismatch") == (await verified(owner, phone, wrong(house.code(phone)))).brief


async def test_a_phone_that_never_asked_is_400(owner):
    assert (400, "verification_code.not_found") == (await verified(owner, fresh_phone(), "000000")).brief


async def test_a_used_code_is_400(house, owner, phone):
    await sent(owner, phone)
    code = house.code(phone)
    await verified(owner, phone, code)

    assert (400, "verification_code.not_found") == (await verified(owner, phone, code)).brief


async def test_a_code_that_ran_out_is_400(house, owner, phone):
    await sent(owner, phone)
    house.pass_time(301)

    assert (400, "verification_code.expired") == (await verified(owner, phone, house.code(phone))).brief


async def test_a_spent_code_is_400(house, owner, phone):
    await sent(owner, phone)
    for _ in range(5):
        await verified(owner, phone, wrong(house.code(phone)))

    assert (400, "verification_code.exceed_max_try") == (await verified(owner, phone, house.code(phone))).brief


async def test_a_second_send_too_soon_is_429(house, owner, phone):
    await sent(owner, phone)
    answer = await owner.post(SEND, {"phone": phone[1:]})

    assert (429, "request.message_rate_limited") == answer.brief
    assert int(answer.headers["retry-after"]) > 0
    assert 1 == len(house.sandbox.messages(phone))


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("wrong_credentials", 400, "connector.wrong_credentials"),
        ("no_money", 400, "connector.not_enough_money"),
        ("bad_number", 400, "connector.invalid_number"),
        ("rate_limited", 429, "connector.rate_limit_exceeded"),
    ],
)
async def test_a_refusal_of_the_gate_is_400_and_its_rate_limit_429(owner, sandbox, phone, fault, status, code):
    sandbox.fault(fault, phone=phone)

    assert (status, code) == (await owner.post(SEND, {"phone": phone[1:]})).brief


async def test_a_send_nobody_knows_the_end_of_is_204_and_its_code_verifies(house, owner, sandbox, phone):
    sandbox.fault("reset_after_accept", phone=phone)
    await sent(owner, phone)

    assert 204 == (await verified(owner, phone, house.code(phone))).status


async def test_an_unknown_field_is_ignored(house, owner, phone):
    answer = await owner.post(SEND, {"phone": phone[1:], "email": "a@example.com", "unheardOf": {"deep": [1]}})

    assert 204 == answer.status


async def test_a_missing_field_is_told_with_its_path(owner):
    answer = await owner.post(VERIFY, {"phone": 5})

    assert (400, "guard.invalid_input") == answer.brief
    assert {("phone", "invalid_type"), ("verificationCode", "invalid_type")} == answer.issues


@pytest.mark.parametrize(
    ("phone", "status", "code"),
    [
        ("not a phone", 400, "guard.invalid_input"),
        ("+7 000 000-00-00", 422, "user.invalid_phone"),
        ("+44 7911 123456", 422, "phone.not_allowed"),
        ("+7 495 123-45-67", 422, "phone.not_allowed"),
    ],
)
async def test_a_phone_that_gets_no_code_is_told_why(owner, phone, status, code):
    assert (status, code) == (await owner.post(SEND, {"phone": phone})).brief


FORM = {"content-type": "application/x-www-form-urlencoded"}


async def test_a_form_is_taken_for_json(house, owner, phone):
    answer = await owner.ask("POST", SEND, raw=f"phone=%2B{phone[1:]}".encode(), headers=FORM)

    assert (204, 1) == (answer.status, len(house.sandbox.messages(phone)))


async def test_json_that_is_called_a_form_is_json(owner, phone):
    answer = await owner.ask("POST", SEND, raw=f'{{"phone": "{phone}"}}'.encode(), headers=FORM)

    assert 204 == answer.status


@pytest.mark.parametrize("raw", [b"phone", b"=&&=", b"%ff%fe=\xff", b"x=1&phone=", b"[1]"])
async def test_a_form_without_a_phone_is_told_so(owner, raw):
    answer = await owner.ask("POST", SEND, raw=raw, headers=FORM)

    assert (400, "guard.invalid_input") == answer.brief


async def test_our_own_routes_take_json_alone(owner, phone):
    answer = await owner.ask("POST", "/api/verifications", raw=f"phone={phone}".encode(), headers=FORM)

    assert (400, {("", "invalid_json")}) == (answer.status, answer.issues)
