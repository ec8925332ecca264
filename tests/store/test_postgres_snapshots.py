"""What every replica has in memory for each start: limits, lists, test numbers; changed on one, known to the others."""

import asyncio
import time
from dataclasses import replace
from functools import partial

import pytest
from store_words import KEYRING
from store_words import PHONE

from aerocode.crypto import Secret
from aerocode.crypto import new_id
from aerocode.errors import EntityExists
from aerocode.errors import EntityInvalid
from aerocode.model import lists
from aerocode.model.audit import By
from aerocode.model.policy import Cap
from aerocode.phone import Phone
from aerocode.store.postgres import watch
from aerocode.store.postgres.store import open_store
from postgres_server import shared
from postgres_server import template

pytestmark = pytest.mark.anyio

ANN = By(actor="ann", reason="a fraud")


@pytest.fixture
async def pair(anyio_backend, monkeypatch):
    monkeypatch.setattr(watch, "_EVERY", 0.1)  # seconds
    url = shared().empty(template())
    stores = [await open_store(url, KEYRING) for _ in range(2)]
    yield stores
    for store in stores:
        await store.close()
    shared().drop(url)


async def soon(question):
    """Return once it is answered with something true, within two seconds."""
    until = time.monotonic() + 2
    while not await question():
        assert time.monotonic() < until
        await asyncio.sleep(0.02)


async def block(store, phone=PHONE):
    entry = lists.ListEntry(
        id=new_id(),
        verdict=lists.Verdict.BLOCK,
        kind=lists.Kind.PHONE,
        value=phone.e164,
        reason="fraud",
        created_at=await store.now(),
    )
    return await store.lists.add(entry, by=ANN)


async def number(store, phone=PHONE):
    new = lists.TestNumber(phone=phone, code=Secret("135790"), created_at=await store.now())
    await store.test_numbers.add(new, by=ANN)


async def is_blocked(store):
    return (await store.lists.lists()).of_phone(PHONE.e164, await store.now()) is lists.Verdict.BLOCK


async def is_test_number(store):
    return await store.test_numbers.number(PHONE) is not None


async def test_a_blocked_phone_is_blocked_on_every_replica(pair):
    await block(pair[0])
    await soon(lambda: is_blocked(pair[1]))


async def test_an_entry_is_removed_on_every_replica(pair):
    one, other = pair
    entry = await block(one)
    await soon(lambda: is_blocked(other))
    await other.lists.remove(entry.id, by=ANN)

    async def free():
        return not await is_blocked(one)

    await soon(free)


async def test_a_phone_that_another_replica_has_just_listed_gets_no_other_entry(pair):
    await block(pair[0])
    with pytest.raises(EntityExists):
        await block(pair[1])


async def test_a_test_number_is_one_on_every_replica(pair):
    await number(pair[0])
    await soon(lambda: is_test_number(pair[1]))


async def test_replicas_that_add_at_once_keep_twenty_test_numbers(pair):
    adds = [number(pair[n % 2], Phone(f"+7900111{n:04}")) for n in range(30)]
    answers = await asyncio.gather(*adds, return_exceptions=True)
    refused = sum(isinstance(answer, EntityInvalid) for answer in answers)
    assert (10, 20) == (refused, len(await pair[0].test_numbers.numbers()))


async def test_limits_hold_on_every_replica(pair):
    changed = await pair[0].settings.change_limits(lambda was: replace(was, phone_hour=Cap(2)), "{}", by=ANN)

    async def told():
        return await pair[1].settings.limits() == changed

    await soon(told)


async def test_limits_changed_on_replicas_at_once_keep_what_the_other_changed(pair):
    names = ("phone_hour", "phone_day", "ip_hour", "block_hour", "application_day")
    changes = [partial(replace, **{name: Cap(count)}) for count, name in enumerate(names, 1)]
    await asyncio.gather(
        *(pair[n % 2].settings.change_limits(change, "{}", by=ANN) for n, change in enumerate(changes))
    )
    await pair[0].settings.change_limits(lambda was: was, "{}", by=ANN)
    limits = await pair[0].settings.limits()
    assert [Cap(count) for count in range(1, 6)] == [getattr(limits, name) for name in names]


async def test_an_erased_phone_is_in_no_replicas_memory(pair):
    one, other = pair
    await block(one)
    await number(one)
    await soon(lambda: is_test_number(other))
    await one.chores.erase(PHONE, actor="ann", reason="asked for it")

    async def forgotten():
        return not await is_blocked(other) and not await is_test_number(other)

    await soon(forgotten)


async def test_sign_in_settings_hold_on_every_replica(pair):
    def change(was, _):
        return replace(was, policy=replace(was.policy, attempts=3))

    changed = await pair[0].settings.change_experience(change, "{}", by=ANN)

    async def told():
        return await pair[1].settings.experience() == changed

    await soon(told)
