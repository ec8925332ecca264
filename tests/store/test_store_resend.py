"""Resends: the same code later, never longer than ten minutes, and without a trace when it certainly did not leave."""

import pytest
from store_words import LIMITS
from store_words import NO_LADDER
from store_words import POLICY
from store_words import REFUSED
from store_words import RIGHT
from store_words import UNKNOWN
from store_words import WRONG
from store_words import a_resend
from store_words import begin
from store_words import seconds
from store_words import subject
from store_words import typed

from aerocode.crypto import new_id
from aerocode.model.decision import Approved
from aerocode.model.decision import ById
from aerocode.model.decision import Ended
from aerocode.model.decision import Issued
from aerocode.model.decision import Missing
from aerocode.model.decision import TooSoon
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy
from aerocode.model.states import VerificationStatus

pytestmark = pytest.mark.anyio


@pytest.fixture
async def begun(store):
    return await begin(store)


@pytest.fixture
def where(begun):
    return ById("default", begun.verification.id)


async def test_a_resend_sends_the_same_code(store, begun, where, shift_clock):
    shift_clock(seconds(31))
    again = await store.verifications.resend(a_resend(where))
    assert (begun.code, True) == (again.code, again.again)


async def test_a_resend_gives_no_attempt_back(store, where, shift_clock):
    await store.verifications.check(where, typed(WRONG))
    shift_clock(seconds(31))
    again = await store.verifications.resend(a_resend(where))
    assert 4 == again.verification.attempts_left


async def test_a_resend_counts_as_a_send(store, where, shift_clock):
    shift_clock(seconds(31))
    again = await store.verifications.resend(a_resend(where))
    assert 2 == again.verification.sends


async def test_a_resend_climbs_the_ladder(store, where, shift_clock):
    shift_clock(seconds(31))
    again = await store.verifications.resend(a_resend(where))
    assert seconds(60) == again.verification.resend_at - again.now


async def test_a_resend_inside_the_wait_is_too_soon(store, begun, where):
    answer = await store.verifications.resend(a_resend(where))
    assert (TooSoon, begun.verification.id, begun.verification.resend_at) == (
        type(answer),
        answer.verification_id,
        answer.resend_at,
    )


async def test_a_resend_waits_for_a_send_to_another_session(store, where, shift_clock):
    shift_clock(seconds(31))
    await begin(store, subject(session="other"))
    assert isinstance(await store.verifications.resend(a_resend(where)), TooSoon)


async def test_a_resend_moves_the_expiry_to_now_and_a_lifetime(store, where, shift_clock):
    shift_clock(seconds(200))
    again = await store.verifications.resend(a_resend(where))
    assert POLICY.lifetime == again.verification.expires_at - again.now


async def test_no_resend_moves_the_expiry_past_ten_minutes_after_the_first_send(store, where, shift_clock):
    shift_clock(seconds(290))
    await store.verifications.resend(a_resend(where))
    shift_clock(seconds(200))
    again = await store.verifications.resend(a_resend(where))
    assert seconds(600) == again.verification.expires_at - again.verification.created_at


async def test_a_code_that_was_sent_again_is_good_until_its_new_moment(store, where, shift_clock):
    shift_clock(seconds(200))
    await store.verifications.resend(a_resend(where))
    shift_clock(seconds(200))
    assert isinstance(await store.verifications.check(where, typed(RIGHT)), Approved)


async def test_a_code_that_was_sent_again_dies_after_ten_minutes(store, where, shift_clock):
    shift_clock(seconds(290))
    await store.verifications.resend(a_resend(where))
    shift_clock(seconds(280))
    await store.verifications.resend(a_resend(where))
    shift_clock(seconds(31))
    assert Ended(status=VerificationStatus.EXPIRED) == await store.verifications.check(where, typed(RIGHT))


async def test_a_verification_is_sent_five_times_at_most(store):
    begun = await begin(store, limits=NO_LADDER)
    where = ById("default", begun.verification.id)
    answers = [await store.verifications.resend(a_resend(where, limits=NO_LADDER)) for _ in range(5)]
    assert [Issued] * 4 + [TooSoon] == [type(answer) for answer in answers]


async def test_after_the_last_send_there_is_another_one_only_when_the_code_has_expired(store):
    only = Limits(ladder=(), sends_per_verification=1)
    begun = await begin(store, limits=only)
    answer = await store.verifications.resend(a_resend(ById("default", begun.verification.id), limits=only))
    assert (begun.verification.expires_at, begun.verification.id) == (answer.resend_at, answer.verification_id)


async def test_a_start_on_a_pending_one_counts_against_its_sends(store):
    only = Limits(ladder=(), sends_per_verification=2)
    begun = await begin(store, limits=only)
    await begin(store, limits=only)
    answer = await store.verifications.resend(a_resend(ById("default", begun.verification.id), limits=only))
    assert isinstance(answer, TooSoon)


async def test_sends_in_monitor_mode_are_counted_and_not_refused(store):
    watching = Limits(ladder=(), sends_per_verification=1, sends_per_verification_mode=Mode.MONITOR)
    begun = await begin(store, limits=watching)
    again = await store.verifications.resend(a_resend(ById("default", begun.verification.id), limits=watching))
    assert (("sends_per_verification",), 2) == (again.over, again.verification.sends)


