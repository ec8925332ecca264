"""What a command says when it cannot begin: exit code 2, one sentence, never a traceback; in JSON with --json."""

import fcntl
import json
import os
import sqlite3
import subprocess
import sys
from contextlib import contextmanager

import pytest
from app_processes import PATIENCE
from app_processes import born
from app_processes import environment
from app_processes import refused
from app_processes import run
from app_processes import run_anew
from app_processes import serving
from app_words import CONFIG

NONSENSE = ["", "{", "[]", "null", "5", "{}", '{"address": 5, "token": "x", "pid": 1, "sandbox": true}', "\x00"]
NONSENSE += ['{"address": "ftp://x", "token": "x", "pid": 1, "sandbox": true}']
NONSENSE += ['{"address": "http://127.0.0.1:9", "token": null, "pid": 1, "sandbox": true}']


@pytest.fixture
def folder(tmp_path):
    return born(tmp_path, "--sandbox")


@contextmanager
def locked(folder):
    """The data are somebody's, as long as this lasts."""
    with (folder / "aerocode-data" / "aerocode.db.lock").open("r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def one_sentence(ended):
    assert (2, "") == (ended.returncode, ended.stdout), ended.stderr
    (line,) = ended.stderr.splitlines()
    assert line.startswith("aerocode: ")
    return line


def by_shell(folder, command, **more):
    """A command whose streams the shell has closed or turned; its exit code and standard error."""
    return subprocess.run(
        ["sh", "-c", command.replace("aerocode", f"'{sys.executable}' -m aerocode", 1)],
        cwd=folder,
        env={**environment(port=0, sandbox_port=0), **more},
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("text", NONSENSE)
def test_a_control_file_of_nonsense_is_one_sentence(folder, text):
    (folder / "aerocode-data" / "control.json").write_text(text)
    with locked(folder):
        assert "cannot be asked; try again" in one_sentence(run(folder, "apps", "list"))


def test_what_the_server_cannot_begin_is_2(tmp_path):
    with serving(tmp_path, "--sandbox"):
        (tmp_path / "copy.db").write_text("mine")
        ended = run(tmp_path, "backup", "copy.db")

    assert (2, "") == (ended.returncode, ended.stdout)
    assert "exists already" in ended.stderr


def test_a_server_whose_database_takes_nothing_is_2(tmp_path):
    with serving(tmp_path, "--sandbox"):
        blocker = sqlite3.connect(tmp_path / "aerocode-data" / "aerocode.db", isolation_level=None)
        blocker.execute("begin immediate")
        ended = run(tmp_path, "purge")
        blocker.close()

    assert (2, "", True) == (ended.returncode, ended.stdout, "[service.unavailable]" in ended.stderr)


def test_what_the_server_refuses_is_1(folder):
    ended = run(folder, "apps", "show", "nobody")

    assert (1, "", True) == (ended.returncode, ended.stdout, "[entity.not_found]" in ended.stderr)


@pytest.mark.parametrize(
    "words", [["apps", "show", "nobody"], ["backup", "/nowhere/copy.db"], ["apps", "list", "--live"]]
)
def test_with_json_a_refusal_is_a_problem_on_standard_output(folder, words):
    ended = run(folder, *words, "--json")

    assert {"code", "message", "data"} == set(ended.json)
    assert ended.returncode == (1 if ended.json["code"] == "entity.not_found" else 2)
    assert ended.json["message"] in ended.stderr


def test_with_json_a_wrong_setting_is_a_problem_too(tmp_path):
    ended = run(tmp_path, "check-config", "--json", workers=4)

    assert (2, "start.refused", True) == (ended.returncode, ended.json["code"], "WORKERS" in ended.json["message"])


@pytest.mark.parametrize("line", ['data_dir = "a\\u0000b"', 'connector_file = "\\u0000"', 'api_key_file = "a\\u0000b"'])
def test_a_zero_in_a_path_of_the_file_is_one_sentence(tmp_path, line):
    (tmp_path / "aerocode.toml").write_text(line)

    assert "aerocode.toml" in refused(tmp_path, "--sandbox")


def test_a_zero_in_the_address_of_the_database_is_one_sentence(tmp_path):
    assert "AEROCODE_DATABASE_URL" in refused(tmp_path, "--sandbox", database_url="sqlite:///a%00b.db")


def test_closed_standard_input_is_one_sentence(tmp_path):
    ended = by_shell(tmp_path, "aerocode connector check - <&-")

    assert (2, b"") == (ended.returncode, ended.stdout)
    assert b"aerocode: Standard input is closed.\n" == ended.stderr


@pytest.mark.parametrize("form", ["", " --json"])
def test_a_server_without_standard_output_serves(tmp_path, form):
    command = f"aerocode serve --sandbox{form} >&- & server=$!; sleep 2; kill -TERM $server; wait $server"
    ended = by_shell(tmp_path, command)

    assert (0, False) == (ended.returncode, b"Traceback" in ended.stderr), ended.stderr
    assert (tmp_path / "aerocode-data" / "mode").exists()


def test_a_terminal_that_cannot_show_a_character_gets_its_number(folder):
    file = folder / "connector.json"
    file.write_text(json.dumps({**CONFIG, "senderName": "Проверка"}))
    assert 0 == run(folder, "connector", "save", file).returncode
    ended = by_shell(folder, "aerocode connector show", PYTHONIOENCODING="latin-1")

    assert (0, False) == (ended.returncode, b"Traceback" in ended.stderr)
    assert b"\\u041f" in ended.stdout


@pytest.mark.parametrize("words", [["connector", "check"], ["connector", "save"]])
def test_a_file_that_cannot_be_read_is_one_sentence(folder, words):
    assert "cannot be read" in one_sentence(run(folder, *words, os.curdir))


def test_help_and_version_are_0(tmp_path):
    assert [0, 0] == [run_anew(tmp_path, word).returncode for word in ("--version", "--help")]
