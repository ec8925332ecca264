"""Many decisions in one transaction: each with its own fate, none on what another has changed, nobody forgotten."""

import asyncio
import time

import pytest

from aerocode.errors import EntityNotFound
from aerocode.errors import StoreUnavailable
from aerocode.store.decisions.case import from_tally
from aerocode.store.decisions.case import to_tally
from aerocode.store.postgres.ask import Ask
from aerocode.store.postgres.ask import Locks
from aerocode.store.postgres.batcher import Batcher
from aerocode.store.postgres.pool import Bounds
from aerocode.store.postgres.pool import Pool
from aerocode.store.postgres.session import statement
from postgres_server import PostgresServer
from postgres_server import ask as look

pytestmark = pytest.mark.anyio

TABLES = """
    create schema aerocode;
    create table aerocode.tallies (
        name text primary key, owner text not null, count bigint not null check (count < 1000)
    );
    create table aerocode.shares (name text primary key, marks text not null);
    create table aerocode.log (
        id bigint generated always as identity, name text, batch xid8 default pg_current_xact_id()
    );
"""
#: Keeps a line of every write of a share.
COUNTED = (
    "create table aerocode.writes (at timestamptz default clock_timestamp())",
    """
        create function aerocode.counted() returns trigger language plpgsql as
        $$ begin insert into aerocode.writes default values; return new; end $$
    """,
    "create trigger counted before insert on aerocode.shares for each row execute function aerocode.counted()",
)
STATEMENTS = {
    "owners": statement("""
        select asked.n, owner from unnest(:name::text[]) with ordinality as asked (name, n)
        join tallies using (name)
    """),
    "tallies": statement("""
        select asked.n, count, (select marks from shares where shares.name = asked.share) as shared,
            asked.ahead + (extract(epoch from clock_timestamp()) * 1000000)::bigint as now
        from unnest(:name::text[], :share::text[], :ahead::bigint[]) with ordinality as asked (name, share, ahead, n)
        left join tallies using (name)
    """),
    "put": statement("update tallies set count = :count where name = :name"),
    "share": statement("""
        insert into shares values (:share, :marks) on conflict (name) do update set marks = excluded.marks
    """),
    "log": statement("insert into log (name) values (:name)"),
}
ORDER = ("put", "share", "log")
LAST = {"share": ("share",)}


def add(name, *, limit=10**6, share="all", fails=None, finding=None, times=None):
    """One more to a tally while it is under its limit, and to a share that many tallies have."""

    def decide(case):
        row = case.row
        if times is not None:
            times.append(case.now)
        if fails is not None:
            raise fails
        if row["count"] >= limit:
            return "full"
        shared = case.tally(share, row["shared"]).plus(case.now, longest=10**15, shortest=10**15)
        case.tallies[share] = shared
        case.write("log", name=name)
        case.write("put", name=name, count=row["count"] + 1)
        case.write("share", share=share, marks=from_tally(shared))
        return row["count"] + 1

    return Ask(
        about=name,
        finding=finding,
        locks=lambda found: Locks((f"tally {name if found is None else found['owner']}",), (f"share {share}",)),
        loading="tallies",
        values={"name": name, "share": share},
        decide=decide,
    )


@pytest.fixture
def database(postgres, new_database):
    for line in TABLES.split(";")[:-1]:
        look(new_database, line)
    look(
        new_database,
        "insert into aerocode.tallies select 't' || n, 'o' || n % 20, 0 from generate_series(1, 100) as n",
    )
    return new_database


@pytest.fixture
async def batchers(anyio_backend, database):
    """As many replicas as asked for."""
    made = []

    def make(count=1, url=database, **more):
        for _ in range(count):
            pool = Pool(url, Bounds(size=3, whole=1.1))
            made.append((Batcher(pool, STATEMENTS, ORDER, LAST, **more), pool))
        return [batcher for batcher, _ in made[-count:]]

    yield make
    for batcher, pool in made:
        await batcher.close()
        await pool.close()


