"""A verification over our own routes: start, check, resend, cancel, look."""

import pytest
from app_words import EVERY_STORE
from app_words import REQUIRED
from app_words import fresh_phone
from app_words import wrong

from aerocode.errors import StoreUnavailable

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE


async def begun(caller, phone, usage_type="Generic", **more):
    started = await caller.start(phone, usage_type, **more)
    assert started.status == 201, started.body
    return started.body


@pytest.mark.parametrize("usage_type", REQUIRED)
async def test_the_code_that_arrived_verifies_the_phone(house, owner, phone, usage_type):
    started = await begun(owner, phone, usage_type)
    checked = await owner.check(started["id"], house.code(phone))

    assert checked.status == 200
    assert checked.body["status"] == "approved"


@pytest.mark.parametrize("usage_type", REQUIRED)
async def test_each_usage_type_sends_its_own_template(house, owner, phone, usage_type):
    await begun(owner, phone, usage_type)

    assert house.sandbox.messages(phone)[0].text.startswith("Aerocode: ")
    words = {"Register": "sign-up", "SignIn": "sign-in", "ForgotPassword": "new password", "Generic": "confirmation"}
    assert words[usage_type] in house.sandbox.messages(phone)[0].text


async def test_a_start_answers_with_everything_an_application_needs_next(owner, phone):
    started = await begun(owner, phone, "SignIn")

    fields = ["id", "phone", "usageType", "status", "attemptsLeft", "expiresAt", "resendAt", "message"]
    assert fields == list(started)
    assert (phone, "SignIn", "pending", 5) == tuple(started[name] for name in fields[1:5])


async def test_a_start_tells_what_became_of_its_message(owner, phone):
    started = await begun(owner, phone)
    message = await owner.get(f"/api/messages/{started['message']['id']}")

    assert started["message"]["status"] == message.body["status"] == "queued"


async def test_a_check_by_phone_needs_no_id(house, owner, phone):
    await begun(owner, phone, "SignIn")
    body = {"phone": phone, "usageType": "SignIn", "code": house.code(phone)}

    assert (await owner.post("/api/verifications/check", body)).status == 200


async def test_a_check_by_phone_of_another_usage_type_finds_nothing(house, owner, phone):
    await begun(owner, phone, "SignIn")
    body = {"phone": phone, "usageType": "Register", "code": house.code(phone)}

    assert (404, "verification_code.not_found") == (await owner.post("/api/verifications/check", body)).brief


async def test_a_code_typed_with_spaces_and_a_hyphen_is_the_same_code(house, owner, phone):
    started = await begun(owner, phone)
    code = house.code(phone)

    assert (await owner.check(started["id"], f" {code[:3]}-{code[3:]} ")).status == 200


async def test_two_sessions_of_one_phone_have_two_verifications(house, owner, phone):
    first = await begun(owner, phone, session="one")
    house.pass_time(31)
    second = await begun(owner, phone, session="two")

    assert first["id"] != second["id"]


async def test_a_check_from_another_session_finds_nothing(house, owner, phone):
    started = await begun(owner, phone, session="mine")

    answer = await owner.check(started["id"], house.code(phone), session="theirs")
    assert (404, "verification_code.not_found") == answer.brief


async def test_a_start_while_one_is_pending_sends_the_same_code_again(house, owner, phone):
    first = await begun(owner, phone)
    house.pass_time(31)
    again = await owner.start(phone)

    assert (200, first["id"]) == (again.status, again.body["id"])
    one, two = house.sandbox.messages(phone)
    assert one.code == two.code


async def test_a_start_too_soon_names_the_pending_one_and_when_to_come_back(house, owner, phone):
    first = await begun(owner, phone)
    again = await owner.start(phone)

    assert (429, "request.message_rate_limited") == again.brief
    assert {"resendAt": first["resendAt"], "id": first["id"]} == again.body["data"]
    assert 1 <= int(again.headers["retry-after"]) <= 30
    assert 1 == len(house.sandbox.messages(phone))


async def test_a_start_too_soon_from_another_session_names_nobody_elses_verification(owner, phone):
    await begun(owner, phone, session="one")
    again = await owner.start(phone, session="two")

    assert ["resendAt"] == list(again.body["data"])


