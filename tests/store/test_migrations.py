"""Schemas grow by numbered steps: all of them from zero, and the rest of them from any older age, end alike."""

import asyncio
import sqlite3
from pathlib import Path

import asyncpg
import pytest

from aerocode.errors import CannotStart
from aerocode.store import sql
from aerocode.store.postgres import schema
from aerocode.store.sqlite.migrate import migrate as migrate_file
from aerocode.store.sqlite.open import open_for_writing
from postgres_server import ask

pytestmark = pytest.mark.anyio

LATER = {
    "sqlite": ["create table later (id text primary key, seen integer not null) without rowid;"],
    "postgres": ["create table later (id text primary key, seen bigint not null);"],
}
LATEST = "alter table later add column note text; create index later_by_time on later (seen);"
BROKEN = "create table half (id text primary key); insert into nowhere values (1);"
COLUMNS = """
    select table_name, column_name, data_type, is_nullable, column_default, collation_name
    from information_schema.columns where table_schema = 'aerocode' order by 1, 2
"""
INDEXES = "select tablename, indexdef from pg_indexes where schemaname = 'aerocode' order by 1, 2"
CONSTRAINTS = """
    select conrelid::regclass::text, pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'aerocode'::regnamespace order by 1, 2
"""


class File:
    dialect = "sqlite"

    def __init__(self, folder: Path, _: object) -> None:
        self.path = folder / "aerocode.db"

    async def open(self):
        open_for_writing(self.path).close()

    async def migrate(self):
        return migrate_file(self.path)

    def change(self, statement: str):
        self._ask(statement)

    def schema(self) -> list[tuple]:
        tables = [name for (name,) in self._ask("select name from sqlite_master where type = 'table' order by name")]
        columns = [(table, *column[1:]) for table in tables for column in self._ask(f"pragma table_info({table})")]
        indexes = self._ask(
            "select tbl_name, sql from sqlite_master where type = 'index' and sql is not null order by 2"
        )
        return [*sorted(columns), *indexes]

    def columns(self) -> set[tuple[str, str]]:
        return {(row[0], row[1]) for row in self.schema() if len(row) > 2}

    def set_version(self, version: int):
        self._ask(f"pragma user_version = {version}")

    def _ask(self, question: str) -> list[tuple]:
        database = sqlite3.connect(self.path, isolation_level=None)
        try:
            return database.execute(question).fetchall()
        finally:
            database.close()


class Served:
    dialect = "postgres"

    def __init__(self, _: object, url: str) -> None:
        self.url = url

    async def open(self):
        await schema.prepare(self.url)

    async def migrate(self):
        return await schema.migrate(self.url)

    def change(self, statement: str):
        ask(self.url, statement.replace("facts", "aerocode.facts"))

    def schema(self) -> list[tuple]:
        return [row for question in (COLUMNS, INDEXES, CONSTRAINTS) for row in ask(self.url, question)]

    def columns(self) -> set[tuple[str, str]]:
        return {(row[0], row[1]) for row in ask(self.url, COLUMNS) if row[0] != "migrations"}

    def set_version(self, version: int):
        ask(self.url, "insert into aerocode.migrations (version) values ($1)", version)


@pytest.fixture(params=[File, Served], ids=lambda kind: kind.dialect)
def home(request, tmp_path, new_database):
    return request.param(tmp_path, new_database)


@pytest.fixture
def scripts(monkeypatch):
    """What Aerocode knows how to do, set by the test that takes it."""
    real = {dialect: sql.migrations(dialect) for dialect in ("sqlite", "postgres")}

    def known(dialect: str, *more: str):
        monkeypatch.setattr(sql, "migrations", lambda asked: (*real[asked], *more) if asked == dialect else real[asked])

    return known


async def test_both_dialects_have_the_same_columns(tmp_path, new_database):
    open_for_writing(tmp_path / "aerocode.db").close()
    served = Served(None, new_database)
    await served.open()
    assert File(tmp_path, None).columns() == served.columns()


def test_both_dialects_have_the_same_steps():
    assert len(sql.migrations("sqlite")) == len(sql.migrations("postgres"))


async def test_the_schema_from_zero_is_the_schema_from_its_steps(home, scripts, tmp_path, postgres):
    await home.open()
    later = [*LATER[home.dialect], LATEST]
    for known in (later[:1], later):
        scripts(home.dialect, *known)
        await home.migrate()
    (tmp_path / "other").mkdir()
    fresh = type(home)(tmp_path / "other", postgres.empty())
    await fresh.open()
    assert fresh.schema() == home.schema()


async def test_migrating_says_from_where_to_where(home, scripts):
    await home.open()
    ours = len(sql.migrations(home.dialect))
    scripts(home.dialect, *LATER[home.dialect], LATEST)
    done = await home.migrate()
    assert (ours, ours + 2) == (done.before, done.now)


async def test_migrating_keeps_what_is_there(home, scripts):
    await home.open()
    home.change("insert into facts values ('kept', 'yes')")
    scripts(home.dialect, *LATER[home.dialect])
    await home.migrate()
    await home.open()
    home.change("update facts set value = 'still' where name = 'kept' and value = 'yes'")


