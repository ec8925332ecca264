"""Many callers at once, from the front door to the line."""

import asyncio
import random
from collections import Counter

import pytest
from engine_parts import PHONE
from engine_parts import an_application

from aerocode import errors
from aerocode.model.decision import ById
from aerocode.model.message import Refused
from aerocode.verify.asking import Sent

pytestmark = pytest.mark.anyio


async def all_at_once(*asked):
    barrier = asyncio.Barrier(len(asked))

    async def one(what):
        await barrier.wait()
        return await what

    return await asyncio.gather(*(one(what) for what in asked), return_exceptions=True)


def kinds(answers) -> dict[str, int]:
    return dict(Counter(type(answer).__name__ for answer in answers))


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}d}"


@pytest.fixture
async def where(house):
    return ById("default", (await house.start()).verification.id)


async def test_50_starts_at_once_send_one_sms(house, line):
    answers = await all_at_once(*(house.start() for _ in range(50)))
    assert ({"Sent": 1, "SendTooSoon": 49}, 1) == (kinds(answers), len(line.orders))


async def test_50_starts_at_once_for_50_sessions_send_one_sms(house, line):
    answers = await all_at_once(*(house.start(session=str(n)) for n in range(50)))
    assert ({"Sent": 1, "SendTooSoon": 49}, 1) == (kinds(answers), len(line.orders))


async def test_500_starts_at_once_for_500_phones_send_each_its_own_code(house, line):
    phones = [f"+7912{n:07}" for n in range(500)]
    answers = await all_at_once(*(house.start(phone) for phone in phones))
    assert ({"Sent": 500}, phones) == (kinds(answers), sorted(order.phone.e164 for order in line.orders))


async def test_500_starts_at_once_for_100_phones_send_100_sms(house, line):
    phones = [f"+7912{n % 100:07}" for n in range(500)]
    answers = await all_at_once(*(house.start(phone) for phone in phones))
    assert ({"Sent": 100, "SendTooSoon": 400}, 100) == (kinds(answers), len(line.orders))


async def test_50_resends_at_once_send_one_sms(house, engine, line, where):
    house.shift_clock(31)
    answers = await all_at_once(*(engine.resend(an_application(), where) for _ in range(50)))
    assert ({"Sent": 1, "SendTooSoon": 49}, 2) == (kinds(answers), len(line.orders))


async def test_50_starts_at_once_that_the_gate_refuses_send_nothing_and_leave_nothing(house, line):
    line.outcome = Refused(reason="connector.unreachable")
    await all_at_once(*(house.start() for _ in range(50)))
    pending = house.look("select count(*) from verifications where status = 'pending'")
    assert [(0,)] == pending


async def test_200_wrong_guesses_at_once_are_five_guesses(engine, line, where):
    guess = wrong(line.codes[0])
    answers = await all_at_once(*(engine.check(where, guess) for _ in range(200)))
    assert {"CodeMismatch": 5, "AttemptsExhausted": 195} == kinds(answers)


async def test_50_right_answers_at_once_approve_once(engine, line, where):
    answers = await all_at_once(*(engine.check(where, line.codes[0]) for _ in range(50)))
    assert {"Proof": 1, "VerificationOver": 49} == kinds(answers)


@pytest.mark.parametrize("seed", range(5))
async def test_right_and_wrong_at_once_have_one_end(house, engine, line, where, seed):
    code = line.codes[0]
    typed = [code] * 5 + [wrong(code)] * 25
    random.Random(seed).shuffle(typed)
    found = kinds(await all_at_once(*(engine.check(where, one) for one in typed)))
    ((ended,),) = house.look("select status from verifications")
    heard = {name: found.get(name, 0) > 0 for name in ("Proof", "VerificationOver", "AttemptsExhausted")}
    approved = ended == "approved"
    assert {"Proof": approved, "VerificationOver": approved, "AttemptsExhausted": not approved} == heard


async def test_every_sms_of_a_storm_carries_a_code_that_is_good(house, engine, line):
    storm = [house.start(f"+7912{n % 20:07}") for n in range(200)]
    sent = [answer for answer in await all_at_once(*storm) if isinstance(answer, Sent)]
    codes = {order.message_id: order.code.reveal() for order in line.orders}
    answers = await all_at_once(
        *(engine.check(ById("default", one.verification.id), codes[one.message.id]) for one in sent)
    )
    assert {"Proof": 20} == kinds(answers)


async def test_callers_who_all_go_away_leave_every_message_marked(house, engine, line):
    line.gate.clear()
    asked = [asyncio.ensure_future(house.start(f"+7912{n:07}")) for n in range(50)]
    while len(line.orders) < 50:
        await asyncio.sleep(0.001)
    for one in asked:
        one.cancel()
    await asyncio.gather(*asked, return_exceptions=True)
    line.gate.set()
    await engine.finish()
    assert [("queued", 50)] == house.look("select status, count(*) from messages group by status")


async def test_one_phone_in_many_forms_at_once_is_one_sms(house, line):
    forms = ["8 912 345-67-89", "+7 (912) 345-67-89", "79123456789", "9123456789", PHONE] * 10
    await all_at_once(*(house.start(form) for form in forms))
    assert 1 == len(line.orders)


async def test_too_soon_is_refused_not_failed(house):
    answers = await all_at_once(*(house.start() for _ in range(10)))
    assert {errors.SendTooSoon.code} == {answer.code for answer in answers if isinstance(answer, errors.AerocodeError)}
