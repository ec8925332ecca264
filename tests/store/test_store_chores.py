"""Housekeeping: expiry, retention, new keys, a copy."""

import asyncio
from datetime import timedelta

import pytest
from store_homes import ON_A_FILE
from store_homes import ON_A_SERVER
from store_homes import open_postgres
from store_words import ACCEPTED
from store_words import CODES
from store_words import KEYRING
from store_words import NO_LADDER
from store_words import OTHER_PHONE
from store_words import PHONE
from store_words import POLICY
from store_words import RIGHT
from store_words import WRONG
from store_words import a_resend
from store_words import an_issue
from store_words import begin
from store_words import seconds
from store_words import subject
from store_words import typed

from aerocode.crypto import Keyring
from aerocode.crypto import new_id
from aerocode.errors import CannotStart
from aerocode.model.decision import Approved
from aerocode.model.decision import ById
from aerocode.model.decision import Issued
from aerocode.model.decision import Test as Trial
from aerocode.model.decision import Wrong
from aerocode.model.policy import Limits
from aerocode.model.states import VerificationStatus
from aerocode.verify.codes import Codes

pytestmark = pytest.mark.anyio

RETENTION = timedelta(days=30)
OLD = b"the key of these tests, 32 bytes"
NEW = Keyring(b"n" * 32, [OLD])


# Expiry.


async def test_what_has_run_out_is_ended_without_anyone_asking(store, shift_clock):
    begun = await begin(store)
    shift_clock(POLICY.lifetime + seconds(1))
    assert 1 == await store.chores.expire()
    assert VerificationStatus.EXPIRED is (await store.reader.verification("default", begun.verification.id)).status


async def test_expiry_wipes_the_code(store, shift_clock, at_rest):
    begun = await begin(store)
    shift_clock(POLICY.lifetime + seconds(1))
    await store.chores.expire()
    assert (False, False) == await at_rest(begun.verification.id)


async def test_expiry_spares_what_may_still_be_typed(store, shift_clock, at_rest):
    begun = await begin(store)
    shift_clock(POLICY.lifetime - seconds(10))
    assert 0 == await store.chores.expire()
    assert (True, True) == await at_rest(begun.verification.id)


async def test_expiry_leaves_every_other_end_alone(home, store, shift_clock):
    begun = await begin(store)
    await store.verifications.check(ById("default", begun.verification.id), typed(RIGHT))
    before = await home.look("select * from verifications")
    shift_clock(POLICY.lifetime + seconds(1))
    await store.chores.expire()
    assert before == await home.look("select * from verifications")


async def test_expiry_takes_as_many_steps_as_it_needs(store, shift_clock):
    for number in range(205):
        await begin(store, subject(session=str(number)), limits=NO_LADDER)
    shift_clock(POLICY.lifetime + seconds(1))
    assert (205, 0) == (await store.chores.expire(), await store.chores.expire())


# Retention.


@pytest.fixture
async def old(store, shift_clock):
    """An approved verification, 31 days later."""
    begun = await begin(store, subject(session="s"), payload={"name": "Anna"}, metadata={"user": "anna"})
    await store.verifications.mark(begun.message_id, ACCEPTED)
    await store.verifications.check(ById("default", begun.verification.id, "s"), typed(RIGHT))
    shift_clock(timedelta(days=31))
    return begun


async def test_after_retention_a_phone_is_nowhere_in_the_rows(home, store, old):
    await store.chores.forget(RETENTION)
    for table in ("verifications", "messages"):
        assert [] == await home.look(f"select phone from {table} where phone like '%9123456789%'")


async def test_after_retention_what_people_said_about_the_phone_is_gone_too(store, old):
    await store.chores.forget(RETENTION)
    kept = await store.reader.verification("default", old.verification.id)
    assert ({}, {}, "", None) == (kept.payload, kept.metadata, kept.session, kept.phone)


async def test_after_retention_the_rest_of_the_row_is_as_it_was(store, old):
    before = await store.reader.verification("default", old.verification.id)
    await store.chores.forget(RETENTION)
    after = await store.reader.verification("default", old.verification.id)
    assert (before.status, before.created_at, before.ended_at, before.sends) == (
        after.status,
        after.created_at,
        after.ended_at,
        after.sends,
    )


async def test_a_pseudonym_tells_equal_from_different(home, store, shift_clock):
    for phone, session in ((PHONE, "a"), (PHONE, "b"), (OTHER_PHONE, "c")):
        begun = await begin(store, subject(phone=phone, session=session), limits=NO_LADDER)
        await store.verifications.cancel(ById("default", begun.verification.id, session))
    shift_clock(timedelta(days=31))
    await store.chores.forget(RETENTION)
    assert sorted(
        [(home.store.budgets._names.of(PHONE.e164), 2), (home.store.budgets._names.of(OTHER_PHONE.e164), 1)]
    ) == sorted(await home.look("select phone, count(*) from verifications group by phone"))


