"""Requests that name themselves: sent once, answered the same for a day, and unreadable in the file."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import anyio
import pytest
from store_words import ACCEPTED
from store_words import NO_LADDER
from store_words import OTHER_PHONE
from store_words import REFUSED
from store_words import RIGHT
from store_words import UNKNOWN
from store_words import WRONG
from store_words import a_resend
from store_words import an_issue
from store_words import begin
from store_words import by_id
from store_words import only
from store_words import seconds
from store_words import subject
from store_words import typed

from aerocode.model.decision import Barred
from aerocode.model.decision import ById
from aerocode.model.decision import Issued
from aerocode.model.decision import Missing
from aerocode.model.decision import Repeated
from aerocode.model.decision import Request
from aerocode.model.decision import Spent
from aerocode.model.decision import TooSoon
from aerocode.model.decision import Unanswered
from aerocode.model.decision import Unlike
from aerocode.model.decision import Unready
from aerocode.model.message import Refused
from aerocode.model.message import Report
from aerocode.model.message import Source
from aerocode.model.policy import Cap
from aerocode.model.policy import CountryRule
from aerocode.model.states import MessageStatus
from aerocode.model.states import VerificationStatus

pytestmark = pytest.mark.anyio

DAY = timedelta(days=1)
KEY = "a-key-that-only-this-test-has"
BODY = '{"phone":"+79123456789","metadata":{"order":"twenty-five sausages"}}'
START = Request(key=KEY, route="start", body=BODY)
RESEND = Request(key=KEY, route="resend", body="again")
OUTCOMES = pytest.mark.parametrize("outcome", [ACCEPTED, REFUSED, UNKNOWN], ids=["accepted", "refused", "unknown"])


async def start(store, of=None, request=START, limits=NO_LADDER, **more):
    return await store.verifications.issue(an_issue(of, request=request, limits=limits, **more))


async def reopened(home):
    """After a crash: a file's owner gives up as it opens, replicas when nobody can have the message any more."""
    store = await home.reopen()
    await store.messages.give_up_unmarked(timedelta(0))
    return store


async def counts(home):
    ((*found,),) = await home.look(
        "select (select count(*) from verifications), (select count(*) from messages), (select count(*) from requests)"
    )
    return found


# Start.


@OUTCOMES
async def test_a_repeated_start_is_told_what_the_first_was_told(store, outcome):
    first = await start(store)
    marked = await store.verifications.mark(first.message_id, outcome)
    again = await start(store)
    assert (Repeated, marked.verification, False) == (type(again), again.verification, again.again)
    assert (marked.message.id, marked.message.status, marked.message.reason) == (
        again.message.id,
        again.message.status,
        again.message.reason,
    )


@OUTCOMES
async def test_a_repeated_start_sends_and_counts_nothing(home, store, outcome):
    first = await start(store, limits=only(phone_hour=Cap(9)))
    await store.verifications.mark(first.message_id, outcome)
    tables = ("verifications", "messages", "requests", "sends", "ladders")
    before = [await home.look(f"select * from {table}") for table in tables]
    for _ in range(3):
        await start(store, limits=only(phone_hour=Cap(9)))
    assert before == [await home.look(f"select * from {table}") for table in tables]


async def test_the_answer_stays_the_same_however_the_verification_goes_on(store, shift_clock):
    first = await start(store)
    marked = await store.verifications.mark(first.message_id, ACCEPTED)
    await store.verifications.check(by_id(first), typed(WRONG))
    shift_clock(seconds(20))
    await store.verifications.resend(a_resend(by_id(first), limits=NO_LADDER))
    await store.verifications.check(by_id(first), typed(RIGHT))
    await store.messages.note(first.message_id, Report(status=MessageStatus.DELIVERED, source=Source.POLL))
    again = await start(store)
    assert (marked.verification, MessageStatus.QUEUED) == (again.verification, again.message.status)


