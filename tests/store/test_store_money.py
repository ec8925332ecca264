"""Money: set aside before a message leaves, settled by what the gate says, and never more than the day's budget."""

from datetime import timedelta
from decimal import Decimal

import anyio
import pytest
from store_words import REFUSED
from store_words import SPARED
from store_words import UNKNOWN
from store_words import a_resend
from store_words import an_issue
from store_words import begin
from store_words import by_id
from store_words import only
from store_words import seconds
from store_words import subject

from aerocode.crypto import new_id
from aerocode.model.decision import Issued
from aerocode.model.decision import Spent
from aerocode.model.decision import Test as Trial
from aerocode.model.message import Accepted
from aerocode.model.message import Message
from aerocode.model.states import MessageStatus
from aerocode.phone import Phone

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)


def budget(roubles):
    return only(daily_budget=Decimal(roubles))


def costing(roubles):
    return Accepted(gate_id="31415", status=MessageStatus.QUEUED, cost=None if roubles is None else Decimal(roubles))


async def issue(store, roubles, number=0):
    return await store.verifications.issue(an_issue(subject(session=str(number)), limits=budget(roubles)))


async def send(store, roubles, outcome, number=0):
    """A message that must go, and what became of it."""
    answer = await issue(store, roubles, number)
    assert isinstance(answer, Issued)
    await store.verifications.mark(answer.message_id, outcome)
    return answer


def a_test(roubles, number=0):
    phone = Phone(f"+791234567{number:02}")
    return Trial(application="default", caller=f"key{number}", phone=phone, message_id=new_id(), limits=budget(roubles))


async def left(store, roubles, aside):
    """How many more messages go, of which each sets so much aside."""
    count = 0
    while isinstance(await issue(store, roubles, 100 + count), Issued):
        count += 1
    return count


async def test_without_a_budget_nothing_is_set_aside(home, store):
    first = await begin(store, limits=only())
    await store.verifications.mark(first.message_id, costing(5))
    assert [] == await home.look("select * from spending")


async def test_ten_roubles_are_set_aside_until_a_price_is_known(store):
    answers = [await issue(store, 30, number) for number in range(4)]
    assert [Issued, Issued, Issued, Spent] == [type(answer) for answer in answers]


async def test_an_unknown_price_stops_no_small_budget(store):
    answers = [await issue(store, "4.5", number) for number in range(2)]
    assert [Issued, Spent] == [type(answer) for answer in answers]


async def test_a_budget_of_nothing_lets_nothing_go(store, shift_clock):
    refused = await issue(store, 0)
    assert refused.now + DAY == refused.until


async def test_the_price_of_the_last_message_is_expected_of_the_next(store):
    await send(store, 30, costing(6))
    assert 4 == await left(store, 30, 6)


async def test_a_price_that_rises_is_expected_of_the_next(store):
    await send(store, 30, costing(2), 1)
    await send(store, 30, costing(14), 2)
    assert 1 == await left(store, 30, 14)


async def test_a_price_above_the_budget_stops_all(store, shift_clock):
    await send(store, 30, costing(6))
    shift_clock(DAY + seconds(1))
    refused = await issue(store, 5, 1)
    assert refused.now + DAY == refused.until


async def test_an_accepted_message_takes_what_it_cost(store):
    await send(store, 20, costing("3.5"))
    assert 4 == await left(store, 20, "3.5")


async def test_a_refused_message_takes_nothing(store):
    await send(store, 10, REFUSED)
    assert isinstance(await issue(store, 10, 1), Issued)


async def test_a_refused_message_tells_no_price(store):
    await send(store, 30, costing(6), 1)
    await send(store, 30, REFUSED, 2)
    assert 4 == await left(store, 30, 6)


@pytest.mark.parametrize("outcome", [UNKNOWN, costing(None)], ids=["unknown", "no cost told"])
async def test_what_may_have_been_paid_stays_set_aside(store, outcome):
    await send(store, 10, outcome)
    assert isinstance(await issue(store, 10, 1), Spent)


