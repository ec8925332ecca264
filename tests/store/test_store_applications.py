"""Applications and their keys: what a key opens, and when it stops."""

import pytest
from store_words import begin
from store_words import seconds
from store_words import subject

from aerocode.crypto import fingerprint
from aerocode.crypto import new_id
from aerocode.crypto import new_token
from aerocode.errors import EntityExists
from aerocode.errors import EntityNotFound
from aerocode.model.application import ApiKey
from aerocode.model.application import Scope
from aerocode.model.states import VerificationStatus

pytestmark = pytest.mark.anyio


@pytest.fixture
async def applications(store):
    await store.applications.add_application("shop", "The Shop")
    return store.applications


@pytest.fixture
async def a_key(store):
    async def make(application: str = "shop", **more: object) -> ApiKey:
        return ApiKey(
            id=new_id(),
            application=application,
            name="ci",
            scopes=frozenset({Scope.VERIFICATIONS_WRITE, Scope.VERIFICATIONS_READ}),
            created_at=await store.now(),
            **more,
        )

    return make


async def test_an_application_is_there_once_added(applications):
    assert "The Shop" == (await applications.application("shop")).product


async def test_applications_are_listed_in_the_order_they_came(applications):
    await applications.add_application("bank", "The Bank")
    assert ["shop", "bank"] == [application.id for application in await applications.applications()]


async def test_an_application_survives_a_restart(home, applications):
    store = await home.reopen()
    assert "The Shop" == (await store.applications.application("shop")).product


async def test_an_application_cannot_be_added_twice(applications):
    with pytest.raises(EntityExists):
        await applications.add_application("shop", "Another Shop")


async def test_an_application_can_be_renamed(home, applications):
    assert "A Shop" == (await applications.change_application("shop", "A Shop")).product
    store = await home.reopen()
    assert "A Shop" == (await store.applications.application("shop")).product


async def test_an_application_nobody_added_is_not_there(applications):
    assert await applications.application("bank") is None


@pytest.mark.parametrize(
    "act",
    [
        lambda applications: applications.change_application("bank", "x"),
        lambda applications: applications.remove_application("bank"),
        lambda applications: applications.keys("bank"),
        lambda applications: applications.revoke_key("bank", "k"),
    ],
    ids=["change", "remove", "keys", "revoke"],
)
async def test_what_concerns_an_unknown_application_is_not_found(applications, act):
    with pytest.raises(EntityNotFound):
        await act(applications)


async def test_a_key_of_an_unknown_application_cannot_be_added(applications, a_key):
    with pytest.raises(EntityNotFound):
        await applications.add_key(await a_key("bank"), fingerprint(new_token()))


async def test_a_key_opens_by_its_fingerprint(applications, a_key):
    token = new_token()
    key = await applications.add_key(await a_key(), fingerprint(token))
    assert key == await applications.key(fingerprint(token))


async def test_a_key_keeps_its_scopes_and_name_over_a_restart(home, applications, a_key):
    token = new_token()
    key = await applications.add_key(await a_key(), fingerprint(token))
    store = await home.reopen()
    found = await store.applications.key(fingerprint(token))
    assert (key.scopes, key.name, key.id) == (found.scopes, found.name, found.id)


async def test_an_unknown_fingerprint_opens_nothing(applications, a_key):
    await applications.add_key(await a_key(), fingerprint(new_token()))
    assert await applications.key(fingerprint(new_token())) is None


async def test_the_text_of_a_key_is_not_stored(home, applications, a_key):
    token = new_token()
    await applications.add_key(await a_key(), fingerprint(token))
    ((stored,),) = await home.look("select fingerprint from api_keys")
    assert (fingerprint(token), False) == (stored, token.encode() in stored)


async def test_two_keys_cannot_have_one_fingerprint(applications, a_key):
    await applications.add_key(await a_key(), fingerprint("same"))
    with pytest.raises(EntityExists):
        await applications.add_key(await a_key(), fingerprint("same"))


async def test_a_revoked_key_opens_nothing(applications, a_key):
    key = await applications.add_key(await a_key(), fingerprint("t"))
    assert (await applications.revoke_key("shop", key.id)).revoked_at is not None
    assert await applications.key(fingerprint("t")) is None


