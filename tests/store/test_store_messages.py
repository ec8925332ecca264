"""Messages: marked once, moved forward only, given up at a restart, and never touched otherwise."""

from decimal import Decimal

import pytest
from store_homes import ON_A_FILE
from store_homes import ON_A_SERVER
from store_words import ACCEPTED
from store_words import NO_LADDER
from store_words import OTHER_PHONE
from store_words import PHONE
from store_words import REFUSED
from store_words import RIGHT
from store_words import UNKNOWN
from store_words import begin
from store_words import mark
from store_words import seconds
from store_words import typed

from aerocode.crypto import new_id
from aerocode.errors import EntityNotFound
from aerocode.model.decision import Approved
from aerocode.model.decision import ById
from aerocode.model.decision import Test as Trial
from aerocode.model.decision import TooSoon
from aerocode.model.message import Accepted
from aerocode.model.message import Message
from aerocode.model.message import Refused
from aerocode.model.message import Report
from aerocode.model.message import Source
from aerocode.model.policy import Limits
from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus

pytestmark = pytest.mark.anyio


@pytest.fixture
async def sent(store):
    """The id of a message that was recorded and is on its way."""
    return (await begin(store)).message_id


def statuses(message: Message) -> list[str]:
    return [str(event.status) for event in message.timeline]


async def test_a_message_begins_created_by_us(store, sent):
    message = await store.reader.message("default", sent)
    assert [(MessageStatus.CREATED, Source.OWN)] == [(event.status, event.source) for event in message.timeline]


async def test_a_message_knows_whom_it_is_for(store, sent):
    message = await store.reader.message("default", sent)
    assert (PHONE, UsageType.GENERIC, "default") == (message.phone, message.usage_type, message.application)


async def test_an_accepted_message_keeps_what_the_gate_said(store, sent):
    outcome = Accepted(
        gate_id="31415",
        status=MessageStatus.QUEUED,
        detail="queue",
        sender="SMS Aero",
        segments=2,
        cost=Decimal("7.38"),
    )
    message = (await store.verifications.mark(sent, outcome)).message
    assert ("31415", MessageStatus.QUEUED, "SMS Aero", 2, Decimal("7.38")) == (
        message.gate_id,
        message.status,
        message.sender,
        message.segments,
        message.cost,
    )


async def test_a_refused_message_is_failed_with_its_reason(store, sent):
    message = await mark(store, sent, REFUSED)
    assert (MessageStatus.FAILED, "connector.refused", "no") == (
        message.status,
        message.reason,
        message.timeline[-1].detail,
    )


async def test_an_uncertain_message_is_unknown_with_its_reason(store, sent):
    message = (await store.verifications.mark(sent, UNKNOWN)).message
    assert (MessageStatus.UNKNOWN, "connector.unknown_outcome") == (message.status, message.reason)


async def test_a_mark_is_committed_when_it_answers(home, store, sent):
    await store.verifications.mark(sent, ACCEPTED)
    assert [("queued",)] == await home.look("select status from messages")


async def test_every_mark_is_a_line_of_the_timeline(store, sent):
    message = await mark(store, sent, ACCEPTED)
    assert [Source.OWN, Source.REPLY] == [event.source for event in message.timeline]


async def test_a_message_nobody_recorded_cannot_be_marked(store):
    with pytest.raises(EntityNotFound):
        await store.verifications.mark(new_id(), ACCEPTED)


async def test_a_late_answer_moves_an_unknown_message_forward(store, sent):
    await store.verifications.mark(sent, UNKNOWN)
    message = (await store.verifications.mark(sent, ACCEPTED)).message
    assert (MessageStatus.QUEUED, "31415", "") == (message.status, message.gate_id, message.reason)


async def test_a_late_refusal_of_an_unknown_start_ends_it(store, sent):
    await store.verifications.mark(sent, UNKNOWN)
    marked = await store.verifications.mark(sent, REFUSED)
    assert VerificationStatus.FAILED is marked.verification.status


@pytest.mark.parametrize(
    "late", [UNKNOWN, Accepted(gate_id="2", status=MessageStatus.ACCEPTED)], ids=lambda it: type(it).__name__
)
async def test_a_late_mark_of_lower_rank_moves_nothing(store, sent, late):
    await store.verifications.mark(sent, ACCEPTED)
    message = (await store.verifications.mark(sent, late)).message
    assert (MessageStatus.QUEUED, "31415") == (message.status, message.gate_id)


async def test_an_answer_that_comes_after_a_report_still_gives_the_gates_id(store, sent):
    await store.messages.note(sent, Report(status=MessageStatus.DELIVERED, source=Source.POLL))
    message = (await store.verifications.mark(sent, ACCEPTED)).message
    assert (MessageStatus.DELIVERED, "31415") == (message.status, message.gate_id)


