"""The gate refuses, for certain: an error of its own each, in the timeline too, and nothing left pending."""

import pytest

pytestmark = pytest.mark.anyio

REFUSALS = [
    ("wrong_credentials", 502, "connector.wrong_credentials"),
    ("no_money", 503, "connector.not_enough_money"),
    ("ip_not_allowed", 502, "connector.ip_not_allowed"),
    ("bad_sender", 502, "connector.invalid_sender"),
    ("bad_number", 502, "connector.invalid_number"),
    ("rate_limited", 429, "connector.rate_limit_exceeded"),
    ("refused", 502, "connector.refused"),
]
every = pytest.mark.parametrize(("fault", "status", "code"), REFUSALS)


@pytest.fixture
async def unreachable(house):
    """The gate's port is closed for as long as this lasts."""
    port = house.sandbox.port
    await house.sandbox.stop()
    yield
    await house.sandbox.start(port=port)


@every
async def test_each_refusal_has_a_status_and_a_code_of_its_own(owner, sandbox, phone, fault, status, code):
    sandbox.fault(fault, phone=phone)

    assert (status, code) == (await owner.start(phone)).brief


@every
async def test_the_timeline_tells_the_refusal(owner, sandbox, phone, fault, status, code):
    sandbox.fault(fault, phone=phone)
    refused = await owner.start(phone)
    message = (await owner.get(f"/api/messages/{refused.body['data']['messageId']}")).body

    assert ("failed", code) == (message["status"], message["reason"])
    assert [("created", None), ("created", "handed_over"), ("failed", code)] == [
        (line["status"], line.get("reason")) for line in message["timeline"]
    ]


@every
async def test_nothing_is_pending_after_a_refused_start(owner, sandbox, phone, fault, status, code):
    sandbox.fault(fault, phone=phone)
    await owner.start(phone)
    (row,) = (await owner.get(f"/api/verifications?phone={phone[1:]}")).body["verifications"]

    assert "failed" == row["status"]


@every
async def test_the_next_start_leaves_at_once(owner, sandbox, phone, fault, status, code):
    sandbox.fault(fault, phone=phone, times=1)
    await owner.start(phone)

    assert 201 == (await owner.start(phone)).status


@every
async def test_a_refused_send_reaches_the_gate_once(owner, sandbox, phone, fault, status, code):
    sandbox.fault(fault, phone=phone)
    before = sandbox.requests
    await owner.start(phone)

    assert before + 1 == sandbox.requests


@every
async def test_a_refused_resend_leaves_everything_as_it_was(house, owner, sandbox, phone, fault, status, code):
    started = (await owner.start(phone)).body
    at = f"/api/verifications/{started['id']}"
    sent = house.code(phone)
    house.pass_time(31)
    sandbox.fault(fault, phone=phone)
    refused = await owner.post(f"{at}/resend")
    shown = (await owner.get(at)).body

    assert (status, code) == refused.brief
    names = ("status", "attemptsLeft", "expiresAt", "resendAt")
    assert [started[name] for name in names] == [shown[name] for name in names]
    assert 200 == (await owner.check(started["id"], sent)).status


async def test_a_rate_limit_passes_on_how_long_the_gate_asks_to_wait(owner, sandbox, phone):
    sandbox.fault("rate_limited", phone=phone)

    assert "30" == (await owner.start(phone)).headers["retry-after"]


async def test_what_the_gate_said_is_for_the_operator_alone(owner, sandbox, phone):
    sandbox.fault("no_money", phone=phone)
    refused = await owner.start(phone)
    message = await owner.get(f"/api/messages/{refused.body['data']['messageId']}")

    assert b"Not enough money" not in refused.raw
    assert b"Not enough money" in message.raw


async def test_an_unreachable_gate_is_a_refusal_too(owner, unreachable, phone):
    assert (502, "connector.unreachable") == (await owner.start(phone)).brief


async def test_once_the_gate_is_back_the_next_start_leaves_at_once(house, owner, phone):
    port = house.sandbox.port
    await house.sandbox.stop()
    refused = await owner.start(phone)
    await house.sandbox.start(port=port)
    started = await owner.start(phone)

    assert (502, 201) == (refused.status, started.status)
    message = (await owner.get(f"/api/messages/{refused.body['data']['messageId']}")).body
    assert ("failed", "connector.unreachable") == (message["status"], message["reason"])
