"""Starts: one pending, the same code again, and the ladder over everything that could dodge it."""

import pytest
from store_words import ACCEPTED
from store_words import LIMITS
from store_words import NO_CAPS
from store_words import NO_LADDER
from store_words import OTHER_PHONE
from store_words import POLICY
from store_words import REFUSED
from store_words import RIGHT
from store_words import UNKNOWN
from store_words import WRONG
from store_words import a_resend
from store_words import an_issue
from store_words import begin
from store_words import seconds
from store_words import subject
from store_words import typed

from aerocode.model.decision import Approved
from aerocode.model.decision import ById
from aerocode.model.decision import Issued
from aerocode.model.decision import TooSoon
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus

pytestmark = pytest.mark.anyio


async def test_a_start_begins_a_pending_verification_with_the_policys_attempts(store):
    begun = await begin(store, policy=Policy(attempts=3))
    assert (VerificationStatus.PENDING, 3, 1, False) == (
        begun.verification.status,
        begun.verification.attempts_left,
        begun.verification.sends,
        begun.again,
    )


async def test_a_start_lives_for_the_policys_lifetime(store):
    begun = await begin(store, policy=Policy(lifetime=seconds(123)))
    assert seconds(123) == begun.verification.expires_at - begun.verification.created_at


async def test_a_start_answers_the_time_of_its_decision(store):
    begun = await begin(store)
    assert begun.verification.created_at == begun.now


async def test_a_start_keeps_what_the_caller_gave(store):
    begun = await begin(store, locale="ru", payload={"name": "Аня"}, metadata={"order": "7"})
    kept = await store.reader.verification("default", begun.verification.id)
    assert ("ru", {"name": "Аня"}, {"order": "7"}) == (kept.locale, kept.payload, kept.metadata)


async def test_a_start_is_committed_with_its_message_when_it_answers(home, store):
    begun = await begin(store)
    assert [("created", begun.verification.id)] == await home.look(
        "select status, verification from messages where id = ?", begun.message_id
    )


async def test_at_most_one_verification_is_pending_for_a_subject(home, store):
    for _ in range(4):
        await begin(store, limits=NO_LADDER)
    assert [(1,)] == await home.look("select count(*) from verifications where status = 'pending'")


