"""Saved connectors: one at a time, replaced in one step, unreadable without the key."""

import asyncio

import pytest
from store_words import BY
from store_words import KEYRING

from aerocode.crypto import Keyring
from aerocode.crypto import new_short_id
from aerocode.errors import CannotDecrypt
from aerocode.errors import EntityExists
from aerocode.errors import EntityNotFound
from aerocode.model.connector import SavedConnector

pytestmark = pytest.mark.anyio


def nothing_needs_it(sign_in):
    """Nothing in the settings needs the connector."""


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
    saved = await store.connectors.replace(await a_connector(metadata={"target": "sms"}), by=BY)
    assert (saved, CONFIG, {"target": "sms"}) == (await store.connectors.live(), saved.config, saved.metadata)


async def test_a_connector_is_found_by_its_id(store, a_connector):
    saved = await store.connectors.replace(await a_connector(), by=BY)
    assert saved == await store.connectors.connector(saved.id)


async def test_no_connector_is_found_by_another_id(store, a_connector):
    await store.connectors.replace(await a_connector(), by=BY)
    assert await store.connectors.connector("another") is None


async def test_a_connector_survives_a_restart(home, store, a_connector):
    saved = await store.connectors.replace(await a_connector(), by=BY)
    store = await home.reopen()
    assert saved == await store.connectors.live()


async def test_a_second_connector_takes_the_place_of_the_first(home, store, a_connector):
    await store.connectors.replace(await a_connector(id="first"), by=BY)
    await store.connectors.replace(await a_connector(id="second"), by=BY)
    assert [("second",)] == await home.look("select id from connectors")


async def test_connectors_saved_at_once_all_succeed_and_one_is_live(home, store, a_connector):
    connectors = [await a_connector(id=f"c{n}") for n in range(10)]
    saved = await asyncio.gather(*(store.connectors.replace(connector, by=BY) for connector in connectors))
    assert [connector.id for connector in connectors] == [one.id for one in saved]
    assert [((await store.connectors.live()).id,)] == await home.look("select id from connectors")


async def test_an_id_that_is_taken_is_refused_and_the_saved_one_stands(store, a_connector):
    saved = await store.connectors.replace(await a_connector(id="first"), by=BY)
    with pytest.raises(EntityExists):
        await store.connectors.replace(await a_connector(id="first", config={"apiKey": "new"}), by=BY)
    assert saved == await store.connectors.live()


async def test_the_config_can_be_changed_and_nothing_else_with_it(store, a_connector):
    saved = await store.connectors.replace(await a_connector(metadata={"target": "sms"}), by=BY)
    changed = await store.connectors.change(saved.id, {"apiKey": "new"}, by=BY)
    assert ({"apiKey": "new"}, saved.metadata, saved.created_at) == (
        changed.config,
        changed.metadata,
        changed.created_at,
    )


async def test_a_removed_connector_is_gone(home, store, a_connector):
    saved = await store.connectors.replace(await a_connector(), by=BY)
    await store.connectors.remove(saved.id, nothing_needs_it, by=BY)
    assert await store.connectors.live() is None
    assert [] == await home.look("select id from connectors")


async def test_a_connector_that_is_not_there_cannot_be_changed(store):
    with pytest.raises(EntityNotFound):
        await store.connectors.change("nobody", {}, by=BY)


async def test_a_connector_that_is_not_there_cannot_be_removed(store):
    with pytest.raises(EntityNotFound):
        await store.connectors.remove("nobody", nothing_needs_it, by=BY)


async def test_the_config_cannot_be_read_from_the_row(home, store, a_connector):
    await store.connectors.replace(await a_connector(), by=BY)
    ((config,),) = await home.look("select config from connectors")
    assert (False, False) == (API_KEY.encode() in config, b"me@example.com" in config)


async def test_the_config_is_bound_to_its_own_row(home, store, a_connector):
    saved = await store.connectors.replace(await a_connector(), by=BY)
    ((config,),) = await home.look("select config from connectors")
    with pytest.raises(CannotDecrypt):
        KEYRING.decrypt(config, row=f"connector {saved.id}x")


async def test_a_connector_never_prints_its_config(store, a_connector):
    saved = await store.connectors.replace(await a_connector(), by=BY)
    assert API_KEY not in f"{saved} {saved!r}"


