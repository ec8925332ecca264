"""Test numbers: no SMS and no send limit, but guesses count, and their approvals say what they are worth."""

from datetime import timedelta

import pytest
from app_words import CONTROL
from app_words import fresh_phone
from app_words import opened
from app_words import wrong

pytestmark = pytest.mark.anyio

CODE = "135790"


@pytest.fixture
async def number(owner, phone):
    """A test number of this test alone; a file has room for twenty."""
    added = await owner.post("/api/test-numbers", {"phone": phone, "code": CODE})
    assert added.status == 201, added.body
    yield phone
    await owner.ask("DELETE", f"/api/test-numbers/{phone}")


async def test_its_own_code_is_right_and_the_approval_says_that_it_is_a_test(house, owner, number):
    started = await owner.start(number)
    approved = await owner.check(started.body["id"], CODE)
    shown = await owner.get(f"/api/verifications/{started.body['id']}")

    assert (201, 200, "approved") == (started.status, approved.status, approved.body["status"])
    assert [True] * 3 == [answer.body["test"] for answer in (started, approved, shown)]
    assert [] == house.sandbox.messages(number)


async def test_others_do_not_say_that_they_are_none(house, owner, phone):
    started = await owner.start(phone)
    approved = await owner.check(started.body["id"], house.code(phone))

    assert not ["test" for answer in (started, approved) if "test" in answer.body]


async def test_the_message_says_that_nothing_was_sent(owner, number):
    started = (await owner.start(number)).body
    message = (await owner.get(f"/api/messages/{started['message']['id']}")).body

    assert ("accepted", None, "test_number") == (
        message["status"], message["cost"], message["timeline"][-1]["reason"],
    )  # fmt: skip


async def test_it_is_sent_to_as_often_as_one_likes(owner, number):
    statuses = [(await owner.start(number)).status for _ in range(12)]

    assert [201] + [200] * 11 == statuses


async def test_guesses_at_it_count(owner, number):
    started = (await owner.start(number)).body
    answers = [await owner.check(started["id"], wrong(CODE)) for _ in range(6)]

    assert [4, 3, 2, 1, 0] == [answer.body["data"]["attemptsLeft"] for answer in answers[:5]]
    assert 410 == answers[5].status


async def test_it_works_over_logtos_routes(owner, number):
    sent = await owner.post("/api/verification-codes", {"phone": number})
    checked = await owner.post("/api/verification-codes/verify", {"phone": number, "verificationCode": CODE})

    assert (204, 204) == (sent.status, checked.status)


async def test_a_block_list_holds_for_it_too(owner, number):
    body = {"verdict": "block", "kind": "phone", "value": number, "reason": "of the test"}
    await owner.post("/api/lists", body)

    assert 422 == (await owner.start(number)).status


async def test_it_is_shown_without_its_code(owner, number):
    one, many = await owner.get(f"/api/test-numbers/{number}"), await owner.get("/api/test-numbers")

    assert (number, {"phone", "createdAt", "expiresAt"}) == (one.body["phone"], set(one.body))
    assert one.body in many.body
    assert CODE not in (one.raw + many.raw).decode()


async def test_it_is_taken_in_any_form_and_once(owner, number):
    again = await owner.post("/api/test-numbers", {"phone": f"8{number[2:]}", "code": CODE})

    assert (409, "entity.already_exists") == again.brief


async def test_a_removed_one_is_an_ordinary_number(house, owner, number):
    removed = await owner.ask("DELETE", f"/api/test-numbers/{number}")
    started = (await owner.start(number)).body

    assert (204, 1, 404) == (
        removed.status, len(house.sandbox.messages(number)),
        (await owner.ask("DELETE", f"/api/test-numbers/{number}")).status,
    )  # fmt: skip
    assert "test" not in started


async def test_there_are_twenty_and_no_more(tmp_path):
    async with opened(tmp_path / "data") as house:
        adds = [await house.owner.post("/api/test-numbers", {"phone": fresh_phone(), "code": CODE}) for _ in range(21)]

        assert [201] * 20 + [422] == [answer.status for answer in adds]
        assert 20 == len((await house.owner.get("/api/test-numbers")).body)


@pytest.mark.parametrize("code", ["123", "12345678901", "12345a", "", "١٢٣٤٥٦"])
async def test_a_code_has_four_to_ten_digits(owner, phone, code):
    refused = await owner.post("/api/test-numbers", {"phone": phone, "code": code})

    assert (400, {("code", "invalid_string")}) == (refused.status, refused.issues)


async def test_it_ends_when_it_says(house, owner, phone):
    ends = (await house.services.store.now() + timedelta(seconds=60)).isoformat()
    await owner.post("/api/test-numbers", {"phone": phone, "code": CODE, "expiresAt": ends})
    house.pass_time(60)

    assert "test" not in (await owner.start(phone)).body
    assert 404 == (await owner.get(f"/api/test-numbers/{phone}")).status
    assert 1 == len(house.sandbox.messages(phone))


async def test_a_rotation_of_the_secret_key_closes_its_code_again(tmp_path, phone):
    async with opened(tmp_path / "data") as house:
        await house.owner.post("/api/test-numbers", {"phone": phone, "code": CODE})
        rotated = await house.caller(CONTROL).post("/control/rotate")
    file = tmp_path / "data" / "secret.key"
    file.write_text(file.read_text().split()[0])
    async with opened(tmp_path / "data") as house:
        started = (await house.owner.start(phone)).body

        assert (1, 200) == (rotated.body["testNumbers"], (await house.owner.check(started["id"], CODE)).status)
