"""Block and allow lists: one entry for each phone, prefix or network, and a line in the audit for every change."""

import asyncio
from datetime import timedelta
from ipaddress import ip_network

import pytest
from store_words import PHONE

from aerocode.crypto import new_id
from aerocode.errors import EntityExists
from aerocode.errors import EntityNotFound
from aerocode.model.audit import By
from aerocode.model.lists import Kind
from aerocode.model.lists import ListEntry
from aerocode.model.lists import Verdict

pytestmark = pytest.mark.anyio

ANN = By(actor="ann", reason="fraud report 7")


@pytest.fixture
def an_entry(store):
    async def make(kind=Kind.PHONE, value=PHONE.e164, verdict=Verdict.BLOCK, ends_in=None) -> ListEntry:
        now = await store.now()
        ends = None if ends_in is None else now + timedelta(seconds=ends_in)
        return ListEntry(
            id=new_id(), verdict=verdict, kind=kind, value=value, reason="fraud", created_at=now, expires_at=ends
        )

    return make


async def test_there_are_no_entries_until_one_is_added(store):
    assert [] == list(await store.lists.entries())


async def test_an_added_entry_decides(store, an_entry):
    await store.lists.add(await an_entry(), by=ANN)
    assert Verdict.BLOCK == (await store.lists.lists()).of_phone(PHONE.e164, await store.now())


async def test_an_added_network_decides(store, an_entry):
    await store.lists.add(await an_entry(Kind.NETWORK, "203.0.113.0/24"), by=ANN)
    lists = await store.lists.lists()
    assert Verdict.BLOCK == lists.of_network(ip_network("203.0.113.7/32"), await store.now())


async def test_entries_survive_a_restart(home, store, an_entry):
    added = await store.lists.add(await an_entry(ends_in=60), by=ANN)
    store = await home.reopen()
    assert [added] == list(await store.lists.entries())


async def test_what_has_an_entry_gets_no_other(store, an_entry):
    added = await store.lists.add(await an_entry(), by=ANN)
    with pytest.raises(EntityExists):
        await store.lists.add(await an_entry(verdict=Verdict.ALLOW), by=ANN)
    assert [added] == list(await store.lists.entries())


async def test_of_entries_for_one_phone_added_at_once_one_is_taken(store, an_entry):
    entries = [await an_entry() for _ in range(10)]
    answers = await asyncio.gather(*(store.lists.add(entry, by=ANN) for entry in entries), return_exceptions=True)
    assert (9, 1) == (sum(isinstance(one, EntityExists) for one in answers), len(await store.lists.entries()))


async def test_an_entry_that_ran_out_is_not_shown_and_makes_room(store, an_entry, shift_clock):
    await store.lists.add(await an_entry(ends_in=60), by=ANN)
    shift_clock(timedelta(seconds=60))
    assert [] == list(await store.lists.entries())
    added = await store.lists.add(await an_entry(), by=ANN)
    assert [added] == list(await store.lists.entries())


async def test_a_removed_entry_decides_nothing(store, an_entry):
    added = await store.lists.add(await an_entry(), by=ANN)
    await store.lists.remove(added.id, by=ANN)
    assert (await store.lists.lists()).of_phone(PHONE.e164, await store.now()) is None


async def test_an_entry_that_is_not_there_cannot_be_removed(store):
    with pytest.raises(EntityNotFound):
        await store.lists.remove("nobody", by=ANN)


async def test_both_changes_are_written_down_with_who_and_why_and_the_phone_masked(home, store, an_entry):
    added = await store.lists.add(await an_entry(), by=ANN)
    await store.lists.remove(added.id, by=By(actor="bob"))
    assert [
        ("ann", "list", f"block phone {PHONE.masked}", "fraud report 7"),
        ("bob", "unlist", f"block phone {PHONE.masked}", ""),
    ] == await home.look("select actor, action, subject, reason from audit order by at, action")


async def test_what_is_refused_is_not_written_down(home, store, an_entry):
    await store.lists.add(await an_entry(), by=ANN)
    with pytest.raises(EntityExists):
        await store.lists.add(await an_entry(), by=ANN)
    assert [(1,)] == await home.look("select count(*) from audit")


async def test_an_erased_phone_is_on_no_list_and_in_no_audit(home, store, an_entry):
    await store.lists.add(await an_entry(), by=ANN)
    await store.chores.erase(PHONE, actor="ann", reason="asked")
    await store.lists.load()
    assert [] == list(await store.lists.entries())
    assert [("", "")] == await home.look("select subject, reason from audit where action = 'list'")