async def test_a_restart_gives_no_money_back(home, store):
    await issue(store, 10)
    again = await home.reopen()
    assert isinstance(await issue(again, 10, 1), Spent)


async def test_an_unknown_message_is_settled_by_a_late_reply(store):
    sent = await send(store, 10, UNKNOWN)
    await store.verifications.mark(sent.message_id, costing(5))
    assert 1 == await left(store, 10, 5)


async def test_a_message_is_settled_once(store):
    sent = await send(store, 20, costing(5))
    for _ in range(3):
        await store.verifications.mark(sent.message_id, costing(5))
        await store.verifications.mark(sent.message_id, REFUSED)
    assert 3 == await left(store, 20, 5)


async def test_a_message_that_was_free_leaves_the_price_as_it_was(store):
    await send(store, 20, costing(5), 1)
    await send(store, 20, costing(0), 2)
    assert 3 == await left(store, 20, 5)


async def test_a_test_number_takes_nothing(home, store):
    sent = await begin(store, limits=only())
    await store.verifications.mark(sent.message_id, SPARED)
    assert [] == await home.look("select * from spending")


async def test_a_resend_is_paid_as_well(store):
    limits = budget(20)
    first = await begin(store, limits=limits)
    answers = [await store.verifications.resend(a_resend(by_id(first), limits=limits)) for _ in range(2)]
    assert [Issued, Spent] == [type(answer) for answer in answers]


async def test_a_refusal_for_want_of_money_changes_nothing(home, store):
    await issue(store, 10)
    tables = ("verifications", "messages", "ladders", "sends", "spending")
    before = [await home.look(f"select * from {table}") for table in tables]
    await issue(store, 10, 1)
    assert before == [await home.look(f"select * from {table}") for table in tables]


async def test_a_refusal_says_when_a_message_can_be_paid_again(store, shift_clock):
    first = await issue(store, 20, 1)
    shift_clock(timedelta(hours=5))
    await issue(store, 20, 2)
    refused = await issue(store, 20, 3)
    assert first.now + DAY == refused.until
    shift_clock(refused.until - refused.now - seconds(2))
    assert isinstance(await issue(store, 20, 4), Spent)
    shift_clock(seconds(2))
    assert isinstance(await issue(store, 20, 5), Issued)


async def test_a_refusal_waits_for_as_many_messages_as_the_price_takes(store, shift_clock):
    """At six roubles, the two that cost three each must both have left."""
    await send(store, 15, costing(3), 1)
    shift_clock(timedelta(hours=1))
    second = await send(store, 15, costing(3), 2)
    shift_clock(timedelta(hours=1))
    await send(store, 15, costing(6), 3)
    refused = await issue(store, 12, 4)
    assert second.now + DAY == refused.until


async def test_the_day_rolls(store, shift_clock):
    """Never more than thirty roubles within any day, however messages are spread and whenever they are settled."""
    sent = []
    for number in range(40):
        answer = await issue(store, 30, number)
        if isinstance(answer, Issued):
            shift_clock(timedelta(minutes=50))
            await store.verifications.mark(answer.message_id, costing(6))
            sent.append(answer.now)
        shift_clock(timedelta(hours=2))
    spent = [6 * sum(at - DAY < other <= at for other in sent) for at in sent]
    assert 24 <= max(spent) <= 30


async def test_what_a_late_reply_gives_back_is_no_money_of_the_day_after(store, shift_clock):
    """Set aside at noon and settled at one: from noon to one tomorrow nothing more may be spent than at any hour."""
    sent = await issue(store, 10, 1)
    shift_clock(timedelta(hours=1))
    await store.verifications.mark(sent.message_id, costing(2))
    shift_clock(DAY - timedelta(minutes=30))
    assert 5 == await left(store, 10, 2)


