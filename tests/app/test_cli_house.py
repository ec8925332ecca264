"""The house's own commands, beside a server and without one."""

import json
import platform
import sqlite3
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from app_processes import born
from app_processes import environment
from app_processes import run
from app_processes import run_anew
from app_processes import serving
from app_words import KEY
from app_words import fresh_phone

from aerocode import __version__

SECRET = "a secret of these tests: 32 bytes or more"


@pytest.fixture(params=["with a server", "without"], scope="module")
def folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("house")
    if request.param == "without":
        yield born(folder, "--sandbox")
        return
    with serving(folder, "--sandbox"):
        yield folder


def ask(address, path, body=None):
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{address}{path}", data, {"authorization": f"Bearer {KEY}"})
    with urllib.request.urlopen(request, timeout=10) as reply:
        return json.load(reply)


def begun(process, phone):
    """A pending verification's id, and its code."""
    started = ask(process.address, "/api/verifications", {"phone": phone})
    return started["id"], ask(process.facts["inbox"], f"/{phone[1:]}")["messages"][-1]["code"]


def approved(process, verification_id, code):
    return ask(process.address, f"/api/verifications/{verification_id}/check", {"code": code})["status"] == "approved"


def test_the_version_is_told_in_words(tmp_path):
    ended = run(tmp_path, "version")
    words = f"aerocode {__version__} python {platform.python_version()} sqlite {sqlite3.sqlite_version}\n"

    assert (0, words) == (ended.returncode, ended.stdout)


def test_the_version_is_told_in_json(tmp_path):
    assert __version__ == run(tmp_path, "version", "--json").json["aerocode"]


def test_the_module_and_the_script_are_one_command(tmp_path):
    script = Path(sys.executable).with_name("aerocode")
    by_script = subprocess.run(
        [script, "version"], cwd=tmp_path, env=environment(), capture_output=True, text=True, check=True
    )

    assert by_script.stdout == run_anew(tmp_path, "version").stdout


def test_check_config_tells_every_setting_and_makes_no_data(tmp_path):
    ended = run(tmp_path, "check-config", "--json", port=9000, allowed_countries="RU,KZ")

    assert (0, "9000", "KZ,RU", "127.0.0.1") == (
        ended.returncode, ended.json["AEROCODE_PORT"], ended.json["AEROCODE_ALLOWED_COUNTRIES"],
        ended.json["AEROCODE_HOST"],
    )  # fmt: skip
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_check_config_says_of_a_secret_only_that_it_is_there(tmp_path, form):
    ended = run(tmp_path, "check-config", *form, secret_key=SECRET, secret_keys_old=SECRET[::-1], api_key=KEY)

    assert 0 == ended.returncode
    assert not [secret for secret in (SECRET, SECRET[::-1], KEY) if secret in ended.stdout + ended.stderr]
    assert 3 == ended.stdout.count("(set)")


def test_check_config_refuses_what_serve_would_refuse(tmp_path):
    ended = run(tmp_path, "check-config", workers=4)

    assert (2, "") == (ended.returncode, ended.stdout)
    assert "AEROCODE_WORKERS" in ended.stderr


def test_a_backup_opens_and_holds_the_rows(folder, tmp_path):
    run(folder, "send", phone := fresh_phone())
    ended = run(folder, "backup", tmp_path / "copy.db", "--json")
    database = sqlite3.connect(tmp_path / "copy.db")
    phones = database.execute("select phone from verifications").fetchall()
    intact = database.execute("pragma integrity_check").fetchone()
    database.close()

    assert (0, str(tmp_path / "copy.db")) == (ended.returncode, ended.json["path"])
    assert ((phone,) in phones, ("ok",)) == (True, intact)


def test_a_backup_is_for_its_owners_eyes_alone(folder, tmp_path):
    run(folder, "backup", tmp_path / "copy.db")

    assert 0o600 == (tmp_path / "copy.db").stat().st_mode & 0o777


def test_a_backup_overwrites_nothing(folder, tmp_path):
    (tmp_path / "copy.db").write_text("mine")
    ended = run(folder, "backup", tmp_path / "copy.db")

    assert (2, "mine") == (ended.returncode, (tmp_path / "copy.db").read_text())
    assert "exists already" in ended.stderr


