"""What the store does with what is learned of messages later: ids, leases, moderation, lists along an index."""

import asyncio
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from store_words import ACCEPTED
from store_words import NO_LADDER
from store_words import OTHER_PHONE
from store_words import PHONE
from store_words import REFUSED
from store_words import RIGHT
from store_words import UNKNOWN
from store_words import a_resend
from store_words import begin
from store_words import mark
from store_words import seconds
from store_words import subject
from store_words import typed

from aerocode.model.decision import Approved
from aerocode.model.decision import ById
from aerocode.model.decision import Ended
from aerocode.model.decision import Issued
from aerocode.model.message import Accepted
from aerocode.model.message import Found
from aerocode.model.message import HandOver
from aerocode.model.message import Report
from aerocode.model.message import Source
from aerocode.model.policy import LONGEST_LIFE
from aerocode.model.states import MessageStatus
from aerocode.ports import Wanted

pytestmark = pytest.mark.anyio

HANDED = HandOver(took=seconds(2), account="an account", proof=b"a proof")
IN_MODERATION = Accepted(gate_id="31415", status=MessageStatus.MODERATION)


def told(status: MessageStatus, source: Source = Source.POLL, **more) -> Report:
    return Report(status=status, source=source, **more)


def where(begun: Issued) -> ById:
    return ById("default", begun.verification.id)


async def lost(store, **more) -> Issued:
    """A start nobody knows the end of."""
    begun = await begin(store, limits=NO_LADDER, **more)
    await store.verifications.mark(begun.message_id, replace(UNKNOWN, handed=HANDED))
    return begun


async def found(store, message_id, gate_id="7", **more):
    at = (await store.reader.message("default", message_id)).created_at
    return await store.messages.settle(
        message_id, Found(at=at, report=told(MessageStatus.SENT, gate_id=gate_id, **more))
    )


# The timeline.


async def test_the_hand_over_is_a_line_of_its_own_before_the_answer(store, shift_clock):
    begun = await begin(store)
    shift_clock(seconds(5))
    message = await mark(store, begun.message_id, replace(ACCEPTED, handed=HANDED))

    assert [("created", ""), ("created", "handed_over"), ("queued", "")] == [
        (str(line.status), line.reason) for line in message.timeline
    ]
    assert seconds(1.5) < message.timeline[2].at - message.timeline[1].at < seconds(2.5)


async def test_a_hand_over_is_never_told_before_the_message_was_created(store):
    begun = await begin(store)
    message = await mark(store, begun.message_id, replace(ACCEPTED, handed=HANDED))

    assert message.created_at == message.timeline[1].at


async def test_the_gates_id_stands_in_the_line_that_brought_it(store):
    begun = await lost(store)
    message = await store.messages.note(begun.message_id, told(MessageStatus.SENT, Source.CALLBACK, gate_id="7"))

    assert ("7", ["", "", "", "7"]) == (message.gate_id, [line.gate_id for line in message.timeline])


async def test_a_report_with_another_id_is_about_another_message(store):
    begun = await begin(store)
    before = await mark(store, begun.message_id, ACCEPTED)

    assert before == await store.messages.note(begun.message_id, told(MessageStatus.SENT, gate_id="7"))


async def test_the_operator_is_kept_once_it_is_told(store):
    begun = await begin(store)
    await store.messages.note(begun.message_id, told(MessageStatus.SENT, operator="MTS"))
    message = await store.messages.note(begun.message_id, told(MessageStatus.DELIVERED))

    assert "MTS" == message.operator


async def spent(home):
    ((marks,),) = await home.look("select marks from spending")
    return sum(much for _, much in json.loads(marks))


async def test_the_price_that_comes_later_settles_the_money_that_was_set_aside(home, store):
    begun = await begin(store, limits=replace(NO_LADDER, daily_budget=Decimal(100)))
    await store.verifications.mark(begun.message_id, replace(UNKNOWN, handed=HANDED))
    await store.messages.note(begun.message_id, told(MessageStatus.SENT, cost=Decimal("4.19")))

    assert [(0, "4.19")] == await home.look("select aside, cost from messages")
    assert 41_900 == await spent(home)


async def test_a_message_that_was_lost_gives_its_money_back(home, store):
    begun = await begin(store, limits=replace(NO_LADDER, daily_budget=Decimal(100)))
    await store.verifications.mark(begun.message_id, replace(UNKNOWN, handed=HANDED))
    await store.messages.note(begun.message_id, told(MessageStatus.FAILED, reason="not_found_at_gate"))

    assert 0 == await spent(home)


