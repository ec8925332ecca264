"""Section C of the reference, against the sandbox: what one send puts on the wire, and which outcome it has."""

import logging
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from aerocode import errors
from aerocode import smsaero
from aerocode.connectors.kit import SMS_AERO
from aerocode.crypto import Secret
from aerocode.model.message import Accepted
from aerocode.model.message import Refused
from aerocode.model.message import Report
from aerocode.model.message import Source
from aerocode.model.message import Unknown
from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.phone import Phone
from aerocode.ports import Order
from aerocode.sandbox import Sandbox
from aerocode.smsaero import Transport

pytestmark = pytest.mark.anyio

ORDER = Order(
    message_id="m1",
    phone=Phone("+79123456789"),
    usage_type=UsageType.GENERIC,
    code=Secret("482913"),
    life=timedelta(seconds=330),
    locale="",
    app_name="Shop",
    payload={},
)


@pytest.fixture
async def sandbox(anyio_backend):
    sandbox = Sandbox(deliver_after=10.0, slow_after=0.1)
    await sandbox.start(port=0)
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def transport(sandbox):
    async with Transport([sandbox.url], timeout=1.0) as transport:
        yield transport


@pytest.fixture
def line(config, transport):
    return SMS_AERO.line(config, transport)


def compose(config, content, **changes):
    config["templates"][3]["content"] = content
    return SMS_AERO.compose(config, replace(ORDER, **changes))


async def test_line_30_one_message_leaves_with_number_sender_and_rendered_text(line, sandbox):
    await line.send(ORDER)
    (message,) = sandbox.messages()
    assert ("79123456789", "SMS Aero", "Generic 482913") == (message.number, message.sign, message.text)


async def test_line_33_without_a_template_nothing_is_sent(config):
    config["templates"] = []
    with pytest.raises(errors.TemplateNotFound) as refused:
        SMS_AERO.compose(config, ORDER)
    assert refused.value.data == {"message": "Cannot find template for type: Generic"}


async def test_line_34_a_usage_type_without_a_template_is_sent_the_generic_one(line, sandbox):
    await line.send(replace(ORDER, usage_type=UsageType.BIND_MFA))
    assert ["Generic 482913"] == [message.text for message in sandbox.messages()]


async def test_line_35_a_faulty_config_never_becomes_a_line(config, transport, sandbox):
    config["email"] = "x"
    with pytest.raises(errors.InvalidConfig) as refused:
        SMS_AERO.line(config, transport)
    assert ([("email",)], 0) == ([fault.path for fault in refused.value.faults], sandbox.requests)


async def test_an_accepted_send_tells_what_the_gate_said(line, sandbox):
    outcome = await line.send(ORDER)
    (message,) = sandbox.messages()
    assert replace(outcome, handed=None) == Accepted(
        gate_id=str(message.id),
        status=MessageStatus.QUEUED,
        detail="queue",
        sender="SMS Aero",
        segments=1,
        cost=Decimal("4.19"),
    )


async def test_segments_are_those_of_the_rendered_text(config, transport):
    config["templates"][3]["content"] = "я" * 65 + "{{code}}"
    assert (await SMS_AERO.line(config, transport).send(ORDER)).segments == 2


@pytest.mark.parametrize(
    ("fault", "kind", "said"),
    [
        pytest.param("wrong_credentials", errors.WrongCredentials, "invalid credentials", id="line 36: 401"),
        pytest.param("no_money", errors.NotEnoughMoney, "Not enough money", id="402"),
        pytest.param("ip_not_allowed", errors.AddressNotAllowed, "Invalid ip-address", id="404"),
        pytest.param("bad_sender", errors.InvalidSender, "sign: incorrect", id="line 36: 400 of the sender"),
        pytest.param("bad_number", errors.InvalidRecipient, "number: incorrect", id="line 36: 400 of the number"),
        pytest.param("rate_limited", errors.GateRateLimited, "Too many requests", id="429"),
        pytest.param("refused", errors.GateRefused, "Message rejected", id="line 38: success false with 200"),
    ],
)
async def test_a_refusal_is_certain_and_carries_the_words_of_the_gate(line, sandbox, fault, kind, said):
    sandbox.fault(fault)
    outcome = await line.send(ORDER)
    assert isinstance(outcome, Refused)
    assert (kind.code, True) == (outcome.reason, said in outcome.detail)


async def test_the_wait_the_gate_asks_for_is_kept(line, sandbox):
    sandbox.fault("rate_limited")
    assert (await line.send(ORDER)).wait == 30


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        pytest.param("error_500", "server_error", id="line 36: 500 with HTML"),
        pytest.param("error_503", "server_error", id="line 37: nothing in the body"),
        pytest.param("empty", "not_json", id="line 39: 200 with an empty body"),
        pytest.param("garbage", "not_json", id="line 39: 200 with HTML"),
        pytest.param("hang", "timeout", id="line 41: no answer"),
        pytest.param("reset", "reset", id="line 42: the connection is reset"),
        pytest.param("redirect", "redirect", id="line 43, 44: a redirect"),
        pytest.param("not_modified", "redirect", id="line 45: 304"),
    ],
)
async def test_without_a_usable_answer_the_outcome_is_unknown_and_nothing_is_repeated(line, sandbox, fault, reason):
    sandbox.fault(fault)
    outcome = await line.send(ORDER)
    assert isinstance(outcome, Unknown)
    assert (reason, 1, 0) == (outcome.reason, sandbox.requests, sandbox.redirects_followed)


