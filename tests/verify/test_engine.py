"""The story of a start and a check: what is recorded before what, and what anyone is told."""

import asyncio
import logging
import re

import pytest
from engine_parts import KEYRING
from engine_parts import PHONE
from engine_parts import an_application

from aerocode import errors
from aerocode.model.decision import ById
from aerocode.model.message import Accepted
from aerocode.model.message import Refused
from aerocode.model.message import Unknown
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy
from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.phone import Phone
from aerocode.store.sqlite.store import open_store

pytestmark = pytest.mark.anyio

REFUSED = Refused(reason="connector.not_enough_money", detail="no money")
UNKNOWN = Unknown(reason="connector.unknown_outcome", detail="timeout")
NO_LADDER = Limits(ladder=())


def where(sent, session: str = "") -> ById:
    return ById("default", sent.verification.id, session)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


# The order of a start.


@pytest.mark.parametrize(
    ("ask", "refusal"),
    [
        ({"phone": "not a phone"}, errors.InvalidInput),
        ({"phone": "+7 912"}, errors.InvalidPhone),
        ({"phone": "+44 7400 123456"}, errors.PhoneNotAllowed),
        ({"phone": "+7 495 123-45-67"}, errors.PhoneNotAllowed),
        ({"payload": {"code": "000000"}}, errors.InvalidInput),
        ({"payload": {"name": "https://evil.example"}}, errors.InvalidInput),
    ],
    ids=["shape", "impossible", "country", "landline", "a reserved word", "a link"],
)
async def test_what_cannot_be_sent_is_refused_before_anything_is_recorded(house, ask, refusal):
    with pytest.raises(refusal):
        await house.start(**ask)
    assert ((0, 0, 0), []) == (house.recorded(), house.line.orders)


async def test_without_a_connector_nothing_is_recorded(house):
    house.delivery.saved = None
    with pytest.raises(errors.NoConnector):
        await house.start()
    assert (0, 0, 0) == house.recorded()


async def test_without_a_connector_a_resend_changes_nothing(house, engine):
    sent = await house.start()
    house.shift_clock(31)
    house.delivery.saved = None
    with pytest.raises(errors.NoConnector):
        await engine.resend(an_application(), where(sent))
    assert 1 == (await house.store.reader.verification("default", sent.verification.id)).sends


async def test_the_verification_is_committed_before_the_line_is_asked(house, line):
    await house.start()
    assert [[("pending", line.orders[0].message_id)]] == line.seen


async def test_the_message_is_committed_before_the_line_is_asked(house, line):
    line.question = "select id, status from messages"
    await house.start()
    assert [[(line.orders[0].message_id, "created")]] == line.seen


async def test_a_resend_is_committed_before_the_line_is_asked(house, engine, line):
    sent = await house.start()
    house.shift_clock(31)
    line.question = "select sends, message_id from verifications"
    await engine.resend(an_application(), where(sent))
    assert [(2, line.orders[1].message_id)] == line.seen[1]


async def test_nothing_is_locked_while_the_line_works(house, engine, line):
    line.gate.clear()
    first = asyncio.ensure_future(house.start())
    await line.taken.wait()
    checked = asyncio.ensure_future(engine.check(Subject("default", Phone(PHONE), UsageType.GENERIC), "x"))
    with pytest.raises(errors.CodeMismatch):
        await asyncio.wait_for(checked, 5)
    line.gate.set()
    await first


async def test_a_code_that_arrives_before_the_gates_answer_is_good(house, engine, line):
    line.gate.clear()
    first = asyncio.ensure_future(house.start())
    await line.taken.wait()
    await engine.check(Subject("default", Phone(PHONE), UsageType.GENERIC), line.codes[0])
    line.gate.set()
    assert VerificationStatus.APPROVED is (await first).verification.status


# What the line is asked.


async def test_the_line_gets_the_code_that_the_check_approves(house, engine, line):
    sent = await house.start()
    assert VerificationStatus.APPROVED is (await engine.check(where(sent), line.codes[0])).verification.status


async def test_the_line_gets_what_the_message_needs(house, line):
    await house.start(usage_type=UsageType.SIGN_IN, locale="ru", payload={"name": "Аня"})
    (order,) = line.orders
    assert (PHONE, UsageType.SIGN_IN, "ru", "The Shop", {"name": "Аня"}, 300) == (
        order.phone.e164,
        order.usage_type,
        order.locale,
        order.app_name,
        order.payload,
        order.life.total_seconds(),
    )