async def test_a_late_mark_of_lower_rank_is_noted(store, sent):
    await store.verifications.mark(sent, ACCEPTED)
    message = await mark(store, sent, UNKNOWN)
    assert ["created", "queued", "unknown"] == statuses(message)


async def test_a_refused_message_stays_failed(store, sent):
    await store.verifications.mark(sent, REFUSED)
    assert MessageStatus.FAILED is (await store.verifications.mark(sent, ACCEPTED)).message.status


async def test_an_acceptance_after_a_refusal_does_not_raise_the_verification_again(store, sent, at_rest):
    await store.verifications.mark(sent, REFUSED)
    marked = await store.verifications.mark(sent, ACCEPTED)
    assert VerificationStatus.FAILED is marked.verification.status


@pytest.mark.parametrize(
    "final",
    [MessageStatus.DELIVERED, MessageStatus.UNDELIVERED, MessageStatus.REJECTED, MessageStatus.FAILED],
)
async def test_a_final_status_is_never_left(store, sent, final):
    await store.messages.note(sent, Report(status=final, source=Source.POLL))
    for status in MessageStatus:
        await store.messages.note(sent, Report(status=status, source=Source.POLL))
    assert final is (await store.reader.message("default", sent)).status


async def test_reports_move_a_message_forward(store, sent):
    await store.verifications.mark(sent, ACCEPTED)
    for status in (MessageStatus.MODERATION, MessageStatus.QUEUED, MessageStatus.SENT, MessageStatus.DELIVERED):
        message = await store.messages.note(sent, Report(status=status, source=Source.POLL))
        assert status is message.status


async def test_a_report_of_lower_rank_is_noted_and_moves_nothing(store, sent):
    await store.messages.note(sent, Report(status=MessageStatus.SENT, source=Source.POLL))
    message = await store.messages.note(sent, Report(status=MessageStatus.QUEUED, source=Source.POLL))
    assert (MessageStatus.SENT, ["created", "sent", "queued"]) == (message.status, statuses(message))


async def test_the_same_report_twice_is_one_line(store, sent):
    for _ in range(3):
        message = await store.messages.note(sent, Report(status=MessageStatus.SENT, source=Source.POLL))
    assert ["created", "sent"] == statuses(message)


async def test_a_report_brings_the_cost(store, sent):
    report = Report(status=MessageStatus.DELIVERED, source=Source.POLL, cost=Decimal("3.69"))
    assert Decimal("3.69") == (await store.messages.note(sent, report)).cost


async def test_a_report_without_cost_keeps_what_is_known(store, sent):
    await store.messages.note(sent, Report(status=MessageStatus.SENT, source=Source.POLL, cost=Decimal("3.69")))
    message = await store.messages.note(sent, Report(status=MessageStatus.DELIVERED, source=Source.POLL))
    assert Decimal("3.69") == message.cost


async def test_a_report_that_it_failed_leaves_the_verification_checkable(store):
    begun = await begin(store)
    await store.verifications.mark(begun.message_id, ACCEPTED)
    await store.messages.note(begun.message_id, Report(status=MessageStatus.UNDELIVERED, source=Source.POLL))
    where = ById("default", begun.verification.id)
    assert isinstance(await store.verifications.check(where, typed(RIGHT)), Approved)


async def test_a_report_on_a_message_nobody_recorded_is_refused(store):
    with pytest.raises(EntityNotFound):
        await store.messages.note(new_id(), Report(status=MessageStatus.SENT, source=Source.POLL))


async def test_the_timeline_is_in_the_stores_time(store, sent, shift_clock):
    shift_clock(seconds(3600))
    message = await mark(store, sent, ACCEPTED)
    assert seconds(3600) <= message.timeline[1].at - message.timeline[0].at < seconds(3660)


# What a restart finds.


@ON_A_FILE
async def test_a_message_that_was_never_marked_is_unknown_after_a_restart(home, store, sent):
    store = await home.reopen()
    message = await store.reader.message("default", sent)
    assert (MessageStatus.UNKNOWN, Source.RESTART, "not_marked") == (
        message.status,
        message.timeline[-1].source,
        message.timeline[-1].reason,
    )


@ON_A_FILE
async def test_all_unmarked_messages_are_unknown_after_a_restart(home, store):
    for _ in range(5):
        await begin(store, limits=NO_LADDER)
    await home.reopen()
    assert [("unknown", 5)] == await home.look("select status, count(*) from messages group by status")


@ON_A_SERVER
async def test_a_replica_that_starts_leaves_alone_what_another_may_have_in_its_hands(home, store, sent):
    store = await home.reopen()
    assert MessageStatus.CREATED is (await store.reader.message("default", sent)).status


async def test_what_was_given_up_says_why(store, sent, shift_clock):
    shift_clock(seconds(20))
    await store.messages.give_up_unmarked(seconds(13))
    message = await store.reader.message("default", sent)
    assert (MessageStatus.UNKNOWN, Source.RESTART, "not_marked") == (
        message.status,
        message.timeline[-1].source,
        message.timeline[-1].reason,
    )