async def test_a_message_the_gate_has_taken_can_not_be_lost(store):
    begun = await begin(store)
    before = await mark(store, begun.message_id, ACCEPTED)

    assert before == await store.messages.note(begun.message_id, told(MessageStatus.FAILED))


async def test_a_lost_message_ends_no_verification(store):
    begun = await lost(store)
    message = await store.messages.note(begun.message_id, told(MessageStatus.FAILED, reason="not_found_at_gate"))

    assert (MessageStatus.FAILED, "not_found_at_gate") == (message.status, message.reason)
    assert isinstance(await store.verifications.check(where(begun), typed(RIGHT)), Approved)


# What is found in the gate's list.


async def test_what_is_found_settles_an_uncertain_send(store):
    message = await found(store, (await lost(store)).message_id)

    assert (MessageStatus.SENT, "7", "") == (message.status, message.gate_id, message.reason)


async def test_an_id_that_another_message_has_is_not_taken_twice(store):
    first, second = await lost(store, of=subject(session="a")), await lost(store, of=subject(session="b"))
    await found(store, first.message_id)

    assert await found(store, second.message_id) is None


async def test_an_id_is_claimed_by_one_of_many_that_want_it(store):
    lost_ones = [await lost(store, of=subject(session=str(number))) for number in range(8)]
    answers = await asyncio.gather(*(found(store, each.message_id) for each in lost_ones))

    assert 1 == len([answer for answer in answers if answer is not None])


# Who asks, and when.


async def test_a_message_that_is_due_is_given_to_one_who_asks(store, shift_clock):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, replace(UNKNOWN, handed=HANDED))
    assert [] == await store.messages.due(10)
    shift_clock(seconds(16))
    (due,) = await store.messages.due(10)

    assert (begun.message_id, "an account", b"a proof") == (due.message.id, due.account, due.proof)
    assert [] == await store.messages.due(10)


async def test_many_who_ask_at_once_share_what_is_due(store, shift_clock):
    for number in range(20):
        begun = await begin(store, subject(session=str(number)), limits=NO_LADDER)
        await store.verifications.mark(begun.message_id, ACCEPTED)
    shift_clock(seconds(16))
    taken = await asyncio.gather(*(store.messages.due(4) for _ in range(8)))
    ids = [due.message.id for some in taken for due in some]

    assert (20, 20) == (len(ids), len(set(ids)))


async def test_whoever_took_a_message_and_died_has_it_only_for_a_while(store, shift_clock):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, ACCEPTED)
    for pause in (60, 120, 240):
        shift_clock(seconds(pause))
        assert [begun.message_id] == [due.message.id for due in await store.messages.due(10)]


async def test_what_is_due_outlives_a_restart(home, store, shift_clock):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, ACCEPTED)
    shift_clock(seconds(16))
    store = await home.reopen()
    await store.messages.give_up_unmarked(seconds(0))  # a file does as it opens; of replicas, one when it is time

    assert [begun.message_id] == [due.message.id for due in await store.messages.due(10)]


@pytest.mark.parametrize("outcome", [ACCEPTED, REFUSED], ids=["accepted", "refused"])
async def test_a_proof_is_kept_of_uncertain_sends_alone(home, store, outcome):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, replace(outcome, handed=HANDED))

    assert [("an account", None)] == await home.look("select account, proof from messages")


@pytest.mark.parametrize(
    "report",
    [
        told(MessageStatus.QUEUED, gate_id="7"),
        told(MessageStatus.DELIVERED, Source.CALLBACK),
        told(MessageStatus.FAILED, reason="not_found_at_gate"),
    ],
    ids=lambda report: str(report.status),
)
async def test_a_proof_is_wiped_once_nothing_is_to_be_found_by_it(home, store, report):
    begun = await lost(store)
    assert [(b"a proof",)] == await home.look("select proof from messages")
    await store.messages.note(begun.message_id, report)

    assert [(None,)] == await home.look("select proof from messages")


async def test_a_proof_is_wiped_by_the_reply_that_comes_late_and_with_the_last_question(home, store, shift_clock):
    first, second = await lost(store, of=subject(session="a")), await lost(store, of=subject(session="b"))
    await store.verifications.mark(first.message_id, replace(ACCEPTED, handed=HANDED))
    shift_clock(seconds(48 * 3600))
    assert {first.message_id, second.message_id} == {due.message.id for due in await store.messages.due(10)}

    assert [(None, None)] * 2 == await home.look("select proof, ask_at from messages")


