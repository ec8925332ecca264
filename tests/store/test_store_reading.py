"""Readers: an application sees its own rows, newest first, page by page."""

import pytest
from store_homes import ON_A_FILE
from store_words import NO_LADDER
from store_words import OTHER_PHONE
from store_words import PHONE
from store_words import begin
from store_words import subject

from aerocode.crypto import new_id

pytestmark = pytest.mark.anyio


@pytest.fixture
async def begun(store):
    """Six verifications of one application, oldest first: four for one phone, two for another."""
    phones = [(PHONE, "a"), (PHONE, "b"), (PHONE, "c"), (PHONE, "d"), (OTHER_PHONE, "a"), (OTHER_PHONE, "b")]
    asked = [subject(phone=phone, session=session) for phone, session in phones]
    return [(await begin(store, of, limits=NO_LADDER)).verification.id for of in asked]


async def ids(store, application: str = "default", phone=None, before=None, limit: int = 100) -> list[str]:
    rows = await store.reader.verifications(application, phone=phone, before=before, limit=limit)
    return [row.id for row in rows]


async def test_a_verification_is_read_as_it_was_decided(store):
    answer = await begin(store, payload={"a": "b"})
    assert answer.verification == await store.reader.verification("default", answer.verification.id)


async def test_another_applications_verification_is_not_there(store, begun):
    assert await store.reader.verification("shop", begun[0]) is None


async def test_an_unknown_verification_is_not_there(store, begun):
    assert await store.reader.verification("default", new_id()) is None


async def test_another_applications_message_is_not_there(store):
    answer = await begin(store)
    assert await store.reader.message("shop", answer.message_id) is None


async def test_verifications_are_listed_newest_first(store, begun):
    assert sorted(begun, reverse=True) == await ids(store)


async def test_another_applications_list_is_its_own(store, begun):
    assert [] == await ids(store, "shop")


async def test_a_list_can_be_of_one_phone(store, begun):
    assert (sorted(begun[:4]), sorted(begun[4:])) == (
        sorted(await ids(store, phone=PHONE)),
        sorted(await ids(store, phone=OTHER_PHONE)),
    )


async def test_pages_follow_one_another_without_gap_or_overlap(store, begun):
    pages, before = [], None
    while page := await ids(store, before=before, limit=4):
        pages.append(page)
        before = page[-1]
    assert ([4, 2], sorted(begun, reverse=True)) == (
        [len(page) for page in pages],
        [one for page in pages for one in page],
    )


async def test_pages_of_one_phone_follow_one_another(store, begun):
    first = await ids(store, phone=PHONE, limit=3)
    assert sorted(begun[:4])[0:1] == await ids(store, phone=PHONE, before=first[-1], limit=3)


@ON_A_FILE
async def test_the_reader_cannot_write(store, begun):
    with pytest.raises(Exception, match=r"readonly|read-only"):
        store.reader._database.execute("delete from verifications")