async def test_the_answer_stays_the_same_when_the_phone_is_barred_meanwhile(store):
    first = await start(store)
    await store.verifications.mark(first.message_id, ACCEPTED)
    again = await start(store, limits=replace(NO_LADDER, countries={"RU": CountryRule.BLOCK}))
    assert isinstance(again, Repeated)


async def test_a_start_that_was_approved_before_the_gate_answered_is_told_so(store):
    first = await start(store)
    await store.verifications.check(by_id(first), typed(RIGHT))
    await store.verifications.mark(first.message_id, ACCEPTED)
    assert VerificationStatus.APPROVED is (await start(store)).verification.status


async def test_a_refused_start_is_told_its_reason_and_the_gates_wait(store):
    first = await start(store)
    await store.verifications.mark(first.message_id, Refused(reason="connector.rate_limited", wait=17))
    again = await start(store)
    assert (MessageStatus.FAILED, "connector.rate_limited", 17, VerificationStatus.FAILED) == (
        again.message.status,
        again.message.reason,
        again.wait,
        again.verification.status,
    )


async def test_an_answer_without_a_wait_tells_none(store):
    first = await start(store)
    await store.verifications.mark(first.message_id, ACCEPTED)
    assert (await start(store)).wait is None


async def test_a_start_that_sent_the_pending_one_again_is_told_so(store):
    await begin(store, limits=NO_LADDER)
    second = await start(store)
    await store.verifications.mark(second.message_id, ACCEPTED)
    again = await start(store)
    assert (True, 2) == (again.again, again.verification.sends)


async def test_a_repeated_start_keeps_what_the_first_said(store):
    first = await start(store, metadata={"order": "25"}, payload={"name": "Anna"}, locale="ru")
    await store.verifications.mark(first.message_id, ACCEPTED)
    found = (await start(store)).verification
    assert ({"order": "25"}, {"name": "Anna"}, "ru") == (found.metadata, found.payload, found.locale)


# Resend.


@OUTCOMES
async def test_a_repeated_resend_is_told_what_the_first_was_told(store, outcome):
    begun = await begin(store, limits=NO_LADDER)
    first = await store.verifications.resend(a_resend(by_id(begun), limits=NO_LADDER, request=RESEND))
    marked = await store.verifications.mark(first.message_id, outcome)
    again = await store.verifications.resend(a_resend(by_id(begun), limits=NO_LADDER, request=RESEND))
    assert (Repeated, marked.verification, marked.message.status, True) == (
        type(again),
        again.verification,
        again.message.status,
        again.again,
    )


async def test_a_repeated_resend_sends_nothing(home, store):
    begun = await begin(store, limits=NO_LADDER)
    first = await store.verifications.resend(a_resend(by_id(begun), limits=NO_LADDER, request=RESEND))
    await store.verifications.mark(first.message_id, ACCEPTED)
    for _ in range(3):
        await store.verifications.resend(a_resend(by_id(begun), limits=NO_LADDER, request=RESEND))
    assert [1, 2, 1] == await counts(home)


async def test_a_repeated_resend_is_answered_though_the_verification_is_over(store):
    begun = await begin(store, limits=NO_LADDER)
    ask = a_resend(by_id(begun), limits=NO_LADDER, request=RESEND)
    first = await store.verifications.resend(ask)
    await store.verifications.mark(first.message_id, ACCEPTED)
    await store.verifications.check(by_id(begun), typed(RIGHT))
    again = await store.verifications.resend(a_resend(by_id(begun), limits=NO_LADDER, request=RESEND))
    assert (Repeated, VerificationStatus.PENDING) == (type(again), again.verification.status)


async def test_a_resend_of_an_unknown_verification_is_missing_and_not_remembered(home, store):
    answer = await store.verifications.resend(a_resend(ById("default", "nobody"), request=RESEND))
    assert (Missing(), [0, 0, 0]) == (answer, await counts(home))


