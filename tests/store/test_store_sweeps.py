"""Retention of what is only counted, and of what people wrote: gone when it stands for nothing, in steps."""

from datetime import timedelta
from decimal import Decimal

import anyio
import pytest
from store_words import ACCEPTED
from store_words import LIMITS
from store_words import PHONE
from store_words import RIGHT
from store_words import WRONG
from store_words import an_issue
from store_words import begin
from store_words import by_id
from store_words import only
from store_words import seconds
from store_words import subject
from store_words import typed

from aerocode.model.decision import Issued
from aerocode.model.decision import Request
from aerocode.model.decision import Spent
from aerocode.model.decision import TooSoon
from aerocode.model.policy import Cap
from aerocode.model.policy import Mode
from aerocode.phone import Phone

pytestmark = pytest.mark.anyio

DAY, RETENTION = timedelta(days=1), timedelta(days=30)
#: More than two steps of a sweep.
MANY = 405


def phone(number):
    return Phone(f"+79123{number:06}")


async def count(home, table):
    ((found,),) = await home.look(f"select count(*) from {table}")
    return found


async def life(store, number):
    """A ladder, counted sends, a named request, and a budget that a success has closed."""
    begun = await begin(
        store,
        subject(phone=phone(number)),
        limits=only(ladder=(seconds(30),), phone_hour=Cap(5), block_hour=Cap(5, Mode.MONITOR)),
        request=Request(key=str(number), route="start", body=""),
    )
    await store.verifications.check(by_id(begun), typed(WRONG))
    await store.verifications.check(by_id(begun), typed(RIGHT))
    again = await begin(store, subject(phone=phone(number)), limits=LIMITS)
    await store.verifications.mark(again.message_id, ACCEPTED)


TABLES = ("ladders", "sends", "requests", "budgets")


@pytest.mark.parametrize("table", TABLES)
async def test_what_counts_no_more_is_gone_a_day_later(home, store, shift_clock, table):
    await life(store, 1)
    assert 0 < await count(home, table)
    shift_clock(DAY + seconds(60))
    await store.chores.forget(RETENTION)
    assert 0 == await count(home, table)


@pytest.mark.parametrize("table", TABLES)
async def test_what_counts_stays(home, store, shift_clock, table):
    await life(store, 1)
    before = await home.look(f"select * from {table}")
    shift_clock(DAY - seconds(60))
    await store.chores.forget(RETENTION)
    assert before == await home.look(f"select * from {table}")


async def test_sweeps_take_as_many_steps_as_they_need(home, store, shift_clock):
    for number in range(MANY):
        await life(store, number)
    assert [MANY] * 3 == [await count(home, table) for table in ("ladders", "requests", "budgets")]
    shift_clock(DAY + seconds(60))
    await life(store, MANY)
    await store.chores.forget(RETENTION)
    assert [1, 2, 1, 1] == [await count(home, table) for table in TABLES]
    named = [(store.budgets._names.of(phone(MANY).e164),)]
    assert [named] * 3 == [await home.look(f"select name from {table}") for table in ("ladders", "requests", "budgets")]


async def test_a_sweep_gives_no_send_back_within_its_window(store, shift_clock):
    limits = only(phone_day=Cap(1))
    first = await begin(store, limits=limits)
    shift_clock(DAY - seconds(30))
    await store.chores.forget(RETENTION)
    refused = await store.verifications.issue(an_issue(subject(session="s"), limits=limits))
    assert (TooSoon, first.now + DAY) == (type(refused), refused.resend_at)


async def test_a_sweep_gives_no_money_back(store, shift_clock):
    limits = only(daily_budget=Decimal(10))
    await begin(store, limits=limits)
    shift_clock(DAY - seconds(30))
    await store.chores.forget(RETENTION)
    assert isinstance(await store.verifications.issue(an_issue(subject(session="s"), limits=limits)), Spent)


async def test_a_sweep_shortens_no_wait_of_the_ladder(store, shift_clock):
    limits = only(ladder=(3 * DAY,))
    await begin(store, limits=limits)
    shift_clock(2 * DAY)
    await store.chores.forget(RETENTION)
    assert isinstance(await store.verifications.issue(an_issue(subject(session="s"), limits=limits)), TooSoon)


async def test_a_stop_is_never_swept(home, store, shift_clock):
    begun = await begin(store)
    await store.verifications.check(by_id(begun), typed(WRONG))
    shift_clock(400 * DAY)
    await store.chores.forget(RETENTION)
    assert 1 == await count(home, "budgets")


async def test_what_people_wrote_goes_with_the_phones(home, store, shift_clock):
    for number in range(MANY):
        await store.budgets.unlock(phone(number), application=None, actor="a key", reason=f"Anna {number} called")
    shift_clock(29 * DAY)
    await store.budgets.unlock(PHONE, application=None, actor="a key", reason="Maria called")
    shift_clock(2 * DAY)
    await store.chores.forget(RETENTION)
    assert [("", "", None, MANY)] == await home.look(
        "select subject, reason, name, count(*) from audit where reason = '' group by subject, reason, name"
    )
    assert [("a key", "unlock", "Maria called")] == await home.look(
        "select actor, action, reason from audit where reason <> ''"
    )


async def test_who_did_what_when_stays(home, store, shift_clock):
    await store.budgets.unlock(PHONE, application=None, actor="a key", reason="Anna called")
    question = "select id, at, actor, action from audit"
    before = await home.look(question)
    shift_clock(400 * DAY)
    await store.chores.forget(RETENTION)
    assert before == await home.look(question)


async def test_starts_go_on_between_the_steps(home, store, shift_clock):
    for number in range(MANY):
        await life(store, number)
    shift_clock(DAY + seconds(60))
    answers = []

    async def go(number):
        answers.append(type(await store.verifications.issue(an_issue(subject(phone=phone(9000 + number))))))

    async with anyio.create_task_group() as group:
        group.start_soon(store.chores.forget, RETENTION)
        for number in range(50):
            group.start_soon(go, number)
    assert [Issued] * 50 == answers
