"""What an engine makes of the answers of a store that limits, repeats and spares: no SMS where none may leave."""

import asyncio
import logging
from dataclasses import replace
from decimal import Decimal

import pytest
from engine_parts import KEYRING
from engine_parts import PHONE
from engine_parts import an_application

from aerocode import errors
from aerocode.model.decision import ById
from aerocode.model.decision import FixedCode
from aerocode.model.decision import Request
from aerocode.model.lists import Kind
from aerocode.model.lists import ListEntry
from aerocode.model.lists import Lists
from aerocode.model.lists import Verdict
from aerocode.model.message import Refused
from aerocode.model.message import Unknown
from aerocode.model.policy import Cap
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy
from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus
from aerocode.phone import Phone
from aerocode.store.sqlite.store import open_store
from aerocode.verify.codes import Codes

pytestmark = pytest.mark.anyio

FIXED = "424242"
START = Request(key="a key", route="start", body="a body")
RESEND = Request(key="a key", route="resend", body="a body")
NO_MONEY = Refused(reason="connector.not_enough_money", detail="no money")


class Dressed:
    """The store's decisions, asked with what a face would add to a start or a resend."""

    def __init__(self, verifications):
        self.real = verifications
        self.fixed = False
        self.start = {}
        self.again = {}

    def __getattr__(self, name):
        return getattr(self.real, name)

    async def issue(self, ask):
        if self.fixed:
            code = Codes(KEYRING)._rest(ask.subject, ask.verification_id, FIXED)
            ask = replace(ask, fixed=FixedCode(code=code, until=None))
        return await self.real.issue(replace(ask, **self.start))

    async def resend(self, ask):
        return await self.real.resend(replace(ask, **self.again))


@pytest.fixture
def face(house):
    house.engine._verifications = Dressed(house.store.verifications)
    return house.engine._verifications


@pytest.fixture(autouse=True)
def no_ladder(house):
    house.settings.now = (Policy(), Limits(ladder=()))


def limit(house, **limits):
    house.settings.now = (Policy(), Limits(**{"ladder": (), **limits}))


def where(sent):
    return ById("default", sent.verification.id)


async def again(house, sent):
    return await house.engine.resend(an_application(), where(sent))


# Test numbers.


async def test_nothing_is_sent_to_a_test_number(house, face):
    face.fixed = True
    sent = await house.start()
    await again(house, sent)
    assert ([], [("accepted", "test_number")] * 2) == (
        house.line.orders,
        house.look("select status, reason from messages"),
    )


async def test_a_start_for_a_test_number_is_told_like_any_other(house, face):
    face.fixed = True
    sent = await house.start()
    assert (VerificationStatus.PENDING, MessageStatus.ACCEPTED, False, True) == (
        sent.verification.status,
        sent.message.status,
        sent.again,
        sent.verification.test,
    )


async def test_the_fixed_code_of_a_test_number_is_approved_and_says_that_it_is_a_test(house, face):
    face.fixed = True
    proof = await house.engine.check(where(await house.start()), FIXED)
    assert (VerificationStatus.APPROVED, True) == (proof.verification.status, proof.verification.test)


async def test_guesses_at_a_test_number_count(house, face):
    face.fixed = True
    sent = await house.start()
    for _ in range(5):
        with pytest.raises(errors.CodeMismatch):
            await house.engine.check(where(sent), "111111")
    with pytest.raises(errors.AttemptsExhausted):
        await house.engine.check(where(sent), FIXED)


async def test_the_meter_tells_spared_messages_apart(house, face):
    face.fixed = True
    await house.start()
    assert [("started", UsageType.GENERIC, False), ("sent", MessageStatus.ACCEPTED, "test_number")] == (
        house.meter.lines
    )


async def test_no_limit_on_sends_holds_a_test_number(house, face):
    face.fixed = True
    limit(house, phone_hour=Cap(1), sends_per_verification=1, daily_budget=Decimal(0))
    sent = await house.start()
    assert (await again(house, sent)).again


# Requests that name themselves.


