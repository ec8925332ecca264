"""Entries of lists and test numbers that have run out, swept from the file in steps."""

import sqlite3
from datetime import timedelta

import pytest

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("home", ["sqlite"], indirect=True)]

RETENTION = timedelta(days=30)
#: More than two steps of a sweep.
MANY = 405
INSERTS = {
    "lists": "insert into lists values (:key, 'block', 'phone', :key, 'why', 0, :expires_at)",
    "test_numbers": "insert into test_numbers values (:key, x'00', 0, :expires_at)",
}
KEYS = {"lists": "id", "test_numbers": "phone"}


def put(path, table, expiries):
    database = sqlite3.connect(path)
    values = [{"key": f"+7912345{number:04}", "expires_at": at} for number, at in enumerate(expiries)]
    database.executemany(INSERTS[table], values)
    database.commit()
    database.close()


@pytest.mark.parametrize("table", sorted(INSERTS))
async def test_what_has_run_out_is_gone_however_much_it_is(home, store, table):
    now = (await store.now()).timestamp() * 1_000_000
    later, gone = now + 60_000_000, now - 60_000_000
    put(home.path, table, [gone] * MANY + [later, None])
    await store.chores.forget(RETENTION)
    assert [(f"+7912345{MANY:04}",), (f"+7912345{MANY + 1:04}",)] == await home.look(
        f"select {KEYS[table]} from {table} order by 1"
    )


@pytest.mark.parametrize("table", sorted(INSERTS))
async def test_what_has_no_end_stays(home, store, shift_clock, table):
    put(home.path, table, [None])
    shift_clock(timedelta(days=4000))
    await store.chores.forget(RETENTION)
    assert [(1,)] == await home.look(f"select count(*) from {table}")
