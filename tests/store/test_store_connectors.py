"""Saved connectors: one at a time, replaced in one step, unreadable without the key."""

import asyncio

import pytest
from store_words import KEYRING

from aerocode.crypto import Keyring
from aerocode.crypto import new_short_id
from aerocode.errors import CannotDecrypt
from aerocode.errors import EntityExists
from aerocode.errors import EntityNotFound
from aerocode.model.connector import SavedConnector

pytestmark = pytest.mark.anyio

OLD = b"the key of these tests, 32 bytes"
API_KEY = "gate-api-key-that-nobody-may-read"
CONFIG = {"email": "me@example.com", "apiKey": API_KEY, "templates": [{"usageType": "Generic", "content": "{{code}}"}]}


@pytest.fixture
def a_connector(store):
    async def make(**more: object) -> SavedConnector:
        given = {"id": new_short_id(), "factory": "smsaero-short-message-service", "config": CONFIG, **more}
        return SavedConnector(created_at=await store.now(), **given)

    return make


async def test_there_is_no_connector_until_one_is_saved(store):
    assert await store.connectors.live() is None


async def test_a_saved_connector_is_live(store, a_connector):
    saved = await store.connectors.replace(await a_connector(metadata={"target": "sms"}))
    assert (saved, CONFIG, {"target": "sms"}) == (await store.connectors.live(), saved.config, saved.metadata)


async def test_a_connector_is_found_by_its_id(store, a_connector):
    saved = await store.connectors.replace(await a_connector())
    assert saved == await store.connectors.connector(saved.id)


async def test_no_connector_is_found_by_another_id(store, a_connector):
    await store.connectors.replace(await a_connector())
    assert await store.connectors.connector("another") is None


async def test_a_connector_survives_a_restart(home, store, a_connector):
    saved = await store.connectors.replace(await a_connector())
    store = await home.reopen()
    assert saved == await store.connectors.live()


async def test_a_second_connector_takes_the_place_of_the_first(home, store, a_connector):
    await store.connectors.replace(await a_connector(id="first"))
    await store.connectors.replace(await a_connector(id="second"))
    assert [("second",)] == await home.look("select id from connectors")


async def test_connectors_saved_at_once_all_succeed_and_one_is_live(home, store, a_connector):
    connectors = [await a_connector(id=f"c{n}") for n in range(10)]
    saved = await asyncio.gather(*(store.connectors.replace(connector) for connector in connectors))
    assert [connector.id for connector in connectors] == [one.id for one in saved]
    assert [((await store.connectors.live()).id,)] == await home.look("select id from connectors")


async def test_an_id_that_is_taken_is_refused_and_the_saved_one_stands(store, a_connector):
    saved = await store.connectors.replace(await a_connector(id="first"))
    with pytest.raises(EntityExists):
        await store.connectors.replace(await a_connector(id="first", config={"apiKey": "new"}))
    assert saved == await store.connectors.live()


async def test_the_config_can_be_changed_and_nothing_else_with_it(store, a_connector):
    saved = await store.connectors.replace(await a_connector(metadata={"target": "sms"}))
    changed = await store.connectors.change(saved.id, {"apiKey": "new"})
    assert ({"apiKey": "new"}, saved.metadata, saved.created_at) == (
        changed.config,
        changed.metadata,
        changed.created_at,
    )


async def test_a_removed_connector_is_gone(home, store, a_connector):
    saved = await store.connectors.replace(await a_connector())
    await store.connectors.remove(saved.id)
    assert await store.connectors.live() is None
    assert [] == await home.look("select id from connectors")


async def test_a_connector_that_is_not_there_cannot_be_changed(store):
    with pytest.raises(EntityNotFound):
        await store.connectors.change("nobody", {})


async def test_a_connector_that_is_not_there_cannot_be_removed(store):
    with pytest.raises(EntityNotFound):
        await store.connectors.remove("nobody")


async def test_the_config_cannot_be_read_from_the_row(home, store, a_connector):
    await store.connectors.replace(await a_connector())
    ((config,),) = await home.look("select config from connectors")
    assert (False, False) == (API_KEY.encode() in config, b"me@example.com" in config)


async def test_the_config_is_bound_to_its_own_row(home, store, a_connector):
    saved = await store.connectors.replace(await a_connector())
    ((config,),) = await home.look("select config from connectors")
    with pytest.raises(CannotDecrypt):
        KEYRING.decrypt(config, row=f"connector {saved.id}x")


async def test_a_connector_never_prints_its_config(store, a_connector):
    saved = await store.connectors.replace(await a_connector())
    assert API_KEY not in f"{saved} {saved!r}"


async def test_a_store_whose_key_is_gone_refuses_to_open(home, store, a_connector):
    await store.connectors.replace(await a_connector())
    with pytest.raises(CannotDecrypt):
        await home.reopen(Keyring(b"n" * 32))


async def test_after_rotation_the_old_key_is_not_needed(home, store, a_connector):
    saved = await store.connectors.replace(await a_connector())
    store = await home.reopen(Keyring(b"n" * 32, [OLD]))
    assert 1 == await store.connectors.rotate()
    await store.rotate_names()
    store = await home.reopen(Keyring(b"n" * 32))
    assert saved == await store.connectors.live()


async def test_rotation_leaves_what_is_current_alone(home, store, a_connector):
    await store.connectors.replace(await a_connector())
    before = await home.look("select config from connectors")
    assert 0 == await store.connectors.rotate()
    assert before == await home.look("select config from connectors")


async def test_rotation_of_nothing_is_nothing(store):
    assert 0 == await store.connectors.rotate()


@pytest.mark.parametrize("first", ["rotate", "change"])
async def test_a_change_beside_a_rotation_is_not_undone(home, store, a_connector, first):
    saved = await store.connectors.replace(await a_connector())
    for number in range(20):
        store = await home.reopen(Keyring(bytes([number]) * 32, [OLD, *(bytes([n]) * 32 for n in range(number))]))
        asked = [store.connectors.rotate(), store.connectors.change(saved.id, {"round": number})]
        await asyncio.gather(*(asked if first == "rotate" else asked[::-1]))
        live = await store.connectors.live()
        await store.rotate_names()
        store = await home.reopen(Keyring(bytes([number]) * 32))
        assert [{"round": number}] * 2 == [live.config, (await store.connectors.live()).config]


async def test_a_connector_saved_beside_a_rotation_stays_saved(home, store, a_connector):
    await store.connectors.replace(await a_connector(id="first"))
    store = await home.reopen(Keyring(b"n" * 32, [OLD]))
    second = await a_connector(id="second", config={"apiKey": "new"})
    await asyncio.gather(store.connectors.rotate(), store.connectors.replace(second))
    await store.rotate_names()
    store = await home.reopen(Keyring(b"n" * 32))
    assert ("second", {"apiKey": "new"}) == ((await store.connectors.live()).id, (await store.connectors.live()).config)