async def test_a_store_whose_key_is_gone_refuses_to_open(home, store, a_connector):
    await store.connectors.replace(await a_connector(), by=BY)
    with pytest.raises(CannotDecrypt):
        await home.reopen(Keyring(b"n" * 32))


async def test_after_rotation_the_old_key_is_not_needed(home, store, a_connector):
    saved = await store.connectors.replace(await a_connector(), by=BY)
    store = await home.reopen(Keyring(b"n" * 32, [OLD]))
    assert 1 == await store.connectors.rotate()
    await store.rotate_names()
    store = await home.reopen(Keyring(b"n" * 32))
    assert saved == await store.connectors.live()


async def test_rotation_leaves_what_is_current_alone(home, store, a_connector):
    await store.connectors.replace(await a_connector(), by=BY)
    before = await home.look("select config from connectors")
    assert 0 == await store.connectors.rotate()
    assert before == await home.look("select config from connectors")


async def test_rotation_of_nothing_is_nothing(store):
    assert 0 == await store.connectors.rotate()


@pytest.mark.parametrize("first", ["rotate", "change"])
async def test_a_change_beside_a_rotation_is_not_undone(home, store, a_connector, first):
    saved = await store.connectors.replace(await a_connector(), by=BY)
    for number in range(20):
        store = await home.reopen(Keyring(bytes([number]) * 32, [OLD, *(bytes([n]) * 32 for n in range(number))]))
        asked = [store.connectors.rotate(), store.connectors.change(saved.id, {"round": number}, by=BY)]
        await asyncio.gather(*(asked if first == "rotate" else asked[::-1]))
        live = await store.connectors.live()
        await store.rotate_names()
        store = await home.reopen(Keyring(bytes([number]) * 32))
        assert [{"round": number}] * 2 == [live.config, (await store.connectors.live()).config]


async def test_a_connector_saved_beside_a_rotation_stays_saved(home, store, a_connector):
    await store.connectors.replace(await a_connector(id="first"), by=BY)
    store = await home.reopen(Keyring(b"n" * 32, [OLD]))
    second = await a_connector(id="second", config={"apiKey": "new"})
    await asyncio.gather(store.connectors.rotate(), store.connectors.replace(second, by=BY))
    await store.rotate_names()
    store = await home.reopen(Keyring(b"n" * 32))
    assert ("second", {"apiKey": "new"}) == ((await store.connectors.live()).id, (await store.connectors.live()).config)


async def kept(store):
    return [(one.connector.id, one.connector.config) for one in await store.connectors.versions()]


async def audited(home):
    return await home.look("select actor, action, subject from audit order by at, id")


async def test_a_config_that_is_changed_replaced_or_removed_is_kept(store, a_connector):
    first = await store.connectors.replace(await a_connector(id="first", config={"round": 1}), by=BY)
    await store.connectors.change(first.id, {"round": 2}, by=BY)
    await store.connectors.replace(await a_connector(id="second", config={"round": 3}), by=BY)
    await store.connectors.remove("second", nothing_needs_it, by=BY)
    assert [("second", {"round": 3}), ("first", {"round": 2}), ("first", {"round": 1})] == await kept(store)


async def test_the_same_config_once_more_is_not_kept_twice(store, a_connector):
    saved = await store.connectors.replace(await a_connector(), by=BY)
    await store.connectors.change(saved.id, CONFIG, by=BY)
    await store.connectors.replace(await a_connector(), by=BY)
    assert [] == await kept(store)


async def test_the_last_ten_are_kept(store, a_connector):
    saved = await store.connectors.replace(await a_connector(config={"round": 0}), by=BY)
    for number in range(1, 13):
        await store.connectors.change(saved.id, {"round": number}, by=BY)
    assert list(range(11, 1, -1)) == [config["round"] for _, config in await kept(store)]


async def test_a_kept_config_cannot_be_read_from_its_row(home, store, a_connector):
    saved = await store.connectors.replace(await a_connector(), by=BY)
    await store.connectors.change(saved.id, {"apiKey": "new"}, by=BY)
    ((config,),) = await home.look("select config from connector_versions")
    assert API_KEY.encode() not in config


