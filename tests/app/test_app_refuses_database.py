"""A database that cannot be used: damaged, another's, of another age, locked, or without room."""

import asyncio
import os
import resource
import shutil
import sqlite3
from pathlib import Path

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
    left = {path.name for path in (tmp_path / "aerocode-data").iterdir()}
    assert left <= {"aerocode.db.lock", "secret.key"}, left


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


@pytest.mark.parametrize("lost", [Path.unlink, lambda path: path.write_bytes(b"")], ids=["missing", "empty"])
def test_a_database_that_is_gone_from_a_folder_that_was_born_is_refused(folder, lost):
    lost(folder / DATABASE)
    sentence = refused(folder)

    assert "is missing or empty" in sentence
    assert "aerocode.db" in sentence
    assert not (folder / DATABASE).exists() or (folder / DATABASE).stat().st_size == 0


@pytest.mark.parametrize("lost", [Path.unlink, lambda path: path.write_bytes(b"")], ids=["missing", "empty"])
def test_with_its_key_in_the_settings_it_is_refused_too(folder, lost):
    key = (folder / "aerocode-data" / "secret.key").read_text().strip()
    lost(folder / DATABASE)

    assert "is missing or empty" in refused(folder, "--sandbox", secret_key=key)


@pytest.fixture
def restored(folder, tmp_path_factory):
    """A backup and its secret key in a folder of their own: no marker beside them."""
    place = tmp_path_factory.mktemp("restored")
    (place / "aerocode-data").mkdir()
    assert 0 == run(folder, "backup", place / DATABASE).returncode
    shutil.copy(folder / "aerocode-data" / "secret.key", place / "aerocode-data" / "secret.key")
    return place


def test_a_restored_database_knows_what_it_is_about(restored):
    with serving(restored) as process:
        assert ("sandbox", True) == (process.facts["mode"], process.facts["inbox"] is not None)
    assert "sandbox" == (restored / "aerocode-data" / "mode").read_text().strip()


def test_a_restored_database_is_refused_with_the_contrary_flag(restored):
    assert "was born sandbox" in refused(restored, "--live")
    assert not (restored / "aerocode-data" / "mode").exists()


def test_a_restored_database_does_not_go_live_by_its_gates(restored):
    with serving(restored, gates="http://127.0.0.1:9") as process:
        assert "sandbox" == process.facts["mode"]


@pytest.mark.anyio
async def test_a_server_on_a_full_disk_is_not_ready_and_is_again_once_there_is_room(tmp_path):
    with serving(tmp_path, "--sandbox") as process:
        async with aiohttp.ClientSession() as session:
            caller = Caller(session, process.address)
            size = (tmp_path / f"{DATABASE}-wal").stat().st_size
            _, hard = resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE)
            resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE, (size, hard))
            await asyncio.sleep(1.1)  # past the second in which an answer stands
            full = await caller.get("/readyz")
            resource.prlimit(process.popen.pid, resource.RLIMIT_FSIZE, (hard, hard))
            after = await caller.get("/readyz")

    assert ((503, "service.unavailable"), 200) == (full.brief, after.status)