def test_a_backup_into_a_folder_that_is_not_there_is_told(folder, tmp_path):
    ended = run(folder, "backup", tmp_path / "nowhere" / "copy.db")

    assert (2, "") == (ended.returncode, ended.stdout)
    assert "cannot be written" in ended.stderr


def test_a_backup_serves_in_another_folder_with_the_same_secret_key(folder, tmp_path):
    data = tmp_path / "aerocode-data"
    data.mkdir()
    run(folder, "backup", data / "aerocode.db")
    (data / "secret.key").write_bytes((folder / "aerocode-data" / "secret.key").read_bytes())
    ended = run(tmp_path, "connector", "show", "--sandbox")

    assert (0, "demo@example.com") == (ended.returncode, ended.json["email"])


def test_a_purge_tells_how_much_there_was(folder):
    ended = run(folder, "purge", "--json")

    assert (0, {"expired", "forgotten"}) == (ended.returncode, set(ended.json))


def test_a_rotation_tells_what_is_under_the_new_key(folder):
    ended = run(folder, "secret", "rotate", "--json")

    assert (0, 1) == (ended.returncode, ended.json["connectors"])


def test_a_pending_code_verifies_after_a_rotation_beside_the_server(tmp_path):
    with serving(tmp_path, "--sandbox") as process:
        before = begun(process, fresh_phone())
        rotated = run(tmp_path, "secret", "rotate", "--json")
        after = begun(process, fresh_phone())

        assert 1 == rotated.json["codes"]
        assert [True, True] == [approved(process, *one) for one in (before, after)]


def test_a_pending_code_verifies_after_a_rotation_without_the_server(tmp_path):
    with serving(tmp_path, "--sandbox") as process:
        pending = begun(process, fresh_phone())
    rotated = run(tmp_path, "secret", "rotate", "--json")
    keys = (tmp_path / "aerocode-data" / "secret.key").read_text().split()
    # What is at rest is under the new key, so the new one alone is enough.
    (tmp_path / "aerocode-data" / "secret.key").write_text(keys[0])
    with serving(tmp_path) as process:
        assert (1, 2, True) == (rotated.json["codes"], len(keys), approved(process, *pending))


def test_with_the_key_in_the_settings_a_rotation_goes_over_to_it(tmp_path):
    born(tmp_path, "--sandbox")
    old = (tmp_path / "aerocode-data" / "secret.key").read_text().strip()
    rotated = run(tmp_path, "secret", "rotate", "--json", secret_key=SECRET, secret_keys_old=old)
    alone = run(tmp_path, "connector", "show", secret_key=SECRET)

    assert ({"connectors": 1, "codes": 0, "testNumbers": 0}, 0) == (rotated.json, alone.returncode)


def test_the_contrary_flag_is_refused_beside_a_server_too(folder):
    ended = run(folder, "purge", "--live")

    assert (2, "") == (ended.returncode, ended.stdout)
    assert "was born sandbox" in ended.stderr


def test_a_command_beside_a_server_goes_through_it(tmp_path):
    with serving(tmp_path, "--sandbox") as process:
        run(tmp_path, "apps", "add", "shop", "--product", "Shop")

        assert "shop" in [row["id"] for row in ask(process.address, "/api/applications")]


def test_a_command_without_a_server_leaves_no_control_file(tmp_path):
    born(tmp_path, "--sandbox")

    assert not (tmp_path / "aerocode-data" / "control.json").exists()


def test_the_control_file_is_for_its_owner_alone(tmp_path):
    with serving(tmp_path, "--sandbox") as process:
        file = tmp_path / "aerocode-data" / "control.json"
        control = json.loads(file.read_text())

        assert 0o600 == file.stat().st_mode & 0o777
        assert (process.address, process.popen.pid, True) == (control["address"], control["pid"], control["sandbox"])


def test_the_data_are_for_their_owner_alone(folder):
    modes = {path.stat().st_mode & 0o077 for path in (folder / "aerocode-data", *(folder / "aerocode-data").iterdir())}

    assert {0} == modes