async def test_a_resend_keeps_the_code_and_the_attempts_and_moves_the_expiry(house, owner, phone):
    first = await begun(owner, phone)
    await owner.check(first["id"], wrong(house.code(phone)))
    house.pass_time(31)
    again = await owner.post(f"/api/verifications/{first['id']}/resend")

    assert again.status == 200
    assert (first["id"], 4) == (again.body["id"], again.body["attemptsLeft"])
    assert again.body["expiresAt"] > first["expiresAt"]
    assert 1 == len({message.code for message in house.sandbox.messages(phone)})


async def test_a_resend_too_soon_changes_nothing(owner, phone):
    first = await begun(owner, phone)
    again = await owner.post(f"/api/verifications/{first['id']}/resend")

    assert (429, "request.message_rate_limited") == again.brief
    shown = (await owner.get(f"/api/verifications/{first['id']}")).body
    names = ("expiresAt", "resendAt", "attemptsLeft", "status")
    assert [first[name] for name in names] == [shown[name] for name in names]


async def test_a_canceled_verification_approves_nothing(house, owner, phone):
    started = await begun(owner, phone)
    canceled = await owner.post(f"/api/verifications/{started['id']}/cancel")
    checked = await owner.check(started["id"], house.code(phone))

    assert (200, "canceled") == (canceled.status, canceled.body["status"])
    assert (409, "verification_code.not_found") == checked.brief
    assert {"status": "canceled"} == checked.body["data"]


async def test_a_verification_is_shown_without_its_code(house, owner, phone):
    metadata = {"order": "17"}
    started = await begun(owner, phone, metadata=metadata)
    shown = await owner.get(f"/api/verifications/{started['id']}")

    assert (started["id"], metadata, 1) == tuple(shown.body[name] for name in ("id", "metadata", "sends"))
    assert house.code(phone).encode() not in shown.raw


async def test_the_list_goes_newest_first_page_by_page(house):
    caller = await house.neighbour("pages")
    ids = [(await begun(caller, fresh_phone()))["id"] for _ in range(5)]
    seen, cursor, pages = [], "", 0
    while cursor is not None:
        page = (await caller.get(f"/api/verifications?limit=2{cursor and f'&cursor={cursor}'}")).body
        seen += [row["id"] for row in page["verifications"]]
        cursor, pages = page["nextCursor"], pages + 1

    assert (ids[::-1], 3) == (seen, pages)


async def test_the_list_can_be_about_one_phone(owner, phone):
    started = await begun(owner, phone)
    await begun(owner, fresh_phone())
    page = await owner.get(f"/api/verifications?phone=8{phone[2:]}")

    assert [started["id"]] == [row["id"] for row in page.body["verifications"]]


@pytest.mark.parametrize("limit", ["0", "101", "-1", "many", "9" * 5000])
async def test_a_page_of_a_senseless_size_is_refused(owner, limit):
    page = await owner.get(f"/api/verifications?limit={limit}")

    assert (400, "guard.invalid_input") == page.brief
    assert {("limit", "custom")} == page.issues


async def test_a_payload_reaches_no_field_of_ours(owner, phone):
    refused = await owner.start(phone, payload={"code": "111111", "note": "see example.com"})

    assert {("payload.code", "custom"), ("payload.note", "custom")} == refused.issues


async def test_the_message_names_the_product_of_the_application(house, phone):
    caller = await house.neighbour("named")
    await begun(caller, phone)

    assert "Product named" in house.sandbox.messages(phone)[0].text


async def test_a_send_that_could_not_be_marked_is_201_and_unknown_and_leaves_once(house, owner, phone, monkeypatch):
    marks, real = [], house.services.store.verifications.mark

    async def mark(message_id, outcome):
        marks.append(message_id)
        if len(marks) == 1:
            raise StoreUnavailable
        return await real(message_id, outcome)

    monkeypatch.setattr(house.services.store.verifications, "mark", mark)
    before = house.sandbox.requests
    started = await owner.start(phone)
    again = await owner.start(phone)

    assert (201, "unknown", 429) == (started.status, started.body["message"]["status"], again.status)
    assert before + 1 == house.sandbox.requests
    assert 200 == (await owner.check(started.body["id"], house.code(phone))).status
