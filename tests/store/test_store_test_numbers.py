"""Test numbers: twenty at most however they come, their codes unreadable without the key."""

import asyncio
from datetime import timedelta

import pytest
from store_words import KEYRING
from store_words import PHONE

from aerocode.crypto import Keyring
from aerocode.crypto import Secret
from aerocode.errors import CannotDecrypt
from aerocode.errors import EntityExists
from aerocode.errors import EntityInvalid
from aerocode.errors import EntityNotFound
from aerocode.model import lists
from aerocode.model.audit import By
from aerocode.phone import Phone

pytestmark = pytest.mark.anyio

ANN = By(actor="ann", reason="store review")
OLD = b"the key of these tests, 32 bytes"
CODE = "135790"


@pytest.fixture
def a_number(store):
    async def make(phone=PHONE, ends_in=None) -> lists.TestNumber:
        now = await store.now()
        ends = None if ends_in is None else now + timedelta(seconds=ends_in)
        return lists.TestNumber(phone=phone, code=Secret(CODE), created_at=now, expires_at=ends)

    return make


def phones(count):
    return [Phone(f"+7900111{number:04d}") for number in range(count)]


async def test_an_added_number_is_known_with_its_code(store, a_number):
    await store.test_numbers.add(await a_number(ends_in=60), by=ANN)
    found = await store.test_numbers.number(PHONE)
    assert (CODE, PHONE) == (found.code.reveal(), found.phone)
    assert await store.now() < found.expires_at


async def test_a_number_survives_a_restart(home, store, a_number):
    await store.test_numbers.add(await a_number(), by=ANN)
    store = await home.reopen()
    assert CODE == (await store.test_numbers.number(PHONE)).code.reveal()


async def test_a_number_is_added_once(store, a_number):
    await store.test_numbers.add(await a_number(), by=ANN)
    with pytest.raises(EntityExists):
        await store.test_numbers.add(await a_number(), by=ANN)


async def test_there_are_twenty_and_no_more_however_many_come_at_once(store, a_number):
    numbers = [await a_number(phone) for phone in phones(30)]
    adds = [store.test_numbers.add(number, by=ANN) for number in numbers]
    answers = await asyncio.gather(*adds, return_exceptions=True)
    refused = sum(isinstance(answer, EntityInvalid) for answer in answers)
    assert (10, 20) == (refused, len(await store.test_numbers.numbers()))


async def test_a_number_that_ran_out_is_not_shown_and_makes_room(store, a_number, shift_clock):
    for phone in phones(20):
        await store.test_numbers.add(await a_number(phone, ends_in=60), by=ANN)
    shift_clock(timedelta(seconds=60))
    assert [] == list(await store.test_numbers.numbers())
    await store.test_numbers.add(await a_number(), by=ANN)
    assert [PHONE] == [number.phone for number in await store.test_numbers.numbers()]


async def test_a_removed_number_is_an_ordinary_one(store, a_number):
    await store.test_numbers.add(await a_number(), by=ANN)
    await store.test_numbers.remove(PHONE, by=ANN)
    assert await store.test_numbers.number(PHONE) is None


async def test_an_ordinary_number_cannot_be_removed(store):
    with pytest.raises(EntityNotFound):
        await store.test_numbers.remove(PHONE, by=ANN)


async def test_both_changes_are_written_down_without_the_code(home, store, a_number):
    await store.test_numbers.add(await a_number(), by=ANN)
    await store.test_numbers.remove(PHONE, by=By(actor="bob"))
    assert [
        ("ann", "test_number", PHONE.masked, "store review"),
        ("bob", "test_number_removed", PHONE.masked, ""),
    ] == await home.look("select actor, action, subject, reason from audit order by at, action")


async def test_the_code_cannot_be_read_from_the_row(home, store, a_number):
    await store.test_numbers.add(await a_number(), by=ANN)
    ((cipher,),) = await home.look("select cipher from test_numbers")
    assert CODE.encode() not in bytes(cipher)


async def test_the_code_is_bound_to_its_own_phone(home, store, a_number):
    await store.test_numbers.add(await a_number(), by=ANN)
    ((cipher,),) = await home.look("select cipher from test_numbers")
    with pytest.raises(CannotDecrypt):
        KEYRING.decrypt(bytes(cipher), row="test number +79001112233")


async def test_after_rotation_the_old_key_is_not_needed(home, store, a_number):
    await store.test_numbers.add(await a_number(), by=ANN)
    store = await home.reopen(Keyring(b"n" * 32, [OLD]))
    assert 1 == await store.test_numbers.rotate()
    await store.rotate_names()
    store = await home.reopen(Keyring(b"n" * 32))
    assert CODE == (await store.test_numbers.number(PHONE)).code.reveal()


async def test_rotation_leaves_what_is_current_alone(store, a_number):
    await store.test_numbers.add(await a_number(), by=ANN)
    assert 0 == await store.test_numbers.rotate()


async def test_an_erased_phone_is_no_test_number(store, a_number):
    await store.test_numbers.add(await a_number(), by=ANN)
    await store.chores.erase(PHONE, actor="ann", reason="asked")
    await store.test_numbers.load()
    assert await store.test_numbers.number(PHONE) is None
