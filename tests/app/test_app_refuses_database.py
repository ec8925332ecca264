"""A database that cannot be used: damaged, another's, of another age, locked, or without room."""

import os
import resource
import shutil
import sqlite3

import aiohttp
import pytest
from app_processes import refused
from app_processes import run
from app_processes import run_anew
from app_processes import serving
from app_words import KEY
from app_words import Caller
from app_words import fresh_phone

DATABASE = "aerocode-data/aerocode.db"


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    """A data folder as a server left it, with some rows."""
    folder = tmp_path_factory.mktemp("original")
    for _ in range(3):
        assert 0 == run(folder, "send", "--sandbox", fresh_phone()).returncode
    return folder


@pytest.fixture
def folder(original, tmp_path):
    shutil.copytree(original / "aerocode-data", tmp_path / "aerocode-data")
    return tmp_path


def changed(folder, statement):
    database = sqlite3.connect(folder / DATABASE, isolation_level=None)
    database.execute(statement)
    database.close()


@pytest.mark.parametrize("garbage", [b"not a database at all" * 500, b"\0" * 8192, b"x"])
def test_a_file_that_is_no_database_is_refused_and_left(folder, garbage):
    (folder / DATABASE).write_bytes(garbage)

    assert "aerocode.db" in refused(folder)
    assert garbage == (folder / DATABASE).read_bytes()


def test_a_database_of_another_program_is_refused(folder):
    (folder / DATABASE).unlink()
    changed(folder, "create table theirs (x)")

    assert "is not a database of Aerocode" in refused(folder)


@pytest.mark.parametrize("page", [1, 2, 5, 9])
def test_a_database_with_a_page_written_over_is_refused(folder, page):
    with (folder / DATABASE).open("r+b") as file:
        file.seek(page * 4096)
        file.write(os.urandom(4096))
    sentence = refused(folder)

    assert "damaged" in sentence or "malformed" in sentence


def test_a_database_cut_short_is_refused(folder):
    os.truncate(folder / DATABASE, 4096 * 3 + 100)
    sentence = refused(folder)

    assert "damaged" in sentence or "malformed" in sentence


@pytest.mark.parametrize(("version", "age"), [(0, "older"), (99, "newer")])
def test_a_schema_of_another_age_is_refused(folder, version, age):
    changed(folder, f"pragma user_version = {version}")

    assert f"has schema {version}, {age} than" in refused(folder)


def test_a_database_locked_by_another_program_is_refused(folder):
    other = sqlite3.connect(folder / DATABASE, isolation_level=None)
    other.execute("begin exclusive")
    try:
        assert "database is locked" in refused(folder)
    finally:
        other.close()


@pytest.mark.parametrize("size", [0, 20, 4096, 20_000])
def test_a_disk_without_room_for_a_new_database_leaves_none_behind(tmp_path, size):
    assert "aerocode-data" in refused(tmp_path, "--sandbox", by=run_anew, largest_file=size)
    assert not (tmp_path / DATABASE).exists()
    assert not (tmp_path / "aerocode-data" / "mode").exists()


@pytest.mark.parametrize("size", [1, 20, 43])
def test_a_disk_with_room_for_a_part_of_the_secret_key_keeps_no_part_of_it(tmp_path, size):
    assert "secret.key cannot be written" in refused(tmp_path, "--sandbox", by=run_anew, largest_file=size)
    assert ["aerocode.db.lock"] == [path.name for path in (tmp_path / "aerocode-data").iterdir()]


def test_a_start_after_the_disk_was_full_goes_well(tmp_path):
    refused(tmp_path, "--sandbox", by=run_anew, largest_file=4096)
    with serving(tmp_path, "--sandbox") as process:
        assert process.facts["key"] is None


@pytest.mark.anyio
async def test_a_disk_that_fills_up_is_503_and_is_forgotten_once_there_is_room(tmp_path):
    with serving(tmp_path, "--sandbox") as process:
        async with aiohttp.ClientSession() as session:
            caller = Caller(session, process.address, KEY)
            before = await caller.start(fresh_phone())
            size = (tmp_path / f"{DATABASE}-wal").stat().st_size
            _, hard = resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE, (size, hard))
            phone = fresh_phone()
            full = await caller.start(phone)
            resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE, (hard, hard))
            after = await caller.start(phone)
            inbox = await Caller(session, process.facts["inbox"]).get(f"/{phone[1:]}")

    assert (201, (503, "service.unavailable"), 201) == (before.status, full.brief, after.status)
    assert int(full.headers["retry-after"]) > 0
    assert 1 == len(inbox.body["messages"])
