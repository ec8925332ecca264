"""A start that cannot be: exit code 2, one sentence that names the setting, and nothing half written."""

import socket
import sqlite3

import pytest
from app_processes import born
from app_processes import refused
from app_processes import run_anew
from app_processes import serving
from app_words import SECRET


@pytest.fixture
def taken():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_named_and_nothing_is_made_of_the_data(tmp_path, taken):
    assert f"Port {taken} of 127.0.0.1" in refused(tmp_path, "--sandbox", port=taken)
    assert not (tmp_path / "aerocode-data").exists()


def test_a_taken_port_of_the_sandbox_is_named(tmp_path, taken):
    assert "AEROCODE_SANDBOX_PORT" in refused(tmp_path, "--sandbox", sandbox_port=taken)


def test_a_taken_metrics_port_is_named(tmp_path, taken):
    assert f"metrics port {taken}" in refused(tmp_path, "--sandbox", metrics_port=taken)


def test_a_start_after_a_taken_port_goes_well(tmp_path, taken):
    refused(tmp_path, "--sandbox", sandbox_port=taken)
    with serving(tmp_path, "--sandbox") as process:
        assert process.facts["mode"] == "sandbox"


def test_without_a_marker_and_a_flag_both_flags_are_named_and_no_folder_is_born(tmp_path):
    sentence = refused(tmp_path)

    assert "--sandbox" in sentence
    assert "--live" in sentence
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(("mode", "other"), [("sandbox", "live"), ("live", "sandbox")])
def test_the_contrary_of_the_marker_is_refused(tmp_path, mode, other):
    born(tmp_path, f"--{mode}")

    assert f"was born {mode}" in refused(tmp_path, f"--{other}")
    assert mode == (tmp_path / "aerocode-data" / "mode").read_text().strip()


def test_two_markers_that_differ_are_refused(tmp_path):
    born(tmp_path, "--sandbox")
    (tmp_path / "aerocode-data" / "mode").write_text("live\n")

    assert "The database was born sandbox" in refused(tmp_path)


def test_a_marker_of_neither_kind_is_refused(tmp_path):
    (tmp_path / "aerocode-data").mkdir()
    (tmp_path / "aerocode-data" / "mode").write_text("staging\n")

    assert "neither sandbox nor live" in refused(tmp_path)


def test_the_marker_wins_over_the_gates(tmp_path):
    born(tmp_path, "--sandbox")
    with serving(tmp_path, gates="http://127.0.0.1:9") as process:
        assert process.facts["inbox"] is not None


def test_a_second_server_on_the_same_folder_is_refused(tmp_path):
    with serving(tmp_path, "--sandbox") as process:
        assert "Another Aerocode is using" in refused(tmp_path)
        assert process.popen.poll() is None


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "example.com", "192.0.2.1"])
def test_a_sandbox_listens_on_this_machine_alone(tmp_path, host):
    assert "this machine alone" in refused(tmp_path, "--sandbox", host=host)
    assert [] == list(tmp_path.iterdir())


def test_a_host_that_is_no_address_is_named(tmp_path):
    assert "AEROCODE_HOST" in refused(tmp_path, "--live", host="no-such-host.invalid")


def test_a_setting_that_is_not_one_is_named(tmp_path):
    assert "AEROCODE_GATE_TIMOUT" in refused(tmp_path, "--sandbox", gate_timout=5)


def test_all_bad_settings_are_told_in_one_sentence(tmp_path):
    sentence = refused(tmp_path, "--sandbox", retention="never", gate_timeout="soon")

    assert "AEROCODE_RETENTION" in sentence
    assert "AEROCODE_GATE_TIMEOUT" in sentence
    assert [] == list(tmp_path.iterdir())


def test_a_bad_line_in_the_file_is_told(tmp_path):
    (tmp_path / "aerocode.toml").write_text("port = 80 80\n")

    assert "aerocode.toml cannot be read" in refused(tmp_path, "--sandbox")


def test_a_short_secret_is_not_quoted(tmp_path):
    sentence = refused(tmp_path, "--sandbox", secret_key="too short to keep")

    assert "AEROCODE_SECRET_KEY" in sentence
    assert "too short to keep" not in sentence


def test_a_data_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "aerocode-data").write_text("")

    assert "aerocode-data" in refused(tmp_path, "--sandbox")


def test_a_data_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")

    assert str(tmp_path / "file") in refused(tmp_path, "--sandbox", data_dir=tmp_path / "file" / "data")


@pytest.fixture
def connected(tmp_path):
    """A folder with the sandbox's demo connector saved, its database closed."""
    return born(tmp_path, "--sandbox")


def saved(folder):
    database = sqlite3.connect(folder / "aerocode-data" / "aerocode.db")
    try:
        return database.execute("select * from connectors").fetchall()
    finally:
        database.close()


@pytest.mark.parametrize(
    ("text", "told"),
    [("\n\n{", "connector.json:3:"), ("{}", "and 3 more"), ("", "connector.json:1:1")],
)
def test_a_faulty_connector_file_is_told_with_its_place_and_the_saved_one_stands(connected, text, told):
    before = saved(connected)
    (connected / "connector.json").write_text(text)

    assert told in refused(connected, connector_file="connector.json")
    assert before == saved(connected)


def test_a_connector_file_that_is_not_there_is_named(connected):
    assert "connector.json cannot be read" in refused(connected, connector_file="connector.json")


def test_a_secret_key_that_could_not_be_listed_as_an_old_one_is_refused(tmp_path):
    assert "comma" in refused(tmp_path, "--sandbox", secret_key=f"{SECRET},")


def test_a_missing_secret_key_is_told_before_anything_is_made_of_it(connected):
    (connected / "aerocode-data" / "secret.key").unlink()

    assert "secret.key" in refused(connected)
    assert not (connected / "aerocode-data" / "secret.key").exists()


def test_another_secret_key_than_the_databases_is_told(connected):
    assert "secret key" in refused(connected, secret_key=SECRET)


def test_another_secret_key_is_told_where_no_connector_is_saved_too(tmp_path):
    born(tmp_path, "--live")

    assert "secret key" in refused(tmp_path, secret_key=SECRET)


def test_an_old_secret_key_still_opens(connected):
    old = (connected / "aerocode-data" / "secret.key").read_text().strip()
    with serving(connected, secret_key=SECRET, secret_keys_old=old) as process:
        assert process.facts["mode"] == "sandbox"


def test_a_first_start_that_fails_late_leaves_the_first_key_to_the_next(tmp_path, taken):
    refused(tmp_path, "--sandbox", metrics_port=taken)
    shown = [run_anew(tmp_path, "keys", "list", "default", "--json").json]
    with serving(tmp_path, api_key=None) as process:
        shown.append(process.facts["key"])
    with serving(tmp_path, api_key=None) as process:
        shown.append(process.facts["key"])

    assert ([], True, None) == (shown[0], len(shown[1] or "") >= 43, shown[2])
