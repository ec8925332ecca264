"""Rows made by SQL must be such as a server would have made: it must be able to read them, and to go on beside them."""

import asyncio
import json
import sqlite3
from contextlib import closing

import pytest
from benchmarks import smsaero
from benchmarks.aerocode import Aerocode
from benchmarks.crew import Kind
from benchmarks.driven import driven
from benchmarks.driven import served
from benchmarks.gate import gate_for
from benchmarks.growth.sqlite import SqliteFile
from benchmarks.growth.traces import traces
from benchmarks.phones import phone

_COUNT = 200


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """A data directory with grown rows, whoever can serve it, the traces, and how many rows came where."""
    data = tmp_path_factory.mktemp("growth") / "data"
    adapter = Aerocode(data=data)

    async def traced():
        async with gate_for(smsaero.delivered) as gate:
            return await traces(adapter, gate, lambda: SqliteFile(data))

    found = asyncio.run(traced())
    return data, adapter, found, SqliteFile(data).grow(found, _COUNT, lambda _: None)


def test_a_server_reads_grown_verifications_and_goes_on_beside_them(grown):
    _, adapter, _, _ = grown

    async def asked():
        async with gate_for(smsaero.delivered) as gate:
            async with served(adapter, gate, 1) as (_, (caller,), _):
                answer = await caller.get(f"/api/verifications?phone=%2B{phone(5)}")
            async with driven(adapter, gate, 4) as running:
                return json.loads(answer.body)["verifications"], await running.work(Kind.CYCLE, 20)

    (found,), timing = asyncio.run(asked())
    assert (f"+{phone(5)}", "approved") == (found["phone"], found["status"])
    assert timing.failed == 0, timing.why


def test_each_copy_is_a_row_of_its_own_in_a_sound_database(grown):
    data, _, found, came = grown
    assert max(came.values()) == _COUNT
    assert {row.table for trace in found for row in trace.rows} == set(came)
    (path,) = data.glob("*.db")
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
        assert database.execute("pragma foreign_key_check").fetchall() == []