async def test_a_message_is_readable_after_its_phone_is_gone(store, old):
    await store.chores.forget(RETENTION)
    message = await store.reader.message("default", old.message_id)
    assert (None, "31415") == (message.phone, message.gate_id)


async def test_a_test_message_loses_its_phone_too(home, store, shift_clock):
    message = await store.messages.test(
        Trial(application="default", caller="key-1", phone=PHONE, message_id=new_id(), limits=Limits())
    )
    shift_clock(timedelta(days=31))
    await store.chores.forget(RETENTION)
    assert (await store.reader.message("default", message.id)).phone is None


async def test_younger_rows_keep_their_phone(store, shift_clock):
    begun = await begin(store)
    await store.verifications.cancel(ById("default", begun.verification.id))
    shift_clock(timedelta(days=29))
    await store.chores.forget(RETENTION)
    assert PHONE == (await store.reader.verification("default", begun.verification.id)).phone


async def test_a_phone_that_verifies_again_keeps_its_new_rows(store, old):
    new = await begin(store)
    await store.chores.forget(RETENTION)
    assert PHONE == (await store.reader.verification("default", new.verification.id)).phone


async def test_what_ran_out_while_nobody_was_looking_is_forgotten_as_well(home, store, shift_clock, at_rest):
    begun = await begin(store)
    shift_clock(timedelta(days=31))
    await store.chores.forget(RETENTION)
    assert [("expired", home.store.budgets._names.of(PHONE.e164))] == await home.look(
        "select status, phone from verifications"
    )
    assert (False, False) == await at_rest(begun.verification.id)


async def test_a_younger_row_whose_id_comes_first_is_forgotten_in_its_turn(home, store, shift_clock):
    early, late = an_issue(subject(session="a"), limits=NO_LADDER), an_issue(subject(session="b"), limits=NO_LADDER)
    early, late = sorted((early, late), key=lambda ask: ask.verification_id)
    await store.verifications.issue(late)
    shift_clock(timedelta(days=1))
    await store.verifications.issue(early)
    shift_clock(timedelta(days=29, hours=12))
    await store.chores.forget(RETENTION)
    shift_clock(timedelta(days=1))
    await store.chores.forget(RETENTION)
    assert [] == await home.look("select id from verifications where phone like '+%'")


async def test_forgetting_goes_on_where_it_stopped(home, store, old, shift_clock):
    assert 2 == await store.chores.forget(RETENTION)
    store = await home.reopen()
    assert 0 == await store.chores.forget(RETENTION)
    begun = await begin(store)
    await store.verifications.cancel(ById("default", begun.verification.id))
    shift_clock(timedelta(days=31))
    assert 2 == await store.chores.forget(RETENTION)


async def test_forgetting_takes_as_many_steps_as_it_needs(home, store, shift_clock):
    for number in range(205):
        await begin(store, subject(session=str(number)), limits=NO_LADDER)
    shift_clock(timedelta(days=31))
    assert 410 == await store.chores.forget(RETENTION)
    assert [(0,)] == await home.look("select count(*) from verifications where phone like '+%'")


# New keys.


async def test_after_rotation_a_pending_code_verifies_without_the_old_key(home, store):
    begun = await begin(store)
    store = await home.reopen(NEW)
    await store.chores.rotate(Codes(NEW).reseal)
    alone = Codes(Keyring(b"n" * 32))
    where = ById("default", begun.verification.id)
    assert isinstance(await store.verifications.check(where, typed(RIGHT, alone)), Approved)


async def test_after_rotation_a_pending_code_is_sent_again_without_the_old_key(home, store, shift_clock):
    begun = await begin(store, subject(session="s"))
    store = await home.reopen(NEW)
    await store.chores.rotate(Codes(NEW).reseal)
    shift_clock(seconds(31))
    again = await store.verifications.resend(a_resend(ById("default", begun.verification.id, "s")))
    assert RIGHT == Codes(Keyring(b"n" * 32)).take_up(again.verification.id, again.code).reveal()


async def test_after_rotation_the_old_key_opens_nothing(home, store):
    begun = await begin(store)
    store = await home.reopen(NEW)
    await store.chores.rotate(Codes(NEW).reseal)
    where = ById("default", begun.verification.id)
    assert Wrong(attempts_left=4) == await store.verifications.check(where, typed(RIGHT, CODES))


async def test_rotation_gives_no_attempt_back(home, store):
    begun = await begin(store)
    where = ById("default", begun.verification.id)
    await store.verifications.check(where, typed(WRONG))
    store = await home.reopen(NEW)
    await store.chores.rotate(Codes(NEW).reseal)
    assert Wrong(attempts_left=3) == await store.verifications.check(where, typed(WRONG, Codes(NEW)))


