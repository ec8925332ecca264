"""A gate that answers with half a character: the ordinary outcome, marked, and nothing left in the air."""

import json

import pytest

from aerocode.sandbox.faults import BY_NAME
from aerocode.sandbox.faults import Canned
from aerocode.sandbox.faults import Fault

pytestmark = pytest.mark.anyio

HALF = "\ud800"
TAKEN = {"id": 77, "from": HALF, "number": "79990000000", "text": HALF, "status": 0, "extendStatus": f"queue{HALF}",
         "channel": HALF, "cost": 2.2, "dateCreate": 1532342510, "dateSend": 1532342510}  # fmt: skip
REFUSED = {
    "in the message": ({"message": f"no{HALF}", "data": None}, "connector.refused"),
    "in a field": ({"message": HALF, "data": {"sign": [HALF], HALF: [HALF]}}, "connector.invalid_sender"),
    "deep in the message": ({"message": {"a": {HALF: [HALF]}}, "data": {}}, "connector.refused"),
}


@pytest.fixture
def gate_says(sandbox, monkeypatch):
    def says(phone, status, **envelope):
        # As the bytes \\ud800 on the wire, which is what JSON writes.
        canned = Canned(status=status, raw=json.dumps(envelope))
        monkeypatch.setitem(BY_NAME, "half", Fault(name="half", suffix="", tells="", reply=canned))
        sandbox.fault("half", phone=phone)

    return says


async def test_an_acceptance_with_half_a_character_is_accepted_and_marked(house, owner, gate_says, phone):
    gate_says(phone, 200, success=True, message=None, data={**TAKEN, "number": phone[1:]})
    started = await owner.start(phone)
    message = (await owner.get(f"/api/messages/{started.body['message']['id']}")).body

    assert (201, "queued", "queued") == (started.status, started.body["message"]["status"], message["status"])
    assert ["created", "created", "queued"] == [line["status"] for line in message["timeline"]]


@pytest.mark.parametrize("where", REFUSED)
async def test_a_refusal_with_half_a_character_is_refused_and_marked(owner, gate_says, phone, where):
    envelope, code = REFUSED[where]
    gate_says(phone, 400, success=False, **envelope)
    refused = await owner.start(phone)
    message = (await owner.get(f"/api/messages/{refused.body['data']['messageId']}")).body

    assert ((502, code), "failed", code) == (refused.brief, message["status"], message["reason"])


@pytest.mark.parametrize("where", REFUSED)
async def test_nothing_is_pending_after_such_a_refusal(owner, sandbox, gate_says, phone, where):
    gate_says(phone, 400, success=False, **REFUSED[where][0])
    await owner.start(phone)
    sandbox.fault(None, phone=phone)
    (row,) = (await owner.get(f"/api/verifications?phone={phone[1:]}")).body["verifications"]

    assert ("failed", 201) == (row["status"], (await owner.start(phone)).status)
