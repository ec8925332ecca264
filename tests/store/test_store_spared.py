"""Test numbers: a code that is always the same, no SMS and no limit on sends, and guesses counted like anybody's."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from store_words import NO_LADDER
from store_words import PHONE
from store_words import RIGHT
from store_words import SPARED
from store_words import WRONG
from store_words import a_resend
from store_words import an_issue
from store_words import begin
from store_words import by_id
from store_words import mark
from store_words import only
from store_words import sealed
from store_words import seconds
from store_words import subject
from store_words import typed

from aerocode.model.decision import Approved
from aerocode.model.decision import Barred
from aerocode.model.decision import Blocked
from aerocode.model.decision import Ended
from aerocode.model.decision import FixedCode
from aerocode.model.decision import Issued
from aerocode.model.decision import TooSoon
from aerocode.model.decision import Wrong
from aerocode.model.message import Source
from aerocode.model.policy import Cap
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Limits
from aerocode.model.states import MessageStatus
from aerocode.model.states import VerificationStatus

pytestmark = pytest.mark.anyio

FIXED = "424242"
TIGHT = Limits(
    sends_per_verification=1,
    phone_hour=Cap(1),
    phone_day=Cap(1),
    ip_hour=Cap(1),
    block_hour=Cap(1),
    application_day=Cap(1),
    daily_budget=Decimal(10),
)


def ask(of=None, *, until=None, limits=TIGHT, **more):
    issue = an_issue(of, limits=limits, network="192.0.2.1/32", **more)
    code = sealed(issue.subject, issue.verification_id, FIXED)
    return replace(issue, fixed=FixedCode(code=code, until=until))


async def start(store, of=None, **more):
    answer = await store.verifications.issue(ask(of, **more))
    assert isinstance(answer, Issued)
    return answer


async def test_the_fixed_code_verifies(store):
    begun = await start(store)
    assert isinstance(await store.verifications.check(by_id(begun), typed(FIXED)), Approved)


async def test_the_code_that_was_made_for_it_does_not(store):
    begun = await start(store)
    assert isinstance(await store.verifications.check(by_id(begun), typed(RIGHT)), Wrong)


async def test_it_says_that_it_is_a_test(store):
    begun = await start(store)
    approved = await store.verifications.check(by_id(begun), typed(FIXED))
    kept = await store.reader.verification("default", begun.verification.id)
    assert (True, True, True) == (begun.verification.test, approved.verification.test, kept.test)


async def test_an_ordinary_verification_says_that_it_is_none(store):
    begun = await begin(store)
    kept = await store.reader.verification("default", begun.verification.id)
    assert (False, False) == (begun.verification.test, kept.test)


async def test_no_limit_on_sends_holds_it(store):
    begun = [await start(store) for _ in range(12)]
    assert [False] + [True] * 11 == [answer.again for answer in begun]
    again = await store.verifications.resend(a_resend(by_id(begun[0]), limits=TIGHT))
    assert (True, 13, ()) == (again.again, again.verification.sends, again.over)


async def test_it_counts_for_no_limit_and_takes_no_money(home, store):
    begun = await start(store)
    await store.verifications.mark(begun.message_id, SPARED)
    assert [(0, 0, 0)] == await home.look(
        "select (select count(*) from sends), (select count(*) from ladders), (select count(*) from spending)"
    )


async def test_it_may_be_sent_again_at_once(store):
    begun = await start(store)
    assert begun.now == begun.verification.resend_at


async def test_its_message_is_accepted_by_ourselves(store):
    begun = await start(store)
    message = await mark(store, begun.message_id, SPARED)
    assert (MessageStatus.ACCEPTED, "test_number", Source.OWN, "") == (
        message.status,
        message.reason,
        message.timeline[-1].source,
        message.gate_id,
    )


async def test_a_spared_message_leaves_its_verification_pending(store):
    begun = await start(store)
    await store.verifications.mark(begun.message_id, SPARED)
    assert begun.verification == await store.reader.verification("default", begun.verification.id)


async def test_its_guesses_count(store):
    begun = await start(store)
    answers = [await store.verifications.check(by_id(begun), typed(WRONG)) for _ in range(6)]
    assert [4, 3, 2, 1, 0] == [answer.attempts_left for answer in answers[:5]]
    assert Ended(status=VerificationStatus.MAX_ATTEMPTS_REACHED) == answers[5]


async def test_its_guesses_are_the_phones(store):
    for session in ("a", "b"):
        begun = await start(store, subject(session=session))
        for _ in range(5):
            await store.verifications.check(by_id(begun), typed(WRONG))
    assert isinstance(await store.verifications.issue(ask()), Blocked)


async def test_a_code_of_another_verification_is_wrong(store):
    """The fixed code is bound to its verification like any other."""
    of = subject()
    issue = an_issue(of, limits=NO_LADDER)
    fixed = FixedCode(code=sealed(of, "another", FIXED), until=None)
    begun = await store.verifications.issue(replace(issue, fixed=fixed))
    assert isinstance(await store.verifications.check(by_id(begun), typed(FIXED)), Wrong)


async def test_it_is_held_by_countries_and_lists(store):
    limits = only(countries={"RU": CountryRule.BLOCK})
    assert Barred(reason="country") == await store.verifications.issue(ask(limits=limits))


async def test_it_expires_like_any_other(store, shift_clock):
    begun = await start(store)
    shift_clock(seconds(301))
    assert Ended(status=VerificationStatus.EXPIRED) == await store.verifications.check(by_id(begun), typed(FIXED))


# Its end.


async def test_until_its_end_it_stands(store, shift_clock):
    until = await store.now() + timedelta(hours=1)
    shift_clock(timedelta(minutes=59))
    assert (await start(store, until=until)).verification.test


async def test_after_its_end_the_phone_gets_an_ordinary_code(store, shift_clock):
    until = await store.now() + timedelta(hours=1)
    shift_clock(timedelta(hours=1))
    begun = await start(store, until=until)
    assert not begun.verification.test
    assert isinstance(await store.verifications.check(by_id(begun), typed(FIXED)), Wrong)
    assert isinstance(await store.verifications.check(by_id(begun), typed(RIGHT)), Approved)


async def test_after_its_end_every_limit_holds(store):
    until = await store.now() - seconds(1)
    await start(store, until=until)
    assert isinstance(await store.verifications.issue(ask(until=until)), TooSoon)


async def test_a_pending_code_is_not_changed_by_its_end(store, shift_clock):
    """No SMS ever left for it, so there is nothing to send again but to say so."""
    until = await store.now() + seconds(60)
    begun = await start(store, until=until)
    shift_clock(seconds(61))
    again = await store.verifications.issue(ask(until=until))
    assert (True, True, begun.verification.id) == (again.again, again.verification.test, again.verification.id)
    assert isinstance(await store.verifications.check(by_id(begun), typed(FIXED)), Approved)


async def test_a_phone_that_becomes_one_keeps_its_pending_code(store):
    begun = await begin(store, limits=NO_LADDER)
    again = await start(store, limits=NO_LADDER)
    assert (begun.verification.id, False) == (again.verification.id, again.verification.test)
    assert isinstance(await store.verifications.check(by_id(begun), typed(RIGHT)), Approved)


async def test_other_phones_are_none(store):
    await start(store)
    other = await begin(store, subject(phone=type(PHONE)("+79001112233")))
    assert not other.verification.test
