"""Caps on sends: each counts what it names, for as long as its window, whatever became of the message."""

from datetime import timedelta

import anyio
import pytest
from store_words import ACCEPTED
from store_words import NO_CAPS
from store_words import OTHER_PHONE
from store_words import PHONE
from store_words import REFUSED
from store_words import RIGHT
from store_words import UNKNOWN
from store_words import a_resend
from store_words import an_issue
from store_words import begin
from store_words import by_id
from store_words import only
from store_words import seconds
from store_words import subject
from store_words import typed

from aerocode.crypto import new_id
from aerocode.model.decision import ById
from aerocode.model.decision import Issued
from aerocode.model.decision import Test as Trial
from aerocode.model.decision import TooSoon
from aerocode.model.message import Message
from aerocode.model.policy import Cap
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.states import UsageType
from aerocode.phone import Phone

pytestmark = pytest.mark.anyio

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NETWORK = "192.0.2.7/32"
WINDOWS = {"phone_hour": HOUR, "phone_day": DAY, "ip_hour": HOUR, "block_hour": HOUR, "application_day": DAY}
USAGE_TYPES = list(UsageType)


def numbered(number: int) -> Phone:
    """Phones of which no two are neighbours."""
    return Phone(f"+79{number:03}112233")


#: For each cap the n-th start that it counts, as different from the one before as it may be.
COUNTED = {
    "phone_hour": lambda n: (subject(application=f"app{n}", usage_type=USAGE_TYPES[n % 9], session=str(n)), None),
    "phone_day": lambda n: (subject(application=f"app{n}", usage_type=USAGE_TYPES[n % 9], session=str(n)), None),
    "ip_hour": lambda n: (subject(application=f"app{n}", phone=numbered(n)), NETWORK),
    "block_hour": lambda n: (subject(application=f"app{n}", phone=Phone(f"+7912345{n:04}")), None),
    "application_day": lambda n: (subject(phone=numbered(n), session=str(n)), None),
}
#: What is counted apart from it, though as much alike as may be.
APART = {
    "phone_hour": (subject(phone=OTHER_PHONE), None),
    "phone_day": (subject(phone=OTHER_PHONE), None),
    "ip_hour": (subject(), "192.0.2.8/32"),
    "block_hour": (subject(phone=Phone("+79123460000")), None),
    "application_day": (subject(application="bank"), None),
}
each_cap = pytest.mark.parametrize("name", sorted(COUNTED))
each_outcome = pytest.mark.parametrize("outcome", [REFUSED, UNKNOWN, ACCEPTED], ids=["refused", "unknown", "accepted"])


async def start(store, name, number, limits):
    of, network = COUNTED[name](number)
    return await store.verifications.issue(an_issue(of, limits=limits, network=network))


async def fill(store, name, limits, count=3):
    """As many sends as the cap lets go; the first of them."""
    answers = [await start(store, name, number, limits) for number in range(count)]
    assert [Issued] * count == [type(answer) for answer in answers]
    return answers[0]


# Each cap.


@each_cap
async def test_past_a_cap_nothing_is_sent_until_the_oldest_leaves_its_window(store, name):
    limits = only(**{name: Cap(3)})
    first = await fill(store, name, limits)
    refused = await start(store, name, 3, limits)
    assert TooSoon(resend_at=first.now + WINDOWS[name], verification_id=None, now=refused.now, limit=name) == refused


@each_cap
async def test_what_a_cap_refused_is_recorded_nowhere(home, store, name):
    limits = only(**{name: Cap(3)})
    await fill(store, name, limits)
    before = await home.look("select * from sends order by subject")
    await start(store, name, 3, limits)
    assert before == await home.look("select * from sends order by subject")
    assert [(3, 3)] == await home.look("select (select count(*) from verifications), (select count(*) from messages)")


@each_cap
async def test_a_cap_holds_to_the_end_of_its_window_and_no_longer(store, shift_clock, name):
    limits = only(**{name: Cap(2)})
    first = await fill(store, name, limits, 1)
    shift_clock(WINDOWS[name] / 2)
    await start(store, name, 1, limits)
    refused = await start(store, name, 2, limits)
    assert first.now + WINDOWS[name] == refused.resend_at
    shift_clock(refused.resend_at - refused.now - seconds(2))
    assert isinstance(await start(store, name, 3, limits), TooSoon)
    shift_clock(seconds(2))
    assert isinstance(await start(store, name, 4, limits), Issued)


@each_cap
async def test_a_window_rolls_and_is_no_slot_of_the_clock(store, shift_clock, name):
    """Never more than two within any window, however the sends are spread."""
    limits, sent = only(**{name: Cap(2)}), []
    for number in range(12):
        answer = await start(store, name, number, limits)
        if isinstance(answer, Issued):
            sent.append(answer.now)
        shift_clock(WINDOWS[name] * 0.3)
    crowds = [sum(at - WINDOWS[name] < other <= at for other in sent) for at in sent]
    assert (6, 2) == (len(sent), max(crowds))