async def test_line_40_a_gate_out_of_reach_is_a_certain_refusal(config):
    async with Transport(["http://127.0.0.1:1"], timeout=1.0) as transport:
        outcome = await SMS_AERO.line(config, transport).send(ORDER)
    assert isinstance(outcome, Refused)
    assert errors.GateUnreachable.code == outcome.reason


async def test_line_42_a_message_taken_before_the_reset_is_unknown_and_leaves_once(line, sandbox):
    sandbox.fault("reset_after_accept")
    assert isinstance(await line.send(ORDER), Unknown)
    assert len(sandbox.messages()) == 1


async def test_line_46_only_digits_leave_whatever_form_the_phone_had(line, sandbox):
    await line.send(ORDER)
    assert sandbox.messages()[0].number.isdecimal()


@pytest.mark.parametrize("fault", ["bad_sender", "error_500", "hang", "reset", "refused"])
async def test_neither_code_text_key_nor_phone_is_logged(line, sandbox, config, caplog, fault):
    caplog.set_level(logging.DEBUG)
    sandbox.fault(fault)
    await line.send(ORDER)
    assert "message m1" in caplog.text
    assert not [secret for secret in ("482913", config["apiKey"], "79123456789", "Generic") if secret in caplog.text]


async def test_the_code_is_hidden_in_what_the_gate_says_of_it(line, monkeypatch):
    async def quote(**_):
        raise smsaero.Rejected(provider_message="Bad text: Your 482913")

    monkeypatch.setattr(line._client, "send", quote)
    assert (await line.send(ORDER)).detail == "Bad text: Your ••••••"


@pytest.mark.parametrize(
    ("content", "changes", "text"),
    [
        ("{{appName}} {{code}}", {}, "Shop 482913"),
        ("{{code}} {{expiresIn}} min", {}, "482913 5 min"),
        ("{{code}} {{expiresIn}} min", {"life": timedelta(seconds=599)}, "482913 9 min"),
        ("{{code}} {{expiresIn}} min", {"life": timedelta(seconds=20)}, "482913 1 min"),
        ("{{code}} {{city}}", {"payload": {"city": "Omsk"}}, "482913 Omsk"),
        ("{{code}} {{locale}}", {"locale": "ru"}, "482913 ru"),
        ("{{code}} {{locale}}", {}, "482913 {{locale}}"),
        ("{{code}} {{city}}", {"payload": {"city": "{{code}}"}}, "482913 {{code}}"),
        (
            "{{code}} {{appName}} {{expiresIn}}",
            {"payload": {"code": "000000", "appName": "Bank", "expiresIn": "99"}},
            "482913 Shop 5",
        ),
    ],
)
async def test_a_text_is_made_of_our_own_words_and_the_callers(config, content, changes, text):
    assert text == compose(config, content, **changes)


@pytest.mark.parametrize(
    ("fault", "advance", "status", "word"),
    [
        (None, 0, MessageStatus.QUEUED, "queue"),
        (None, 6, MessageStatus.SENT, "sent"),
        (None, 11, MessageStatus.DELIVERED, "delivery"),
        ("undelivered", 11, MessageStatus.UNDELIVERED, "undelivered"),
        ("rejected", 11, MessageStatus.REJECTED, "reject"),
        ("moderation", 11, MessageStatus.MODERATION, "moderation"),
    ],
)
async def test_a_message_is_followed_through_its_life(line, sandbox, fault, advance, status, word):
    sandbox.fault(fault)
    outcome = await line.send(ORDER)
    sandbox.advance(advance)
    expected = Report(status=status, source=Source.POLL, detail=word, cost=Decimal("4.19"))
    assert expected == await line.follow(outcome.gate_id)


async def test_a_status_nobody_documented_moves_nothing(line, monkeypatch):
    accepted = await line.send(ORDER)
    known = await line._client.status(int(accepted.gate_id))

    async def answer(_):
        return replace(known, status=smsaero.SmsStatus(77))

    monkeypatch.setattr(line._client, "status", answer)
    assert (await line.follow(accepted.gate_id)).status is MessageStatus.ACCEPTED


async def test_a_message_the_gate_does_not_know_cannot_be_followed(line):
    with pytest.raises(errors.ConnectorError):
        await line.follow("1")


async def test_a_gate_out_of_reach_cannot_be_asked(config):
    async with Transport(["http://127.0.0.1:1"], timeout=1.0) as transport:
        with pytest.raises(errors.GateUnreachable):
            await SMS_AERO.line(config, transport).follow("1")
