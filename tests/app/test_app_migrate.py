"""A newer Aerocode on the database of an older one: it does not start, says which command helps, and that one helps."""

import subprocess
import sys

import pytest
from app_processes import PATIENCE
from app_processes import STAGED
from app_processes import Ended
from app_processes import born
from app_processes import environment
from app_processes import run
from app_processes import serving


@pytest.fixture
def folder(tmp_path):
    return born(tmp_path, "--sandbox")


def newer(folder, *words, **settings):
    """The next Aerocode, whose schema has one table more."""
    ended = subprocess.run(
        [sys.executable, str(STAGED), "grown", "sqlite", *words],
        cwd=folder,
        env=environment(**settings),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Ended(ended.returncode, ended.stdout, ended.stderr)


def test_an_older_database_does_not_start_and_names_the_command(folder):
    ended = newer(folder, "serve", port=0, sandbox_port=0)
    assert (2, 1) == (ended.returncode, len(ended.stderr.splitlines()))
    assert "older than this Aerocode's" in ended.stderr
    assert "run aerocode migrate" in ended.stderr


def test_after_migrating_it_starts(folder):
    assert 0 == newer(folder, "migrate").returncode
    assert 0 == newer(folder, "apps", "list").returncode


def test_migrating_says_what_it_did_and_where_the_copy_is(folder):
    done = newer(folder, "migrate", "--json").json
    assert (done["before"] + 1, True) == (done["now"], (folder / done["copy"]).is_file())


def test_what_was_migrated_is_newer_than_the_older_aerocode(folder):
    newer(folder, "migrate")
    ended = run(folder, "apps", "list")
    assert (2, True) == (ended.returncode, "newer than this Aerocode's" in ended.stderr)


def test_there_is_nothing_to_do_for_a_database_of_our_own_age(folder):
    ended = run(folder, "migrate")
    assert (0, True) == (ended.returncode, "already" in ended.stdout)


def test_there_is_nothing_to_migrate_in_an_empty_folder(tmp_path):
    ended = run(tmp_path, "migrate")
    assert (2, True) == (ended.returncode, "There is no database" in ended.stderr)
    assert [] == list(tmp_path.iterdir())


def test_a_database_in_use_is_not_migrated(folder):
    with serving(folder):
        ended = newer(folder, "migrate")
    assert (2, True) == (ended.returncode, "Another Aerocode is using" in ended.stderr)
