"""Section C: one send. Section D: how a refusal of the connector is told."""

import base64
import json
from dataclasses import replace

import pytest
from app_words import CONFIG
from lines import betters
from lines import ours
from lines import proves
from world import ORDER
from world import TEST

from aerocode import errors
from aerocode.api.exchange import Style
from aerocode.api.problems import problem
from aerocode.api.problems import status_of
from aerocode.api.words import LANGUAGES
from aerocode.api.words import told
from aerocode.app.settings import load
from aerocode.connectors.kit import SMS_AERO
from aerocode.connectors.kit import factories
from aerocode.model.message import Accepted
from aerocode.model.message import Refused
from aerocode.model.message import Unknown
from aerocode.model.states import UsageType
from aerocode.smsaero import Transport


@proves(30)
async def one_post_of_number_sign_and_text(world):
    async with world.gate() as (line, gate):
        await line.send(ORDER)
    (asked,) = gate.asked
    assert ("POST", "/v2/sms/send", "application/json") == (asked.method, asked.path, asked.headers["Content-Type"])
    assert {"number", "sign", "text"} == set(json.loads(asked.body))
    assert "https://gate.smsaero.ru" in Transport().gates


@proves(31)
async def basic_auth_of_email_and_key_in_utf_8(world):
    for key in ("key", "ключ"):
        async with world.gate() as (_, gate), Transport([gate.url]) as transport:
            await SMS_AERO.line({**world.config, "apiKey": key}, transport).send(ORDER)
        sent = gate.asked[0].headers["Authorization"].removeprefix("Basic ")
        assert f"{CONFIG['email']}:{key}" == base64.b64decode(sent).decode()


@proves(32)
async def a_config_that_is_given_is_used_and_the_saved_one_is_not_read(world):
    other = world.other_phone()
    await world.tried(senderName="GIVEN")
    await world.send(other)
    without = await (await world.somebody()).post(TEST, {"phone": world.phone, "config": None})
    assert (["GIVEN"], [CONFIG["senderName"]]) == tuple(
        [message.sign for message in world.messages(phone)] for phone in (None, other)
    )
    assert (400, {("config", "invalid_type")}) == (without.status, without.issues)


@proves(33)
async def without_a_template_nothing_is_sent(world):
    config = {**world.config, "templates": []}
    with pytest.raises(errors.TemplateNotFound) as refused:
        SMS_AERO.compose(config, replace(ORDER, usage_type=UsageType.BIND_MFA))
    async with world.gate() as (_, gate), Transport([gate.url]) as transport:
        with pytest.raises(errors.InvalidConfig):
            SMS_AERO.line(config, transport)
    assert ({"message": "Cannot find template for type: BindMfa"}, []) == (refused.value.data, gate.asked)


@betters(34)
async def a_usage_type_without_a_template_falls_back_to_generic(world):
    await world.owner.start(world.phone, "BindMfa")
    assert world.messages()[0].text.startswith("Generic of ")


@proves(35)
async def an_invalid_config_is_told_with_its_issues_and_sends_nothing(world):
    before = world.sandbox.requests
    answer = await world.tried(email="x")
    assert (400, "connector.invalid_config", {("email", "invalid_string")}, before) == (
        *answer.brief,
        answer.issues,
        world.sandbox.requests,
    )


@ours(36)
async def a_refusal_of_the_gate_is_told_by_its_kind(world):
    kinds = {
        "bad_sender": "connector.invalid_sender",
        "wrong_credentials": "connector.wrong_credentials",
        "error_500": "connector.unknown_outcome",
    }
    for fault, code in kinds.items():
        world.sandbox.fault(fault)
        answer = await world.tried()
        assert (400, code) == answer.brief
        assert isinstance(answer.body["data"]["messageId"], str)


@ours(37)
async def a_refusal_without_an_envelope_may_have_been_a_send(world):
    async with world.gate() as (line, gate):
        gate.answer(400, b"")
        outcome = await line.send(ORDER)
    assert (Unknown, "not_json") == (type(outcome), outcome.reason)


@betters(38)
async def success_false_is_a_refusal(world):
    world.sandbox.fault("refused")
    assert (400, "connector.refused") == (await world.tried()).brief
    assert (400, "connector.refused") == (await world.send(world.other_phone())).brief


@betters(39)
async def an_answer_that_is_no_json_is_an_invalid_response(world):
    for fault in ("empty", "garbage"):
        world.sandbox.fault(fault)
        assert (400, "connector.invalid_response") == (await world.tried()).brief


@betters(40)
async def a_gate_out_of_reach_is_a_typed_refusal(world):
    async with Transport(["http://127.0.0.1:1", "https://gate.invalid"], timeout=2.0) as transport:
        outcome = await SMS_AERO.line(world.config, transport).send(ORDER)
    refusal = errors.refusal(outcome.reason)
    assert (Refused, "connector.unreachable", 400) == (type(outcome), refusal.code, status_of(refusal, Style.LOGTO))


@betters(41)
async def a_gate_that_never_answers_is_given_up_within_ten_seconds(world):
    world.sandbox.fault("hang")
    assert (400, "connector.unknown_outcome") == (await world.tried()).brief
    assert load({}, world.house.services.settings.data_dir / "none.toml").gate_timeout < 10


