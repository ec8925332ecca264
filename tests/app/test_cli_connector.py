"""`aerocode connector`: check, test, save, show, schema."""

import json

import jsonschema_rs
import pytest
from app_processes import born
from app_processes import run
from app_processes import serving
from app_words import CONFIG
from app_words import FACTORY
from app_words import REQUIRED

MASK = "••••••••"
FAULTY = """{
  "email": "nobody",
  "apiKey": "",
  "senderName": "SMS Aero",
  "templates": [
    {"usageType": "Register", "content": "no code"},
    {"usageType": "SignIn", "content": "no code"},
    {"usageType": "Generic", "content": "{{code}}"}
  ]
}
"""
PLACES = {"email": (2, 12), "apiKey": (3, 13), "templates[0].content": (6, 42), "templates[1].content": (7, 40),
          "templates": (5, 16)}  # fmt: skip


@pytest.fixture(params=["with a server", "without"], scope="module")
def folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("connector")
    if request.param == "without":
        yield born(folder, "--sandbox")
        return
    with serving(folder, "--sandbox"):
        yield folder


@pytest.fixture
def good(tmp_path):
    file = tmp_path / "connector.json"
    file.write_text(json.dumps(CONFIG))
    return file


def told(ended):
    """Path to line and column of every fault in words."""
    lines = [line.split(": ", 3) for line in ended.stdout.splitlines() if ": fault: " in line]
    return {path: tuple(map(int, place.split(":")[1:])) for place, _, path, _ in lines}


def test_every_fault_is_told_at_once_with_line_and_column(tmp_path):
    (tmp_path / "connector.json").write_text(FAULTY)
    ended = run(tmp_path, "connector", "check", "connector.json")

    assert 1 == ended.returncode
    assert PLACES.items() >= told(ended).items()
    assert {"email", "apiKey", "templates[0].content", "templates[1].content", "templates"} == set(told(ended))


@pytest.mark.parametrize(("mark", "ends"), [("\ufeff", "\n"), ("", "\r\n"), ("\ufeff", "\r\n")])
def test_a_byte_order_mark_and_foreign_line_ends_move_no_place(tmp_path, mark, ends):
    (tmp_path / "connector.json").write_bytes((mark + FAULTY.replace("\n", ends)).encode())

    assert PLACES.items() >= told(run(tmp_path, "connector", "check", "connector.json")).items()


def test_a_key_written_twice_is_a_fault(tmp_path):
    (tmp_path / "connector.json").write_text(FAULTY.replace('"senderName"', '"email"'))
    ended = run(tmp_path, "connector", "check", "connector.json")

    assert 1 == ended.returncode
    assert "connector.json:4:" in ended.stdout


def test_the_same_in_json(tmp_path):
    (tmp_path / "connector.json").write_text(FAULTY)
    ended = run(tmp_path, "connector", "check", "connector.json", "--json")
    faults = ended.json["faults"]

    assert 1 == ended.returncode
    assert {"path", "line", "column", "code", "message"} == set(faults[0])
    assert (2, 12) == next((f["line"], f["column"]) for f in faults if f["path"] == ["email"])
    assert [] == ended.json["warnings"]


def test_a_file_without_faults_is_0(tmp_path, good):
    ended = run(tmp_path, "connector", "check", good)

    assert (0, f"{good}: no faults, no warnings.\n", "") == (ended.returncode, ended.stdout, ended.stderr)


def test_warnings_alone_are_0(tmp_path, good):
    good.write_text(json.dumps({**CONFIG, "senderName": "TwelveLetter"}))
    ended = run(tmp_path, "connector", "check", good)

    assert (0, True) == (ended.returncode, "warning: senderName" in ended.stdout)


def test_standard_input_is_a_hyphen(tmp_path):
    ended = run(tmp_path, "connector", "check", "-", typed="{")

    assert (1, True) == (ended.returncode, "standard input:1:" in ended.stdout)


def test_a_file_that_is_not_there_is_2(tmp_path):
    ended = run(tmp_path, "connector", "check", "nothing.json")

    assert (2, "") == (ended.returncode, ended.stdout)
    assert "nothing.json cannot be read" in ended.stderr


def test_check_and_schema_make_no_data(tmp_path, good):
    run(tmp_path, "connector", "check", good)
    run(tmp_path, "connector", "schema")

    assert [good] == list(tmp_path.iterdir())


def test_the_schema_takes_what_the_guard_takes(tmp_path):
    schema = jsonschema_rs.Draft202012Validator(run(tmp_path, "connector", "schema").json)

    assert schema.is_valid(CONFIG)
    assert not schema.is_valid({**CONFIG, "templates": CONFIG["templates"][:-1]})
    assert not schema.is_valid({**CONFIG, "apiKey": ""})


def test_a_saved_connector_is_shown_with_its_key_masked(folder, good):
    saved = run(folder, "connector", "save", good, "--json")
    shown = run(folder, "connector", "show")

    assert (0, FACTORY) == (saved.returncode, saved.json["connectorId"])
    assert {**CONFIG, "apiKey": MASK} == shown.json
    assert CONFIG["apiKey"] not in shown.stdout + saved.stdout


def test_a_faulty_file_is_not_saved(folder, good, tmp_path):
    run(folder, "connector", "save", good)
    (tmp_path / "faulty.json").write_text(FAULTY)
    ended = run(folder, "connector", "save", tmp_path / "faulty.json")

    assert (1, "") == (ended.returncode, ended.stdout)
    assert "fault: email" in ended.stderr
    assert CONFIG["email"] == run(folder, "connector", "show").json["email"]


def test_a_test_says_what_the_gate_answered(folder, good):
    ended = run(folder, "connector", "test", good, "--to", "8 916 555-44-33")

    assert 0 == ended.returncode
    assert {"status", "gate id", "sender", "cost", "segments"} == {
        line[:10].strip() for line in ended.stdout.splitlines()
    }
    assert "delivered" in ended.stdout
    assert "roubles" in ended.stdout


@pytest.mark.parametrize(
    ("suffix", "code"), [("0004", "connector.invalid_sender"), ("0008", "connector.unknown_outcome")]
)
def test_a_test_the_gate_does_not_take_is_1_with_the_reason(folder, good, suffix, code):
    ended = run(folder, "connector", "test", good, "--to", f"+7916555{suffix}")

    assert (1, "") == (ended.returncode, ended.stdout)
    assert code in ended.stderr


def test_a_test_in_json_has_the_whole_timeline(tmp_path, good):
    ended = run(tmp_path, "connector", "test", good, "--sandbox", "--to", "+79165550021", "--json")

    assert (1, "rejected") == (ended.returncode, ended.json["status"])
    assert "created" == ended.json["timeline"][0]["status"]


def test_a_test_saves_nothing(folder, good):
    before = run(folder, "connector", "show").stdout
    good.write_text(json.dumps({**CONFIG, "email": "tried@example.com"}))
    run(folder, "connector", "test", good, "--to", "+79165550004")

    assert before == run(folder, "connector", "show").stdout


def test_every_usage_type_that_must_be_there_is_named(tmp_path):
    ended = run(tmp_path, "connector", "check", "-", typed=json.dumps({**CONFIG, "templates": []}))

    assert f"Template with UsageType ({', '.join(REQUIRED)}) should be provided!" in ended.stdout


def test_every_fault_is_printed_however_many_there_are(tmp_path):
    (tmp_path / "connector.json").write_text(json.dumps({"templates": [{}] * 400}))
    ended = run(tmp_path, "connector", "check", "connector.json")

    assert 400 * 2 == len([line for line in ended.stdout.splitlines() if "templates[" in line])
