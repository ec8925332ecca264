"""The connector tester: one real SMS with a config that need not be saved, and what became of it."""

import asyncio

import pytest
from app_words import CONFIG
from app_words import EVERY_STORE
from app_words import FACTORY
from app_words import fresh_phone

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE

AT = f"/api/connectors/{FACTORY}/test"


@pytest.fixture
async def somebody(house):
    """A key of its own, since tests are counted by key."""
    return await house.holder("connectors:write", "connectors:read", "messages:read", "verifications:write")


async def tried(caller, phone, **config):
    return await caller.post(AT, {"phone": phone, "config": {**CONFIG, **config}})


async def settled(caller, at, status, patience=5.0):
    """The message once it has that status."""
    deadline = asyncio.get_running_loop().time() + patience
    while (message := (await caller.get(at)).body)["status"] != status:
        assert asyncio.get_running_loop().time() < deadline, message
        await asyncio.sleep(0.05)
    return message


async def test_the_generic_template_leaves_with_six_zeros(house, somebody, phone):
    answer = await tried(somebody, phone)
    (message,) = house.sandbox.messages(phone)

    assert (204, "Generic of Aerocode: 000000 for 5 min.") == (answer.status, message.text)


async def test_the_answer_is_the_address_of_the_message(somebody, phone):
    answer = await tried(somebody, phone)
    message = (await somebody.get(answer.headers["location"])).body

    assert (phone, None, 1, "SMS Aero") == (
        message["phone"], message["verificationId"], message["segments"], message["sender"],
    )  # fmt: skip
    assert message["gateId"]
    assert float(message["cost"]) > 0


async def test_the_message_is_followed_until_it_is_delivered(house, somebody, phone):
    answer = await tried(somebody, phone)
    house.sandbox.advance(60)
    message = await settled(somebody, answer.headers["location"], "delivered")

    assert [("created", "own"), ("created", "own"), ("queued", "reply"), ("delivered", "poll")] == [
        (line["status"], line["source"]) for line in message["timeline"]
    ]


async def test_moderation_is_told_as_such(somebody, sandbox, phone):
    sandbox.fault("moderation", phone=phone)
    answer = await tried(somebody, phone)

    assert "moderation" == (await somebody.get(answer.headers["location"])).body["status"]


async def test_a_test_verifies_nothing(somebody, phone):
    await tried(somebody, phone)
    checked = await somebody.post("/api/verifications/check", {"phone": phone, "code": "000000"})

    assert (404, "verification_code.not_found") == checked.brief


async def test_a_test_works_with_nothing_saved_and_saves_nothing(house, owner, somebody, phone):
    (saved,) = (await owner.get("/api/connectors")).body
    config = dict((await house.services.store.connectors.live()).config)
    await owner.ask("DELETE", f"/api/connectors/{saved['id']}")
    answer = await tried(somebody, phone)
    left = (await owner.get("/api/connectors")).body
    await owner.post("/api/connectors", {"connectorId": FACTORY, "config": config})

    assert (204, []) == (answer.status, left)


async def test_a_config_read_back_with_its_key_masked_can_be_tested(owner, somebody, phone):
    (saved,) = (await owner.get("/api/connectors")).body

    assert 204 == (await somebody.post(AT, {"phone": phone, "config": saved["config"]})).status


async def test_a_masked_key_of_another_account_cannot(owner, somebody, phone):
    (saved,) = (await owner.get("/api/connectors")).body
    body = {"phone": phone, "config": {**saved["config"], "email": "thief@example.com"}}

    assert (400, "connector.invalid_config") == (await somebody.post(AT, body)).brief


async def test_a_faulty_config_is_told_fault_by_fault_and_sends_nothing(house, somebody, phone):
    answer = await tried(somebody, phone, email="nobody", templates=[])

    assert (400, "connector.invalid_config") == answer.brief
    assert [] == house.sandbox.messages(phone)


async def test_one_caller_may_test_five_times_a_minute(house, somebody):
    answers = [await tried(somebody, fresh_phone()) for _ in range(6)]
    house.pass_time(61)
    later = await tried(somebody, fresh_phone())

    assert [204] * 5 + [429, 204] == [answer.status for answer in (*answers, later)]
    assert "request.message_rate_limited" == answers[-1].code
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60


async def test_one_phone_may_be_tested_five_times_an_hour(house, phone):
    answers = []
    for _ in range(2):
        caller = await house.holder("connectors:write")
        answers += [await tried(caller, phone) for _ in range(3)]
        house.pass_time(61)
    house.pass_time(3600)
    later = await tried(await house.holder("connectors:write"), phone)

    assert [204] * 5 + [429, 204] == [answer.status for answer in (*answers, later)]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ("wrong_credentials", 400, "connector.wrong_credentials"),
        ("no_money", 400, "connector.not_enough_money"),
        ("ip_not_allowed", 400, "connector.ip_not_allowed"),
        ("bad_sender", 400, "connector.invalid_sender"),
        ("bad_number", 400, "connector.invalid_number"),
        ("refused", 400, "connector.refused"),
        ("rate_limited", 429, "connector.rate_limit_exceeded"),
    ],
)
async def test_a_refusal_is_told_with_the_gates_own_words(somebody, sandbox, phone, fault, status, code):
    sandbox.fault(fault, phone=phone)
    answer = await tried(somebody, phone)

    assert (status, code) == answer.brief
    assert answer.body["data"]["message"]
    assert "failed" == (await somebody.get(f"/api/messages/{answer.body['data']['messageId']}")).body["status"]


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("slow", "unknown_outcome"),
        ("reset_after_accept", "unknown_outcome"),
        ("error_500", "unknown_outcome"),
        ("redirect", "unknown_outcome"),
        ("empty", "invalid_response"),
        ("garbage", "invalid_response"),
    ],
)
async def test_an_outcome_nobody_knows_is_an_error_here(somebody, sandbox, phone, fault, code):
    sandbox.fault(fault, phone=phone)
    before = sandbox.requests
    answer = await tried(somebody, phone)

    assert (400, f"connector.{code}", before + 1) == (*answer.brief, sandbox.requests)
    assert "unknown" == (await somebody.get(f"/api/messages/{answer.body['data']['messageId']}")).body["status"]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("/api/connectors/twilio/test", {"phone": "+79123456789", "config": {}}, 400, "connector.not_found"),
        (AT, {"email": "a@example.com", "config": CONFIG}, 400, "connector.unexpected_type"),
        (AT, {"config": CONFIG}, 400, "guard.invalid_input"),
        (AT, {"phone": "+79123456789"}, 400, "guard.invalid_input"),
        (AT, {"phone": "+44 7911 123456", "config": CONFIG}, 422, "phone.not_allowed"),
    ],
)
async def test_a_test_of_nothing_sends_nothing(house, somebody, path, body, status, code):
    before = house.sandbox.requests

    assert (status, code) == (await somebody.post(path, body)).brief
    assert before == house.sandbox.requests