async def test_a_message_that_is_final_is_never_due(store, shift_clock):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, replace(ACCEPTED, cost=Decimal("4.19")))
    await store.messages.note(begun.message_id, told(MessageStatus.DELIVERED))
    shift_clock(seconds(600))

    assert [] == await store.messages.due(10)


async def test_a_message_that_is_final_before_its_cost_is_known_is_due_once(store, shift_clock):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, ACCEPTED)
    await store.messages.note(begun.message_id, told(MessageStatus.DELIVERED))
    due = []
    for _ in range(2):
        shift_clock(seconds(600))
        due += [each.message.id for each in await store.messages.due(10)]

    assert [begun.message_id] == due


async def test_a_lost_message_has_no_cost_to_ask_for(store, shift_clock):
    begun = await lost(store)
    await store.messages.note(begun.message_id, told(MessageStatus.FAILED))
    shift_clock(seconds(600))

    assert [] == await store.messages.due(10)


async def test_the_deadline_is_ten_minutes_after_the_code(store, shift_clock):
    begun = await lost(store)
    shift_clock(seconds(16))
    (due,) = await store.messages.due(10)

    assert begun.verification.expires_at + seconds(600) == due.deadline


async def test_an_uncertain_send_is_asked_about_at_its_deadline(store, shift_clock):
    begun = await lost(store)
    moments = []
    for _ in range(130):
        shift_clock(seconds(10))
        moments += [due.now - begun.now for due in await store.messages.due(10)]

    assert any(seconds(900) <= moment < seconds(912) for moment in moments)


async def test_a_message_without_a_proof_is_due_with_what_it_was_made_of_while_its_code_lives(home, store, shift_clock):
    begun = await begin(store)
    store = await home.reopen()
    await store.messages.give_up_unmarked(seconds(0))  # a file does as it opens; of replicas, one when it is time
    shift_clock(seconds(16))
    (due,) = await store.messages.due(10)
    assert begun.verification.id == due.unproved[0].id
    await store.messages.prove(begun.message_id, b"made again")
    shift_clock(seconds(60))
    (due,) = await store.messages.due(10)

    assert (b"made again", None) == (due.proof, due.unproved)


async def test_after_its_code_ended_there_is_nothing_to_make_a_proof_of(home, store, shift_clock):
    begun = await begin(store)
    store = await home.reopen()
    await store.messages.give_up_unmarked(seconds(0))  # a file does as it opens; of replicas, one when it is time
    await store.verifications.check(where(begun), typed(RIGHT))
    shift_clock(seconds(16))
    (due,) = await store.messages.due(10)

    assert (None, None) == (due.proof, due.unproved)


# Moderation.


async def test_in_moderation_a_code_lives_as_long_as_one_may(store):
    begun = await begin(store)
    marked = await store.verifications.mark(begun.message_id, IN_MODERATION)

    assert begun.verification.created_at + LONGEST_LIFE == marked.verification.expires_at


async def test_moderation_that_is_learned_of_later_counts_as_well(store, shift_clock):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, ACCEPTED)
    await store.messages.note(begun.message_id, told(MessageStatus.MODERATION))
    shift_clock(seconds(590))

    assert isinstance(await store.verifications.check(where(begun), typed(RIGHT)), Approved)


async def test_after_moderation_a_code_lives_its_lifetime_once_more(store, shift_clock):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, IN_MODERATION)
    shift_clock(seconds(100))
    await store.messages.note(begun.message_id, told(MessageStatus.SENT))
    shown = await store.reader.verification("default", begun.verification.id)

    assert seconds(399) < shown.expires_at - begun.now < seconds(401)


async def test_after_late_moderation_a_code_lives_no_longer_than_one_may(store, shift_clock):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, IN_MODERATION)
    shift_clock(seconds(500))
    await store.messages.note(begun.message_id, told(MessageStatus.SENT))
    shown = await store.reader.verification("default", begun.verification.id)

    assert begun.verification.created_at + LONGEST_LIFE == shown.expires_at


async def test_what_has_run_out_is_not_raised_by_moderation(store, shift_clock):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, ACCEPTED)
    shift_clock(seconds(301))
    await store.messages.note(begun.message_id, told(MessageStatus.MODERATION))

    assert isinstance(await store.verifications.check(where(begun), typed(RIGHT)), Ended)