async def test_the_database_itself_refuses_a_second_pending_row(home, store):
    await begin(store)
    twin = ", ".join("id || 'x'" if name == "id" else name for name in await home.columns("verifications"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        await home.look(f"insert into verifications select {twin} from verifications")


async def test_a_start_while_one_is_pending_sends_the_same_verification_again(store):
    first = await begin(store, limits=NO_LADDER)
    second = await begin(store, limits=NO_LADDER)
    assert (True, first.verification.id, 2) == (second.again, second.verification.id, second.verification.sends)


async def test_a_start_while_one_is_pending_keeps_the_code(store):
    first = await begin(store, code=RIGHT, limits=NO_LADDER)
    second = await begin(store, code=WRONG, limits=NO_LADDER)
    assert first.code == second.code


async def test_a_start_while_one_is_pending_gives_no_attempt_back(store):
    first = await begin(store, limits=NO_LADDER)
    await store.verifications.check(ById("default", first.verification.id), typed(WRONG))
    second = await begin(store, limits=NO_LADDER)
    assert 4 == second.verification.attempts_left


async def test_a_start_while_one_is_pending_has_a_message_of_its_own(store):
    first = await begin(store, limits=NO_LADDER)
    second = await begin(store, limits=NO_LADDER)
    assert (True, second.message_id) == (first.message_id != second.message_id, second.verification.message_id)


@pytest.mark.parametrize(
    "other",
    [
        subject(application="shop"),
        subject(phone=OTHER_PHONE),
        subject(usage_type=UsageType.SIGN_IN),
        subject(session="b"),
    ],
    ids=["application", "phone", "usage type", "session"],
)
async def test_another_subject_has_a_verification_of_its_own(store, other):
    first = await begin(store, limits=NO_LADDER)
    second = await begin(store, other, limits=NO_LADDER)
    assert (False, True) == (second.again, first.verification.id != second.verification.id)


async def test_an_expired_verification_is_replaced_in_the_same_decision(home, store, shift_clock):
    first = await begin(store)
    shift_clock(POLICY.lifetime + seconds(1))
    second = await begin(store)
    assert [(first.verification.id, "expired"), (second.verification.id, "pending")] == await home.look(
        "select id, status from verifications order by created_at"
    )


async def test_an_expired_verification_is_ended_even_when_the_ladder_refuses_the_start(store, shift_clock):
    slow = Limits(ladder=(seconds(3000),))
    first = await begin(store, limits=slow)
    shift_clock(POLICY.lifetime + seconds(1))
    assert isinstance(await store.verifications.issue(an_issue(limits=slow)), TooSoon)
    kept = await store.reader.verification("default", first.verification.id)
    assert VerificationStatus.EXPIRED is kept.status


async def test_a_replaced_verification_leaves_no_code_behind(store, shift_clock, at_rest):
    first = await begin(store)
    shift_clock(POLICY.lifetime + seconds(1))
    await begin(store)
    assert (False, False) == await at_rest(first.verification.id)


# The ladder.


async def test_a_start_inside_the_wait_is_too_soon_and_names_the_pending_one(store):
    first = await begin(store)
    answer = await store.verifications.issue(an_issue())
    assert (TooSoon, first.verification.id, first.verification.resend_at) == (
        type(answer),
        answer.verification_id,
        answer.resend_at,
    )


async def test_a_start_that_was_too_soon_records_nothing(home, store):
    await begin(store)
    await store.verifications.issue(an_issue())
    assert [(1, 1)] == await home.look(
        "select (select count(*) from messages), (select sends from verifications)",
    )


async def test_the_waits_are_30_60_120_and_then_300_seconds(store, shift_clock):
    waits = []
    for _ in range(6):
        answer = await begin(
            store, limits=Limits(sends_per_verification=99, **NO_CAPS), policy=Policy(lifetime=seconds(600))
        )
        waits.append((answer.verification.resend_at - answer.now).total_seconds())
        shift_clock(seconds(waits[-1] + 1))
    assert [30, 60, 120, 300, 300, 300] == waits


async def test_a_wait_ends_at_its_moment_and_not_before(store, shift_clock):
    await begin(store)
    shift_clock(seconds(25))
    assert isinstance(await store.verifications.issue(an_issue()), TooSoon)
    shift_clock(seconds(5))
    assert isinstance(await store.verifications.issue(an_issue()), Issued)


async def test_the_ladder_counts_over_sessions(store):
    await begin(store, subject(session="a"))
    assert isinstance(await store.verifications.issue(an_issue(subject(session="b"))), TooSoon)


async def test_a_refusal_for_another_sessions_sake_does_not_name_its_verification(store):
    await begin(store, subject(session="a"))
    answer = await store.verifications.issue(an_issue(subject(session="b")))
    assert answer.verification_id is None


async def test_the_ladder_counts_over_verifications(store, shift_clock):
    first = await begin(store)
    await store.verifications.cancel(ById("default", first.verification.id))
    shift_clock(seconds(31))
    second = await begin(store)
    assert (False, seconds(60)) == (second.again, second.verification.resend_at - second.now)


async def test_cancelling_does_not_shorten_the_wait(store):
    first = await begin(store)
    await store.verifications.cancel(ById("default", first.verification.id))
    assert isinstance(await store.verifications.issue(an_issue()), TooSoon)


async def test_spending_all_attempts_does_not_shorten_the_wait(store):
    first = await begin(store)
    for _ in range(5):
        await store.verifications.check(ById("default", first.verification.id), typed(WRONG))
    assert isinstance(await store.verifications.issue(an_issue()), TooSoon)


@pytest.mark.parametrize(
    "other",
    [subject(application="shop"), subject(phone=OTHER_PHONE), subject(usage_type=UsageType.SIGN_IN)],
    ids=["application", "phone", "usage type"],
)
async def test_the_ladder_is_another_one_for_another(store, other):
    await begin(store)
    second = await begin(store, other)
    assert seconds(30) == second.verification.resend_at - second.now


async def test_an_approval_resets_the_ladder(store):
    first = await begin(store)
    assert isinstance(await store.verifications.check(ById("default", first.verification.id), typed(RIGHT)), Approved)
    second = await begin(store)
    assert seconds(30) == second.verification.resend_at - second.now


@pytest.mark.parametrize(
    "other",
    [subject(application="shop"), subject(phone=OTHER_PHONE), subject(usage_type=UsageType.SIGN_IN)],
    ids=["application", "phone", "usage type"],
)
async def test_an_approval_leaves_every_other_ladder_as_it_was(store, other):
    await begin(store, other)
    mine = await begin(store)
    await store.verifications.check(ById("default", mine.verification.id), typed(RIGHT))
    assert isinstance(await store.verifications.issue(an_issue(other)), TooSoon)


async def test_the_ladder_is_forgotten_after_its_memory(store, shift_clock):
    await begin(store)
    shift_clock(seconds(31))
    await begin(store)
    shift_clock(LIMITS.ladder_memory + seconds(1))
    third = await begin(store)
    assert seconds(30) == third.verification.resend_at - third.now


async def test_the_ladder_is_not_forgotten_within_its_memory(store, shift_clock):
    await begin(store)
    shift_clock(LIMITS.ladder_memory - seconds(10))
    second = await begin(store)
    assert seconds(60) == second.verification.resend_at - second.now


async def test_the_ladder_survives_a_restart(home, store):
    await begin(store)
    store = await home.reopen()
    assert isinstance(await store.verifications.issue(an_issue()), TooSoon)


async def test_a_ladder_in_monitor_mode_refuses_nothing_and_says_what_it_would_have(store):
    watching = Limits(ladder_mode=Mode.MONITOR)
    first = await begin(store, limits=watching)
    second = await begin(store, limits=watching)
    assert ((), ("ladder",)) == (first.over, second.over)


async def test_a_ladder_in_monitor_mode_says_so_over_verifications_too(store):
    watching = Limits(ladder_mode=Mode.MONITOR)
    first = await begin(store, limits=watching)
    await store.verifications.cancel(ById("default", first.verification.id))
    second = await begin(store, limits=watching)
    assert (False, ("ladder",)) == (second.again, second.over)


async def test_a_ladder_in_monitor_mode_promises_no_wait(store):
    begun = await begin(store, limits=Limits(ladder_mode=Mode.MONITOR))
    assert begun.now == begun.verification.resend_at


async def test_a_ladder_in_monitor_mode_counts_on(store):
    watching = Limits(ladder_mode=Mode.MONITOR)
    await begin(store, limits=watching)
    await begin(store, limits=watching)
    refused = await store.verifications.issue(an_issue())
    assert 59 < (refused.resend_at - refused.now).total_seconds() <= 60


# A start that certainly did not leave.


async def test_a_certainly_refused_start_ends_failed(store):
    begun = await begin(store)
    marked = await store.verifications.mark(begun.message_id, REFUSED)
    assert VerificationStatus.FAILED is marked.verification.status


async def test_a_certainly_refused_start_leaves_no_code_behind(store, at_rest):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, REFUSED)
    assert (False, False) == await at_rest(begun.verification.id)


async def test_a_certainly_refused_start_starts_no_wait(store):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, REFUSED)
    second = await begin(store)
    assert (False, seconds(30)) == (second.again, second.verification.resend_at - second.now)


