"""What a stranger learns from how long an answer takes: whether a phone is known, whether a guess was near. Nothing."""

import asyncio
import random
import time
from statistics import median

import pytest
from engine_parts import ACCEPTED
from engine_parts import an_application
from timing_pairs import LOOKS
from timing_pairs import PAIRS
from timing_pairs import compare

from aerocode import errors
from aerocode.model.decision import ById
from aerocode.model.policy import Policy
from aerocode.model.states import MessageStatus
from aerocode.model.states import VerificationStatus
from aerocode.verify.asking import Start

pytestmark = pytest.mark.anyio

#: Guesses at one phone: what an hour lets it have.
GUESSES = 10
AT_ONCE = 250


class QuickLine:
    """Implements `ports.Line` and `ports.Delivery`: takes every order and keeps the code."""

    def __init__(self):
        self.codes = {}

    async def line(self):
        return self

    async def send(self, order):
        self.codes[order.phone.e164] = order.code.reveal()
        return ACCEPTED


@pytest.fixture
def quick(house):
    # The disk makes both wait alike and each time otherwise: without it, whatever tells them apart is a greater share.
    house.store._writer._database.execute("pragma synchronous = off")
    house.engine._delivery = QuickLine()
    return house.engine._delivery


def phones(count):
    """Any phones at all, in an order that tells nothing."""
    return [f"+79{number:09}" for number in random.Random(7).sample(range(120_000_000, 290_000_000), count)]


async def many(work, items):
    found = []
    for first in range(0, len(items), AT_ONCE):
        found += await asyncio.gather(*(work(item) for item in items[first : first + AT_ONCE]))
    return found


def wrong(code, number, *, near):
    """A wrong code: with the right first digit, or not even that. The digits after it are wrong in both."""
    first = code[0] if near else str((int(code[0]) + 1 + number % 9) % 10)
    return f"{first}{(int(code[1:]) + 1 + number) % 100_000:05}"


async def took(work):
    began = time.perf_counter_ns()
    answer = await work
    return time.perf_counter_ns() - began, answer


async def start(house, phone):
    return await house.engine.start(Start(application=an_application(), phone=phone))


def guesses(house, quick):
    """Guesses of which one is near and the other is not."""
    house.settings.now = (Policy(attempts=GUESSES), house.settings.now[1])
    each, sent = GUESSES // 2, []
    chosen = phones(PAIRS * LOOKS // each)

    async def prepare(first, count):
        sent.extend(await many(lambda phone: start(house, phone), chosen[first // each : (first + count) // each]))

    async def refusal(where, guess):
        with pytest.raises(errors.CodeMismatch) as refused:
            await house.engine.check(where, guess)
        return refused.value

    async def guess(number, *, near):
        begun = sent[number // each].verification
        code = wrong(quick.codes[begun.phone.e164], number, near=near)
        elapsed, told = await took(refusal(ById("default", begun.id), code))
        assert {"attemptsLeft"} == set(told.data)
        return elapsed

    return prepare, lambda number: guess(number, near=True), lambda number: guess(number, near=False)


def starts(house, quick):
    """A start for a phone that this application approved a moment ago, and one for a phone that nobody ever named."""
    chosen = phones(PAIRS * LOOKS * 2)
    known, unknown = chosen[::2], chosen[1::2]

    async def approve(phone):
        where = ById("default", (await start(house, phone)).verification.id)
        await house.engine.check(where, quick.codes[phone])

    async def prepare(first, count):
        await many(approve, known[first : first + count])

    async def begin(phone):
        elapsed, sent = await took(start(house, phone))
        assert (VerificationStatus.PENDING, 5, 1, MessageStatus.QUEUED, False) == (
            sent.verification.status,
            sent.verification.attempts_left,
            sent.verification.sends,
            sent.message.status,
            sent.again,
        )
        return elapsed

    return prepare, lambda number: begin(known[number]), lambda number: begin(unknown[number])


async def a_typical_guess(house, quick):
    """How long a wrong guess takes here and now, in nanoseconds."""
    times = []
    for number in range(100):
        sent = await start(house, f"+79291{number:06}")
        for guess in ("1", "2", "3"):
            elapsed, _ = await took(swallowed(house.engine.check(ById("default", sent.verification.id), guess)))
            times.append(elapsed)
    return median(times)


async def swallowed(checking):
    with pytest.raises(errors.CodeMismatch):
        await checking


def spin(nanoseconds):
    until = time.perf_counter_ns() + nanoseconds
    while time.perf_counter_ns() < until:
        pass


async def test_a_guess_takes_as_long_whether_its_first_digit_is_right(house, quick):
    found = await compare(*guesses(house, quick))
    assert found.within_margin, found


async def test_a_start_takes_as_long_whether_the_phone_is_known(house, quick):
    found = await compare(*starts(house, quick))
    assert found.within_margin, found


async def test_a_comparison_that_takes_a_tenth_longer_for_a_near_guess_is_found(house, quick, monkeypatch):
    more, seals = await a_typical_guess(house, quick) // 10, house.engine._codes.seals

    def leaking(subject, verification_id, typed):
        if typed[0] == quick.codes[subject.phone.e164][0]:
            spin(more)
        return seals(subject, verification_id, typed)

    monkeypatch.setattr(house.engine._codes, "seals", leaking)
    found = await compare(*guesses(house, quick))
    assert found.beyond_margin, found
