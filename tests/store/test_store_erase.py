"""Erasing a phone: nothing of it stays to be read, and nothing that was counted for it comes back."""

from datetime import UTC
from datetime import datetime

import pytest
from store_words import ACCEPTED
from store_words import BY
from store_words import NO_LADDER
from store_words import OTHER_PHONE
from store_words import PHONE
from store_words import REFUSED
from store_words import RIGHT
from store_words import WRONG
from store_words import a_resend
from store_words import an_issue
from store_words import begin
from store_words import by_id
from store_words import only
from store_words import seconds
from store_words import subject
from store_words import typed

from aerocode.crypto import new_id
from aerocode.errors import EntityNotFound
from aerocode.model.budget import DAY
from aerocode.model.decision import Blocked
from aerocode.model.decision import Issued
from aerocode.model.decision import Missing
from aerocode.model.decision import Request
from aerocode.model.decision import Test as Trial
from aerocode.model.decision import TooSoon
from aerocode.model.decision import Unlike
from aerocode.model.lists import Kind
from aerocode.model.lists import ListEntry
from aerocode.model.lists import Verdict
from aerocode.model.message import Accepted
from aerocode.model.message import Message
from aerocode.model.policy import Cap
from aerocode.model.policy import Limits
from aerocode.model.states import MessageStatus

pytestmark = pytest.mark.anyio

#: Everything that somebody could know the phone, or who it belongs to, by.
TRACES = (PHONE.e164, PHONE.digits, PHONE.masked, "Anna Karenina", "anna@example.org", "only-this-key", "the gate said")
#: Where a phone may stand only as something that counts.
COUNTERS = {"budgets", "ladders", "sends"}
TABLES = ("verifications", "messages", "requests", "lists", "test_numbers", "audit", "facts", *COUNTERS)


@pytest.fixture(autouse=True)
async def application(store):
    await store.applications.add_application("default", "The Shop")


async def erase(store, phone=PHONE):
    return await store.chores.erase(phone, actor="a key", reason="asked by letter")


async def live(store, phone=PHONE, sessions=("a", "b")):
    """A life of a phone: verifications, a resend, wrong codes, a test, an unlock, and a request that names itself."""
    for session in sessions:
        begun = await begin(
            store,
            subject(phone=phone, session=f"Anna Karenina {session}"),
            limits=only(phone_hour=Cap(50)),
            metadata={"user": "anna@example.org"},
            payload={"name": "Anna Karenina"},
            request=Request(key=f"only-this-key {phone.e164} {session}", route="start", body=phone.e164),
            network="192.0.2.1/32",
        )
        said = Accepted(gate_id="1", status=MessageStatus.QUEUED, detail=f"the gate said {phone.e164}")
        await store.verifications.mark(begun.message_id, said)
        await store.verifications.check(by_id(begun), typed(WRONG))
        await store.verifications.resend(a_resend(by_id(begun), limits=NO_LADDER))
    trial = Trial(application="default", caller="key", phone=phone, message_id=new_id(), limits=Limits())
    await store.messages.test(trial)
    await store.budgets.unlock(phone, application=None, actor="a key", reason="Anna Karenina called")


async def name_of(home, phone=PHONE):
    return home.store.budgets._names.of(phone.e164)


async def rows_about(home, table, *words):
    return [row for row in await home.look(f"select * from {table}") if any(word in str(row) for word in words)]


@pytest.fixture
async def lived(home, store):
    await live(store)
    await live(store, OTHER_PHONE, ("c",))
    await erase(store)


@pytest.mark.parametrize("table", TABLES)
async def test_no_table_tells_of_the_phone_or_its_owner(home, lived, table):
    assert [] == await rows_about(home, table, *TRACES[:3])
    assert all(OTHER_PHONE.e164 in str(row) for row in await rows_about(home, table, *TRACES[3:]) if table != "audit")


@pytest.mark.parametrize("table", sorted(set(TABLES) - COUNTERS))
async def test_the_pseudonym_stays_only_where_something_is_counted(home, lived, table):
    assert [] == await rows_about(home, table, await name_of(home))


async def test_another_phone_keeps_everything(home, store):
    await live(store, OTHER_PHONE)
    before = {table: await home.look(f"select * from {table}") for table in TABLES if table != "audit"}
    await live(store)
    await erase(store)
    words = (OTHER_PHONE.e164, await name_of(home, OTHER_PHONE))
    for table, rows in before.items():
        of_the_other = [row for row in rows if any(word in str(row) for word in words)]
        assert sorted(of_the_other) == sorted(await rows_about(home, table, *words))


async def test_it_says_how_much_there_was(store):
    await live(store)
    erased = await erase(store)
    assert {"verifications": 2, "messages": 5, "requests": 2, "lists": 0, "test_numbers": 0, "audit": 1} == erased


async def test_erasing_nobody_says_so(store):
    assert {0} == set((await erase(store)).values())


async def test_that_it_was_done_is_written_down_without_the_phone(home, store):
    await live(store)
    await erase(store)
    (row,) = await home.look("select * from audit where action = 'erase'")
    assert ("a key", "asked by letter", False, False) == (
        row[2],
        row[5],
        PHONE.masked in str(row),
        await name_of(home) in str(row),
    )