@each_cap
async def test_a_cap_in_monitor_lets_go_and_says_that_it_would_not_have(store, name):
    limits = only(**{name: Cap(3, Mode.MONITOR)})
    await fill(store, name, limits)
    answer = await start(store, name, 3, limits)
    assert (Issued, (name,)) == (type(answer), answer.over)


@each_cap
async def test_within_a_cap_nothing_is_said_about_it(store, name):
    limits = only(**{name: Cap(3, Mode.MONITOR)})
    answers = [await start(store, name, number, limits) for number in range(3)]
    assert [()] * 3 == [answer.over for answer in answers]


@each_cap
async def test_a_cap_of_nothing_lets_nothing_go(store, name):
    assert name == (await start(store, name, 0, only(**{name: Cap(0)}))).limit


@each_cap
async def test_a_cap_of_none_counts_nothing(home, store, name):
    await fill(store, name, only())
    assert [(0,)] == await home.look("select count(*) from sends")


@each_cap
async def test_a_cap_leaves_others_alone(store, name):
    limits = only(**{name: Cap(3)})
    await fill(store, name, limits)
    of, network = APART[name]
    assert isinstance(await store.verifications.issue(an_issue(of, limits=limits, network=network)), Issued)


@each_outcome
@each_cap
async def test_a_send_counts_whatever_became_of_it(store, name, outcome):
    limits = only(**{name: Cap(1)})
    first = await fill(store, name, limits, 1)
    await store.verifications.mark(first.message_id, outcome)
    assert name == (await start(store, name, 1, limits)).limit


@each_cap
async def test_no_end_of_a_verification_gives_a_send_back(store, shift_clock, name):
    limits = only(**{name: Cap(2)})
    first = await fill(store, name, limits, 1)
    await store.verifications.check(by_id(first), typed(RIGHT))
    second = await start(store, name, 1, limits)
    await store.verifications.cancel(by_id(second))
    shift_clock(seconds(700))
    await store.chores.expire()
    assert name == (await start(store, name, 2, limits)).limit


@each_cap
async def test_a_restart_gives_no_send_back(home, store, name):
    limits = only(**{name: Cap(3)})
    await fill(store, name, limits)
    again = await home.reopen()
    assert name == (await start(again, name, 3, limits)).limit


@each_cap
async def test_fifty_starts_at_once_send_no_more_than_a_cap_lets(store, name):
    limits, answers = only(**{name: Cap(3)}), []

    async def go(number):
        answers.append(await start(store, name, number, limits))

    async with anyio.create_task_group() as group:
        for number in range(50):
            group.start_soon(go, number)
    assert (3, 47) == (
        sum(isinstance(answer, Issued) for answer in answers),
        sum(isinstance(answer, TooSoon) for answer in answers),
    )


@each_cap
async def test_a_lower_cap_holds_for_what_was_sent_before(store, name):
    await fill(store, name, only(**{name: Cap(5)}), 4)
    assert name == (await start(store, name, 4, only(**{name: Cap(2)}))).limit


@each_cap
async def test_a_lower_cap_says_when_it_has_room_and_not_when_the_first_leaves(store, shift_clock, name):
    sent = []
    for number in range(4):
        sent.append(await start(store, name, number, only(**{name: Cap(5)})))
        shift_clock(seconds(60))
    refused = await start(store, name, 4, only(**{name: Cap(2)}))
    assert sent[2].now + WINDOWS[name] == refused.resend_at


@each_cap
async def test_a_higher_cap_lets_go_at_once(store, name):
    await fill(store, name, only(**{name: Cap(3)}))
    assert isinstance(await start(store, name, 3, only(**{name: Cap(4)})), Issued)


@each_cap
async def test_what_monitor_let_go_counts_when_the_cap_is_enforced(store, shift_clock, name):
    monitored = only(**{name: Cap(1, Mode.MONITOR)})
    await fill(store, name, monitored, 3)
    assert name == (await start(store, name, 3, only(**{name: Cap(3)}))).limit


# What is counted together.


async def test_a_resend_counts_as_a_send(store):
    limits = only(phone_hour=Cap(2))
    first = await begin(store, limits=limits)
    again = await store.verifications.resend(a_resend(by_id(first), limits=limits))
    refused = await store.verifications.resend(a_resend(by_id(first), limits=limits))
    assert (Issued, "phone_hour", first.verification.id) == (type(again), refused.limit, refused.verification_id)


