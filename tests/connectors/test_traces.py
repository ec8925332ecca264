"""What a message takes along and leaves behind: a callback address on the wire, a proof to be found again by."""

import logging
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from test_send import ORDER

from aerocode.connectors.kit import SMS_AERO
from aerocode.connectors.traces import Traces
from aerocode.crypto import Keyring
from aerocode.crypto import new_id
from aerocode.model.message import Accepted
from aerocode.model.message import Refused
from aerocode.model.message import Source
from aerocode.model.message import Unknown
from aerocode.model.states import MessageStatus
from aerocode.phone import Phone
from aerocode.sandbox import Sandbox
from aerocode.smsaero import Transport

pytestmark = pytest.mark.anyio

KEYRING = Keyring(b"the key of these tests, 32 bytes")
URL = "https://codes.example/sms"
NUMBER, TEXT = "79123456789", "Your code is 482913"


@pytest.fixture
async def sandbox(anyio_backend):
    sandbox = Sandbox(deliver_after=10.0, slow_after=0.1)
    await sandbox.start(port=0)
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def line(config, sandbox):
    async with Transport([sandbox.url], timeout=1.0) as transport:
        yield SMS_AERO.line(config, transport, Traces(KEYRING))


async def lost(line, sandbox):
    """The proof of a send that arrived and whose answer did not."""
    sandbox.fault("reset_after_accept", times=1)
    outcome = await line.send(ORDER)
    assert isinstance(outcome, Unknown)
    return outcome.handed.proof


def ago(seconds):
    return datetime.now(UTC) - timedelta(seconds=seconds)


def test_without_a_public_url_there_is_no_callback_address():
    assert Traces(KEYRING).callback_url(new_id()) is None


def test_an_address_is_about_the_message_it_was_made_for():
    traces, message_id = Traces(KEYRING, URL), new_id()
    root, token = traces.callback_url(message_id).rsplit("/", 1)

    assert (f"{URL}/callbacks/smsaero", message_id) == (root, traces.called_about(token))


@pytest.mark.parametrize("token", ["", "a", "é" * 58, "\ud800" * 58, "0" * 58, "0" * 10_000])
def test_an_address_nobody_made_is_about_nothing(token):
    assert Traces(KEYRING, URL).called_about(token) is None


def test_a_proof_does_not_mind_the_spaces_of_a_text():
    traces = Traces(KEYRING)

    assert traces.proves(traces.proof(NUMBER, f" {TEXT}\n"), NUMBER, TEXT.replace(" ", "  "))


async def test_the_address_travels_with_the_message(config, sandbox, monkeypatch):
    seen = []
    perform = Transport.perform

    async def watched(transport, request, credentials):
        seen.append(dict(request.body))
        return await perform(transport, request, credentials)

    monkeypatch.setattr(Transport, "perform", watched)
    traces, order = Traces(KEYRING, URL), replace(ORDER, message_id=new_id())
    async with Transport([sandbox.url], timeout=1.0) as transport:
        await SMS_AERO.line(config, transport, traces).send(order)

    assert traces.callback_url(order.message_id) == seen[0]["callbackUrl"]


async def test_only_an_uncertain_send_leaves_a_proof(line, sandbox):
    accepted = await line.send(ORDER)
    sandbox.fault("no_money", times=1)
    refused = await line.send(ORDER)

    assert isinstance(accepted, Accepted)
    assert isinstance(refused, Refused)
    assert [None, None] == [accepted.handed.proof, refused.handed.proof]
    assert await lost(line, sandbox) is not None


async def test_what_reached_no_gate_was_not_handed_over(config):
    async with Transport(["http://127.0.0.1:9"], timeout=1.0) as transport:
        outcome = await SMS_AERO.line(config, transport, Traces(KEYRING)).send(ORDER)

    assert (Refused, None) == (type(outcome), outcome.handed)


async def test_a_message_is_found_by_its_proof_with_what_the_gate_says_of_it(line, sandbox):
    proof = await lost(line, sandbox)
    await line.send(replace(ORDER, life=timedelta(seconds=60), app_name="Another"))
    (found, *_) = await line.find(ORDER.phone, proof, ago(60))
    (received, *_) = sandbox.messages()

    assert (str(received.id), MessageStatus.QUEUED, Source.POLL) == (
        found.report.gate_id,
        found.report.status,
        found.report.source,
    )


async def test_all_messages_with_the_text_are_found_oldest_first(line, sandbox):
    proof = await lost(line, sandbox)
    for _ in range(3):
        sandbox.advance(5)
        await line.send(ORDER)
    found = await line.find(ORDER.phone, proof, ago(60))

    assert [str(message.id) for message in sandbox.messages()] == [each.report.gate_id for each in found]


async def test_what_was_created_earlier_is_not_looked_at(line, sandbox):
    proof = await lost(line, sandbox)

    assert [] == await line.find(ORDER.phone, proof, ago(-5))


async def test_another_code_and_another_phone_are_not_it(line, sandbox):
    proof = await lost(line, sandbox)
    sandbox.clear()
    other = Phone("+79001112233")
    await line.send(replace(ORDER, phone=other))

    assert [] == await line.find(other, proof, ago(60))


async def test_with_types_that_drift_it_is_found_as_well(line, sandbox):
    proof = await lost(line, sandbox)
    sandbox.drift(on=True)

    assert 1 == len(await line.find(ORDER.phone, proof, ago(60)))


async def test_nothing_of_the_list_is_logged(line, sandbox, caplog):
    with caplog.at_level(logging.DEBUG):
        await line.find(ORDER.phone, await lost(line, sandbox), ago(60))

    assert "482913" not in caplog.text


async def test_a_line_knows_what_was_sent_from_its_account(config, line, sandbox):
    outcome = await line.send(ORDER)
    async with Transport([sandbox.url]) as transport:
        another = SMS_AERO.line({**config, "email": "b@example.com"}, transport, Traces(KEYRING))
        rotated = SMS_AERO.line(config, transport, Traces(Keyring(b"n" * 32, [b"the key of these tests, 32 bytes"])))

    assert (True, False, True) == tuple(each.sends_for(outcome.handed.account) for each in (line, another, rotated))