async def test_a_certainly_refused_start_takes_the_ladder_back_where_it_stood(store, shift_clock):
    first = await begin(store)
    await store.verifications.cancel(ById("default", first.verification.id))
    shift_clock(seconds(31))
    refused = await begin(store)
    await store.verifications.mark(refused.message_id, REFUSED)
    third = await begin(store)
    assert seconds(60) == third.verification.resend_at - third.now


async def test_a_refused_start_leaves_the_wait_that_another_sessions_send_began_meanwhile(store, shift_clock):
    slow = await begin(store, subject(session="a"))
    shift_clock(seconds(31))
    await begin(store, subject(session="b"))
    await store.verifications.mark(slow.message_id, REFUSED)
    assert isinstance(await store.verifications.issue(an_issue(subject(session="c"))), TooSoon)


@pytest.mark.parametrize("outcome", [ACCEPTED, UNKNOWN], ids=["accepted", "unknown"])
async def test_a_start_that_may_have_left_stays_pending_and_waits(store, outcome):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, outcome)
    kept = await store.reader.verification("default", begun.verification.id)
    assert VerificationStatus.PENDING is kept.status
    assert isinstance(await store.verifications.issue(an_issue()), TooSoon)


async def test_a_late_refusal_of_the_start_does_not_end_what_was_sent_again_since(store):
    begun = await begin(store, limits=NO_LADDER)
    await begin(store, limits=NO_LADDER)
    marked = await store.verifications.mark(begun.message_id, REFUSED)
    assert VerificationStatus.PENDING is marked.verification.status


async def test_a_resend_named_by_its_subject_answers_like_a_start(store):
    begun = await begin(store, limits=NO_LADDER)
    again = await store.verifications.resend(a_resend(subject(), limits=NO_LADDER))
    assert (begun.verification.id, True) == (again.verification.id, again.again)