async def test_a_repeated_start_is_told_the_same_and_sends_nothing(house, face):
    face.start = {"request": START}
    first = await house.start()
    second = await house.start()
    assert ((first.verification, first.message.id, first.message.status, first.again), 1) == (
        (second.verification, second.message.id, second.message.status, second.again),
        len(house.line.orders),
    )


async def test_a_repeated_resend_is_told_the_same_and_sends_nothing(house, face):
    face.again = {"request": RESEND}
    sent = await house.start()
    first, second = await again(house, sent), await again(house, sent)
    assert ((first.verification, first.message.id, True), 2) == (
        (second.verification, second.message.id, second.again),
        len(house.line.orders),
    )


@pytest.mark.parametrize("act", ["start", "resend"])
@pytest.mark.parametrize(
    ("outcome", "error", "wait"),
    [
        (NO_MONEY, errors.NotEnoughMoney, None),
        (Refused(reason=errors.GateRateLimited.code, wait=17), errors.GateRateLimited, 17),
        (Refused(reason="connector.refused"), errors.GateRefused, None),
    ],
    ids=["no money", "too fast", "refused"],
)
async def test_a_repeated_refusal_is_the_same_refusal(house, face, act, outcome, error, wait):
    face.start, face.again = ({"request": START}, {}) if act == "start" else ({}, {"request": RESEND})
    sent = None if act == "start" else await house.start()
    house.line.outcome = outcome
    told = []
    for _ in range(2):
        with pytest.raises(error) as refused:
            await (house.start() if sent is None else again(house, sent))
        told.append(refused.value)
    assert [(told[0].code, told[0].data, wait)] * 2 == [
        (each.code, each.data, getattr(each, "wait", None)) for each in told
    ]
    assert (1 if sent is None else 2) == len(house.line.orders)


async def test_an_uncertain_start_repeated_is_as_uncertain(house, face):
    face.start = {"request": START}
    house.line.outcome = Unknown(reason="connector.unknown_outcome", detail="timeout")
    told = [(await house.start()).message for _ in range(2)]
    assert [(MessageStatus.UNKNOWN, "connector.unknown_outcome")] * 2 == [(each.status, each.reason) for each in told]


async def test_while_the_first_is_answered_the_second_is_told_to_wait(house, face):
    face.start = {"request": START}
    house.line.gate.clear()
    first = asyncio.ensure_future(house.start())
    await house.line.taken.wait()
    with pytest.raises(errors.RequestInProgress) as refused:
        await house.start()
    house.line.gate.set()
    await first
    assert (1, 1) == (refused.value.wait, len(house.line.orders))


async def test_after_a_crash_before_the_answer_it_is_unknown_and_not_sent_again(house, face, monkeypatch):
    face.start = {"request": START}

    async def crash(order):
        house.line.orders.append(order)
        raise RuntimeError("the process is gone")

    monkeypatch.setattr(house.line, "send", crash)
    with pytest.raises(RuntimeError):
        await house.start()
    await house.store.close()
    house.store = await open_store(house.path, KEYRING)
    face.real = house.store.verifications
    told = await house.start()
    assert (MessageStatus.UNKNOWN, VerificationStatus.PENDING, 1) == (
        told.message.status,
        told.verification.status,
        len(house.line.orders),
    )
    code = house.line.codes[0]
    assert VerificationStatus.APPROVED is (await house.engine.check(where(told), code)).verification.status


async def test_a_key_for_another_request_is_refused(house, face):
    face.start = {"request": START}
    await house.start()
    face.start = {"request": replace(START, body="another")}
    with pytest.raises(errors.RequestUnlike):
        await house.start()
    assert 1 == len(house.line.orders)


# Refusals.


async def test_a_cap_is_told_by_its_name_and_its_wait(house):
    limit(house, phone_hour=Cap(1))
    await house.start()
    with pytest.raises(errors.SendTooSoon) as refused:
        await house.start(session="another")
    assert ("phone_hour", None, True) == (
        refused.value.data["limit"],
        refused.value.data.get("id"),
        3595 <= refused.value.wait <= 3600,
    )


async def test_a_capped_resend_names_its_verification(house):
    limit(house, phone_hour=Cap(1))
    sent = await house.start()
    with pytest.raises(errors.SendTooSoon) as refused:
        await again(house, sent)
    assert sent.verification.id == refused.value.data["id"]


