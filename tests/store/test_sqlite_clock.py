"""The store's clock: whatever becomes of the machine's, it never goes back."""

import time
from datetime import timedelta

import pytest
from store_homes import ON_A_FILE
from store_words import OTHER_PHONE
from store_words import RIGHT
from store_words import begin
from store_words import subject
from store_words import typed

from aerocode.crypto import new_id
from aerocode.model.decision import Approved
from aerocode.model.decision import ById
from aerocode.model.decision import Ended
from aerocode.model.states import VerificationStatus

pytestmark = [pytest.mark.anyio, ON_A_FILE]

TWO_HOURS = 2 * 3600 * 10**9


@pytest.fixture
def set_back(monkeypatch):
    """Set the machine's clock back by so many nanoseconds; what it measures of time that passed goes on."""
    real, real_gone = time.time_ns, time.clock_gettime_ns
    gone = 0

    def set_back(by, *, passed=0):
        nonlocal gone
        gone += passed
        monkeypatch.setattr(time, "time_ns", lambda: real() - by + gone)
        monkeypatch.setattr(time, "time", lambda: (real() - by + gone) / 1e9)
        monkeypatch.setattr(time, "clock_gettime_ns", lambda clock: real_gone(clock) + gone)

    return set_back


async def test_time_goes_on_where_it_was_when_the_machines_clock_is_set_back(store, set_back):
    times = [await store.now()]
    set_back(TWO_HOURS)
    times += [await store.now() for _ in range(100)]

    assert sorted(times) == times
    assert times[-1] - times[0] < timedelta(seconds=30)


async def test_a_clock_set_back_gives_no_code_a_longer_life(store, set_back):
    begun = await begin(store)
    where = ById(subject().application, begun.verification.id, "")
    life = begun.verification.expires_at - begun.now
    set_back(TWO_HOURS, passed=(life // timedelta(microseconds=1) + 1_000_000) * 1000)
    answer = await store.verifications.check(where, typed(RIGHT))

    assert (Ended, VerificationStatus.EXPIRED) == (type(answer), answer.status)


async def test_a_code_still_verifies_after_the_clock_was_set_back(store, set_back):
    before = await begin(store)
    set_back(TWO_HOURS)
    after = await begin(store, subject(phone=OTHER_PHONE))
    answers = [
        await store.verifications.check(ById("default", one.verification.id, ""), typed(RIGHT))
        for one in (before, after)
    ]

    assert [Approved, Approved] == [type(answer) for answer in answers]


async def test_a_clock_set_forward_is_followed(store, set_back):
    before = await store.now()
    set_back(-TWO_HOURS)

    assert timedelta(hours=2) <= await store.now() - before


async def test_ids_made_after_the_clock_was_set_back_are_new(home, set_back):
    before = {new_id() for _ in range(100)}
    set_back(TWO_HOURS)
    after = {new_id() for _ in range(100)}

    assert (200, {26}) == (len(before | after), {len(one) for one in before | after})
