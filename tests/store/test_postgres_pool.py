"""Connections to a PostgreSQL that is full, slow, frozen, gone and back: who waits, how long, and what they hear."""

import asyncio
import signal
import time

import asyncpg
import pytest

from aerocode.errors import StoreUnavailable
from aerocode.store.postgres.pool import Bounds
from aerocode.store.postgres.pool import Pool
from aerocode.store.postgres.session import statement
from aerocode.store.postgres.session import statements
from postgres_server import PostgresServer

pytestmark = pytest.mark.anyio

ONE = statement("select 1 as one")
NAP = statement("select pg_sleep(:seconds::float8)")
WRITE = statement("insert into public.notes values (:note)")
READ = statement("select note from public.notes")
COUNT = statement("select count(*) as count from pg_stat_activity where application_name = 'aerocode'")


@pytest.fixture
async def make_pool(anyio_backend, new_database, postgres):
    pools = []

    def make(**bounds) -> Pool:
        pools.append(Pool(new_database, Bounds(**{"size": 2, **bounds})))
        return pools[-1]

    yield make
    for pool in pools:
        await pool.close()


@pytest.fixture
async def pool(make_pool):
    pool = make_pool()
    async with pool.transaction() as session:
        await session.script("create table public.notes (note text unique)")
    return pool


@pytest.fixture(scope="module")
def spare():
    """A server of this file alone: others are not to be stopped with it."""
    server = PostgresServer()
    yield server
    server.remove()


@pytest.fixture
async def spare_pool(anyio_backend, spare):
    pool = Pool(spare.url("postgres"), Bounds(size=2))
    async with pool.transaction() as session:
        await session.one(ONE)
    yield pool
    spare.thaw()
    if spare._popen.poll() is not None:
        spare.start()
    await pool.close()


async def ask(pool: Pool, what=ONE, **values):
    async with pool.transaction() as session:
        return await session.one(what, values)


async def put(pool: Pool, note: str):
    async with pool.transaction() as session:
        return await session.do(WRITE, {"note": note})


async def notes(pool: Pool) -> list[str]:
    async with pool.transaction() as session:
        return [row["note"] for row in await session.all(READ)]


async def test_a_block_that_ends_well_is_committed(pool):
    assert (1, ["a"]) == (await put(pool, "a"), await notes(pool))


async def test_a_block_that_raises_is_rolled_back_and_raises_what_it_did(pool):
    async def fail():
        async with pool.transaction() as session:
            await session.do(WRITE, {"note": "a"})
            raise LookupError

    with pytest.raises(LookupError):
        await fail()
    assert [] == await notes(pool)


async def test_a_block_that_is_cancelled_is_rolled_back_and_gives_its_place_back(make_pool, pool):
    async def endless():
        async with pool.transaction() as session:
            await session.do(WRITE, {"note": "a"})
            await asyncio.Event().wait()

    for _ in range(3):
        task = asyncio.ensure_future(endless())
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
    assert [] == await notes(pool)


async def test_what_the_driver_raises_is_ours_with_its_cause(pool):
    await put(pool, "a")
    with pytest.raises(StoreUnavailable) as refusal:
        await put(pool, "a")
    assert isinstance(refusal.value.__cause__, asyncpg.UniqueViolationError)


async def test_an_error_of_the_server_costs_no_connection(pool):
    await put(pool, "a")
    for _ in range(5):
        with pytest.raises(StoreUnavailable):
            await put(pool, "a")
    assert (await ask(pool, COUNT))["count"] <= 2


async def test_a_commit_waits_for_the_disk(pool):
    row = await ask(pool, statement("select current_setting('synchronous_commit') as value"))
    assert "on" == row["value"]


async def test_no_more_connections_are_open_than_allowed(make_pool):
    pool = make_pool(size=3)
    rows = await asyncio.gather(*(ask(pool, NAP, seconds=0.05) for _ in range(20)))
    assert (20, True) == (len(rows), (await ask(pool, COUNT))["count"] <= 3)


