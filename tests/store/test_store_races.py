"""Many at once, on one store: what may happen once, happens once."""

import asyncio
import random
from collections import Counter

import pytest
from store_words import NO_LADDER
from store_words import REFUSED
from store_words import RIGHT
from store_words import WRONG
from store_words import a_resend
from store_words import an_issue
from store_words import begin
from store_words import seconds
from store_words import subject
from store_words import typed

from aerocode.model.decision import Approved
from aerocode.model.decision import ById
from aerocode.model.decision import Canceled
from aerocode.model.decision import Ended
from aerocode.model.decision import Issued
from aerocode.model.decision import TooSoon
from aerocode.model.decision import Wrong
from aerocode.model.policy import Policy
from aerocode.model.states import VerificationStatus
from aerocode.phone import Phone

pytestmark = pytest.mark.anyio


@pytest.fixture
async def where(store):
    return ById("default", (await begin(store)).verification.id)


async def all_at_once(*asked):
    """Each is let go at the same moment, when all of them stand ready."""
    barrier = asyncio.Barrier(len(asked))

    async def one(what):
        await barrier.wait()
        return await what

    return await asyncio.gather(*(one(what) for what in asked))


def kinds(answers) -> Counter:
    return Counter(type(answer) for answer in answers)


async def test_of_500_wrong_guesses_at_once_exactly_five_are_evaluated(store, where):
    answers = await all_at_once(*(store.verifications.check(where, typed(WRONG)) for _ in range(500)))
    assert {Wrong: 5, Ended: 495} == kinds(answers)


async def test_guesses_at_once_are_counted_down_without_a_gap(store, where):
    answers = await all_at_once(*(store.verifications.check(where, typed(WRONG)) for _ in range(200)))
    left = sorted(answer.attempts_left for answer in answers if isinstance(answer, Wrong))
    assert [0, 1, 2, 3, 4] == left


async def test_guesses_by_id_and_by_subject_at_once_spend_one_budget(store, where):
    ways = [where, subject()] * 100
    answers = await all_at_once(*(store.verifications.check(way, typed(WRONG)) for way in ways))
    assert 5 == kinds(answers)[Wrong]


async def test_the_policys_attempts_hold_at_once_too(store):
    begun = await begin(store, policy=Policy(attempts=2))
    where = ById("default", begun.verification.id)
    answers = await all_at_once(*(store.verifications.check(where, typed(WRONG)) for _ in range(200)))
    assert 2 == kinds(answers)[Wrong]


async def test_of_500_right_answers_at_once_exactly_one_approves(store, where):
    answers = await all_at_once(*(store.verifications.check(where, typed(RIGHT)) for _ in range(500)))
    assert {Approved: 1, Ended: 499} == kinds(answers)


@pytest.mark.parametrize("seed", range(10))
async def test_right_and_wrong_at_once_are_never_both_approved_and_exhausted(store, where, seed):
    codes = [RIGHT] * 10 + [WRONG] * 30
    random.Random(seed).shuffle(codes)
    answers = await all_at_once(*(store.verifications.check(where, typed(code)) for code in codes))
    approved = kinds(answers)[Approved]
    exhausted = sum(answer == Wrong(attempts_left=0) for answer in answers)
    assert 1 == approved + exhausted


@pytest.mark.parametrize("seed", range(10))
async def test_after_an_end_everyone_hears_the_same_end(store, where, seed):
    codes = [RIGHT] * 10 + [WRONG] * 30
    random.Random(seed).shuffle(codes)
    answers = await all_at_once(*(store.verifications.check(where, typed(code)) for code in codes))
    end = VerificationStatus.APPROVED if kinds(answers)[Approved] else VerificationStatus.MAX_ATTEMPTS_REACHED
    assert {end} == {answer.status for answer in answers if isinstance(answer, Ended)}


async def test_of_50_starts_at_once_one_begins(store):
    answers = await all_at_once(*(store.verifications.issue(an_issue()) for _ in range(50)))
    assert {Issued: 1, TooSoon: 49} == kinds(answers)


async def test_of_starts_at_once_for_many_sessions_one_begins(store):
    asks = [an_issue(subject(session=str(n))) for n in range(50)]
    assert {Issued: 1, TooSoon: 49} == kinds(await all_at_once(*(store.verifications.issue(ask) for ask in asks)))


async def test_without_a_ladder_starts_at_once_are_one_verification(store):
    answers = await all_at_once(*(store.verifications.issue(an_issue(limits=NO_LADDER)) for _ in range(50)))
    begun = [answer.verification.id for answer in answers if isinstance(answer, Issued)]
    assert (5, 1) == (len(begun), len(set(begun)))


async def test_500_phones_that_start_at_once_have_a_verification_each(store):
    asks = [an_issue(subject(phone=Phone(f"+7912{n:07}"))) for n in range(500)]
    answers = await all_at_once(*(store.verifications.issue(ask) for ask in asks))
    assert [ask.verification_id for ask in asks] == [answer.verification.id for answer in answers]


async def test_a_start_for_each_of_100_phones_five_times_at_once_begins_100(store):
    asks = [an_issue(subject(phone=Phone(f"+7912{n % 100:07}"))) for n in range(500)]
    answers = await all_at_once(*(store.verifications.issue(ask) for ask in asks))
    assert {Issued: 100, TooSoon: 400} == kinds(answers)


async def test_of_50_resends_at_once_one_is_sent(store, where, shift_clock):
    shift_clock(seconds(31))
    answers = await all_at_once(*(store.verifications.resend(a_resend(where)) for _ in range(50)))
    assert {Issued: 1, TooSoon: 49} == kinds(answers)


async def test_resends_between_guesses_give_no_attempt_back(store):
    begun = await begin(store, limits=NO_LADDER)
    where = ById("default", begun.verification.id)
    asked = []
    for _ in range(20):
        asked.append(store.verifications.check(where, typed(WRONG)))
        asked.append(store.verifications.resend(a_resend(where, limits=NO_LADDER)))
        asked.append(store.verifications.issue(an_issue(subject(session="other"), limits=NO_LADDER)))
    answers = await all_at_once(*asked)
    assert 5 == kinds(answers)[Wrong]


async def test_cancelling_and_approving_at_once_have_one_winner(store, where):
    answers = await all_at_once(
        *(store.verifications.cancel(where) for _ in range(20)),
        *(store.verifications.check(where, typed(RIGHT)) for _ in range(20)),
    )
    assert 1 == kinds(answers)[Canceled] + kinds(answers)[Approved]


async def test_a_refusal_and_an_approval_at_once_have_one_winner(store):
    begun = await begin(store)
    where = ById("default", begun.verification.id)
    answers = await all_at_once(
        store.verifications.mark(begun.message_id, REFUSED),
        *(store.verifications.check(where, typed(RIGHT)) for _ in range(10)),
    )
    ended = (await store.reader.verification("default", begun.verification.id)).status
    assert (1 if ended is VerificationStatus.APPROVED else 0) == kinds(answers)[Approved]


async def test_expiring_and_approving_at_once_have_one_winner(store, where, shift_clock):
    shift_clock(seconds(301))
    answers = await all_at_once(
        store.chores.expire(), *(store.verifications.check(where, typed(RIGHT)) for _ in range(20))
    )
    assert 0 == kinds(answers)[Approved]
