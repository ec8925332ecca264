"""The file: ours alone, one process at a time, refused when it is not what it should be."""

import sqlite3

import pytest
from store_words import KEYRING

from aerocode.errors import CannotStart
from aerocode.store.sqlite.open import Lock
from aerocode.store.sqlite.open import open_for_writing
from aerocode.store.sqlite.store import open_store

pytestmark = pytest.mark.anyio


@pytest.fixture
def path(tmp_path):
    return tmp_path / "aerocode.db"


@pytest.fixture
def made(path):
    open_for_writing(path).close()
    return path


def change(path, statement: str) -> None:
    database = sqlite3.connect(path, isolation_level=None)
    database.execute(statement)
    database.close()


def asked(path, question: str):
    database = open_for_writing(path)
    try:
        return database.execute(question).fetchone()[0]
    finally:
        database.close()


def test_a_new_file_is_its_owners_alone(made):
    assert 0o600 == made.stat().st_mode & 0o777


def test_a_file_that_is_there_is_opened_again(made):
    open_for_writing(made).close()


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("secure_delete", 1), ("foreign_keys", 1), ("synchronous", 2), ("journal_mode", "wal")],
)
def test_the_file_is_durable_and_keeps_nothing_that_was_wiped(made, pragma, value):
    assert value == asked(made, f"pragma {pragma}")


@pytest.mark.parametrize("statement", ["pragma journal_mode = wal", "begin immediate"])
def test_a_new_file_that_cannot_be_finished_leaves_none_behind(path, monkeypatch, statement):
    class Full(sqlite3.Connection):
        def execute(self, asked, *values):
            if asked == statement:
                super().execute("pragma journal_mode = wal")
                super().execute("create table half (made)")
                # Somebody who looks in keeps the companions of the file from going with the connection.
                lookers.append(real(path))
                lookers[-1].execute("select * from half")
                raise sqlite3.OperationalError("database or disk is full")
            return super().execute(asked, *values)

    real, lookers = sqlite3.connect, []
    monkeypatch.setattr(sqlite3, "connect", lambda *args, **more: real(*args, **more, factory=Full))
    with pytest.raises(CannotStart, match="disk is full"):
        open_for_writing(path)
    left = list(path.parent.iterdir())
    lookers[0].close()
    assert [] == left


def test_an_empty_file_is_made_ours(path):
    path.touch()
    open_for_writing(path).close()


def test_a_database_of_another_program_is_refused_and_left_alone(path):
    change(path, "create table theirs (x)")
    before = path.read_bytes()
    with pytest.raises(CannotStart, match="not a database of Aerocode"):
        open_for_writing(path)
    assert before == path.read_bytes()


def test_a_file_that_is_no_database_is_refused_and_left_alone(path):
    path.write_text("precious " * 500)
    with pytest.raises(CannotStart):
        open_for_writing(path)
    assert "precious " * 500 == path.read_text()


@pytest.mark.parametrize(("version", "word"), [(0, "older"), (99, "newer")])
def test_another_schema_is_refused_in_words(made, version, word):
    change(made, f"pragma user_version = {version}")
    with pytest.raises(CannotStart, match=word):
        open_for_writing(made)


def test_a_damaged_file_is_refused(made):
    raw = bytearray(made.read_bytes())
    for page in range(4096, len(raw), 4096):
        raw[page : page + 16] = b"\xff" * 16
    made.write_bytes(raw)
    with pytest.raises(CannotStart):
        open_for_writing(made)


@pytest.mark.parametrize("take", [open_for_writing, Lock], ids=["the file", "the lock"])
def test_a_folder_that_is_not_there_is_refused_in_one_sentence(tmp_path, take):
    with pytest.raises(CannotStart, match="No such file"):
        take(tmp_path / "no" / "aerocode.db")


def test_a_second_process_is_refused(tmp_path):
    first = Lock(tmp_path / "lock")
    with pytest.raises(CannotStart, match="Another Aerocode"):
        Lock(tmp_path / "lock")
    first.release()


def test_the_lock_is_free_again_after_its_release(tmp_path):
    Lock(tmp_path / "lock").release()
    Lock(tmp_path / "lock").release()


async def test_a_store_that_cannot_open_leaves_nothing_running(made):
    change(made, "insert into connectors values ('c', 'Sms', 'f', x'00', '{}', 0)")
    for _ in range(3):
        with pytest.raises(Exception, match="does not open"):
            await open_store(made, KEYRING)


async def test_opened_and_closed_again_and_again_the_file_is_whole(path):
    for _ in range(3):
        store = await open_store(path, KEYRING)
        await store.settings.put("a", "b")
        await store.close()
    assert "ok" == asked(path, "pragma integrity_check")