async def test_the_line_is_told_the_life_that_is_left(house, engine, line):
    sent = await house.start()
    house.shift_clock(290)
    sent = await engine.resend(an_application(), where(sent))
    house.shift_clock(280)
    await engine.resend(an_application(), where(sent))
    assert 29 <= line.orders[2].life.total_seconds() <= 30


async def test_the_code_has_the_policys_length(house, line):
    house.settings.now = (Policy(code_length=8), Limits())
    await house.start()
    assert [8] == [len(code) for code in line.codes]


async def test_a_human_form_of_a_phone_is_sent_to_that_phone(house, line):
    await house.start("8 (912) 345-67-89")
    assert [PHONE] == [order.phone.e164 for order in line.orders]


async def test_two_forms_of_one_phone_are_one_verification(house):
    await house.start("8 (912) 345-67-89")
    with pytest.raises(errors.SendTooSoon):
        await house.start("+79123456789")


# The three outcomes.


async def test_an_accepted_start_says_so(house):
    sent = await house.start()
    assert (VerificationStatus.PENDING, MessageStatus.QUEUED, False) == (
        sent.verification.status,
        sent.message.status,
        sent.again,
    )


async def test_an_uncertain_start_is_no_error_and_stays_checkable(house, engine, line):
    line.outcome = UNKNOWN
    sent = await house.start()
    assert MessageStatus.UNKNOWN is sent.message.status
    assert VerificationStatus.APPROVED is (await engine.check(where(sent), line.codes[0])).verification.status


async def test_an_uncertain_send_is_never_repeated_by_us(house, engine, line):
    line.outcome = UNKNOWN
    await house.start()
    await engine.finish()
    assert 1 == len(line.orders)


async def test_a_refused_start_raises_the_gates_reason(house, line):
    line.outcome = REFUSED
    with pytest.raises(errors.NotEnoughMoney):
        await house.start()


async def test_a_refused_start_leaves_nothing_pending(house, line):
    line.outcome = REFUSED
    with pytest.raises(errors.NotEnoughMoney):
        await house.start()
    assert [("failed",)] == house.look("select status from verifications")


async def test_a_refused_start_may_be_repeated_at_once(house, line):
    line.outcome = REFUSED
    with pytest.raises(errors.NotEnoughMoney):
        await house.start()
    line.outcome = Accepted(gate_id="2", status=MessageStatus.QUEUED)
    assert (await house.start()).again is False


async def test_a_rate_limit_of_the_gate_says_how_long_to_wait(house, line):
    line.outcome = Refused(reason="connector.rate_limit_exceeded", wait=7)
    with pytest.raises(errors.GateRateLimited) as refused:
        await house.start()
    assert 7 == refused.value.wait


async def test_a_refused_resend_leaves_the_code_good(house, engine, line):
    sent = await house.start()
    house.shift_clock(31)
    line.outcome = REFUSED
    with pytest.raises(errors.NotEnoughMoney):
        await engine.resend(an_application(), where(sent))
    assert VerificationStatus.APPROVED is (await engine.check(where(sent), line.codes[0])).verification.status


async def test_a_line_that_breaks_is_the_callers_error_and_keeps_the_code_good(house, engine, line):
    async def broken(order):
        line.orders.append(order)
        raise RuntimeError("a fault of ours")

    line.send = broken
    with pytest.raises(RuntimeError):
        await house.start()
    subject = Subject("default", Phone(PHONE), UsageType.GENERIC)
    assert VerificationStatus.APPROVED is (await engine.check(subject, line.codes[0])).verification.status


# Sending again.


async def test_a_second_start_sends_the_same_code(house, line):
    house.settings.now = (Policy(), NO_LADDER)
    first, second = await house.start(), await house.start()
    assert (1, True, first.verification.id) == (len(set(line.codes)), second.again, second.verification.id)


async def test_a_resend_sends_the_same_code(house, engine, line):
    sent = await house.start()
    house.shift_clock(31)
    again = await engine.resend(an_application(), where(sent))
    assert (1, True) == (len(set(line.codes)), again.again)


async def test_too_soon_says_when_and_which(house):
    sent = await house.start()
    with pytest.raises(errors.SendTooSoon) as refused:
        await house.start()
    assert (sent.verification.resend_at, sent.verification.id, True) == (
        refused.value.data["resendAt"],
        refused.value.data["id"],
        29 <= refused.value.wait <= 30,
    )