@pytest.fixture
def batcher(batchers):
    return batchers()[0]


@pytest.fixture
def tally(database):
    return lambda name: look(database, "select count from tallies where name = $1", name)[0][0]


@pytest.fixture
def shared(database):
    """How much was counted for a share, mark by mark."""

    def count(name="all"):
        ((marks,),) = look(database, "select marks from shares where name = $1", name)
        return to_tally(marks).within(10**17, 10**16)

    return count


async def gathered(*asks):
    return await asyncio.gather(*asks, return_exceptions=True)


async def test_an_answer_comes_after_the_commit(batcher, tally):
    assert (1, 1) == (await batcher.ask(add("t1")), tally("t1"))


async def test_what_arrives_together_shares_transactions(batcher, database):
    await asyncio.gather(*(batcher.ask(add(f"t{n}")) for n in range(1, 61)))
    ((batches, rows),) = look(database, "select count(distinct batch::text), count(*) from aerocode.log")
    assert (60, True) == (rows, batches <= 4)


async def test_counters_that_many_share_miss_nobody(batcher, shared):
    await asyncio.gather(*(batcher.ask(add(f"t{n}")) for n in range(1, 61)))
    assert 60 == shared()


async def test_of_many_at_once_about_one_thing_each_sees_the_one_before(batcher, tally):
    answers = await asyncio.gather(*(batcher.ask(add("t1")) for _ in range(40)))
    assert (list(range(1, 41)), 40) == (sorted(answers), tally("t1"))


async def test_a_limit_holds_over_replicas(batchers, tally):
    answers = await asyncio.gather(*(batcher.ask(add("t1", limit=5)) for batcher in batchers(4) for _ in range(125)))
    assert ([1, 2, 3, 4, 5], 495, 5) == (
        sorted(answer for answer in answers if answer != "full"),
        answers.count("full"),
        tally("t1"),
    )


async def test_shared_counters_hold_over_replicas(batchers, shared):
    asks = [
        batcher.ask(add(f"t{n}", share=f"s{n % 3}"))
        for batcher in batchers(4)
        for n in range(1, 61)
    ]  # fmt: skip
    await asyncio.gather(*asks)
    assert [80, 80, 80] == [shared(f"s{n}") for n in range(3)]


async def test_what_is_found_out_to_be_about_one_thing_is_not_decided_together(batchers, database):
    """t1, t21, t41 have one owner, which is known only once they are looked up."""
    asks = [batcher.ask(add(f"t{n}", finding="owners")) for batcher in batchers(2) for n in (1, 21, 41, 61)]
    await asyncio.gather(*asks)
    ((batches, rows),) = look(database, "select count(distinct batch::text), count(*) from aerocode.log")
    assert (8, 8) == (batches, rows)


async def test_an_error_of_an_ask_is_its_own(batcher, tally):
    answers = await gathered(
        *(batcher.ask(add(f"t{n}", fails=LookupError("t3") if n == 3 else None)) for n in range(1, 9))
    )
    assert (["t3"], 7) == (
        [str(answer) for answer in answers if isinstance(answer, LookupError)],
        sum(tally(f"t{n}") for n in range(1, 9)),
    )


async def test_a_refusal_does_not_take_the_batch_apart(batcher, database):
    answers = await gathered(
        *(batcher.ask(add(f"t{n}", fails=EntityNotFound() if n == 3 else None)) for n in range(1, 9))
    )
    ((batches,),) = look(database, "select count(distinct batch::text) from log")
    assert (1, 1) == (sum(isinstance(answer, EntityNotFound) for answer in answers), batches)


async def test_a_counter_that_many_share_is_written_once_a_batch(batcher, database):
    for line in COUNTED:
        look(database, line)
    await asyncio.gather(*(batcher.ask(add(f"t{n}")) for n in range(1, 61)))
    ((writes, batches),) = look(database, "select (select count(*) from writes), count(distinct batch::text) from log")
    assert batches == writes


