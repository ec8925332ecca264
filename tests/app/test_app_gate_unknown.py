"""The bytes left and no usable answer came back: nobody knows, nothing is repeated, and the code still verifies."""

import pytest
from app_words import fresh_phone

pytestmark = pytest.mark.anyio

ARRIVED = ["slow", "reset_after_accept"]
LOST = ["hang", "reset", "error_500", "error_503", "empty", "garbage", "redirect", "not_modified"]
REASONS = {
    "slow": "timeout",
    "hang": "timeout",
    "reset": "reset",
    "reset_after_accept": "reset",
    "error_500": "server_error",
    "error_503": "server_error",
    "empty": "not_json",
    "garbage": "not_json",
    "redirect": "redirect",
    "not_modified": "redirect",
}


@pytest.fixture(scope="module")
async def tried(house):
    """Each fault met once: the answer to the start, how many requests the gate saw, and the message."""
    seen = {}
    for fault in (*ARRIVED, *LOST):
        phone = fresh_phone()
        house.sandbox.fault(fault, phone=phone)
        before = house.sandbox.requests
        started = await house.owner.start(phone)
        message = await house.owner.get(f"/api/messages/{started.body['message']['id']}")
        seen[fault] = phone, started, house.sandbox.requests - before, message.body
    return seen


@pytest.mark.parametrize("fault", [*ARRIVED, *LOST])
async def test_a_start_is_201_and_says_that_nobody_knows(tried, fault):
    _, started, _, _ = tried[fault]

    assert (201, "unknown") == (started.status, started.body["message"]["status"])


@pytest.mark.parametrize("fault", [*ARRIVED, *LOST])
async def test_exactly_one_request_left(tried, fault):
    _, _, requests, _ = tried[fault]

    assert 1 == requests


@pytest.mark.parametrize("fault", [*ARRIVED, *LOST])
async def test_the_timeline_tells_why_nobody_knows(tried, fault):
    _, _, _, message = tried[fault]

    assert ("unknown", REASONS[fault]) == (message["status"], message["reason"])
    assert ["created", "created", "unknown"] == [line["status"] for line in message["timeline"]]


@pytest.mark.parametrize("fault", [*ARRIVED, *LOST])
async def test_the_verification_is_pending_and_waits_as_after_any_send(owner, tried, fault):
    phone, started, _, _ = tried[fault]
    again = await owner.start(phone)

    assert "pending" == started.body["status"]
    assert (429, started.body["id"]) == (again.status, again.body["data"]["id"])


@pytest.mark.parametrize("fault", ARRIVED)
async def test_a_code_that_arrived_after_all_verifies(house, owner, tried, fault):
    phone, started, _, _ = tried[fault]

    assert 200 == (await owner.check(started.body["id"], house.code(phone))).status


async def test_a_redirect_is_not_followed(house, tried):
    assert 0 == house.sandbox.redirects_followed


async def test_a_resend_nobody_knows_the_end_of_is_200(house, owner, sandbox, phone):
    started = (await owner.start(phone)).body
    house.pass_time(31)
    sandbox.fault("reset_after_accept", phone=phone)
    again = await owner.post(f"/api/verifications/{started['id']}/resend")

    assert (200, "unknown") == (again.status, again.body["message"]["status"])
    assert 1 == len({message.code for message in house.sandbox.messages(phone)})


async def test_after_an_unknown_send_a_person_may_have_the_same_code_again(house, owner, sandbox, phone):
    sandbox.fault("reset", phone=phone, times=1)
    started = (await owner.start(phone)).body
    house.pass_time(31)
    again = await owner.post(f"/api/verifications/{started['id']}/resend")

    assert (200, "queued") == (again.status, again.body["message"]["status"])
    assert 200 == (await owner.check(started["id"], house.code(phone))).status