@proves(42)
async def whatever_the_gate_says_it_is_asked_once(world):
    for fault in ("rate_limited", "error_500", "error_503", "reset"):
        world.sandbox.fault(fault)
        before = world.sandbox.requests
        await world.tried(world.other_phone())
        assert before + 1 == world.sandbox.requests


@ours(43)
async def a_redirect_is_not_followed(world):
    async with world.gate() as (line, gate):
        for status in (301, 302, 303, 307, 308):
            gate.answer(status, b"", Location="/elsewhere")
            assert (Unknown, "redirect") == (type(outcome := await line.send(ORDER)), outcome.reason)
    assert ["/v2/sms/send"] * 5 == [asked.path for asked in gate.asked]


@betters(44)
async def nothing_reaches_the_host_a_redirect_names(world):
    async with world.gate() as (line, gate), world.gate() as (_, elsewhere):
        gate.answer(307, b"", Location=f"{elsewhere.url}/v2/sms/send")
        await line.send(ORDER)
    assert [] == elsewhere.asked


@betters(45)
async def not_modified_is_no_success(world):
    async with world.gate() as (line, gate):
        gate.answer(201)
        created = await line.send(ORDER)
        gate.answer(204, b"")
        empty = await line.send(ORDER)
        gate.answer(304, b"")
        not_modified = await line.send(ORDER)
    assert (Accepted, Unknown, Unknown) == (type(created), type(empty), type(not_modified))
    world.sandbox.fault("not_modified")
    assert (400, "connector.unknown_outcome") == (await world.tried()).brief


@betters(46)
async def digits_alone_reach_the_gate(world):
    digits = world.phone[1:]
    await world.tried(f"+7 ({digits[1:4]}) {digits[4:7]}-{digits[7:9]}-{digits[9:]}")
    assert [digits] == [message.number for message in world.messages()]


@proves(47)
async def an_error_that_is_not_of_the_gate_passes_unchanged(world):
    class Broken:
        async def send(self, **_):
            raise ZeroDivisionError("ours")

    async with world.gate() as (line, _):
        line._client = Broken()
        with pytest.raises(ZeroDivisionError, match="ours"):
            await line.send(ORDER)


@ours(48)
async def an_address_of_the_person_never_reaches_the_gate(world):
    assert "http-sms" not in factories
    async with world.gate() as (line, gate):
        await line.send(replace(ORDER, payload={"ip": "203.0.113.7"}))
    assert b"203.0.113.7" not in gate.asked[0].body


@proves(49)
async def config_template_and_answer_faults_are_400_with_their_codes(world):
    for kind in (errors.InvalidConfig, errors.TemplateNotFound, errors.GateUnreadable):
        assert 400 == status_of(kind(), Style.LOGTO)
    world.sandbox.fault("garbage")
    assert (400, "connector.invalid_response") == (await world.tried()).brief
    assert (400, "connector.invalid_config") == (await world.tried(templates=[])).brief


@proves(50)
async def a_rate_limit_of_the_gate_is_429(world):
    world.sandbox.fault("rate_limited")
    assert (429, "connector.rate_limit_exceeded") == (await world.tried()).brief
    assert (429, "connector.rate_limit_exceeded") == (await world.send(world.other_phone())).brief


@ours(51)
async def there_are_no_social_connectors(world):
    await world.remove()
    assert (501, "connector.not_found") == (await world.send()).brief
    assert {"Sms"} == {factory.type for factory in factories.values()}


@ours(52)
async def the_gates_words_stay_out_of_the_sentence(world):
    world.sandbox.fault("bad_sender")
    answer = await world.tried()
    assert "incorrect" in answer.body["data"]["message"]
    assert str(errors.InvalidSender()) == answer.body["message"]


@proves(53)
async def an_error_nobody_knows_is_500_without_a_code(world):
    async def broken():
        raise ZeroDivisionError

    connectors = world.house.services.store.connectors
    connectors.live = broken
    try:
        answer = await world.owner.get("/api/connectors")
    finally:
        del connectors.live
    assert (500, True, False) == (answer.status, bool(answer.body["message"]), "code" in answer.body)


@proves(54)
async def a_refusal_has_code_message_data_and_details(world):
    answer = await world.tried(email="x")
    assert {"code", "message", "data", "details"} <= set(answer.body)


@proves(55)
async def details_name_path_and_code_of_each_issue(world):
    answer = await world.tried(email="x", templates=[])
    starts = [line.split(":")[0] for line in answer.body["details"].splitlines()]
    assert ["email (invalid_string)", "templates (custom)"] == starts


@betters(56)
async def no_message_has_a_gap_in_it(world):
    answer = await (await world.somebody()).post(TEST, {"config": world.config})
    kinds = [errors.AerocodeError]
    for kind in kinds:
        kinds.extend(kind.__subclasses__())
    plain = [kind for kind in kinds if kind.__init__ is errors.AerocodeError.__init__]
    said = [told(kind(), spoken) for kind in plain for spoken in LANGUAGES]
    assert [] == [text for text in (answer.body["message"], *said) if "{" in text]
    assert problem(errors.UnknownRoute(), Style.LOGTO, "r").body["message"] in said
