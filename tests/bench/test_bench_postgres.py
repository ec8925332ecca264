"""The side on PostgreSQL: what its database took is told apart from what the server took."""

import asyncio

import pytest
from benchmarks import smsaero
from benchmarks.crew import Kind
from benchmarks.gate import gate_for
from benchmarks.options import read
from benchmarks.postgres import on_postgres
from benchmarks.rounds import run
from benchmarks.side import Side
from benchmarks.table import table


@pytest.fixture(scope="module")
def measured():
    options = read(["--postgres", "--peers", "none", "--rounds", "1", "--cycles", "40", "--connections", "4"])

    async def rounds():
        async with gate_for(smsaero.delivered) as gate:
            sides = [Side("ours", lambda: on_postgres(gate, options.connections))]
            return await run(sides, options, lambda _: None)

    return options, asyncio.run(rounds())


def test_every_kind_is_done_without_a_failure(measured):
    _, results = measured
    assert dict.fromkeys(Kind, 0) == {kind: figures.failed for (kind, _), (figures,) in results.items()}


def test_the_databases_cpu_comes_on_top(measured):
    _, results = measured
    (cycle,) = results[Kind.CYCLE, "ours"]
    assert cycle.whole > cycle.cpu > 0


def test_the_table_has_a_column_for_both(measured):
    options, results = measured
    heading = table(results, ["ours"], options).splitlines()[0]
    assert "CPU s per 1,000  with database" in heading
