"""Several replicas on one database: what one changes the others know about a second later."""

import asyncio
import time

import pytest
from store_words import KEYRING

from aerocode.crypto import Keyring
from aerocode.crypto import fingerprint
from aerocode.crypto import new_id
from aerocode.errors import CannotDecrypt
from aerocode.errors import CannotStart
from aerocode.errors import EntityExists
from aerocode.errors import EntityNotFound
from aerocode.errors import StoreUnavailable
from aerocode.model.application import ApiKey
from aerocode.model.application import Scope
from aerocode.model.audit import By
from aerocode.model.connector import SavedConnector
from aerocode.store.postgres import watch
from aerocode.store.postgres.session import statement
from aerocode.store.postgres.store import open_store
from postgres_server import ask
from postgres_server import shared
from postgres_server import template

pytestmark = pytest.mark.anyio

CONFIG = {"apiKey": "k"}
ANN = By(actor="ann", reason="a new account")
CONNECTED = """
    select count(*) from pg_stat_activity where datname = current_database() and application_name = 'aerocode'
"""


@pytest.fixture
async def pair(anyio_backend, monkeypatch):
    monkeypatch.setattr(watch, "_EVERY", 0.1)  # seconds
    url = shared().empty(template())
    stores = [await open_store(url, KEYRING) for _ in range(2)]
    yield stores
    for store in stores:
        await store.close()
    shared().drop(url)


@pytest.fixture
async def a_key(pair):
    one, _ = pair
    await one.applications.add_application("shop", "The Shop")
    key = ApiKey(id=new_id(), application="shop", name="ci", scopes=frozenset({Scope.ALL}), created_at=await one.now())
    return await one.applications.add_key(key, fingerprint("t"))


async def soon(question):
    """What it answers once it is no longer falsy, within two seconds."""
    until = time.monotonic() + 2
    while not (answer := await question()):
        assert time.monotonic() < until
        await asyncio.sleep(0.02)
    return answer


async def test_a_key_opens_on_every_replica(pair, a_key):
    found = await soon(lambda: pair[1].applications.key(fingerprint("t")))
    assert a_key.id == found.id


async def test_what_another_replica_added_a_moment_ago_is_looked_for(pair, a_key):
    await asyncio.sleep(0.25)
    assert a_key.id == (await pair[1].applications.key(fingerprint("t"))).id


async def test_whoever_asks_for_what_nobody_has_costs_the_database_little(pair):
    looks = []
    real = pair[0]._watch.look
    pair[0]._watch.look = lambda **more: looks.append(1) or real(**more)
    for n in range(1000):
        await pair[0].applications.key(fingerprint(str(n)))
    assert len(looks) <= 5


async def test_a_revoked_key_is_dead_on_every_replica(pair, a_key):
    one, other = pair
    await soon(lambda: other.applications.key(fingerprint("t")))
    await one.applications.revoke_key("shop", a_key.id)

    async def dead():
        return await other.applications.key(fingerprint("t")) is None

    assert await soon(dead)


async def test_a_connector_is_live_on_every_replica(pair):
    one, other = pair
    new = SavedConnector(id="c", factory="f", config=CONFIG, created_at=await one.now())
    saved = await one.connectors.replace(new, by=ANN)
    assert saved == await soon(other.connectors.live)


async def test_connectors_saved_on_two_replicas_at_once_leave_one(pair):
    now = await pair[0].now()
    new = [SavedConnector(id=f"c{n}", factory="f", config=CONFIG, created_at=now) for n in range(10)]
    await asyncio.gather(*(pair[n % 2].connectors.replace(one, by=ANN) for n, one in enumerate(new)))

    async def agreed():
        return len({(await store.connectors.live()).id for store in pair}) == 1

    assert await soon(agreed)


async def test_an_application_another_replica_has_just_added_is_taken(pair):
    await pair[0].applications.add_application("shop", "The Shop")
    with pytest.raises(EntityExists):
        await pair[1].applications.add_application("shop", "Another Shop")


async def test_an_application_another_replica_has_just_removed_is_not_there(pair, a_key):
    one, other = pair
    await soon(lambda: other.applications.application("shop"))
    await one.applications.remove_application("shop")
    with pytest.raises(EntityNotFound):
        await other.applications.change_application("shop", "x")


async def test_a_key_for_an_application_another_replica_has_just_removed_is_refused(pair, a_key):
    one, other = pair
    await soon(lambda: other.applications.application("shop"))
    await one.applications.remove_application("shop")
    with pytest.raises(EntityNotFound):
        await other.applications.add_key(a_key, fingerprint("u"))


async def test_both_give_a_phone_the_same_pseudonym(pair):
    assert 1 == len({store.budgets._names.of("+79123456789") for store in pair})


async def test_a_seed_is_sown_by_one_of_them(pair):
    told = await asyncio.gather(*(store.settings.seed("mode", word) for store, word in zip(pair, "ab", strict=True)))
    assert 1 == len(set(told))


async def test_a_replica_with_another_secret_key_does_not_start(pair):
    url = pair[0]._pools[0]._url
    with pytest.raises(CannotDecrypt):
        await open_store(url, Keyring(b"n" * 32))
    others = (
        "select count(*) from pg_stat_activity where datname = current_database() and application_name = 'aerocode'"
    )
    await pair[0].close()
    await pair[1].close()
    assert [(0,)] == ask(url, others)


async def test_a_replica_without_its_database_does_not_start():
    with pytest.raises(CannotStart, match="does not exist"):
        await open_store(shared().url("nowhere"), KEYRING)


async def test_time_is_told_without_asking_and_never_goes_back(pair):
    times = [await store.now() for _ in range(100) for store in pair]
    mine = [times[n] for n in range(0, 200, 2)]
    ((now,),) = ask(pair[0]._pools[0]._url, "select clock_timestamp()")
    assert sorted(mine) == mine
    assert abs((now - times[-1]).total_seconds()) < 1


async def test_a_replica_that_can_write_is_ready(pair):
    await pair[0].ready()


async def test_a_standby_is_not_ready(pair, monkeypatch):
    standby = statement("select null as version, 0::bigint as now, true as standby")
    monkeypatch.setitem(watch.SQL, "version", standby)
    with pytest.raises(StoreUnavailable):
        await pair[0].ready()


async def test_a_reader_cannot_write(pair):
    reader = pair[0].reader._pool

    async def write():
        async with reader.transaction(begin="begin read only") as session:
            await session.do(statement("insert into facts values ('a', 'b')"))

    with pytest.raises(StoreUnavailable) as refusal:
        await write()
    assert "read-only" in str(refusal.value.__cause__)