@pytest.mark.parametrize("body", ["again", "another"])
async def test_a_key_is_looked_up_though_its_verification_cannot_be_found(store, body):
    begun = await begin(store, limits=NO_LADDER)
    first = await store.verifications.resend(a_resend(by_id(begun), limits=NO_LADDER, request=RESEND))
    await store.verifications.mark(first.message_id, ACCEPTED)
    expected = Repeated if body == RESEND.body else Unlike
    for where in (ById("default", "nobody"), subject(phone=OTHER_PHONE)):
        answer = await store.verifications.resend(a_resend(where, request=replace(RESEND, body=body)))
        assert expected is type(answer)


# Not the same request.


async def test_a_key_with_another_body_is_refused(home, store):
    first = await start(store)
    await store.verifications.mark(first.message_id, ACCEPTED)
    answer = await start(store, subject(session="s"), replace(START, body=BODY + " "))
    assert (Unlike(), [1, 1, 1]) == (answer, await counts(home))


async def test_a_key_with_another_body_is_refused_while_the_first_is_in_flight(store):
    await start(store)
    assert Unlike() == await start(store, request=replace(START, body="other"))


@pytest.mark.parametrize("name", ["application", "route", "key"])
async def test_a_key_is_one_applications_and_one_routes(store, name):
    first = await start(store)
    await store.verifications.mark(first.message_id, ACCEPTED)
    of = subject(application="bank") if name == "application" else subject()
    request = START if name == "application" else replace(START, **{name: "another"})
    assert isinstance(await start(store, of, request), Issued)


async def test_parts_of_a_request_are_not_run_together(store):
    for request in (Request(key="b", route="a", body=""), Request(key="ab", route="", body="")):
        assert isinstance(await start(store, subject(session=request.key), request), Issued)


async def test_a_start_without_a_key_is_remembered_nowhere(home, store):
    await begin(store)
    assert [1, 1, 0] == await counts(home)


# In flight, and after a crash.


async def test_a_start_in_flight_is_unanswered(home, store):
    await start(store)
    assert (Unanswered(), [1, 1, 1]) == (await start(store), await counts(home))


async def test_a_resend_in_flight_is_unanswered(store):
    begun = await begin(store, limits=NO_LADDER)
    ask = a_resend(by_id(begun), limits=NO_LADDER, request=RESEND)
    await store.verifications.resend(ask)
    assert Unanswered() == await store.verifications.resend(ask)


async def test_fifty_alike_at_once_send_once(home, store):
    answers = []

    async def go():
        answers.append(await start(store))

    async with anyio.create_task_group() as group:
        for _ in range(50):
            group.start_soon(go)
    assert (1, 49, [1, 1, 1]) == (
        sum(isinstance(answer, Issued) for answer in answers),
        sum(isinstance(answer, Unanswered) for answer in answers),
        await counts(home),
    )


async def test_after_a_crash_before_the_answer_it_is_unknown_and_never_sent_again(home, store):
    first = await start(store)
    again = await reopened(home)
    answers = [await start(again) for _ in range(2)]
    assert [(Repeated, first.message_id, MessageStatus.UNKNOWN, VerificationStatus.PENDING)] * 2 == [
        (type(answer), answer.message.id, answer.message.status, answer.verification.status) for answer in answers
    ]
    assert [1, 1, 1] == await counts(home)


async def test_what_is_told_after_a_crash_stays_the_same_however_it_goes_on(home, store):
    first = await start(store)
    store = await reopened(home)
    told = await start(store)
    await store.verifications.check(by_id(first), typed(WRONG))
    await store.messages.note(first.message_id, Report(status=MessageStatus.FAILED, source=Source.POLL))
    await store.verifications.check(by_id(first), typed(RIGHT))
    again = await start(store)
    assert (told.verification, MessageStatus.UNKNOWN) == (again.verification, again.message.status)


async def test_with_nothing_to_send_with_only_what_was_answered_before_has_an_answer(home, store):
    first = await start(store)
    await store.verifications.mark(first.message_id, ACCEPTED)
    before = await counts(home)
    assert isinstance(await start(store, ready=False), Repeated)
    assert Unlike() == await start(store, request=replace(START, body="another"), ready=False)
    assert Unready() == await start(store, request=replace(START, key="another"), ready=False)
    assert Unready() == await store.verifications.resend(a_resend(by_id(first), limits=NO_LADDER, ready=False))
    assert before == await counts(home)