async def test_every_limit_in_monitor_mode_is_named(store):
    watching = Limits(sends_per_verification=1, sends_per_verification_mode=Mode.MONITOR, ladder_mode=Mode.MONITOR)
    begun = await begin(store, limits=watching)
    again = await store.verifications.resend(a_resend(ById("default", begun.verification.id), limits=watching))
    assert ("sends_per_verification", "ladder") == again.over


async def test_one_limit_in_monitor_mode_does_not_open_the_other(store):
    half = Limits(sends_per_verification=1, sends_per_verification_mode=Mode.MONITOR)
    begun = await begin(store, limits=half)
    where = ById("default", begun.verification.id)
    assert isinstance(await store.verifications.resend(a_resend(where, limits=half)), TooSoon)


# Certainly refused.


@pytest.fixture
async def refused(store, begun, where, shift_clock):
    """The verification after a resend that the gate refused, 31 seconds after the start, with an attempt spent."""
    await store.verifications.check(where, typed(WRONG))
    shift_clock(seconds(31))
    again = await store.verifications.resend(a_resend(where))
    return (await store.verifications.mark(again.message_id, REFUSED)).verification


async def test_a_certainly_refused_resend_leaves_the_verification_pending(refused):
    assert VerificationStatus.PENDING is refused.status


async def test_a_certainly_refused_resend_leaves_the_expiry_as_it_was(begun, refused):
    assert begun.verification.expires_at == refused.expires_at


async def test_a_certainly_refused_resend_leaves_the_time_of_the_next_one_as_it_was(begun, refused):
    assert begun.verification.resend_at == refused.resend_at


async def test_a_certainly_refused_resend_leaves_the_attempts_as_they_were(refused):
    assert 4 == refused.attempts_left


async def test_a_certainly_refused_resend_counts_as_a_send(refused):
    assert 2 == refused.sends


async def test_a_certainly_refused_resend_leaves_the_code_as_it_was(store, where, refused):
    assert isinstance(await store.verifications.check(where, typed(RIGHT)), Approved)


async def test_a_certainly_refused_resend_starts_no_wait(store, where, refused):
    again = await store.verifications.resend(a_resend(where))
    assert seconds(60) == again.verification.resend_at - again.now


async def test_refused_resends_use_up_the_sends(store, where, refused):
    for _ in range(3):
        again = await store.verifications.resend(a_resend(where))
        await store.verifications.mark(again.message_id, REFUSED)
    answer = await store.verifications.resend(a_resend(where))
    assert (TooSoon, True) == (type(answer), answer.resend_at > answer.now)


async def test_a_refusal_that_comes_after_a_newer_resend_takes_nothing_back(store, where, shift_clock):
    shift_clock(seconds(31))
    slow = await store.verifications.resend(a_resend(where))
    shift_clock(seconds(61))
    newer = await store.verifications.resend(a_resend(where))
    marked = await store.verifications.mark(slow.message_id, REFUSED)
    assert (newer.verification.expires_at, newer.verification.resend_at) == (
        marked.verification.expires_at,
        marked.verification.resend_at,
    )


async def test_a_refusal_that_comes_after_the_end_changes_nothing(store, where, shift_clock):
    shift_clock(seconds(31))
    again = await store.verifications.resend(a_resend(where))
    ended = await store.verifications.check(where, typed(RIGHT))
    marked = await store.verifications.mark(again.message_id, REFUSED)
    assert ended.verification == marked.verification


async def test_an_uncertain_resend_keeps_its_promises(store, where, shift_clock):
    shift_clock(seconds(31))
    again = await store.verifications.resend(a_resend(where))
    await store.verifications.mark(again.message_id, UNKNOWN)
    assert again.verification == await store.reader.verification("default", again.verification.id)


# Nothing to send again.


@pytest.mark.parametrize(
    "stranger",
    [
        lambda real: ById("default", new_id()),
        lambda real: ById("shop", real),
        lambda real: ById("default", real, "other"),
    ],
    ids=["an unknown id", "another application", "another session"],
)
async def test_a_stranger_has_nothing_sent_again(store, where, stranger, shift_clock):
    shift_clock(seconds(31))
    assert Missing() == await store.verifications.resend(a_resend(stranger(where.verification_id)))


async def test_what_is_over_is_not_sent_again(store, where, shift_clock):
    await store.verifications.cancel(where)
    shift_clock(seconds(31))
    assert Ended(status=VerificationStatus.CANCELED) == await store.verifications.resend(a_resend(where))


async def test_what_has_expired_is_not_sent_again(store, where, shift_clock, at_rest):
    shift_clock(POLICY.lifetime + seconds(1))
    assert Ended(status=VerificationStatus.EXPIRED) == await store.verifications.resend(a_resend(where))
    assert (False, False) == await at_rest(where.verification_id)


async def test_a_shorter_policy_holds_from_the_next_send(store, where, shift_clock):
    shift_clock(seconds(31))
    again = await store.verifications.resend(a_resend(where, policy=Policy(lifetime=seconds(60)), limits=LIMITS))
    assert seconds(60) == again.verification.expires_at - again.now
