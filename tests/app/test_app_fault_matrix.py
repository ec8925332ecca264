"""Every fault of the gate, met by a start, a resend and a test of the connector: what is answered and what is true.

The last column is what became of the message once the gate had an hour to tell: by callbacks, by its list, or never.
"""

from dataclasses import dataclass

import pytest
from app_words import CONFIG
from app_words import FACTORY
from app_words import fresh_phone
from app_words import opened

from aerocode.sandbox.faults import BY_NAME

pytestmark = pytest.mark.anyio

# fault               start resend test   status        left   in the end
MATRIX = {
    "no_money":           (503, 503, 400, "failed",     False, "failed"),
    "wrong_credentials":  (502, 502, 400, "failed",     False, "failed"),
    "ip_not_allowed":     (502, 502, 400, "failed",     False, "failed"),
    "bad_sender":         (502, 502, 400, "failed",     False, "failed"),
    "bad_number":         (502, 502, 400, "failed",     False, "failed"),
    "rate_limited":       (429, 429, 429, "failed",     False, "failed"),
    "refused":            (502, 502, 400, "failed",     False, "failed"),
    "error_500":          (201, 200, 400, "unknown",    False, "failed"),
    "error_503":          (201, 200, 400, "unknown",    False, "failed"),
    "empty":              (201, 200, 400, "unknown",    False, "failed"),
    "garbage":            (201, 200, 400, "unknown",    False, "failed"),
    "redirect":           (201, 200, 400, "unknown",    False, "failed"),
    "not_modified":       (201, 200, 400, "unknown",    False, "failed"),
    "hang":               (201, 200, 400, "unknown",    False, "failed"),
    "reset":              (201, 200, 400, "unknown",    False, "failed"),
    "reset_after_accept": (201, 200, 400, "unknown",    True,  "delivered"),
    "slow":               (201, 200, 400, "unknown",    True,  "delivered"),
    "moderation":         (201, 200, 204, "moderation", True,  "moderation"),
    "moderated":          (201, 200, 204, "moderation", True,  "delivered"),
    "undelivered":        (201, 200, 204, "queued",     True,  "undelivered"),
    "rejected":           (201, 200, 204, "queued",     True,  "rejected"),
    "delivered":          (201, 200, 204, "queued",     True,  "delivered"),
    "late":               (201, 200, 204, "queued",     True,  "delivered"),
    "callbacks_twice":    (201, 200, 204, "queued",     True,  "delivered"),
    "callbacks_shuffled": (201, 200, 204, "queued",     True,  "delivered"),
}  # fmt: skip
ACTS = ("start", "resend", "test")
PUBLIC = [True, False]

every = pytest.mark.parametrize(("fault", "act"), [(fault, act) for fault in MATRIX for act in ACTS])


@dataclass
class Met:
    """What was seen when an act met a fault; `sms` are the texts that left by it, `checked` is the code's answer."""

    status: int
    message: dict
    requests: int
    sms: list[str]
    checked: int | None = None


@pytest.fixture(scope="module", params=PUBLIC, ids=["called back", "asking only"])
async def met(anyio_backend, tmp_path_factory, request):
    """Each fault met once by each act."""
    folder = tmp_path_factory.mktemp("house") / "data"
    async with opened(folder, public=request.param, gate_timeout=0.6) as house:
        await house.services.chores.stop()
        met = {(fault, act): await meet(house, fault, act) for fault in MATRIX for act in ACTS}
        ends = await in_the_end(house, {key: seen.message["id"] for key, seen in met.items()})
    return met, ends


async def meet(house, fault, act):
    phone, verification = fresh_phone(), None
    if act == "resend":
        verification = (await house.owner.start(phone)).body["id"]
    await house.wait(61)
    house.sandbox.fault(fault, phone=phone, times=1)
    requests, received = house.sandbox.requests, len(house.sandbox.messages(phone))
    if act == "test":
        body = {"phone": phone, "config": {**CONFIG, "email": "demo@example.com"}}
        answer = await house.owner.post(f"/api/connectors/{FACTORY}/test", body)
    else:
        path = "/api/verifications" + (f"/{verification}/resend" if verification else "")
        answer = await house.owner.post(path, None if verification else {"phone": phone})
    sms = [message.text for message in house.sandbox.messages(phone)[received:]]
    seen = Met(answer.status, await house.message(message_of(answer)), house.sandbox.requests - requests, sms)
    if act != "test" and house.sandbox.messages(phone):
        verification = verification or answer.body["id"]
        seen.checked = (await house.owner.check(verification, house.code(phone))).status
    return seen


def message_of(answer):
    if answer.status == 204:
        return answer.headers["location"].rsplit("/", 1)[1]
    return answer.body["message"]["id"] if answer.status in {200, 201} else answer.body["data"]["messageId"]


async def in_the_end(house, ids):
    for _ in range(36):
        await house.wait(100)
        await house.reconcile()
    return {key: await house.message(message_id) for key, message_id in ids.items()}


def test_the_matrix_knows_every_fault():
    assert set(BY_NAME) == set(MATRIX)


@every
async def test_what_is_answered(met, fault, act):
    assert MATRIX[fault][ACTS.index(act)] == met[0][fault, act].status


@every
async def test_what_is_known_of_the_message(met, fault, act):
    assert MATRIX[fault][3] == met[0][fault, act].message["status"]


@every
async def test_one_request_left_and_never_two_messages(met, fault, act):
    seen = met[0][fault, act]

    assert (1, int(MATRIX[fault][4])) == (seen.requests, len(seen.sms))


@every
async def test_a_code_that_arrived_verifies_whatever_was_answered(met, fault, act):
    arrived = act == "resend" or (act == "start" and MATRIX[fault][4])

    assert (200 if arrived else None) == met[0][fault, act].checked


@every
async def test_what_became_of_the_message(met, fault, act):
    before, after = met[0][fault, act].message, met[1][fault, act]

    assert MATRIX[fault][5] == after["status"]
    assert before["timeline"] == after["timeline"][: len(before["timeline"])]
    lost = MATRIX[fault][3] == "unknown" and not MATRIX[fault][4]
    assert ("not_found_at_gate" == after["reason"]) is lost
