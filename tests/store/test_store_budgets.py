"""Guesses: how many a phone has left, in two pools, and that nothing but time gives one back."""

from datetime import timedelta

import anyio
import pytest
from store_words import NO_LADDER
from store_words import OTHER_PHONE
from store_words import PHONE
from store_words import POLICY
from store_words import RIGHT
from store_words import WRONG
from store_words import an_issue
from store_words import begin
from store_words import subject
from store_words import typed

from aerocode.crypto import Keyring
from aerocode.model.budget import Pool
from aerocode.model.decision import Approved
from aerocode.model.decision import Blocked
from aerocode.model.decision import ById
from aerocode.model.decision import Issued
from aerocode.model.decision import Missing
from aerocode.model.decision import Resend
from aerocode.model.decision import TooSoon
from aerocode.model.decision import Wrong
from aerocode.model.states import UsageType

pytestmark = pytest.mark.anyio

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)


async def spend(store, count, of=None, **more):
    """Wrong codes in as many verifications as they take; the last answer."""
    answer = None
    while count:
        issued = await begin(store, of, limits=NO_LADDER, **more)
        for _ in range(min(count, issued.verification.attempts_left)):
            answer = await store.verifications.check(where(issued), typed(WRONG))
            assert isinstance(answer, Wrong)
            count -= 1
        await store.verifications.cancel(where(issued))
    return answer


def where(issued):
    return ById(issued.verification.application, issued.verification.id, issued.verification.session)


async def known(store):
    """Since when the device is known that proved the phone now."""
    issued = await begin(store, limits=NO_LADDER)
    approved = await store.verifications.check(where(issued), typed(RIGHT))
    assert isinstance(approved, Approved)
    return approved.verification.ended_at


async def test_a_new_verification_has_what_the_hour_left(store):
    await spend(store, 8)
    assert 2 == (await begin(store, limits=NO_LADDER)).verification.attempts_left


async def test_after_ten_wrong_codes_in_an_hour_nothing_starts(store):
    await spend(store, 10)
    assert isinstance(await store.verifications.issue(an_issue(limits=NO_LADDER)), Blocked)


async def test_a_block_tells_when_the_oldest_guess_of_the_hour_becomes_free(store, shift_clock):
    await spend(store, 1)
    shift_clock(timedelta(minutes=20))
    await spend(store, 9)
    blocked = await store.verifications.issue(an_issue(limits=NO_LADDER))
    assert 2390 < (blocked.until - blocked.now).total_seconds() <= 2400


async def test_an_hour_later_guesses_are_free_again(store, shift_clock):
    await spend(store, 10)
    shift_clock(HOUR + SECOND)
    assert isinstance(await store.verifications.issue(an_issue(limits=NO_LADDER)), Issued)


async def test_the_hour_of_one_usage_type_is_not_anothers(store):
    await spend(store, 10)
    other = subject(usage_type=UsageType.SIGN_IN)
    assert POLICY.attempts == (await begin(store, other, limits=NO_LADDER)).verification.attempts_left


@pytest.mark.parametrize(
    "other", [subject(phone=OTHER_PHONE), subject(application="bank")], ids=["phone", "application"]
)
async def test_the_guesses_of_one_are_not_anothers(store, other):
    await spend(store, 10)
    assert isinstance(await store.verifications.issue(an_issue(other, limits=NO_LADDER)), Issued)


async def test_the_day_of_a_phone_is_shared_by_its_usage_types(store):
    for usage_type in (UsageType.GENERIC, UsageType.SIGN_IN, UsageType.REGISTER):
        await spend(store, 10, subject(usage_type=usage_type))
    fresh = subject(usage_type=UsageType.BIND_MFA)
    assert isinstance(await store.verifications.issue(an_issue(fresh, limits=NO_LADDER)), Blocked)


async def test_a_session_of_its_own_gives_no_guess_back(store):
    await spend(store, 10, subject(session="one"))
    answer = await store.verifications.issue(an_issue(subject(session="two"), limits=NO_LADDER))
    assert isinstance(answer, Blocked)


async def test_a_right_code_is_refused_before_it_is_looked_at(store):
    waiting = await begin(store, subject(session="waiting"), limits=NO_LADDER)
    await spend(store, 10)
    assert isinstance(await store.verifications.check(where(waiting), typed(RIGHT)), Blocked)


async def test_a_refused_check_is_not_counted(store, shift_clock):
    waiting = await begin(store, subject(session="waiting"), limits=NO_LADDER)
    await spend(store, 10)
    await store.verifications.check(where(waiting), typed(WRONG))
    found = await store.reader.verification("default", waiting.verification.id)
    assert POLICY.attempts == found.attempts_left