@pytest.mark.parametrize("name", ["block_hour", "application_day"])
async def test_a_resend_counts_for_the_rest_as_well(store, name):
    limits = only(**{name: Cap(2)})
    first = await fill(store, name, limits, 1)
    await store.verifications.resend(a_resend(by_id(first), limits=limits))
    assert name == (await start(store, name, 1, limits)).limit


async def test_a_resend_that_names_no_network_counts_for_none(store):
    limits = only(ip_hour=Cap(2))
    first = await fill(store, "ip_hour", limits, 1)
    for _ in range(3):
        await store.verifications.resend(a_resend(by_id(first), limits=limits))
    assert isinstance(await start(store, "ip_hour", 1, limits), Issued)


async def test_a_start_that_sends_again_counts_for_its_network(store):
    limits = only(ip_hour=Cap(2))
    for _ in range(2):
        assert isinstance(await start(store, "ip_hour", 0, limits), Issued)
    assert "ip_hour" == (await start(store, "ip_hour", 0, limits)).limit


async def test_a_start_that_names_no_network_counts_for_none(home, store):
    await begin(store, limits=only(ip_hour=Cap(1)))
    assert [(0,)] == await home.look("select count(*) from sends")


async def test_a_refused_start_of_one_network_leaves_the_other_caps_uncounted(home, store):
    limits = only(ip_hour=Cap(1), phone_hour=Cap(5))
    await fill(store, "ip_hour", limits, 1)
    await start(store, "ip_hour", 1, limits)
    assert [(2,)] == await home.look("select count(*) from sends")


async def test_seven_digits_are_a_block(store):
    limits = only(block_hour=Cap(1))
    await begin(store, subject(phone=Phone("+79123450000")), limits=limits)
    neighbour = await store.verifications.issue(an_issue(subject(phone=Phone("+79123459999")), limits=limits))
    next_block = await store.verifications.issue(an_issue(subject(phone=Phone("+79123460000")), limits=limits))
    assert (TooSoon, Issued) == (type(neighbour), type(next_block))


@pytest.mark.parametrize(
    ("one", "same", "other"),
    [("192.0.2.1/32", "192.0.2.1/32", "192.0.2.2/32"), ("2001:db8::/64", "2001:db8::/64", "2001:db8:0:1::/64")],
    ids=["v4", "v6"],
)
async def test_a_network_is_counted_whole(store, one, same, other):
    limits = only(ip_hour=Cap(1))
    await begin(store, subject(phone=numbered(1)), limits=limits, network=one)
    answers = [
        await store.verifications.issue(an_issue(subject(phone=numbered(2)), limits=limits, network=network))
        for network in (same, other)
    ]
    assert [TooSoon, Issued] == [type(answer) for answer in answers]


async def test_neither_a_phone_nor_a_network_can_be_read_from_what_is_counted(home, store):
    limits = only(phone_hour=Cap(3), ip_hour=Cap(3))
    await begin(store, limits=limits, network=NETWORK)
    counted = str(await home.look("select * from sends"))
    assert (False, False) == (PHONE.digits in counted, "192.0.2.7" in counted)


# Several caps, and the ladder.


async def test_the_longest_wait_is_told(store):
    limits = only(phone_hour=Cap(1), application_day=Cap(1), ip_hour=Cap(1))
    first = await begin(store, limits=limits, network=NETWORK)
    refused = await store.verifications.issue(an_issue(limits=limits, network=NETWORK))
    assert ("application_day", first.now + DAY) == (refused.limit, refused.resend_at)


async def test_the_day_is_told_when_it_waits_longer_than_the_hour(store, shift_clock):
    limits = only(phone_hour=Cap(2), phone_day=Cap(3))
    for _ in range(3):
        first = await begin(store, limits=limits)
        shift_clock(timedelta(minutes=31))
    refused = await store.verifications.issue(an_issue(limits=limits))
    assert ("phone_day", DAY - 3 * timedelta(minutes=31)) == (
        refused.limit,
        timedelta(minutes=round((refused.resend_at - refused.now) / timedelta(minutes=1))),
    )
    assert first


async def test_a_ladder_that_waits_longer_than_a_cap_is_told_without_a_name(store):
    limits = only(ladder=(2 * HOUR,), phone_hour=Cap(1))
    first = await begin(store, limits=limits)
    refused = await store.verifications.issue(an_issue(limits=limits))
    assert ("", first.now + 2 * HOUR) == (refused.limit, refused.resend_at)


async def test_a_cap_that_waits_longer_than_the_ladder_is_told_by_its_name(store):
    limits = only(ladder=(seconds(30),), phone_hour=Cap(1))
    first = await begin(store, limits=limits)
    refused = await store.verifications.issue(an_issue(limits=limits))
    assert ("phone_hour", first.now + HOUR) == (refused.limit, refused.resend_at)


