"""Lists and countries: to whom nothing is sent, or something although; decided by the store's own clock."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from store_words import NO_LADDER
from store_words import OTHER_PHONE
from store_words import PHONE
from store_words import RIGHT
from store_words import a_resend
from store_words import an_issue
from store_words import begin
from store_words import by_id
from store_words import only
from store_words import seconds
from store_words import subject
from store_words import typed

from aerocode.model.decision import Approved
from aerocode.model.decision import Barred
from aerocode.model.decision import Issued
from aerocode.model.decision import TooSoon
from aerocode.model.lists import Kind
from aerocode.model.lists import ListEntry
from aerocode.model.lists import Lists
from aerocode.model.lists import Verdict
from aerocode.model.policy import Cap
from aerocode.model.policy import CountryRule
from aerocode.phone import Phone

pytestmark = pytest.mark.anyio

ALLOW, BLOCK = Verdict.ALLOW, Verdict.BLOCK
BY_LIST, BY_COUNTRY = Barred(reason="list"), Barred(reason="country")
NO_RUSSIANS = only(countries={"RU": CountryRule.BLOCK})
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def entry(verdict, value, expires_at=None):
    kind = Kind.NETWORK if "/" in value else Kind.PHONE if len(value) == 12 else Kind.PREFIX
    return ListEntry(
        id=value, verdict=verdict, kind=kind, value=value, reason="why", created_at=LONG_AGO, expires_at=expires_at
    )


def lists(*entries):
    return Lists([entry(*each) for each in entries])


async def start(store, known, *, limits=NO_LADDER, network=None, of=None):
    return await store.verifications.issue(an_issue(of, limits=limits, lists=known, network=network))


# Phones.


async def test_a_blocked_phone_gets_nothing_and_leaves_no_row(home, store):
    answer = await start(store, lists((BLOCK, PHONE.e164)), limits=only(phone_hour=Cap(5)))
    assert (BY_LIST, [(0, 0, 0)]) == (
        answer,
        await home.look(
            "select (select count(*) from verifications), (select count(*) from messages), (select count(*) from sends)"
        ),
    )


async def test_a_blocked_phone_leaves_others_alone(store):
    assert isinstance(await start(store, lists((BLOCK, OTHER_PHONE.e164))), Issued)


@pytest.mark.parametrize("prefix", ["+7", "+7912", "+7912345678"])
async def test_a_blocked_beginning_blocks_all_that_begin_so(store, prefix):
    assert BY_LIST == await start(store, lists((BLOCK, prefix)))


async def test_a_blocked_beginning_leaves_others_alone(store):
    assert isinstance(await start(store, lists((BLOCK, "+7913"), (BLOCK, "+79123456780"))), Issued)


@pytest.mark.parametrize(
    ("known", "goes"),
    [
        (((BLOCK, "+7912"), (ALLOW, PHONE.e164)), True),
        (((ALLOW, "+7912"), (BLOCK, PHONE.e164)), False),
        (((BLOCK, "+79"), (ALLOW, "+7912345")), True),
        (((ALLOW, "+79"), (BLOCK, "+7912345")), False),
        (((BLOCK, "+7912345"), (ALLOW, "+79")), False),
        (((BLOCK, "+79"), (ALLOW, "+7912"), (BLOCK, "+7912345"), (ALLOW, PHONE.e164)), True),
    ],
)
async def test_the_most_specific_entry_decides(store, known, goes):
    assert goes is isinstance(await start(store, lists(*known)), Issued)


async def test_a_blocked_phone_is_not_sent_to_again(store):
    begun = await begin(store, limits=NO_LADDER)
    known = lists((BLOCK, PHONE.e164))
    assert BY_LIST == await store.verifications.resend(a_resend(by_id(begun), limits=NO_LADDER, lists=known))
    assert BY_LIST == await start(store, known)


async def test_a_refused_resend_leaves_the_verification_as_it_was(store):
    begun = await begin(store, limits=NO_LADDER)
    await store.verifications.resend(a_resend(by_id(begun), limits=NO_LADDER, lists=lists((BLOCK, PHONE.e164))))
    assert begun.verification == await store.reader.verification("default", begun.verification.id)
    assert isinstance(await store.verifications.check(by_id(begun), typed(RIGHT)), Approved)


async def test_an_allowed_phone_is_not_allowed_more_often(store):
    limits, known = only(phone_hour=Cap(1)), lists((ALLOW, PHONE.e164))
    await start(store, known, limits=limits)
    assert isinstance(await start(store, known, limits=limits), TooSoon)


# Until when.


async def test_an_entry_stands_until_it_runs_out_by_the_stores_clock(store, shift_clock):
    now = await store.now()
    known = lists((BLOCK, PHONE.e164, now + seconds(100)))
    assert BY_LIST == await start(store, known)
    shift_clock(seconds(98))
    assert BY_LIST == await start(store, known)
    shift_clock(seconds(2))
    assert isinstance(await start(store, known), Issued)


@pytest.mark.parametrize("value", ["+79123456789", "+7912", "192.0.2.0/24"])
async def test_where_an_entry_ran_out_the_next_one_decides(store, value):
    now = await store.now()
    wider = {"+79123456789": "+79", "+7912": "+79", "192.0.2.0/24": "192.0.0.0/16"}[value]
    known = lists((ALLOW, value, now - seconds(1)), (BLOCK, wider))
    assert BY_LIST == await start(store, known, network="192.0.2.1/32")


# Networks.


@pytest.mark.parametrize(
    ("listed", "network", "goes"),
    [
        ("192.0.2.0/24", "192.0.2.77/32", False),
        ("192.0.2.77/32", "192.0.2.77/32", False),
        ("192.0.2.0/24", "192.0.3.77/32", True),
        ("0.0.0.0/0", "192.0.2.77/32", False),
        ("0.0.0.0/0", "2001:db8::/64", True),
        ("2001:db8::/32", "2001:db8:7::/64", False),
        ("2001:db8::/64", "2001:db8::/64", False),
        ("2001:db8::/64", "2001:db8:0:1::/64", True),
        ("2001:db8::/128", "2001:db8::/64", True),
        ("::/0", "192.0.2.77/32", True),
        ("192.0.2.0/24", None, True),
    ],
)
async def test_a_blocked_network_starts_nothing(store, listed, network, goes):
    assert goes is isinstance(await start(store, lists((BLOCK, listed)), network=network), Issued)


async def test_the_narrowest_network_decides(store):
    known = lists((BLOCK, "192.0.0.0/16"), (ALLOW, "192.0.2.0/24"), (BLOCK, "192.0.2.128/25"))
    answers = [await start(store, known, network=f"192.0.{host}/32") for host in ("3.1", "2.1", "2.200")]
    assert [Barred, Issued, Barred] == [type(answer) for answer in answers]


async def test_an_allowed_phone_of_a_blocked_network_starts_nothing(store):
    known = lists((ALLOW, PHONE.e164), (BLOCK, "192.0.2.0/24"))
    assert BY_LIST == await start(store, known, network="192.0.2.1/32")


async def test_an_allowed_network_sends_to_no_blocked_phone(store):
    known = lists((BLOCK, PHONE.e164), (ALLOW, "192.0.2.0/24"))
    assert BY_LIST == await start(store, known, network="192.0.2.1/32")


async def test_an_allowed_network_is_not_counted(home, store):
    limits, known = only(ip_hour=Cap(1)), lists((ALLOW, "192.0.2.0/24"))
    for session in ("a", "b", "c"):
        answer = await start(store, known, limits=limits, network="192.0.2.1/32", of=subject(session=session))
        assert isinstance(answer, Issued)
    assert [(0,)] == await home.look("select count(*) from sends")


async def test_an_allowed_network_is_held_by_every_other_cap(store):
    limits, known = only(ip_hour=Cap(1), phone_hour=Cap(1)), lists((ALLOW, "192.0.2.0/24"))
    await start(store, known, limits=limits, network="192.0.2.1/32")
    assert "phone_hour" == (await start(store, known, limits=limits, network="192.0.2.1/32")).limit


async def test_a_network_is_counted_again_when_its_entry_runs_out(store, shift_clock):
    now, limits = await store.now(), only(ip_hour=Cap(1))
    known = lists((ALLOW, "192.0.2.0/24", now + seconds(60)))
    for _ in range(2):
        assert isinstance(await start(store, known, limits=limits, network="192.0.2.1/32"), Issued)
    shift_clock(seconds(61))
    answers = [await start(store, known, limits=limits, network="192.0.2.1/32") for _ in range(2)]
    assert [Issued, TooSoon] == [type(answer) for answer in answers]


async def test_a_resend_is_no_start_of_a_network(store):
    begun = await begin(store, limits=NO_LADDER, network="192.0.2.1/32")
    known = lists((BLOCK, "192.0.2.0/24"))
    answer = await store.verifications.resend(a_resend(by_id(begun), limits=NO_LADDER, lists=known))
    assert isinstance(answer, Issued)


# Countries.


async def test_a_blocked_country_gets_nothing(store):
    assert BY_COUNTRY == await start(store, lists(), limits=NO_RUSSIANS)


async def test_a_blocked_country_is_not_sent_to_again(store):
    begun = await begin(store, limits=NO_LADDER)
    assert BY_COUNTRY == await store.verifications.resend(a_resend(by_id(begun), limits=NO_RUSSIANS))


async def test_a_blocked_country_leaves_others_alone(store):
    kazakh = subject(phone=Phone("+77012345678"))
    assert isinstance(await start(store, lists(), limits=NO_RUSSIANS, of=kazakh), Issued)


async def test_an_allowed_country_is_said_nothing_about(store):
    answer = await start(store, lists(), limits=only(countries={"RU": CountryRule.ALLOW}))
    assert () == answer.over


async def test_a_watched_country_is_sent_to_and_told(store):
    limits = only(countries={"RU": CountryRule.MONITOR})
    begun = await begin(store, limits=limits)
    again = await store.verifications.resend(a_resend(by_id(begun), limits=limits))
    assert [("country",), ("country",)] == [begun.over, again.over]


@pytest.mark.parametrize("value", [PHONE.e164, "+7912"])
async def test_an_allowed_phone_may_be_in_a_blocked_country(store, value):
    assert isinstance(await start(store, lists((ALLOW, value)), limits=NO_RUSSIANS), Issued)


async def test_an_allowed_network_sends_to_no_blocked_country(store):
    known = lists((ALLOW, "192.0.2.0/24"))
    assert BY_COUNTRY == await start(store, known, limits=NO_RUSSIANS, network="192.0.2.1/32")


async def test_an_allowance_of_a_blocked_country_runs_out(store, shift_clock):
    known = lists((ALLOW, PHONE.e164, await store.now() + timedelta(minutes=1)))
    assert isinstance(await start(store, known, limits=NO_RUSSIANS), Issued)
    shift_clock(timedelta(minutes=1))
    assert BY_COUNTRY == await start(store, known, limits=NO_RUSSIANS)


# What a bar is for: messages.


async def test_a_code_that_was_sent_before_the_bar_is_good(store):
    begun = await begin(store)
    await start(store, lists((BLOCK, PHONE.e164)))
    assert isinstance(await store.verifications.check(by_id(begun), typed(RIGHT)), Approved)
