"""The one writing thread: many decisions in one commit, each with its own fate."""

import asyncio
import sqlite3

import pytest

from aerocode.errors import StoreUnavailable
from aerocode.store.sqlite.open import open_for_writing
from aerocode.store.sqlite.writer import Writer

pytestmark = pytest.mark.anyio


@pytest.fixture
async def writer(anyio_backend, tmp_path):
    writer = Writer(open_for_writing(tmp_path / "aerocode.db"))
    yield writer
    if not writer._closed:
        await writer.close()


@pytest.fixture
def look(tmp_path):
    def names() -> list[str]:
        database = sqlite3.connect(tmp_path / "aerocode.db")
        try:
            return [name for (name,) in database.execute("select name from facts order by name")]
        finally:
            database.close()

    return names


def put(name: str):
    return lambda database, _: database.execute("insert into facts values (?, '')", (name,)) and name


def put_and_fail(name: str):
    def decide(database, _):
        put(name)(database, _)
        raise LookupError(name)

    return decide


async def test_an_answer_comes_after_the_commit(writer, look):
    await writer.run(put("a"))
    assert ["a"] == look()


async def test_what_arrives_together_is_committed_together(writer, tmp_path):
    changes = await asyncio.gather(*(writer.run(lambda database, _: database.in_transaction) for _ in range(10)))
    assert {True} == set(changes)


async def test_decisions_that_wait_share_one_commit(writer):
    commits = []
    writer._database.set_trace_callback(lambda statement: commits.append(statement) if statement == "commit" else None)
    await asyncio.gather(*(writer.run(put(str(n))) for n in range(50)))
    assert 1 == len(commits)


async def test_decisions_happen_in_the_order_they_were_asked(writer):
    order = []
    await asyncio.gather(*(writer.run(lambda database, _, n=n: order.append(n)) for n in range(50)))
    assert list(range(50)) == order


async def test_an_error_goes_to_the_one_who_asked(writer):
    answers = await asyncio.gather(
        writer.run(put("a")), writer.run(put_and_fail("b")), writer.run(put("c")), return_exceptions=True
    )
    assert ["a", LookupError, "c"] == [type(answer) if isinstance(answer, Exception) else answer for answer in answers]


async def test_an_error_undoes_its_own_decision_alone(writer, look):
    await asyncio.gather(
        writer.run(put("a")), writer.run(put_and_fail("b")), writer.run(put("c")), return_exceptions=True
    )
    assert ["a", "c"] == look()


async def test_a_statement_the_database_refuses_is_unavailable_and_its_own(writer, look):
    await writer.run(put("a"))
    twice, other = await asyncio.gather(writer.run(put("a")), writer.run(put("b")), return_exceptions=True)
    assert (StoreUnavailable, sqlite3.IntegrityError, "b", ["a", "b"]) == (
        type(twice),
        type(twice.__cause__),
        other,
        look(),
    )


async def test_when_the_commit_fails_nobody_hears_that_it_was_done(writer, look):
    def lose(database, _):
        database.execute("insert into facts values ('lost', '')")
        database.execute("rollback")  # what SQLite itself does when the disk is full
        raise sqlite3.OperationalError("database or disk is full")

    answers = await asyncio.gather(writer.run(put("a")), writer.run(lose), writer.run(put("c")), return_exceptions=True)
    assert ([StoreUnavailable] * 3, []) == ([type(answer) for answer in answers], look())


async def test_after_a_failed_commit_the_next_decision_is_made(writer, look):
    def lose(database, _):
        database.execute("rollback")
        raise sqlite3.OperationalError("disk I/O error")

    with pytest.raises(StoreUnavailable):
        await writer.run(lose)
    await writer.run(put("a"))
    assert ["a"] == look()


async def test_another_process_that_writes_makes_it_unavailable_not_wrong(writer, tmp_path, look):
    other = sqlite3.connect(tmp_path / "aerocode.db", isolation_level=None)
    writer._database.execute("pragma busy_timeout = 1")
    other.execute("begin immediate")
    with pytest.raises(StoreUnavailable):
        await writer.run(put("a"))
    other.execute("rollback")
    other.close()
    assert [] == look()


async def test_what_a_caller_who_went_away_asked_is_decided_all_the_same(writer, look):
    asked = asyncio.ensure_future(writer.run(put("a")))
    await asyncio.sleep(0)
    asked.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asked
    await writer.run(put("b"))
    assert ["a", "b"] == look()


async def test_a_caller_who_goes_away_takes_nobody_along(writer):
    asked = [asyncio.ensure_future(writer.run(put(str(n)))) for n in range(5)]
    await asyncio.sleep(0)
    asked[2].cancel()
    answers = await asyncio.gather(*asked, return_exceptions=True)
    assert ["0", "1", asyncio.CancelledError, "3", "4"] == [
        type(answer) if isinstance(answer, BaseException) else answer for answer in answers
    ]


async def test_closing_finishes_what_waits(writer, look):
    asked = [asyncio.ensure_future(writer.run(put(f"{n:03}"))) for n in range(100)]
    await asyncio.sleep(0)
    await writer.close()
    assert [f"{n:03}" for n in range(100)] == await asyncio.gather(*asked) == look()


async def test_closing_finishes_what_was_asked_while_a_commit_was_on_its_way(writer, look):
    first = asyncio.ensure_future(writer.run(put("a")))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    second = asyncio.ensure_future(writer.run(put("b")))
    await asyncio.sleep(0)
    await writer.close()
    assert ["a", "b"] == await asyncio.gather(first, second) == look()


async def test_after_closing_nothing_is_decided(writer, look):
    await writer.close()
    with pytest.raises(StoreUnavailable):
        await writer.run(put("a"))
    assert [] == look()


async def test_every_decision_reads_the_clock_for_itself(writer):
    times = await asyncio.gather(*(writer.run(lambda database, now: now) for _ in range(20)))
    assert sorted(times) == times
