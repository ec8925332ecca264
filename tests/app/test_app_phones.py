"""Phones: many ways of writing one, and those no SMS is paid for."""

import pytest

pytestmark = pytest.mark.anyio

FORMS = ["8 912 345-67-89", "+7 (912) 345-67-89", "79123456789", "9123456789", "+79123456789", "8(912)3456789"]
NOT_ALLOWED = [
    ("+44 7911 123456", "country"),
    ("+7 701 234 5678", "country"),  # Kazakhstan shares the 7
    ("+7 495 123-45-67", "landline"),
    ("8 800 555-35-35", "landline"),
]
UNPARSABLE = ["", " ", "+", "phone", "7912345678x", "+7912345678;ext=5", "(){}", "1" * 65]
IMPOSSIBLE = ["+7 000 000-00-00", "123", "+7912345678900", "+999 123456789", "00000000000", "٧"]


@pytest.fixture(scope="module")
async def untouched(house):
    """Whatever a test of refusals did, nothing was recorded, and the gate was not asked."""
    caller = await house.neighbour("untouched")
    yield caller
    assert [] == (await caller.get("/api/verifications")).body["verifications"]


@pytest.mark.parametrize("form", FORMS)
async def test_one_phone_in_any_form_is_one_phone(house, form):
    house.pass_time(3600 * 2)
    assert "+79123456789" == (await house.owner.start(form)).body["phone"]


async def test_a_code_asked_for_in_one_form_is_checked_in_another(house, owner):
    house.pass_time(3600 * 2)
    await owner.start(FORMS[0])
    body = {"phone": FORMS[1], "code": house.code(FORMS[2])}

    assert 200 == (await owner.post("/api/verifications/check", body)).status


async def test_the_gate_gets_bare_digits(house, owner, phone):
    await owner.start(f"8 ({phone[2:5]}) {phone[5:]}")

    assert [phone[1:]] == [message.number for message in house.sandbox.messages(phone)]


@pytest.mark.parametrize("text", UNPARSABLE)
async def test_what_has_not_the_shape_of_a_phone_is_400_with_its_path(untouched, text):
    answer = await untouched.start(text)

    assert (400, "guard.invalid_input") == answer.brief
    assert {"phone"} == {path for path, _ in answer.issues}


@pytest.mark.parametrize("text", IMPOSSIBLE)
async def test_a_number_that_cannot_exist_is_422(untouched, text):
    assert (422, "user.invalid_phone") == (await untouched.start(text)).brief


@pytest.mark.parametrize(("text", "reason"), NOT_ALLOWED)
async def test_a_number_no_code_goes_to_is_422_with_the_reason(untouched, text, reason):
    answer = await untouched.start(text)

    assert (422, "phone.not_allowed") == answer.brief
    assert {"reason": reason} == answer.body["data"]


@pytest.mark.parametrize("text", [UNPARSABLE[3], IMPOSSIBLE[0], NOT_ALLOWED[0][0]])
async def test_no_refused_phone_reaches_the_gate(house, untouched, text):
    before = house.sandbox.requests
    await untouched.start(text)

    assert before == house.sandbox.requests


@pytest.mark.parametrize("text", [UNPARSABLE[3], IMPOSSIBLE[0], NOT_ALLOWED[0][0]])
async def test_a_check_by_phone_refuses_the_same_phones(house, untouched, text):
    started = await untouched.start(text)
    checked = await untouched.post("/api/verifications/check", {"phone": text, "code": "000000"})

    assert started.brief == checked.brief


@pytest.mark.parametrize("path", ["/api/verifications?phone=%2B77012345678", "/api/messages?phone=%2B77012345678"])
async def test_what_is_kept_of_a_country_that_was_closed_can_be_looked_up(owner, path):
    assert 200 == (await owner.get(path)).status


async def test_a_phone_of_a_country_that_was_closed_can_be_unlocked(owner):
    unlocked = await owner.post("/api/unlocks", {"phone": "+77012345678", "reason": "it was theirs"})
    forgotten = await owner.post("/api/sentinel-activities/delete", {"targetType": "User", "targets": ["+77012345678"]})

    assert (200, 204) == (unlocked.status, forgotten.status)
