"""Checks: an attempt spent, a comparison made and the state moved in one decision, for exactly the one meant."""

import pytest
from store_words import NO_LADDER
from store_words import OTHER_PHONE
from store_words import POLICY
from store_words import REFUSED
from store_words import RIGHT
from store_words import WRONG
from store_words import an_issue
from store_words import begin
from store_words import seconds
from store_words import subject
from store_words import typed

from aerocode.crypto import Keyring
from aerocode.crypto import new_id
from aerocode.model.decision import Approved
from aerocode.model.decision import ById
from aerocode.model.decision import Canceled
from aerocode.model.decision import Ended
from aerocode.model.decision import Missing
from aerocode.model.decision import Wrong
from aerocode.model.policy import Policy
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus
from aerocode.verify.codes import Codes

pytestmark = pytest.mark.anyio


@pytest.fixture
async def begun(store):
    return await begin(store)


@pytest.fixture
def where(begun):
    return ById("default", begun.verification.id)


async def test_the_right_code_approves(store, where):
    answer = await store.verifications.check(where, typed(RIGHT))
    assert isinstance(answer, Approved)


async def test_an_approval_shows_the_verification_as_it_ended(store, where):
    answer = await store.verifications.check(where, typed(RIGHT))
    assert (VerificationStatus.APPROVED, True) == (
        answer.verification.status,
        answer.verification.ended_at is not None,
    )


async def test_an_approval_spends_no_attempt(store, where):
    answer = await store.verifications.check(where, typed(RIGHT))
    assert 5 == answer.verification.attempts_left


async def test_an_approval_is_committed_when_it_answers(home, store, where):
    await store.verifications.check(where, typed(RIGHT))
    assert [("approved",)] == await home.look("select status from verifications")


async def test_a_code_is_accepted_once(store, where):
    await store.verifications.check(where, typed(RIGHT))
    assert Ended(status=VerificationStatus.APPROVED) == await store.verifications.check(where, typed(RIGHT))


async def test_a_code_is_accepted_once_by_subject_too(store, begun):
    await store.verifications.check(subject(), typed(RIGHT))
    assert Ended(status=VerificationStatus.APPROVED) == await store.verifications.check(subject(), typed(RIGHT))


async def test_wrong_codes_spend_the_attempts_one_by_one(store, where):
    answers = [await store.verifications.check(where, typed(WRONG)) for _ in range(5)]
    assert [Wrong(attempts_left=left) for left in (4, 3, 2, 1, 0)] == answers


async def test_the_guess_that_spends_the_last_attempt_ends_the_verification(store):
    begun = await begin(store, policy=Policy(attempts=1))
    where = ById("default", begun.verification.id)
    assert Wrong(attempts_left=0) == await store.verifications.check(where, typed(WRONG))
    kept = await store.reader.verification("default", begun.verification.id)
    assert (VerificationStatus.MAX_ATTEMPTS_REACHED, 0, True) == (
        kept.status,
        kept.attempts_left,
        kept.ended_at is not None,
    )


async def test_the_right_code_on_the_last_attempt_approves(store, where):
    for _ in range(4):
        await store.verifications.check(where, typed(WRONG))
    assert isinstance(await store.verifications.check(where, typed(RIGHT)), Approved)


async def test_the_right_code_after_the_last_attempt_is_too_late(store, where):
    for _ in range(5):
        await store.verifications.check(where, typed(WRONG))
    assert Ended(status=VerificationStatus.MAX_ATTEMPTS_REACHED) == await store.verifications.check(where, typed(RIGHT))


async def test_attempts_that_were_spent_stay_spent_after_a_restart(home, store, where):
    await store.verifications.check(where, typed(WRONG))
    store = await home.reopen()
    assert Wrong(attempts_left=3) == await store.verifications.check(where, typed(WRONG))