async def test_where_no_guess_is_left_nothing_is_sent_again(store):
    waiting = await begin(store, subject(session="waiting"), limits=NO_LADDER)
    await spend(store, 10)
    again = Resend(where=where(waiting), message_id="m" * 26, policy=POLICY, limits=NO_LADDER)
    assert isinstance(await store.verifications.resend(again), Blocked)


async def test_a_wrong_code_tells_what_is_left_of_the_less(store):
    await spend(store, 7)
    waiting = await begin(store, subject(session="waiting"), limits=NO_LADDER)
    await spend(store, 1)
    answer = await store.verifications.check(where(waiting), typed(WRONG))
    assert 1 == answer.attempts_left


async def test_a_success_disregards_the_hours_failures(store):
    await spend(store, 9)
    await known(store)
    assert POLICY.attempts == (await begin(store, limits=NO_LADDER)).verification.attempts_left


async def test_a_success_gives_nothing_of_the_day_back(store):
    for _ in range(6):
        await spend(store, 5)
        if _ < 5:
            await known(store)
    assert isinstance(await store.verifications.issue(an_issue(limits=NO_LADDER)), Blocked)


async def test_a_restart_gives_nothing_back(home, store):
    await spend(store, 10)
    again = await home.reopen()
    assert isinstance(await again.verifications.issue(an_issue(limits=NO_LADDER)), Blocked)


async def stop(store, shift_clock, count, **more):
    """So many failures in a row, ten an hour and thirty a day."""
    for number in range(0, count, 10):
        last = await spend(store, min(10, count - number), **more)
        shift_clock(DAY + SECOND if number % 30 == 20 else HOUR + SECOND)
    return last


async def test_70_failures_in_a_row_stop_strangers_for_ever(store, shift_clock):
    assert (await stop(store, shift_clock, 70)).stopped
    shift_clock(10 * DAY)
    assert isinstance(await store.verifications.issue(an_issue(limits=NO_LADDER)), Blocked)


async def test_69_failures_in_a_row_do_not(store, shift_clock):
    assert not (await stop(store, shift_clock, 69)).stopped


async def test_a_success_begins_the_row_anew(store, shift_clock):
    await stop(store, shift_clock, 60)
    await known(store)
    assert not (await stop(store, shift_clock, 10)).stopped


async def test_the_owners_device_gets_in_when_strangers_have_spent_everything(store, shift_clock):
    since = await known(store)
    await stop(store, shift_clock, 70)
    issued = await begin(store, limits=NO_LADDER, device_since=since)
    assert isinstance(await store.verifications.check(where(issued), typed(RIGHT)), Approved)


async def test_the_owners_device_takes_a_strangers_pending_one_over(store, shift_clock):
    since = await known(store)
    pending = await begin(store, limits=NO_LADDER)
    await spend(store, 10, subject(session="stranger"))
    issued = await store.verifications.issue(an_issue(limits=NO_LADDER, device_since=since))
    assert (True, pending.verification.id, Pool.KNOWN) == (
        issued.again,
        issued.verification.id,
        issued.verification.pool,
    )


async def test_a_take_over_holds_though_nothing_may_be_sent_yet(store):
    since = await known(store)
    pending = await begin(store)
    assert isinstance(await store.verifications.issue(an_issue(device_since=since)), TooSoon)
    kept = await store.reader.verification("default", pending.verification.id)
    assert Pool.KNOWN is kept.pool


async def test_the_owners_success_ends_the_stop_of_strangers(store, shift_clock):
    since = await known(store)
    await stop(store, shift_clock, 70)
    issued = await begin(store, limits=NO_LADDER, device_since=since)
    await store.verifications.check(where(issued), typed(RIGHT))
    assert isinstance(await store.verifications.issue(an_issue(limits=NO_LADDER)), Issued)


async def test_30_failures_in_a_row_stop_a_known_device_and_no_stranger(store, shift_clock):
    since = await known(store)
    assert (await stop(store, shift_clock, 30, device_since=since)).stopped
    assert isinstance(await store.verifications.issue(an_issue(limits=NO_LADDER)), Issued)


async def test_a_device_is_known_for_180_days(store, shift_clock):
    since = await known(store)
    shift_clock(180 * DAY - HOUR)
    still = await begin(store, subject(session="1"), limits=NO_LADDER, device_since=since)
    shift_clock(2 * HOUR)
    later = await begin(store, subject(session="2"), limits=NO_LADDER, device_since=since)
    assert (Pool.KNOWN, Pool.UNKNOWN) == (still.verification.pool, later.verification.pool)