async def test_a_row_the_database_refuses_fails_its_ask_alone(batcher, database, tally, shared):
    look(database, "update aerocode.tallies set count = 999 where name = 't3'")
    answers = await gathered(*(batcher.ask(add(f"t{n}")) for n in range(1, 9)))
    refused = [n for n, answer in enumerate(answers, 1) if isinstance(answer, StoreUnavailable)]
    assert ([3], [1] * 7) == (refused, [answer for answer in answers if answer == 1])
    assert (999, 7) == (tally("t3"), shared())


async def test_what_a_caller_that_went_away_had_asked_is_decided(batcher, tally):
    task = asyncio.ensure_future(batcher.ask(add("t1")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    await batcher.ask(add("t2"))
    await batcher.close()
    assert 1 == tally("t1")


async def test_what_arrives_while_a_lane_ends_is_not_forgotten(batchers):
    (batcher,) = batchers(lanes=1)
    for _ in range(30):
        first = asyncio.ensure_future(batcher.ask(add("t1")))
        for turns in range(8):
            await asyncio.sleep(0)
            later = asyncio.ensure_future(batcher.ask(add(f"t{turns + 2}")))
        await asyncio.wait_for(asyncio.gather(first, later), 5)


async def test_a_queue_that_is_full_refuses_at_once(batchers):
    (batcher,) = batchers(room=10, lanes=1)
    answers = await gathered(*(batcher.ask(add(f"t{n}")) for n in range(1, 31)))
    assert {True, False} == {isinstance(answer, StoreUnavailable) for answer in answers}
    assert 1 == await batcher.ask(add("t99"))


async def test_asks_that_wait_are_decided_before_it_closes(batcher):
    asks = [asyncio.ensure_future(batcher.ask(add(f"t{n}"))) for n in range(1, 31)]
    await asyncio.sleep(0)
    await batcher.close()
    assert [1] * 30 == [ask.result() for ask in asks]


async def test_after_its_end_it_is_unavailable(batcher):
    await batcher.close()
    with pytest.raises(StoreUnavailable):
        await batcher.ask(add("t1"))


async def test_the_time_of_a_decision_is_read_when_nobody_else_decides(batchers, database):
    """The one who waited for a lock is not told the time from before it waited."""
    times = []

    await asyncio.gather(*(batcher.ask(add("t1", times=times)) for batcher in batchers(4) for _ in range(5)))
    assert sorted(times) == times


@pytest.fixture(scope="module")
def spare():
    server = PostgresServer()
    for line in TABLES.split(";")[:-1]:
        server.ask("postgres", line)
    server.ask("postgres", "insert into aerocode.tallies select 't' || n, 'o', 0 from generate_series(1, 100) as n")
    yield server
    server.remove()


async def test_a_frozen_database_is_unavailable_within_two_seconds_and_back_within_five(spare, batchers):
    (batcher,) = batchers(url=spare.url("postgres"))
    await batcher.ask(add("t1"))
    spare.freeze()
    began = time.monotonic()

    async def one(n):
        await asyncio.sleep(n / 100)
        asked = time.monotonic()
        with pytest.raises(StoreUnavailable):
            await batcher.ask(add(f"t{n}"))
        return time.monotonic() - asked

    try:
        waits = await asyncio.gather(*(one(n) for n in range(1, 100)))
    finally:
        spare.thaw()
    assert (True, True) == (max(waits) < 2, time.monotonic() - began < 4)
    began = time.monotonic()
    while time.monotonic() - began < 5:
        answers = await gathered(batcher.ask(add("t1")))
        if isinstance(answers[0], int):
            break
    assert isinstance(answers[0], int)


async def test_a_database_that_is_gone_and_comes_back_is_used_again(spare, batchers):
    (batcher,) = batchers(url=spare.url("postgres"))
    before = await batcher.ask(add("t1"))
    spare.stop()
    refused = await gathered(*(batcher.ask(add(f"t{n}")) for n in range(1, 20)))
    spare.start()
    assert ({StoreUnavailable}, before + 1) == ({type(one) for one in refused}, await batcher.ask(add("t1")))