async def test_too_soon_does_not_name_another_sessions_verification(house):
    await house.start(session="a")
    with pytest.raises(errors.SendTooSoon) as refused:
        await house.start(session="b")
    assert {"resendAt"} == set(refused.value.data)


async def test_too_soon_sends_nothing(house, line):
    await house.start()
    with pytest.raises(errors.SendTooSoon):
        await house.start()
    assert 1 == len(line.orders)


async def test_a_limit_in_monitor_mode_is_logged_and_does_not_refuse(house, caplog):
    house.settings.now = (Policy(), Limits(ladder_mode=Mode.MONITOR))
    await house.start()
    with caplog.at_level(logging.WARNING):
        await house.start()
    assert ["limit ladder would have refused"] == [line.split(" message ")[0] for line in caplog.messages]


# Checking.


async def test_a_code_may_be_typed_the_way_people_copy_it(house, engine, line):
    sent = await house.start()
    code = line.codes[0]
    assert (
        VerificationStatus.APPROVED
        is (await engine.check(where(sent), f" {code[:3]}-{code[3:]}\n")).verification.status
    )


async def test_a_wrong_code_says_how_many_attempts_are_left(house, engine, line):
    sent = await house.start()
    left = []
    for _ in range(5):
        with pytest.raises(errors.CodeMismatch) as refused:
            await engine.check(where(sent), wrong(line.codes[0]))
        left.append(refused.value.data["attemptsLeft"])
    assert [4, 3, 2, 1, 0] == left


@pytest.mark.parametrize("typed", ["", "12345", "abcdef", "1234567", "🙂", "1" * 5000])
async def test_whatever_is_typed_is_a_wrong_code(house, engine, typed):
    sent = await house.start()
    with pytest.raises(errors.CodeMismatch):
        await engine.check(where(sent), typed)


async def test_after_the_last_attempt_the_code_is_exhausted(house, engine, line):
    sent = await house.start()
    for _ in range(5):
        with pytest.raises(errors.CodeMismatch):
            await engine.check(where(sent), wrong(line.codes[0]))
    with pytest.raises(errors.AttemptsExhausted):
        await engine.check(where(sent), line.codes[0])


async def test_an_expired_code_says_so(house, engine, line):
    sent = await house.start()
    house.shift_clock(301)
    with pytest.raises(errors.CodeExpired):
        await engine.check(where(sent), line.codes[0])


async def test_a_used_code_says_that_it_is_over(house, engine, line):
    sent = await house.start()
    await engine.check(where(sent), line.codes[0])
    with pytest.raises(errors.VerificationOver) as refused:
        await engine.check(where(sent), line.codes[0])
    assert {"status": "approved"} == refused.value.data


async def test_a_canceled_code_says_that_it_is_over(house, engine, line):
    sent = await house.start()
    assert VerificationStatus.CANCELED is (await engine.cancel(where(sent))).status
    with pytest.raises(errors.VerificationOver) as refused:
        await engine.check(where(sent), line.codes[0])
    assert {"status": "canceled"} == refused.value.data


async def test_what_nobody_started_is_not_found(engine):
    with pytest.raises(errors.VerificationNotFound):
        await engine.check(Subject("default", Phone(PHONE), UsageType.GENERIC), "000000")


async def test_another_applications_verification_is_not_found(house, engine, line):
    sent = await house.start()
    with pytest.raises(errors.VerificationNotFound) as refused:
        await engine.check(ById("shop", sent.verification.id), line.codes[0])
    assert {} == refused.value.data


@pytest.mark.parametrize("act", ["resend", "cancel"])
async def test_what_is_over_can_be_neither_sent_again_nor_canceled(house, engine, line, act):
    sent = await house.start()
    await engine.check(where(sent), line.codes[0])
    with pytest.raises(errors.VerificationOver):
        await (engine.resend(an_application(), where(sent)) if act == "resend" else engine.cancel(where(sent)))


@pytest.mark.parametrize("act", ["resend", "cancel"])
async def test_what_is_not_there_can_be_neither_sent_again_nor_canceled(engine, act):
    nowhere = ById("default", "nobody")
    with pytest.raises(errors.VerificationNotFound):
        await (engine.resend(an_application(), nowhere) if act == "resend" else engine.cancel(nowhere))