async def test_an_expired_code_is_refused(store, where, shift_clock):
    shift_clock(POLICY.lifetime + seconds(1))
    assert Ended(status=VerificationStatus.EXPIRED) == await store.verifications.check(where, typed(RIGHT))


async def test_a_code_is_good_until_its_moment(store, where, shift_clock):
    shift_clock(POLICY.lifetime - seconds(10))
    assert isinstance(await store.verifications.check(where, typed(RIGHT)), Approved)


async def test_expiry_is_written_down_by_the_check_that_meets_it(home, store, where, shift_clock):
    shift_clock(POLICY.lifetime + seconds(1))
    await store.verifications.check(where, typed(RIGHT))
    assert [("expired",)] == await home.look("select status from verifications")


async def test_a_check_of_an_expired_code_spends_nothing(store, where, shift_clock):
    shift_clock(POLICY.lifetime + seconds(1))
    await store.verifications.check(where, typed(WRONG))
    assert 5 == (await store.reader.verification("default", where.verification_id)).attempts_left


async def test_a_canceled_verification_answers_canceled(store, where):
    assert isinstance(await store.verifications.cancel(where), Canceled)
    assert Ended(status=VerificationStatus.CANCELED) == await store.verifications.check(where, typed(RIGHT))


async def test_a_failed_verification_answers_failed(store, begun, where):
    await store.verifications.mark(begun.message_id, REFUSED)
    assert Ended(status=VerificationStatus.FAILED) == await store.verifications.check(where, typed(RIGHT))


async def test_cancelling_gives_the_ended_verification(store, where):
    answer = await store.verifications.cancel(where)
    assert (VerificationStatus.CANCELED, 5, True) == (
        answer.verification.status,
        answer.verification.attempts_left,
        answer.verification.ended_at is not None,
    )


async def test_cancelling_twice_answers_that_it_is_over(store, where):
    await store.verifications.cancel(where)
    assert Ended(status=VerificationStatus.CANCELED) == await store.verifications.cancel(where)


async def test_an_approved_verification_cannot_be_canceled(store, where):
    await store.verifications.check(where, typed(RIGHT))
    assert Ended(status=VerificationStatus.APPROVED) == await store.verifications.cancel(where)


async def test_an_expired_verification_cannot_be_canceled(store, where, shift_clock):
    shift_clock(POLICY.lifetime + seconds(1))
    assert Ended(status=VerificationStatus.EXPIRED) == await store.verifications.cancel(where)


# Who is meant.


STRANGERS = {
    "an unknown id": lambda real: ById("default", new_id()),
    "another application": lambda real: ById("shop", real),
    "another session": lambda real: ById("default", real, "other"),
}


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS.keys())
async def test_by_id_a_stranger_finds_nothing(store, where, stranger):
    assert Missing() == await store.verifications.check(stranger(where.verification_id), typed(RIGHT))


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS.keys())
async def test_by_id_a_stranger_spends_nothing(store, where, stranger):
    await store.verifications.check(stranger(where.verification_id), typed(WRONG))
    assert 5 == (await store.reader.verification("default", where.verification_id)).attempts_left


@pytest.mark.parametrize("stranger", STRANGERS.values(), ids=STRANGERS.keys())
async def test_by_id_a_stranger_cancels_nothing(store, where, stranger):
    assert Missing() == await store.verifications.cancel(stranger(where.verification_id))


OTHERS = {
    "application": subject(application="shop"),
    "phone": subject(phone=OTHER_PHONE),
    "usage type": subject(usage_type=UsageType.SIGN_IN),
    "session": subject(session="other"),
}


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
async def test_by_subject_another_one_finds_nothing(store, begun, other):
    assert Missing() == await store.verifications.check(other, typed(RIGHT))


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
async def test_a_code_is_a_wrong_code_for_anything_else_that_is_pending(store, other):
    mine = await begin(store, code=RIGHT, limits=NO_LADDER)
    theirs = an_issue(other, code=WRONG, limits=NO_LADDER)
    await store.verifications.issue(theirs)
    assert Wrong(attempts_left=4) == await store.verifications.check(other, typed(RIGHT))
    assert VerificationStatus.PENDING is (await store.reader.verification("default", mine.verification.id)).status


@pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
async def test_a_seal_moved_to_another_row_opens_nothing(store, other):
    mine = await begin(store, code=RIGHT, limits=NO_LADDER)
    moved = an_issue(other, limits=NO_LADDER)
    moved = type(moved)(
        subject=moved.subject,
        verification_id=moved.verification_id,
        message_id=moved.message_id,
        code=mine.code,
        policy=moved.policy,
        limits=moved.limits,
    )
    await store.verifications.issue(moved)
    assert Wrong(attempts_left=4) == await store.verifications.check(other, typed(RIGHT))


async def test_by_subject_the_newest_verification_answers(store):
    first = await begin(store)
    await store.verifications.check(ById("default", first.verification.id), typed(RIGHT))
    second = await begin(store, code=WRONG)
    assert isinstance(await store.verifications.check(subject(), typed(WRONG)), Approved)
    assert VerificationStatus.APPROVED is (await store.reader.verification("default", second.verification.id)).status


async def test_by_subject_the_end_of_the_newest_verification_answers(store, shift_clock):
    first = await begin(store)
    await store.verifications.check(ById("default", first.verification.id), typed(RIGHT))
    second = await begin(store)
    await store.verifications.cancel(ById("default", second.verification.id))
    assert Ended(status=VerificationStatus.CANCELED) == await store.verifications.check(subject(), typed(RIGHT))


async def test_an_older_verification_still_answers_by_its_id(store):
    first = await begin(store)
    await store.verifications.check(ById("default", first.verification.id), typed(RIGHT))
    await begin(store)
    where = ById("default", first.verification.id)
    assert Ended(status=VerificationStatus.APPROVED) == await store.verifications.check(where, typed(RIGHT))


async def test_a_code_sealed_with_an_older_key_still_approves(home, store, where):
    rotated = Keyring(b"n" * 32, [b"the key of these tests, 32 bytes"])
    store = await home.reopen(rotated)
    assert isinstance(await store.verifications.check(where, typed(RIGHT, Codes(rotated))), Approved)


async def test_a_code_sealed_with_a_key_that_is_gone_is_a_wrong_code(store, where):
    assert Wrong(attempts_left=4) == await store.verifications.check(where, typed(RIGHT, Codes(Keyring(b"n" * 32))))


# What could reveal a code is wiped at every end.


async def test_a_pending_verification_keeps_its_code_at_rest(where, at_rest):
    assert (True, True) == await at_rest(where.verification_id)


async def test_an_approval_wipes_the_code(store, where, at_rest):
    await store.verifications.check(where, typed(RIGHT))
    assert (False, False) == await at_rest(where.verification_id)


async def test_the_last_wrong_guess_wipes_the_code(store, where, at_rest):
    for _ in range(5):
        await store.verifications.check(where, typed(WRONG))
    assert (False, False) == await at_rest(where.verification_id)


async def test_cancelling_wipes_the_code(store, where, at_rest):
    await store.verifications.cancel(where)
    assert (False, False) == await at_rest(where.verification_id)


async def test_a_check_that_meets_expiry_wipes_the_code(store, where, at_rest, shift_clock):
    shift_clock(POLICY.lifetime + seconds(1))
    await store.verifications.check(where, typed(WRONG))
    assert (False, False) == await at_rest(where.verification_id)


async def test_a_wrong_guess_keeps_the_code_at_rest(store, where, at_rest):
    await store.verifications.check(where, typed(WRONG))
    assert (True, True) == await at_rest(where.verification_id)


async def test_the_code_itself_is_nowhere_in_the_row(home, store, where):
    ((seal, cipher),) = await home.look("select seal, cipher from verifications")
    assert (False, False) == (RIGHT.encode() in seal, RIGHT.encode() in cipher)