async def test_a_restart_leaves_the_verification_checkable(home, store):
    begun = await begin(store)
    store = await home.reopen()
    where = ById("default", begun.verification.id)
    assert isinstance(await store.verifications.check(where, typed(RIGHT)), Approved)


@pytest.mark.parametrize("outcome", [ACCEPTED, REFUSED, UNKNOWN], ids=["accepted", "refused", "unknown"])
async def test_a_restart_leaves_marked_messages_alone(home, store, sent, outcome):
    before = await mark(store, sent, outcome)
    store = await home.reopen()
    assert before == await store.reader.message("default", sent)


async def test_a_mark_after_a_restart_moves_the_message_forward(home, store, sent):
    store = await home.reopen()
    assert MessageStatus.QUEUED is (await store.verifications.mark(sent, ACCEPTED)).message.status


async def test_an_unmarked_message_is_left_alone_however_long_the_store_is_open(store, sent, shift_clock):
    shift_clock(seconds(86_400))
    await store.chores.expire()
    assert MessageStatus.CREATED is (await store.reader.message("default", sent)).status


async def test_giving_up_spares_what_was_handed_over_lately(store, sent, shift_clock):
    shift_clock(seconds(10))
    assert 0 == await store.messages.give_up_unmarked(seconds(13))
    shift_clock(seconds(10))
    assert 1 == await store.messages.give_up_unmarked(seconds(13))


# Messages of the connector tester.


def trial(caller: str = "key-1", phone=PHONE, limits: Limits | None = None) -> Trial:
    return Trial(application="default", caller=caller, phone=phone, message_id=new_id(), limits=limits or Limits())


async def test_a_test_message_belongs_to_no_verification(store):
    message = await store.messages.test(trial())
    assert (None, MessageStatus.CREATED, PHONE) == (message.verification, message.status, message.phone)


async def test_a_test_message_is_marked_without_a_verification(store):
    message = await store.messages.test(trial())
    marked = await store.messages.mark(message.id, REFUSED)
    assert (MessageStatus.FAILED, None) == (marked.message.status, marked.verification)


async def test_a_caller_sends_five_tests_a_minute(store):
    answers = [await store.messages.test(trial(phone=type(PHONE)(f"+7912345670{n}"))) for n in range(6)]
    assert [Message] * 5 + [TooSoon] == [type(answer) for answer in answers]


async def test_a_phone_receives_five_tests_an_hour(store):
    answers = [await store.messages.test(trial(caller=f"key-{n}")) for n in range(6)]
    assert [Message] * 5 + [TooSoon] == [type(answer) for answer in answers]


async def test_a_callers_minute_ends(store, shift_clock):
    only = Limits(tests_per_caller_minute=1)
    await store.messages.test(trial(limits=only))
    shift_clock(seconds(50))
    refused = await store.messages.test(trial(limits=only, phone=OTHER_PHONE))
    assert seconds(9) <= refused.resend_at - refused.now <= seconds(10)
    shift_clock(seconds(11))
    assert isinstance(await store.messages.test(trial(limits=only)), Message)


async def test_a_phones_hour_ends(store, shift_clock):
    only = Limits(tests_per_phone_hour=1)
    await store.messages.test(trial(limits=only))
    shift_clock(seconds(3500))
    refused = await store.messages.test(trial(limits=only, caller="key-2"))
    assert seconds(99) <= refused.resend_at - refused.now <= seconds(100)
    shift_clock(seconds(101))
    assert isinstance(await store.messages.test(trial(limits=only)), Message)


async def test_another_caller_and_another_phone_are_not_held_up(store):
    only = Limits(tests_per_caller_minute=1, tests_per_phone_hour=1)
    await store.messages.test(trial(limits=only))
    assert isinstance(await store.messages.test(trial(caller="key-2", phone=OTHER_PHONE, limits=only)), Message)


async def test_a_refused_test_records_nothing(home, store):
    only = Limits(tests_per_caller_minute=1)
    await store.messages.test(trial(limits=only))
    await store.messages.test(trial(limits=only))
    assert [(1,)] == await home.look("select count(*) from messages")


async def test_codes_sent_to_a_phone_do_not_count_as_tests(store):
    for _ in range(5):
        await begin(store, limits=NO_LADDER)
    assert isinstance(await store.messages.test(trial(limits=Limits(tests_per_phone_hour=1))), Message)


async def test_tests_start_no_wait_for_codes(store):
    await store.messages.test(trial())
    assert await begin(store)


async def test_refused_test_messages_count_as_tests(store):
    only = Limits(tests_per_phone_hour=1)
    message = await store.messages.test(trial(limits=only))
    await store.messages.mark(message.id, Refused(reason="connector.refused"))
    assert isinstance(await store.messages.test(trial(limits=only)), TooSoon)