async def test_rotation_counts_what_needed_it(home, store):
    await begin(store, subject(session="a"), limits=NO_LADDER)
    store = await home.reopen(NEW)
    await begin(store, subject(session="b"), limits=NO_LADDER, codes=Codes(NEW))
    assert [1, 0] == [await store.chores.rotate(Codes(NEW).reseal) for _ in range(2)]


async def test_rotation_takes_as_many_steps_as_it_needs(home, store):
    for number in range(205):
        await begin(store, subject(session=str(number)), limits=NO_LADDER)
    store = await home.reopen(NEW)
    assert 205 == await store.chores.rotate(Codes(NEW).reseal)


async def test_rotation_leaves_what_is_over_without_a_code(home, store, at_rest):
    begun = await begin(store)
    await store.verifications.cancel(ById("default", begun.verification.id))
    store = await home.reopen(NEW)
    assert 0 == await store.chores.rotate(Codes(NEW).reseal)
    assert (False, False) == await at_rest(begun.verification.id)


# A copy.


@ON_A_FILE
async def test_a_copy_opens_and_verifies(home, store, tmp_path):
    begun = await begin(store)
    (tmp_path / "away").mkdir()
    await store.chores.copy(tmp_path / "away" / home.path.name)
    copied = type(home)(tmp_path / "away")
    there = await copied.open()
    try:
        answer = await there.verifications.check(ById("default", begun.verification.id), typed(RIGHT))
    finally:
        await copied.close()
    assert isinstance(answer, Approved)


@ON_A_FILE
async def test_a_copy_leaves_the_original_as_it_was(home, store, tmp_path):
    begun = await begin(store)
    await store.chores.copy(tmp_path / "copy.db")
    answer = await store.verifications.check(ById("default", begun.verification.id), typed(RIGHT))
    assert isinstance(answer, Approved)


@ON_A_FILE
async def test_a_copy_can_be_read_by_its_owner_alone(store, tmp_path):
    await store.chores.copy(tmp_path / "copy.db")
    assert 0o600 == (tmp_path / "copy.db").stat().st_mode & 0o777


@ON_A_FILE
async def test_a_copy_can_be_read_by_its_owner_alone_while_it_is_written(store, tmp_path):
    for number in range(300):
        await begin(store, subject(session=str(number)), limits=NO_LADDER, metadata={"filling": "x" * 20_000})
    copying = asyncio.ensure_future(store.chores.copy(tmp_path / "copy.db"))
    modes = set()
    while not copying.done():
        if (tmp_path / "copy.db").exists():
            modes.add((tmp_path / "copy.db").stat().st_mode & 0o777)
        await asyncio.sleep(0)
    await copying
    assert {0o600} == modes


@ON_A_FILE
async def test_a_copy_never_overwrites_anything(store, tmp_path):
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(CannotStart, match="exists already"):
        await store.chores.copy(tmp_path / "copy.db")
    assert "precious" == (tmp_path / "copy.db").read_text()


@ON_A_FILE
async def test_a_copy_to_nowhere_is_refused_in_one_sentence(store, tmp_path):
    with pytest.raises(CannotStart, match="cannot be written"):
        await store.chores.copy(tmp_path / "no" / "such" / "copy.db")


@ON_A_FILE
async def test_starts_go_on_while_a_copy_is_written(store, tmp_path):
    copying = asyncio.ensure_future(store.chores.copy(tmp_path / "copy.db"))
    answers = [await store.verifications.issue(an_issue(subject(session=str(n)), limits=NO_LADDER)) for n in range(20)]
    await copying
    assert {Issued} == {type(answer) for answer in answers}


# Several replicas.


@ON_A_SERVER
async def test_of_all_replicas_one_has_the_turn_to_do_a_chore(home, store):
    other = await open_postgres(home.url, KEYRING)
    turns = await asyncio.gather(*(one.chores.turn("settle", seconds(10)) for one in (store, other) * 5))
    await other.close()
    assert 1 == turns.count(True)


@ON_A_SERVER
async def test_a_turn_comes_again_when_its_time_is_over(store, shift_clock):
    turns = [await store.chores.turn("settle", seconds(10))]
    for wait in (9, 2):
        shift_clock(seconds(wait))
        turns.append(await store.chores.turn("settle", seconds(10)))
    assert [True, False, True] == turns


@ON_A_SERVER
async def test_a_turn_at_one_chore_is_none_at_another(store):
    assert [True, True] == [await store.chores.turn(chore, seconds(10)) for chore in ("settle", "forget")]


@ON_A_SERVER
async def test_a_copy_of_a_server_is_somebody_elses_work(store, tmp_path):
    with pytest.raises(CannotStart, match="pg_dump"):
        await store.chores.copy(tmp_path / "copy")
