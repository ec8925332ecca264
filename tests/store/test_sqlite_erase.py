"""What erasing and retention leave in the file itself: in its free pages, in its log, beside what is kept."""

import sqlite3
from datetime import timedelta

import pytest
from store_words import ACCEPTED
from store_words import NO_LADDER
from store_words import RIGHT
from store_words import begin
from store_words import by_id
from store_words import only
from store_words import subject
from store_words import typed

from aerocode.errors import StoreUnavailable
from aerocode.model.decision import Request
from aerocode.model.policy import Cap
from aerocode.phone import Phone
from aerocode.store.sqlite import writer

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("home", ["sqlite"], indirect=True)]


def phone(number):
    return Phone(f"+7912345{number:04}")


def read(home):
    """Every byte that is kept beside one another in the folder."""
    return b"".join(path.read_bytes() for path in sorted(home.path.parent.iterdir()))


def words(numbers):
    return [word.encode() for number in numbers for word in (phone(number).digits, f"name-{number:04}-of-a-person")]


def found(home, numbers):
    content = read(home)
    return [word for word in words(numbers) if word in content]


async def fill(store, numbers):
    for number in numbers:
        begun = await begin(
            store,
            subject(phone=phone(number)),
            limits=only(phone_hour=Cap(5)),
            metadata={"user": f"name-{number:04}-of-a-person", "filling": "x" * (number % 7) * 60},
            request=Request(key=f"{number}", route="start", body="x"),
        )
        await store.verifications.mark(begun.message_id, ACCEPTED)
        await store.verifications.check(by_id(begun), typed(RIGHT))


@pytest.fixture(autouse=True)
async def application(store):
    await store.applications.add_application("default", "The Shop")


async def test_what_is_looked_for_is_found_as_long_as_it_is_kept(home, store):
    await fill(store, range(10))
    assert words(range(10)) == found(home, range(10))


async def test_an_erased_phone_is_nowhere_in_the_file_nor_in_its_log(home, store):
    await fill(store, range(10))
    await store.chores.erase(phone(3), actor="a key", reason="asked")
    assert [] == found(home, [3])
    assert words([2]) == found(home, [2])


async def test_erased_phones_are_nowhere_however_pages_were_split_and_joined(home, store):
    await fill(store, range(300))
    gone = [number for number in range(300) if number % 3]
    for number in gone:
        await store.chores.erase(phone(number), actor="a key", reason="asked")
    assert [] == found(home, gone)
    assert words([0, 3, 297]) == found(home, [0, 3, 297])


async def test_a_pending_verification_leaves_nothing_of_its_phone_either(home, store):
    begun = await begin(store, subject(phone=phone(1)), limits=NO_LADDER)
    await store.chores.erase(phone(1), actor="a key", reason="asked")
    assert (False, False) == (begun.code.seal in read(home), begun.code.cipher in read(home))
    assert [] == found(home, [1])


async def test_after_retention_no_phone_is_anywhere_in_the_file_nor_in_its_log(home, store, shift_clock):
    await fill(store, range(5))
    shift_clock(timedelta(days=31))
    await store.chores.forget(timedelta(days=30))
    assert [] == found(home, range(5))


async def test_while_somebody_reads_erasing_goes_on_and_is_told(home, store, caplog):
    await fill(store, range(3))
    reader = sqlite3.connect(home.path, isolation_level=None)
    reader.execute("begin")
    reader.execute("select count(*) from verifications").fetchone()
    try:
        erased = await store.chores.erase(phone(1), actor="a key", reason="asked")
    finally:
        reader.close()
    assert (1, True) == (erased["verifications"], "stay in its log" in caplog.text)


async def test_a_large_file_is_not_written_anew(home, store, monkeypatch):
    monkeypatch.setattr(writer, "_REWRITTEN_UP_TO", 0)
    await fill(store, range(30))
    pages = await home.look("pragma page_count")
    for number in range(30):
        await store.chores.erase(phone(number), actor="a key", reason="asked")
    assert pages <= await home.look("pragma page_count")


async def test_a_disk_that_is_full_is_told(store, monkeypatch):
    await fill(store, range(3))
    monkeypatch.setattr(writer, "_size", lambda database: database.execute("select * from nowhere"))
    with pytest.raises(StoreUnavailable):
        await store.chores.erase(phone(1), actor="a key", reason="asked")
    assert await store.chores.expire() == 0


async def test_a_closed_store_says_so(home, store):
    await home.close()
    with pytest.raises(StoreUnavailable):
        await store._writer.empty_log()