async def test_a_reply_of_the_day_after_gives_back_what_nobody_counts_any_more(store, shift_clock):
    late = await issue(store, 10, 1)
    shift_clock(DAY + seconds(1))
    await issue(store, 10, 2)
    await store.verifications.mark(late.message_id, costing(5))
    assert isinstance(await issue(store, 10, 3), Spent)


async def test_fifty_at_once_spend_no_rouble_twice(store):
    answers = []

    async def go(number):
        answers.append(await issue(store, 120, number))

    async with anyio.create_task_group() as group:
        for number in range(50):
            group.start_soon(go, number)
    assert (12, 38) == (
        sum(isinstance(answer, Issued) for answer in answers),
        sum(isinstance(answer, Spent) for answer in answers),
    )


# The warning.


async def warned(store, roubles, count, first=0):
    return [(await issue(store, roubles, first + number)).nearly_spent for number in range(count)]


async def test_one_message_warns_that_four_fifths_are_gone(store):
    assert [False] * 7 + [True] + [False] * 2 == await warned(store, 100, 10)


async def test_nothing_warns_below_four_fifths(store):
    await send(store, 100, costing("7.9"))
    assert [False] * 9 == await warned(store, 100, 9, 1)
    assert [True] == await warned(store, 100, 1, 20)


async def test_a_restart_repeats_no_warning(home, store):
    await warned(store, 100, 8)
    again = await home.reopen()
    assert [False] == await warned(again, 100, 1, 20)


async def test_it_warns_again_after_the_day_fell_below(store, shift_clock):
    assert [True] == (await warned(store, 100, 8))[-1:]
    shift_clock(DAY + seconds(1))
    assert [False] * 7 + [True] == await warned(store, 100, 8, 20)


async def test_it_warns_again_after_refusals_gave_money_back(store):
    first = [await issue(store, 100, number) for number in range(8)]
    for each in first[:4]:
        await store.verifications.mark(each.message_id, REFUSED)
    assert [False, False, False, True] == await warned(store, 100, 4, 20)


# Tests of the connector.


async def test_tests_of_the_connector_are_paid_as_well(store):
    answers = [await store.messages.test(a_test(20, number)) for number in range(3)]
    assert [Message, Message, Spent] == [type(answer) for answer in answers]


async def test_a_refused_test_is_recorded_nowhere(home, store):
    await store.messages.test(a_test(10))
    await store.messages.test(a_test(10, 1))
    assert [(1,)] == await home.look("select count(*) from messages")


async def test_a_test_is_settled_by_its_mark(store):
    message = await store.messages.test(a_test(10))
    await store.messages.mark(message.id, costing(5))
    assert 1 == await left(store, 10, 5)


async def test_what_tests_took_is_not_there_for_codes(store):
    await store.messages.test(a_test(10))
    assert isinstance(await issue(store, 10), Spent)


async def test_a_test_leaves_the_warning_to_the_next_message(store):
    """Nobody hears a warning that a test of the connector would give."""
    await warned(store, 100, 7)
    await store.messages.test(a_test(100))
    assert [True] == await warned(store, 100, 1, 20)


async def test_a_test_after_the_warning_repeats_none(store):
    await warned(store, 100, 8)
    await store.messages.test(a_test(100))
    assert [False] == await warned(store, 100, 1, 20)


# Another budget.


async def test_a_lower_budget_holds_for_what_was_spent(store):
    await warned(store, 100, 3)
    assert isinstance(await issue(store, 30, 20), Spent)


async def test_a_budget_counts_from_when_it_was_set(store):
    await begin(store, subject(session="before"), limits=only())
    assert isinstance(await issue(store, 10), Issued)


async def test_a_message_of_before_the_budget_is_settled_by_none(store):
    before = await begin(store, subject(session="before"), limits=only())
    await issue(store, 20)
    await store.verifications.mark(before.message_id, costing(5))
    assert 1 == await left(store, 20, 5)