async def test_who_finds_everything_taken_and_too_many_waiting_is_refused_at_once(make_pool):
    pool = make_pool(size=1, waiting=2)
    began = time.monotonic()
    naps = [asyncio.ensure_future(ask(pool, NAP, seconds=0.2)) for _ in range(3)]
    await asyncio.sleep(0.05)
    with pytest.raises(StoreUnavailable):
        await ask(pool)
    assert time.monotonic() - began < 0.2
    await asyncio.gather(*naps)


async def test_nobody_waits_for_a_connection_longer_than_the_whole(make_pool):
    pool = make_pool(size=1, whole=0.4)
    answers = await asyncio.gather(*(ask(pool, NAP, seconds=0.3) for _ in range(4)), return_exceptions=True)
    assert [False, True, True, True] == [isinstance(answer, StoreUnavailable) for answer in answers]


async def test_whoever_gave_up_waiting_takes_no_place(make_pool):
    pool = make_pool(size=1, whole=0.3)
    await asyncio.gather(*(ask(pool, NAP, seconds=0.25) for _ in range(4)), return_exceptions=True)
    for _ in range(3):
        await ask(pool)


async def test_a_statement_nobody_waits_for_any_more_is_ended_by_the_server_too(make_pool):
    pool = make_pool(whole=0.3)
    with pytest.raises(StoreUnavailable):
        await ask(pool, NAP, seconds=30)
    await asyncio.sleep(0.2)
    asleep = statement("select count(*) as count from pg_stat_activity where wait_event = 'PgSleep'")
    assert 0 == (await ask(pool, asleep))["count"]


async def test_a_lock_nobody_gives_back_is_not_waited_for_long(make_pool, pool):
    async with pool.transaction() as holder:
        await holder.do(WRITE, {"note": "a"})
        began = time.monotonic()
        with pytest.raises(StoreUnavailable):
            await put(make_pool(whole=0.6), "a")
        assert time.monotonic() - began < 0.7


async def test_a_stopped_server_is_refused_quickly_and_used_again_once_it_is_back(spare, spare_pool):
    spare.stop()
    began = time.monotonic()
    for _ in range(3):
        with pytest.raises(StoreUnavailable):
            await ask(spare_pool)
    gone = time.monotonic() - began
    spare.start()
    began = time.monotonic()
    assert 1 == (await ask(spare_pool))["one"]
    assert (True, True) == (gone < 2, time.monotonic() - began < 5)


async def test_a_server_that_crashes_under_a_statement_is_unavailable(spare, spare_pool):
    asked = asyncio.ensure_future(ask(spare_pool, NAP, seconds=1.5))
    await asyncio.sleep(0.1)
    await asyncio.to_thread(spare.stop, signal.SIGQUIT)
    with pytest.raises(StoreUnavailable):
        await asked


async def test_a_server_that_freezes_is_given_up_within_two_seconds(spare, spare_pool):
    spare.freeze()
    began = time.monotonic()
    answers = await asyncio.gather(*(ask(spare_pool) for _ in range(20)), return_exceptions=True)
    took = time.monotonic() - began
    assert ({StoreUnavailable}, True) == ({type(answer) for answer in answers}, took < 2)


async def test_a_server_that_thaws_is_used_again(spare, spare_pool):
    spare.freeze()
    await asyncio.gather(*(ask(spare_pool) for _ in range(4)), return_exceptions=True)
    spare.thaw()
    assert 1 == (await ask(spare_pool))["one"]


async def test_a_closed_pool_is_unavailable(pool):
    await pool.close()
    with pytest.raises(StoreUnavailable):
        await ask(pool)


def test_names_become_places_and_casts_stay():
    known = statement("select :a::text, :b, :a where x::int = :c")
    assert ("select $1::text, $2, $1 where x::int = $3", ("a", "b", "c")) == (known.text, known.names)


@pytest.mark.parametrize("subject", ["clock", "schema"])
def test_every_statement_has_a_name(subject):
    assert {} != statements(subject)