async def test_a_crash_after_the_mark_forgets_no_answer(home, store):
    first = await start(store)
    marked = await store.verifications.mark(first.message_id, ACCEPTED)
    again = await start(await home.reopen())
    assert (marked.verification, MessageStatus.QUEUED) == (again.verification, again.message.status)


async def test_a_late_mark_after_a_crash_is_told_from_then_on(home, store):
    first = await start(store)
    store = await reopened(home)
    await store.verifications.mark(first.message_id, REFUSED)
    again = await start(store)
    assert (MessageStatus.FAILED, VerificationStatus.FAILED) == (again.message.status, again.verification.status)


# A day.


async def test_an_answer_is_kept_for_a_day(store, shift_clock):
    first = await start(store)
    await store.verifications.mark(first.message_id, ACCEPTED)
    shift_clock(DAY - seconds(5))
    assert isinstance(await start(store), Repeated)


async def test_after_a_day_the_key_is_free_for_anything(store, shift_clock):
    first = await start(store)
    await store.verifications.mark(first.message_id, ACCEPTED)
    shift_clock(DAY + seconds(1))
    second = await start(store, request=replace(START, body="another"))
    assert isinstance(second, Issued)
    await store.verifications.mark(second.message_id, UNKNOWN)
    again = await start(store, request=replace(START, body="another"))
    assert (second.message_id, MessageStatus.UNKNOWN) == (again.message.id, again.message.status)


async def test_a_key_used_anew_is_in_flight_anew(store, shift_clock):
    first = await start(store)
    await store.verifications.mark(first.message_id, ACCEPTED)
    shift_clock(DAY + seconds(1))
    await start(store)
    assert Unanswered() == await start(store)


async def test_a_very_late_mark_answers_no_newer_request(store, shift_clock):
    first = await start(store)
    shift_clock(DAY + seconds(1))
    await start(store)
    await store.verifications.mark(first.message_id, ACCEPTED)
    assert Unanswered() == await start(store)


async def test_an_answer_is_kept_while_retention_sweeps_and_gone_a_day_later(home, store, shift_clock):
    first = await start(store)
    await store.verifications.mark(first.message_id, ACCEPTED)
    shift_clock(DAY - seconds(5))
    await store.chores.forget(timedelta(days=30))
    assert isinstance(await start(store), Repeated)
    shift_clock(seconds(6))
    await store.chores.forget(timedelta(days=30))
    assert 0 == (await counts(home))[2]


# Refusals before anything was recorded are not remembered.


@pytest.mark.parametrize(
    ("limits", "refusal"),
    [
        (only(phone_hour=Cap(0)), TooSoon),
        (only(countries={"RU": CountryRule.BLOCK}), Barred),
        (only(daily_budget=Decimal(0)), Spent),
    ],
    ids=["cap", "country", "money"],
)
async def test_a_refusal_before_anything_is_recorded_is_not_remembered(home, store, limits, refusal):
    assert refusal is type(await start(store, limits=limits))
    assert [0, 0, 0] == await counts(home)
    assert isinstance(await start(store), Issued)


async def test_a_refused_resend_leaves_its_key_free(store, shift_clock):
    begun = await begin(store)
    assert isinstance(await store.verifications.resend(a_resend(by_id(begun), request=RESEND)), TooSoon)
    shift_clock(seconds(31))
    assert isinstance(await store.verifications.resend(a_resend(by_id(begun), request=RESEND)), Issued)


# At rest.


async def test_nothing_of_a_request_can_be_read_from_its_row(home, store):
    first = await start(store)
    await store.verifications.mark(first.message_id, ACCEPTED)
    (row,) = await home.look("select * from requests")
    kept = str(row)
    assert [] == [word for word in (KEY, "sausages", "79123456789", "start", RIGHT) if word in kept]