async def test_a_resend_in_moderation_shortens_nothing(store, shift_clock):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, IN_MODERATION)
    shift_clock(seconds(60))
    again = await store.verifications.resend(a_resend(where(begun)))

    assert begun.verification.created_at + LONGEST_LIFE == again.verification.expires_at


async def test_while_another_message_is_in_moderation_leaving_it_shortens_nothing(store, shift_clock):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, IN_MODERATION)
    shift_clock(seconds(60))
    again = await store.verifications.resend(a_resend(where(begun)))
    await store.verifications.mark(again.message_id, replace(IN_MODERATION, gate_id="27182"))
    await store.messages.note(begun.message_id, told(MessageStatus.SENT))
    shown = await store.reader.verification("default", begun.verification.id)

    assert begun.verification.created_at + LONGEST_LIFE == shown.expires_at


async def test_moderated_messages_are_counted_among_the_last(store):
    for number in range(4):
        begun = await begin(store, subject(session=str(number)), limits=NO_LADDER)
        await store.verifications.mark(begun.message_id, IN_MODERATION if number % 2 else ACCEPTED)
    await store.messages.note(begun.message_id, told(MessageStatus.DELIVERED))

    assert ((2, 4), (1, 1)) == (await store.reader.moderated(50), await store.reader.moderated(1))


# Lists.


@pytest.fixture
async def sent(store, shift_clock):
    """Six messages a minute apart, oldest first: to one phone, to another, in turn; queued, unknown, unmarked."""
    ids = []
    for number in range(6):
        of = subject(phone=(PHONE, OTHER_PHONE)[number % 2], session=str(number))
        begun = await begin(store, of, limits=NO_LADDER)
        outcome = (ACCEPTED, UNKNOWN, None)[number % 3]
        if outcome is not None:
            await store.verifications.mark(begun.message_id, outcome)
        ids.append(begun.message_id)
        shift_clock(seconds(60))
    return ids


async def listed(store, application="default", **wanted) -> list[str]:
    return [row.id for row in await store.reader.messages(application, Wanted(**{"limit": 100, **wanted}))]


async def test_messages_are_listed_newest_first(store, sent):
    assert sent[::-1] == await listed(store)


async def test_a_list_of_messages_is_an_applications_own(store, sent):
    assert ([], []) == (await listed(store, "shop"), await listed(store, "shop", phone=PHONE))


async def test_messages_of_one_phone(store, sent):
    assert sent[4::-2] == await listed(store, phone=PHONE)


async def test_messages_of_some_statuses(store, sent):
    some = frozenset({MessageStatus.UNKNOWN, MessageStatus.CREATED})

    assert [sent[5], sent[4], sent[2], sent[1]] == await listed(store, statuses=some)
    assert [sent[4], sent[2]] == await listed(store, statuses=some, phone=PHONE)


async def test_messages_of_a_time(store, sent):
    at = [(await store.reader.message("default", one)).created_at for one in sent]

    assert sent[3:1:-1] == await listed(store, since=at[2], until=at[4])
    assert sent[2:3] == await listed(store, since=at[2], until=at[4], phone=PHONE)


@pytest.mark.parametrize("phone", [None, PHONE])
async def test_pages_of_messages_follow_one_another_without_gap_or_overlap(store, sent, phone):
    pages, before = [], None
    while page := await store.reader.messages("default", Wanted(limit=2, phone=phone, before=before)):
        pages += [row.id for row in page]
        before = page[-1].created_at, page[-1].id

    assert (sent[::-1] if phone is None else sent[4::-2]) == pages


async def test_a_verification_has_its_messages_oldest_first(store, shift_clock):
    begun = await begin(store)
    shift_clock(seconds(40))
    again = await store.verifications.resend(a_resend(where(begun)))
    await begin(store, subject(phone=OTHER_PHONE))

    assert [begun.message_id, again.message_id] == [
        row.id for row in await store.reader.messages_of(begun.verification)
    ]


async def test_a_verification_keeps_its_messages_when_its_phone_is_forgotten(store, shift_clock):
    begun = await begin(store)
    shift_clock(seconds(86_400 * 40))
    await store.chores.forget(seconds(86_400 * 30))

    assert [begun.message_id] == [row.id for row in await store.reader.messages_of(begun.verification)]