async def test_a_monitored_cap_hides_no_enforced_one(store):
    limits = only(phone_hour=Cap(1), application_day=Cap(1, Mode.MONITOR))
    await begin(store, limits=limits)
    assert "phone_hour" == (await store.verifications.issue(an_issue(limits=limits))).limit


async def test_all_that_would_have_refused_is_told(store):
    watch = Mode.MONITOR
    limits = Limits(
        ladder=(seconds(30),),
        ladder_mode=watch,
        sends_per_verification=1,
        sends_per_verification_mode=watch,
        **{name: Cap(1, watch) for name in WINDOWS},
    )
    await begin(store, limits=limits, network=NETWORK)
    again = await store.verifications.issue(an_issue(limits=limits, network=NETWORK))
    assert {*WINDOWS, "ladder", "sends_per_verification"} == set(again.over)


async def test_a_send_tells_when_the_phones_caps_let_the_next_one_go(store, shift_clock):
    limits = only(ladder=(seconds(30),), phone_hour=Cap(2))
    first = await begin(store, limits=limits)
    assert first.now + seconds(30) == first.verification.resend_at
    shift_clock(seconds(31))
    again = await store.verifications.resend(a_resend(by_id(first), limits=limits))
    assert first.now + HOUR == again.verification.resend_at


async def test_a_send_tells_nothing_of_a_cap_in_monitor(store):
    first = await begin(store, limits=only(phone_hour=Cap(1, Mode.MONITOR)))
    assert first.now == first.verification.resend_at


async def test_a_send_tells_nothing_of_caps_that_others_fill_as_well(store):
    first = await begin(store, limits=only(block_hour=Cap(1), application_day=Cap(1), ip_hour=Cap(1)), network=NETWORK)
    assert first.now == first.verification.resend_at


async def test_sends_of_a_verification_end_with_it(store):
    limits = only(sends_per_verification=2)
    first = await begin(store, limits=limits)
    again = await store.verifications.resend(a_resend(by_id(first), limits=limits))
    refused = await store.verifications.resend(a_resend(by_id(first), limits=limits))
    assert (again.verification.expires_at, "") == (refused.resend_at, refused.limit)


async def test_a_refused_send_leaves_the_cap_counted_and_the_wait_taken_back(store):
    limits = Limits(**{**NO_CAPS, "phone_hour": Cap(2)})
    first = await begin(store, limits=limits)
    await store.verifications.mark(first.message_id, REFUSED)
    second = await begin(store, limits=limits)
    await store.verifications.mark(second.message_id, REFUSED)
    refused = await store.verifications.issue(an_issue(limits=limits))
    assert ("phone_hour", first.now + HOUR) == (refused.limit, refused.resend_at)


# Many sends.


async def test_a_busy_subject_keeps_its_row_short_and_its_cap(home, store, shift_clock):
    limits, sent = only(application_day=Cap(100)), []
    for number in range(130):
        answer = await start(store, "application_day", number, limits)
        if isinstance(answer, Issued):
            sent.append(answer.now)
        shift_clock(seconds(1))
    assert 100 == len(sent)
    ((size,),) = await home.look("select length(marks) from sends")
    assert size < 64 * 24


async def test_what_is_kept_together_leaves_late_and_never_early(store, shift_clock):
    limits, last = only(application_day=Cap(100)), None
    for number in range(100):
        last = (await start(store, "application_day", number, limits)).now
        shift_clock(seconds(1))
    refused = await start(store, "application_day", 100, limits)
    assert last + DAY <= refused.resend_at + seconds(100)
    assert refused.resend_at <= last + DAY
    shift_clock(refused.resend_at - refused.now - seconds(2))
    assert isinstance(await start(store, "application_day", 101, limits), TooSoon)
    shift_clock(DAY / 60 + seconds(2))
    assert isinstance(await start(store, "application_day", 102, limits), Issued)


# What is no send.


async def test_tests_of_the_connector_count_for_no_cap_and_are_held_by_none(store):
    limits = only(phone_hour=Cap(1), block_hour=Cap(1), application_day=Cap(1))
    ask = {"application": "default", "caller": "key", "phone": PHONE, "limits": limits}
    assert isinstance(await store.messages.test(Trial(message_id=new_id(), **ask)), Message)
    assert isinstance(await store.verifications.issue(an_issue(limits=limits)), Issued)
    assert isinstance(await store.messages.test(Trial(message_id=new_id(), **ask)), Message)


async def test_a_refused_check_or_an_unknown_id_is_no_send(home, store):
    await store.verifications.check(ById("default", "nobody"), typed(RIGHT))
    await store.verifications.resend(a_resend(ById("default", "nobody"), limits=Limits()))
    assert [(0,)] == await home.look("select count(*) from sends")