async def test_a_restored_config_is_live_and_what_was_live_is_kept(home, store, a_connector):
    saved = await store.connectors.replace(await a_connector(config={"round": 1}), by=BY)
    await store.connectors.change(saved.id, {"round": 2}, by=BY)
    restored = await store.connectors.restore(saved.id, None, nothing_needs_it, by=BY)
    store = await home.reopen()
    assert ({"round": 1}, restored) == (restored.config, await store.connectors.live())
    assert [(saved.id, {"round": 2})] == await kept(store)


async def test_a_removed_connector_is_restored_under_its_id(store, a_connector):
    saved = await store.connectors.replace(await a_connector(id="first"), by=BY)
    await store.connectors.remove("first", nothing_needs_it, by=BY)
    assert saved == await store.connectors.restore("first", None, nothing_needs_it, by=BY)


async def test_a_replaced_connector_comes_back_in_the_place_of_the_other(store, a_connector):
    await store.connectors.replace(await a_connector(id="first", config={"round": 1}), by=BY)
    await store.connectors.replace(await a_connector(id="second", config={"round": 2}), by=BY)
    restored = await store.connectors.restore("second", None, nothing_needs_it, by=BY)
    assert ("first", [("second", {"round": 2})]) == (restored.id, await kept(store))


async def test_any_kept_version_can_be_named(store, a_connector):
    saved = await store.connectors.replace(await a_connector(config={"round": 1}), by=BY)
    for number in (2, 3):
        await store.connectors.change(saved.id, {"round": number}, by=BY)
    oldest = (await store.connectors.versions())[-1]
    assert {"round": 1} == (await store.connectors.restore(saved.id, oldest.id, nothing_needs_it, by=BY)).config


@pytest.mark.parametrize(("connector", "version"), [("nobody", None), ("first", "none"), ("nobody", "newest")])
async def test_what_is_not_kept_cannot_be_restored(store, a_connector, connector, version):
    await store.connectors.replace(await a_connector(id="first", config={"round": 1}), by=BY)
    await store.connectors.change("first", {"round": 2}, by=BY)
    newest = (await store.connectors.versions())[0].id
    with pytest.raises(EntityNotFound):
        await store.connectors.restore(connector, newest if version == "newest" else version, nothing_needs_it, by=BY)
    assert {"round": 2} == (await store.connectors.live()).config


async def test_a_config_that_may_not_be_live_again_stays_where_it_is(store, a_connector):
    def refuse(connector):
        raise EntityExists

    saved = await store.connectors.replace(await a_connector(config={"round": 1}), by=BY)
    await store.connectors.change(saved.id, {"round": 2}, by=BY)
    with pytest.raises(EntityExists):
        await store.connectors.restore(saved.id, None, refuse, by=BY)
    assert ({"round": 2}, [(saved.id, {"round": 1})]) == ((await store.connectors.live()).config, await kept(store))


async def test_rotation_covers_what_is_kept(home, store, a_connector):
    saved = await store.connectors.replace(await a_connector(config={"round": 1}), by=BY)
    await store.connectors.change(saved.id, {"round": 2}, by=BY)
    store = await home.reopen(Keyring(b"n" * 32, [OLD]))
    assert 2 == await store.connectors.rotate()
    await store.rotate_names()
    store = await home.reopen(Keyring(b"n" * 32))
    assert [(saved.id, {"round": 1})] == await kept(store)


async def test_every_change_says_who_made_it(home, store, a_connector):
    saved = await store.connectors.replace(await a_connector(id="first", config={"round": 1}), by=BY)
    await store.connectors.change(saved.id, {"round": 2}, by=BY)
    await store.connectors.restore(saved.id, None, nothing_needs_it, by=BY)
    await store.connectors.remove(saved.id, nothing_needs_it, by=BY)
    assert [("a test", f"connector.{word}", "first") for word in ("save", "change", "restore", "remove")] == (
        await audited(home)
    )


async def test_a_change_that_is_refused_is_not_written_down(home, store, a_connector):
    def refuse(sign_in):
        raise EntityExists

    saved = await store.connectors.replace(await a_connector(id="first"), by=BY)
    with pytest.raises(EntityExists):
        await store.connectors.remove("first", refuse, by=BY)
    assert [("a test", "connector.save", "first")] == await audited(home)
    assert saved == await store.connectors.live()