async def test_a_revoked_key_opens_nothing_after_a_restart(home, applications, a_key):
    key = await applications.add_key(await a_key(), fingerprint("t"))
    await applications.revoke_key("shop", key.id)
    store = await home.reopen()
    assert await store.applications.key(fingerprint("t")) is None


async def test_revoking_twice_keeps_the_first_time(applications, a_key, shift_clock):
    key = await applications.add_key(await a_key(), fingerprint("t"))
    first = await applications.revoke_key("shop", key.id)
    shift_clock(seconds(60))
    assert first.revoked_at == (await applications.revoke_key("shop", key.id)).revoked_at


async def test_a_key_cannot_be_revoked_through_another_application(applications, a_key):
    await applications.add_application("bank", "The Bank")
    key = await applications.add_key(await a_key(), fingerprint("t"))
    with pytest.raises(EntityNotFound):
        await applications.revoke_key("bank", key.id)
    assert await applications.key(fingerprint("t")) is not None


async def test_a_key_opens_until_it_expires(store, applications, a_key, shift_clock):
    await applications.add_key(await a_key(expires_at=await store.now() + seconds(100)), fingerprint("t"))
    shift_clock(seconds(90))
    assert await applications.key(fingerprint("t")) is not None
    shift_clock(seconds(10))
    assert await applications.key(fingerprint("t")) is None


async def test_a_revoked_key_is_still_listed(applications, a_key):
    key = await applications.add_key(await a_key(), fingerprint("t"))
    await applications.revoke_key("shop", key.id)
    assert [key.id] == [listed.id for listed in await applications.keys("shop")]


async def test_keys_are_listed_for_their_application_alone(applications, a_key):
    await applications.add_application("bank", "The Bank")
    await applications.add_key(await a_key(), fingerprint("t"))
    assert [] == list(await applications.keys("bank"))


async def test_a_removed_application_takes_its_keys_along(home, applications, a_key):
    await applications.add_key(await a_key(), fingerprint("t"))
    await applications.remove_application("shop")
    assert await applications.key(fingerprint("t")) is None
    assert [] == await home.look("select id from api_keys")


async def test_the_id_of_a_removed_application_is_never_used_again(applications):
    await applications.remove_application("shop")
    with pytest.raises(EntityExists):
        await applications.add_application("shop", "Another Shop")


async def test_a_removed_application_leaves_nothing_pending(store, applications):
    issued = await begin(store, subject(application="shop"))
    await applications.remove_application("shop")
    found = await store.reader.verification("shop", issued.verification.id)
    assert VerificationStatus.CANCELED is found.status


async def test_a_key_that_was_never_used_says_so(applications, a_key):
    key = await applications.add_key(await a_key(), fingerprint("t"))
    assert key.last_used_at is None


async def test_the_last_use_of_a_key_is_kept(home, applications, a_key):
    await applications.add_key(await a_key(), fingerprint("t"))
    await applications.key(fingerprint("t"))
    store = await home.reopen()
    (key,) = await store.applications.keys("shop")
    assert key.last_used_at is not None


async def test_the_last_use_is_written_once_a_minute(home, applications, a_key, shift_clock):
    await applications.add_key(await a_key(), fingerprint("t"))
    await applications.key(fingerprint("t"))
    (first,) = await applications.keys("shop")
    shift_clock(seconds(30))
    await applications.key(fingerprint("t"))
    (second,) = await applications.keys("shop")
    shift_clock(seconds(31))
    await applications.key(fingerprint("t"))
    (third,) = await applications.keys("shop")
    assert (True, True) == (first.last_used_at == second.last_used_at, second.last_used_at < third.last_used_at)


async def test_a_key_that_opens_nothing_is_not_used(applications, a_key):
    key = await applications.add_key(await a_key(), fingerprint("t"))
    await applications.revoke_key("shop", key.id)
    await applications.key(fingerprint("t"))
    (listed,) = await applications.keys("shop")
    assert listed.last_used_at is None