async def test_a_device_known_since_a_time_to_come_is_unknown(store):
    since = await known(store) + DAY
    assert Pool.UNKNOWN is (await begin(store, limits=NO_LADDER, device_since=since)).verification.pool


async def test_an_unlock_ends_the_stop(store, shift_clock):
    await stop(store, shift_clock, 70)
    assert 1 == await store.budgets.unlock(PHONE, application=None, actor="key", reason="called us")
    assert isinstance(await store.verifications.issue(an_issue(limits=NO_LADDER)), Issued)


async def test_an_unlock_gives_none_of_the_hours_guesses_back(store):
    await spend(store, 10)
    await store.budgets.unlock(PHONE, application="default", actor="key", reason="called us")
    assert isinstance(await store.verifications.issue(an_issue(limits=NO_LADDER)), Blocked)


async def test_an_unlock_for_one_application_leaves_the_others(store, shift_clock):
    await stop(store, shift_clock, 70)
    assert 0 == await store.budgets.unlock(PHONE, application="bank", actor="key", reason="called us")
    assert isinstance(await store.verifications.issue(an_issue(limits=NO_LADDER)), Blocked)


async def test_an_unlock_is_written_down_without_the_phone(home, store):
    await store.budgets.unlock(PHONE, application=None, actor="a key", reason="called us")
    assert [("a key", "unlock", f"* {PHONE.masked}", "called us")] == await home.look(
        "select actor, action, subject, reason from audit"
    )


async def test_two_hundred_guesses_at_once_over_many_sessions_count_ten(store):

    begun = [await begin(store, subject(session=str(number)), limits=NO_LADDER) for number in range(40)]
    answers = []

    async def guess(issued):
        answers.append(await store.verifications.check(where(issued), typed(WRONG)))

    async with anyio.create_task_group() as group:
        for _ in range(5):
            for issued in begun:
                group.start_soon(guess, issued)
    assert (10, 190) == (
        sum(isinstance(answer, Wrong) for answer in answers),
        sum(isinstance(answer, Blocked) for answer in answers),
    )


async def test_no_budget_holds_a_phone(home, store):
    await spend(store, 10)
    ((name,),) = await home.look("select distinct name from budgets")
    assert store.budgets._names.of(PHONE.e164) == name


async def test_a_new_secret_key_gives_nothing_back(home, store):
    await spend(store, 10)
    newer = await home.reopen(Keyring(b"a newer key of these tests, 32 by", [b"the key of these tests, 32 bytes"]))
    await newer.rotate_names()
    again = await home.reopen(Keyring(b"a newer key of these tests, 32 by"))
    assert isinstance(await again.verifications.issue(an_issue(limits=NO_LADDER)), Blocked)


async def test_a_known_devices_verification_is_not_there_for_a_phone_alone(store):
    since = await known(store)
    await begin(store, limits=NO_LADDER, device_since=since)
    assert isinstance(await store.verifications.check(subject(), typed(RIGHT)), Missing)


async def test_a_known_devices_verification_is_there_for_its_phone_with_the_token(store):
    since = await known(store)
    await begin(store, limits=NO_LADDER, device_since=since)
    assert isinstance(await store.verifications.check(subject(), typed(RIGHT), since), Approved)


async def test_a_start_without_the_token_neither_sends_nor_names_a_known_devices_verification(store):
    since = await known(store)
    pending = await begin(store, limits=NO_LADDER, device_since=since)
    answer = await store.verifications.issue(an_issue(limits=NO_LADDER))
    assert TooSoon(resend_at=pending.verification.expires_at, verification_id=None, now=answer.now) == answer


async def test_what_counts_no_more_is_forgotten_after_a_day(home, store, shift_clock):
    await spend(store, 5)
    await known(store)
    shift_clock(DAY + SECOND)
    await store.chores.forget(30 * DAY)
    assert [] == await home.look("select * from budgets")


async def test_failures_in_a_row_are_kept_for_ever(home, store, shift_clock):
    await spend(store, 5)
    shift_clock(400 * DAY)
    await store.chores.forget(30 * DAY)
    assert [(5,)] == await home.look("select in_a_row from budgets")


async def test_a_start_refused_for_a_spent_pool_takes_over_nothing(store):
    since = await known(store)
    await spend(store, 10, device_since=since)
    begun = await begin(store, limits=NO_LADDER)
    assert isinstance(await store.verifications.issue(an_issue(limits=NO_LADDER, device_since=since)), Blocked)
    assert isinstance(await store.verifications.check(where(begun), typed(RIGHT)), Approved)
