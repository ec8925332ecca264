"""Tally and spending, against a plain list of everything that ever happened."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import settings
from hypothesis import strategies as st

from aerocode.model.spending import DAY
from aerocode.model.spending import ROUBLE
from aerocode.model.spending import Spending
from aerocode.model.spending import to_units
from aerocode.model.tally import EMPTY
from aerocode.model.tally import Tally

SECOND = 1_000_000
HOUR = 3600 * SECOND
START = 1_700_000_000 * SECOND
#: The same examples each time, however busy the machine is.
STEADY = settings(deadline=None, derandomize=True, database=None)
CROWDED = settings(STEADY, max_examples=60)
#: From several in one microsecond to none in two days.
GAPS = st.one_of(
    st.sampled_from((0, 1, SECOND, 59 * SECOND, 60 * SECOND, HOUR - 1, HOUR, HOUR + 1, DAY - 1, DAY, DAY + 1)),
    st.integers(0, 3 * SECOND),
    st.integers(0, 2 * HOUR),
)


def moments(least=0, most=40):
    return st.lists(GAPS, min_size=least, max_size=most).map(
        lambda gaps: [START + sum(gaps[: n + 1]) for n in range(len(gaps))]
    )


#: So many within an hour that neighbours must share marks.
CROWDS = st.builds(
    lambda gaps: [START + sum(gaps[: n + 1]) for n in range(len(gaps))],
    st.lists(st.one_of(st.integers(0, 70 * SECOND), st.just(65 * SECOND)), min_size=66, max_size=160),
)


def counted(sends):
    tally = EMPTY
    for at in sends:
        tally = tally.plus(at, longest=DAY, shortest=HOUR)
    return tally


def truly(sends, window, now):
    return sum(now - window < at <= now for at in sends)


@STEADY
@given(moments(), GAPS, st.sampled_from((HOUR, DAY)))
def test_few_sends_are_counted_exactly(sends, later, window):
    now = (sends[-1] if sends else START) + later
    assert truly(sends, window, now) == counted(sends).within(window, now)


@STEADY
@given(moments(), GAPS, st.sampled_from((HOUR, DAY)), st.integers(1, 12))
def test_a_cap_of_few_sends_is_full_exactly_when_so_many_are_within(sends, later, window, most):
    now = (sends[-1] if sends else START) + later
    until = counted(sends).full_until(most, window, now)
    assert (truly(sends, window, now) >= most) is (until is not None)
    if until is not None:
        assert truly(sends, window, until) < most <= truly(sends, window, until - 1)


@STEADY
@given(moments(), st.integers(1, 12), st.sampled_from((HOUR, DAY)))
def test_what_a_cap_lets_go_never_exceeds_it_in_any_window(asked, most, window):
    tally, sent = EMPTY, []
    for at in asked:
        if tally.full_until(most, window, at) is None:
            tally = tally.plus(at, longest=DAY, shortest=HOUR)
            sent.append(at)
    assert all(truly(sent, window, at) <= most for at in sent)


@CROWDED
@given(CROWDS, st.integers(1, 150), st.sampled_from((HOUR, DAY)))
def test_marks_that_are_shared_let_no_more_go_in_any_window(asked, most, window):
    tally, sent = EMPTY, []
    for at in asked:
        if tally.full_until(most, window, at) is None:
            tally = tally.plus(at, longest=DAY, shortest=HOUR)
            sent.append(at)
    assert all(truly(sent, window, at) <= most for at in sent)


@CROWDED
@given(CROWDS, st.integers(0, 2 * HOUR), st.sampled_from((HOUR, DAY)))
def test_marks_that_are_shared_are_late_by_a_sixtieth_and_never_early(sends, later, window):
    now = sends[-1] + later
    found = counted(sends).within(window, now)
    assert truly(sends, window, now) <= found <= truly(sends, window + HOUR // 60, now)


@CROWDED
@given(CROWDS)
def test_a_crowd_shares_marks(sends):
    tally = counted(sends)
    assert len(sends) == sum(much for _, much in tally.marks)
    assert len(tally.marks) <= max(64, (sends[-1] - sends[0]) // (HOUR // 60) + 2)


def test_sixty_four_keep_marks_of_their_own():
    sends = [START + n for n in range(64)]
    assert [(at, 1) for at in sends] == list(counted(sends).marks)


def test_a_shared_mark_stands_at_the_last_of_those_it_stands_for():
    sends = [START + n for n in range(65)]
    assert [(START + 64, 65)] == list(counted(sends).marks)


def test_shared_marks_stand_for_a_sixtieth_of_the_shortest_window():
    sends = [START + n * 30 * SECOND for n in range(240)]
    assert 120 <= counted(sends).within(HOUR, sends[-1]) <= 122


@pytest.mark.parametrize("window", [HOUR, DAY])
def test_a_send_counts_to_the_last_microsecond_of_its_window(window):
    tally = counted([START])
    assert (1, START + window) == (
        tally.within(window, START + window - 1),
        tally.full_until(1, window, START + window - 1),
    )
    assert (0, None) == (tally.within(window, START + window), tally.full_until(1, window, START + window))


@pytest.mark.parametrize("most", [0, -1])
def test_a_cap_of_nothing_is_always_full(most):
    assert START + HOUR == EMPTY.full_until(most, HOUR, START)


def test_what_is_older_than_the_longest_window_is_dropped():
    assert ((START + DAY, 1),) == counted([START, START + DAY]).marks


@STEADY
@given(moments(1), st.data())
def test_a_mark_that_is_put_right_changes_the_sum_by_that_and_nothing_else(sends, data):
    at = data.draw(st.sampled_from(sends))
    tally = counted(sends)
    if at <= sends[-1] - DAY:
        return
    changed = tally.changed(at, 7)
    assert [moment for moment, _ in tally.marks] == [moment for moment, _ in changed.marks]
    assert tally.within(DAY, sends[-1]) + 7 == changed.within(DAY, sends[-1])


# Money.

COSTS = st.one_of(st.none(), st.integers(0, 20 * ROUBLE))


@st.composite
def days(draw):
    """What happens to money: a message is asked for, or one of those before is settled."""
    count = draw(st.integers(1, 40))
    return [(draw(GAPS), draw(st.booleans()), draw(st.integers(0, 5)), draw(COSTS)) for _ in range(count)]


def live(steps, budget):
    """After each step: the spending, the time, a plain list of [when, how much] that went, and the price told last."""
    spending, now, sent, open_, told = Spending(), START, [], [], None
    for gap, asks, which, cost in steps:
        now += gap
        if asks:
            if spending.full_until(budget, now) is None:
                aside = spending.expected(budget)
                spending = spending.plus(aside, now)
                sent.append([now, aside])
                open_.append((sent[-1], aside))
        elif open_ and cost is not None:
            entry, aside = open_.pop(which % len(open_))
            spending = spending.settled(aside, cost, entry[0], now)
            entry[1], told = cost, cost or told
        yield spending, now, sent, told


def spent(sent, now):
    return sum(much for at, much in sent if now - DAY < at <= now)


@STEADY
@given(days(), st.integers(1 * ROUBLE, 60 * ROUBLE))
def test_the_day_is_what_was_set_aside_or_taken_within_it(steps, budget):
    for spending, now, sent, _ in live(steps, budget):
        assert spent(sent, now) == spending.spent(now)


@STEADY
@given(days(), st.integers(1 * ROUBLE, 60 * ROUBLE))
def test_a_message_goes_exactly_when_its_price_fits_into_the_day(steps, budget):
    for spending, now, sent, _ in live(steps, budget):
        until = spending.full_until(budget, now)
        price = spending.expected(budget)
        assert (spent(sent, now) + price <= budget) is (until is None)
        if until is not None and price <= budget:
            assert spent(sent, until) + price <= budget < spent(sent, until - 1) + price
        elif until is not None:
            assert now + DAY >= until


@STEADY
@given(days(), st.integers(1 * ROUBLE, 60 * ROUBLE))
def test_the_price_is_the_last_that_was_told(steps, budget):
    for spending, _, _, told in live(steps, budget):
        assert told == spending.price


@CROWDED
@given(st.lists(st.integers(0, 60 * SECOND), min_size=66, max_size=150), st.integers(1, 5))
def test_many_messages_share_marks_and_never_spend_more(gaps, price):
    budget, now, sent = 100 * ROUBLE, START, []
    spending = Spending(price=price * ROUBLE)
    for gap in gaps:
        now += gap * 30
        if spending.full_until(budget, now) is None:
            spending = spending.plus(price * ROUBLE, now)
            sent.append([now, price * ROUBLE])
    assert all(spent(sent, at) <= budget for at, _ in sent)


@pytest.mark.parametrize(("units", "nearly"), [(79_999, False), (80_000, True), (100_000, True)])
def test_four_fifths_are_nearly_all(units, nearly):
    spending = Spending(Tally(((START, units),)))
    assert nearly is spending.nearly(100_000, START)


@STEADY
@given(st.integers(1, 10**9))
def test_four_fifths_are_exact_for_every_budget(fifth):
    assert Spending(Tally(((START, 4 * fifth),))).nearly(5 * fifth, START)
    assert not Spending(Tally(((START, 4 * fifth - 1),))).nearly(5 * fifth, START)


@pytest.mark.parametrize(("roubles", "units"), [("3.69", 36_900), ("0.0001", 1), ("0.00001", 0), ("1e3", 10_000_000)])
def test_roubles_are_ten_thousand_units(roubles, units):
    assert units == to_units(Decimal(roubles))


@pytest.mark.parametrize("budget", [0, -1])
def test_no_budget_pays_for_nothing(budget):
    assert START + DAY == Spending().full_until(budget, START)


def test_money_of_the_day_before_is_not_put_right():
    spending = Spending().plus(5, START).plus(5, START + DAY)
    assert 5 == spending.settled(5, 0, START, START + DAY).spent(START + DAY)