async def test_a_phone_whose_retention_is_over_is_erased_as_well(home, store, shift_clock):
    await live(store)
    shift_clock(31 * DAY)
    await store.chores.forget(30 * DAY)
    erased = await erase(store)
    assert (2, 5) == (erased["verifications"], erased["messages"])
    assert [] == await rows_about(home, "verifications", await name_of(home))


async def test_the_same_phone_may_begin_anew(store):
    await live(store)
    await erase(store)
    assert not (await begin(store, limits=NO_LADDER)).again


# A verification that was pending, and a message that was on its way.


async def test_a_pending_verification_is_gone_with_its_code(home, store):
    begun = await begin(store)
    await erase(store)
    assert Missing() == await store.verifications.check(by_id(begun), typed(RIGHT))
    assert Missing() == await store.verifications.resend(a_resend(by_id(begun)))
    assert Missing() == await store.verifications.cancel(by_id(begun))


@pytest.mark.parametrize("outcome", [ACCEPTED, REFUSED], ids=["accepted", "refused"])
async def test_a_mark_that_comes_later_finds_no_message_and_writes_nothing(home, store, outcome):
    begun = await begin(
        store, limits=only(phone_hour=Cap(5)), request=Request(key="only-this-key", route="start", body="")
    )
    await erase(store)
    before = {table: await home.look(f"select * from {table}") for table in TABLES}
    with pytest.raises(EntityNotFound):
        await store.verifications.mark(begun.message_id, outcome)
    assert before == {table: await home.look(f"select * from {table}") for table in TABLES}


async def test_a_mark_that_comes_later_leaves_a_newer_verification_alone(store):
    begun = await begin(store, limits=NO_LADDER)
    await erase(store)
    newer = await begin(store, limits=NO_LADDER)
    with pytest.raises(EntityNotFound):
        await store.verifications.mark(begun.message_id, REFUSED)
    assert newer.verification == await store.reader.verification("default", newer.verification.id)


async def test_a_restart_after_it_finds_nothing_unmarked(home, store):
    await begin(store)
    await erase(store)
    await home.reopen()
    assert [] == await home.look("select * from messages")


async def test_a_request_that_named_itself_is_forgotten(store):
    request = Request(key="only-this-key", route="start", body="a")
    await begin(store, limits=NO_LADDER, request=request)
    other = Request(key="only-this-key", route="start", body="b")
    assert Unlike() == await store.verifications.issue(an_issue(request=other))
    await erase(store)
    assert isinstance(await store.verifications.issue(an_issue(limits=NO_LADDER, request=other)), Issued)


# What is counted stays.


async def test_erasing_gives_no_guess_back(store):
    for session in ("a", "b"):
        begun = await begin(store, subject(session=session), limits=NO_LADDER)
        for _ in range(5):
            await store.verifications.check(by_id(begun), typed(WRONG))
    await erase(store)
    assert isinstance(await store.verifications.issue(an_issue(limits=NO_LADDER)), Blocked)


async def test_erasing_gives_no_send_back(store):
    limits = only(phone_hour=Cap(1))
    await begin(store, limits=limits)
    await erase(store)
    assert "phone_hour" == (await store.verifications.issue(an_issue(limits=limits))).limit


async def test_erasing_shortens_no_wait(store):
    await begin(store)
    await erase(store)
    assert isinstance(await store.verifications.issue(an_issue()), TooSoon)


async def test_when_their_windows_have_ended_the_counters_go_too(home, store, shift_clock):
    begun = await begin(store, limits=only(phone_hour=Cap(5), ladder=(seconds(30),)))
    await store.verifications.check(by_id(begun), typed(WRONG))
    shift_clock(seconds(31))
    newer = await begin(store, subject(session="s"), limits=NO_LADDER)
    await store.verifications.check(by_id(newer), typed(RIGHT))
    await erase(store)
    shift_clock(DAY + seconds(1))
    await store.chores.forget(30 * DAY)
    for table in TABLES:
        assert [] == await rows_about(home, table, await name_of(home))


async def test_tests_of_the_connector_are_erased(home, store):
    message = await store.messages.test(
        Trial(application="default", caller="key", phone=PHONE, message_id=new_id(), limits=Limits())
    )
    assert isinstance(message, Message)
    await erase(store)
    with pytest.raises(EntityNotFound):
        await store.messages.mark(message.id, ACCEPTED)


@pytest.mark.parametrize("kind", [Kind.PHONE, Kind.PREFIX])
async def test_an_entry_that_is_the_whole_phone_goes_from_the_lists_and_the_audit(home, store, kind):
    entry = ListEntry(
        id=new_id(),
        verdict=Verdict.BLOCK,
        kind=kind,
        value=PHONE.e164,
        reason="Anna Karenina",
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )
    await store.lists.add(entry, by=BY)
    await erase(store)
    assert ([], []) == (await rows_about(home, "lists", *TRACES), await rows_about(home, "audit", *TRACES))
