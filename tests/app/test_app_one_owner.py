"""One process owns a database, by whatever name it is reached, and whoever is asked in its stead is the owner."""

import json
import socket

import pytest
from app_processes import born
from app_processes import refused
from app_processes import run
from app_processes import serving


@pytest.fixture
def killed(tmp_path):
    """A folder whose server was killed: its control file still names an address."""
    with serving(tmp_path, "--sandbox") as process:
        process.kill()
    assert (tmp_path / "aerocode-data" / "control.json").exists()
    return tmp_path


@pytest.fixture
def stranger():
    """Somebody who listens at an address, and hears whoever comes."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        listener.settimeout(0)
        yield listener


def heard(listener):
    try:
        listener.accept()[0].close()
    except BlockingIOError:
        return False
    return True


def test_a_link_to_the_database_is_the_same_database(tmp_path):
    with serving(tmp_path, "--sandbox") as process:
        link = tmp_path / "other.db"
        link.symlink_to(tmp_path / "aerocode-data" / "aerocode.db")
        sentence = refused(tmp_path, database_url=f"sqlite:///{link}")

        assert "Another Aerocode is using" in sentence
        assert process.popen.poll() is None


def test_a_link_in_another_data_folder_is_the_same_database(tmp_path):
    born(tmp_path, "--sandbox")
    other = tmp_path / "other-data"
    other.mkdir()
    for name in ("aerocode.db", "secret.key", "mode"):
        (other / name).symlink_to(tmp_path / "aerocode-data" / name)
    with serving(tmp_path, data_dir=other):
        assert "Another Aerocode is using" in refused(tmp_path)


def test_a_server_that_comes_after_a_killed_one_leaves_its_own_address(killed):
    before = json.loads((killed / "aerocode-data" / "control.json").read_text())
    with serving(killed) as process:
        after = json.loads((killed / "aerocode-data" / "control.json").read_text())

        assert (process.address, True) == (after["address"], before["token"] != after["token"])


def test_a_command_after_a_killed_server_removes_what_it_left(killed):
    ended = run(killed, "apps", "list")

    assert (0, False) == (ended.returncode, (killed / "aerocode-data" / "control.json").exists())


def test_nobody_is_sent_to_the_address_a_killed_server_left(killed, stranger):
    control = killed / "aerocode-data" / "control.json"
    left = json.loads(control.read_text())
    address = f"http://127.0.0.1:{stranger.getsockname()[1]}"
    control.write_text(json.dumps({**left, "address": address}))
    # The next owner fails late, and holds the lock meanwhile; the one after it finds nothing to be misled by.
    assert "AEROCODE_SANDBOX_PORT" in refused(killed, sandbox_port=stranger.getsockname()[1])
    ended = run(killed, "apps", "list")

    assert (0, False, False) == (ended.returncode, control.exists(), heard(stranger))