async def test_a_code_for_one_purpose_is_wrong_for_another(house, engine, line):
    await house.start(usage_type=UsageType.SIGN_IN)
    await house.start(usage_type=UsageType.FORGOT_PASSWORD)
    # Once in a million runs both codes are the same and this fails.
    with pytest.raises(errors.CodeMismatch):
        await engine.check(Subject("default", Phone(PHONE), UsageType.FORGOT_PASSWORD), line.codes[0])


# Callers who go away.


async def test_a_caller_who_leaves_while_it_is_decided_leaves_no_message_unsent(house, engine, line):
    asked = asyncio.ensure_future(house.start())
    while not engine._sends:
        await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await engine.finish()
    assert [("queued", "31415")] == house.look("select status, gate_id from messages")


async def test_a_caller_who_goes_away_leaves_a_marked_message(house, engine, line):
    line.gate.clear()
    asked = asyncio.ensure_future(house.start())
    await line.taken.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    line.gate.set()
    await engine.finish()
    assert [("queued", "31415")] == house.look("select status, gate_id from messages")


async def test_a_caller_who_goes_away_before_a_refusal_leaves_nothing_pending(house, engine, line):
    line.gate.clear()
    line.outcome = REFUSED
    asked = asyncio.ensure_future(house.start())
    await line.taken.wait()
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    line.gate.set()
    await engine.finish()
    assert [("failed",)] == house.look("select status from verifications")


async def test_finishing_waits_for_the_sends_that_have_begun(house, engine, line):
    line.gate.clear()
    asked = asyncio.ensure_future(house.start())
    await line.taken.wait()
    finishing = asyncio.ensure_future(engine.finish())
    await asyncio.sleep(0.05)
    waited = not finishing.done()
    line.gate.set()
    await finishing
    assert (True, "queued") == (waited, house.look("select status from messages")[0][0])
    await asked


async def test_finishing_with_nothing_on_its_way_returns_at_once(engine):
    await asyncio.wait_for(engine.finish(), 1)


async def test_a_code_sent_before_a_restart_is_good_after_it(house, line):
    sent = await house.start()
    await house.store.close()
    house.store = await open_store(house.path, KEYRING)
    house.engine._verifications = house.store.verifications
    assert VerificationStatus.APPROVED is (await house.engine.check(where(sent), line.codes[0])).verification.status


# What is told to the log and the meter.


async def test_the_log_never_holds_a_code_or_a_whole_phone(house, engine, line, caplog):
    house.settings.now = (Policy(), Limits(ladder_mode=Mode.MONITOR))
    with caplog.at_level(logging.DEBUG):
        sent = await house.start()
        await house.start()
        with pytest.raises(errors.CodeMismatch):
            await engine.check(where(sent), wrong(line.codes[0]))
        await engine.check(where(sent), line.codes[0])
        line.outcome = REFUSED
        with pytest.raises(errors.NotEnoughMoney):
            await house.start()
        line.outcome = UNKNOWN
        await house.start()
    text = "\n".join(f"{record.getMessage()} {record.args}" for record in caplog.records)
    leaked = [secret for secret in (*line.codes, wrong(line.codes[0]), "9123456789") if re.search(secret, text)]
    assert [] == leaked


async def test_the_log_tells_an_operator_what_happened(house, engine, line, caplog):
    with caplog.at_level(logging.INFO):
        sent = await house.start()
        await engine.check(where(sent), line.codes[0])
    assert [
        f"message {sent.message.id} for verification {sent.verification.id} to +7912•••••89: queued",
        f"verification {sent.verification.id} approved for +7912•••••89",
    ] == caplog.messages


async def test_the_log_gives_the_reason_of_a_refusal(house, line, caplog):
    line.outcome = REFUSED
    with caplog.at_level(logging.INFO), pytest.raises(errors.NotEnoughMoney):
        await house.start()
    assert caplog.messages[-1].endswith("failed (connector.not_enough_money)")


async def test_the_meter_counts_without_a_phone(house, engine, line):
    sent = await house.start()
    with pytest.raises(errors.CodeMismatch):
        await engine.check(where(sent), wrong(line.codes[0]))
    await engine.check(where(sent), line.codes[0])
    assert [
        ("started", UsageType.GENERIC, False),
        ("sent", MessageStatus.QUEUED, ""),
        ("checked", "wrong"),
        ("checked", "approved"),
    ] == house.meter.lines