async def test_a_database_of_our_own_age_is_left_as_it_is(home):
    await home.open()
    before = home.schema()
    done = await home.migrate()
    assert (done.before, before, None) == (done.now, home.schema(), done.copy)


async def test_an_older_schema_does_not_start_and_names_the_command(home, scripts):
    await home.open()
    scripts(home.dialect, *LATER[home.dialect])
    with pytest.raises(CannotStart, match=r"older than this Aerocode's \d+: run aerocode migrate"):
        await home.open()


@pytest.mark.parametrize("act", ["open", "migrate"])
async def test_a_newer_schema_is_refused(home, act):
    await home.open()
    home.set_version(99)
    with pytest.raises(CannotStart, match="has schema 99, newer than"):
        await getattr(home, act)()


async def test_a_step_that_fails_leaves_the_schema_as_it_was(home, scripts):
    await home.open()
    before = home.schema()
    scripts(home.dialect, *LATER[home.dialect], BROKEN)
    with pytest.raises(CannotStart, match="nowhere"):
        await home.migrate()
    assert not [row for row in home.schema() if "half" in row]
    scripts(home.dialect)
    assert before == [row for row in home.schema() if row[0] != "later"]


async def test_a_step_that_failed_can_be_tried_again(home, scripts):
    await home.open()
    scripts(home.dialect, BROKEN)
    with pytest.raises(CannotStart):
        await home.migrate()
    scripts(home.dialect, *LATER[home.dialect])
    assert len(sql.migrations(home.dialect)) == (await home.migrate()).now


# The file.


async def test_a_file_is_copied_before_it_is_migrated(tmp_path, scripts):
    home = File(tmp_path, None)
    await home.open()
    ours = len(sql.migrations("sqlite"))
    home.change("insert into facts values ('kept', 'yes')")
    scripts("sqlite", *LATER["sqlite"])
    done = await home.migrate()
    copied = sqlite3.connect(done.copy)
    found = copied.execute("select value from facts").fetchall(), copied.execute("pragma user_version").fetchone()
    copied.close()
    assert (([("yes",)], (ours,)), 0o600) == (found, done.copy.stat().st_mode & 0o777)


async def test_a_step_that_leaves_a_row_without_what_it_refers_to_fails(tmp_path, scripts):
    home = File(tmp_path, None)
    await home.open()
    scripts("sqlite", "insert into api_keys values ('k', 'nobody', '', '', x'00', 0, null, null, null);")
    with pytest.raises(CannotStart, match="api_keys"):
        await home.migrate()


async def test_there_is_nothing_to_migrate_where_there_is_no_file(tmp_path):
    with pytest.raises(CannotStart, match="There is no database"):
        migrate_file(tmp_path / "aerocode.db")


# The server.


async def test_migrating_an_empty_database_makes_it(new_database):
    done = await schema.migrate(new_database)
    assert (0, len(sql.migrations("postgres"))) == (done.before, done.now)
    await schema.prepare(new_database)


async def test_a_schema_of_that_name_that_is_not_ours_is_refused(new_database):
    ask(new_database, "create schema aerocode")
    with pytest.raises(CannotStart, match="is not Aerocode's"):
        await schema.prepare(new_database)


async def test_what_else_lives_in_the_database_is_left_alone(new_database):
    ask(new_database, "create table public.messages (theirs text)")
    await schema.prepare(new_database)
    assert [("theirs",)] == ask(
        new_database,
        "select column_name::text from information_schema.columns where table_schema = 'public'",
    )


async def test_a_replica_that_is_up_keeps_the_schema_from_changing_under_it(new_database, scripts):
    await schema.prepare(new_database)
    replica = await asyncpg.connect(new_database, server_settings={"application_name": "aerocode"})
    scripts("postgres", *LATER["postgres"])
    try:
        with pytest.raises(CannotStart, match="stop every replica"):
            await schema.migrate(new_database)
    finally:
        await replica.close()


async def test_replicas_that_find_an_empty_database_together_make_it_once(new_database):
    await asyncio.gather(*(schema.prepare(new_database) for _ in range(8)))
    steps = [(number,) for number in range(1, len(sql.migrations("postgres")) + 1)]
    assert steps == ask(new_database, "select version from aerocode.migrations order by version")


@pytest.mark.parametrize(
    ("address", "word"),
    [
        ("postgresql://aerocode:hush@/nowhere?host={folder}", 'database "nowhere" does not exist'),
        ("postgresql://aerocode:hush@127.0.0.1:1/aerocode", "cannot be used"),
    ],
)
async def test_a_database_that_cannot_be_used_is_one_sentence_without_its_password(postgres, address, word):
    with pytest.raises(CannotStart, match=word) as refusal:
        await schema.prepare(address.format(folder=postgres.folder))
    assert "hush" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


async def test_the_marker_of_a_database_is_read_from_it(new_database):
    before = await schema.marker_of(new_database)
    await schema.prepare(new_database)
    ask(new_database, "insert into aerocode.facts values ('mode', 'live')")
    assert (None, "live") == (before, await schema.marker_of(new_database))