async def test_the_ladder_is_told_without_a_name(house):
    house.settings.now = (Policy(), Limits())
    await house.start()
    with pytest.raises(errors.SendTooSoon) as refused:
        await house.start()
    assert "limit" not in refused.value.data


@pytest.mark.parametrize("act", ["start", "resend"])
async def test_a_spent_day_is_told_with_its_wait(house, act):
    limit(house, daily_budget=Decimal(10))
    sent = await house.start()
    with pytest.raises(errors.DailyBudgetSpent) as refused:
        await (house.start(session="another") if act == "start" else again(house, sent))
    assert (True, 1) == (86_395 <= refused.value.wait <= 86_400, len(house.line.orders))


@pytest.mark.parametrize("act", ["start", "resend"])
async def test_a_blocked_country_is_told_as_the_country(house, act):
    sent = await house.start()
    limit(house, countries={"RU": CountryRule.BLOCK})
    with pytest.raises(errors.PhoneNotAllowed) as refused:
        await (house.start() if act == "start" else again(house, sent))
    assert ({"reason": "country"}, 1) == (refused.value.data, len(house.line.orders))


@pytest.mark.parametrize("act", ["start", "resend"])
async def test_a_listed_phone_is_told_as_listed(house, face, act):
    sent = await house.start()
    entry = ListEntry(
        id="e",
        verdict=Verdict.BLOCK,
        kind=Kind.PHONE,
        value=PHONE,
        reason="pumped",
        created_at=sent.verification.created_at,
    )
    face.start = face.again = {"lists": Lists([entry])}
    with pytest.raises(errors.PhoneNotAllowed) as refused:
        await (house.start() if act == "start" else again(house, sent))
    assert ({"reason": "list"}, 1) == (refused.value.data, len(house.line.orders))


# What the operator reads.


async def test_the_log_tells_what_monitored_limits_would_have_refused(house, caplog):
    limit(house, phone_hour=Cap(1, Mode.MONITOR), countries={"RU": CountryRule.MONITOR})
    await house.start()
    caplog.clear()
    sent = await house.start()
    assert [
        f"limit phone_hour would have refused message {sent.message.id}",
        f"limit country would have refused message {sent.message.id}",
    ] == [line for line in caplog.messages if "would have" in line]


async def test_the_log_warns_once_that_the_day_is_nearly_spent(house, caplog):
    limit(house, daily_budget=Decimal(50))
    for number in range(5):
        await house.start(session=str(number))
    assert 1 == sum("four fifths" in line for line in caplog.messages)


# Erased meanwhile.


async def erased_meanwhile(house):
    """A start whose phone is erased while the gate has its message."""
    await house.store.applications.add_application("default", "The Shop")
    house.line.gate.clear()
    asked = asyncio.ensure_future(house.start())
    await house.line.taken.wait()
    await house.store.chores.erase(Phone(PHONE), actor="a key", reason="asked")
    house.line.gate.set()
    return await asked


async def test_a_start_whose_phone_is_erased_meanwhile_is_told_as_unknown(house):
    sent = await erased_meanwhile(house)
    assert (MessageStatus.UNKNOWN, "not_marked") == (sent.message.status, sent.message.reason)


async def test_nothing_of_it_comes_back(house):
    sent = await erased_meanwhile(house)
    assert (0, 0) == house.recorded()[:2]
    with pytest.raises(errors.VerificationNotFound):
        await house.engine.check(where(sent), house.line.codes[0])


async def test_the_log_says_why_it_could_not_be_marked(house, caplog):
    with caplog.at_level(logging.ERROR):
        sent = await erased_meanwhile(house)
    assert [f"message {sent.message.id} could not be marked: EntityNotFound"] == [
        line for line in caplog.messages if "could not be marked" in line
    ]


async def test_a_refusal_of_an_erased_start_is_a_refusal_to_the_caller(house):
    house.line.outcome = NO_MONEY
    with pytest.raises(errors.NotEnoughMoney):
        await erased_meanwhile(house)
