"""Lists, test numbers and erasing at a terminal."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from app_processes import born
from app_processes import run
from app_words import fresh_phone

CODE = "135790"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return born(tmp_path_factory.mktemp("lists"), "--sandbox")


@pytest.fixture
def phone():
    return fresh_phone()


def in_days(days):
    return (datetime.now(UTC) + timedelta(days=days)).isoformat(timespec="seconds")


def block(folder, phone, *words):
    return run(folder, "lists", "add", "--block", "--phone", phone, "--reason", "fraud", *words)


def test_a_phone_blocked_at_the_terminal_gets_nothing(folder, phone):
    added = block(folder, phone)
    sent = run(folder, "send", phone)

    assert (0, 1, True) == (added.returncode, sent.returncode, "phone.not_allowed" in sent.stderr)


def test_an_entry_is_shown_until_it_is_removed(folder, phone):
    entry = block(folder, phone, "--json", "--expires", in_days(1)).json
    shown = run(folder, "lists", "show").stdout
    removed = run(folder, "lists", "remove", entry["id"], "--reason", "a mistake", "--json")

    assert [True, True, True] == [word in shown for word in (entry["id"], phone, "fraud")]
    assert ({"id": entry["id"], "removed": True}, False) == (
        removed.json, entry["id"] in run(folder, "lists", "show").stdout,
    )  # fmt: skip


def test_prefixes_and_networks_are_allowed_too(folder):
    for words in (("--prefix", "+7999"), ("--network", "203.0.113.0/24")):
        assert 0 == run(folder, "lists", "add", "--allow", *words, "--reason", "ours").returncode
    kinds = {row["kind"]: row["verdict"] for row in run(folder, "lists", "show", "--json").json}

    assert ("allow", "allow") == (kinds["prefix"], kinds["network"])


@pytest.mark.parametrize(
    "words",
    [
        ("--block", "--reason", "x"),
        ("--block", "--reason", "x", "--prefix", "+7999", "--phone", "+79161001000"),
        ("--phone", "+79161001000", "--reason", "x"),
        ("--block", "--phone", "+79161001000"),
        ("--block", "--allow", "--phone", "+79161001000", "--reason", "x"),
    ],
    ids=["nobody", "two", "no verdict", "no reason", "two verdicts"],
)
def test_an_entry_says_who_and_what_and_why(folder, words):
    ended = run(folder, "lists", "add", *words)

    assert (2, "") == (ended.returncode, ended.stdout)


def test_a_test_number_is_added_listed_and_removed(folder, phone):
    added = run(folder, "testnumbers", "add", phone, "--code", CODE, "--json")
    listed = run(folder, "testnumbers", "list")
    removed = run(folder, "testnumbers", "remove", phone)

    assert (0, phone, True, False) == (
        added.returncode, added.json["phone"], phone in listed.stdout, CODE in added.stdout + listed.stdout,
    )  # fmt: skip
    assert (0, []) == (removed.returncode, run(folder, "testnumbers", "list", "--json").json)


def test_its_code_is_asked_for_when_it_is_left_out(folder, phone):
    added = run(folder, "testnumbers", "add", phone, typed=f"{CODE}\n")
    verified = run(folder, "verify", phone, "--json", typed=f"{CODE}\n")

    assert (0, 0, True) == (added.returncode, verified.returncode, verified.json["test"])


@pytest.mark.parametrize(("words", "code"), [((), 1), (("--expires", in_days(29)), 0), (("--expires", in_days(31)), 1)])
def test_outside_a_sandbox_a_test_number_ends_within_thirty_days(tmp_path, phone, words, code):
    ended = run(tmp_path, "testnumbers", "add", phone, "--code", CODE, "--live", *words)

    assert (code, bool(code)) == (ended.returncode, "expiresAt" in ended.stderr)


def test_an_erased_phone_leaves_nothing_behind(folder, phone):
    run(folder, "send", phone)
    block(folder, phone)
    erased = run(folder, "erase", "--phone", phone, "--reason", "asked by letter", "--json")

    assert (0, 1, 1, 1) == (
        erased.returncode, erased.json["verifications"], erased.json["messages"], erased.json["lists"],
    )  # fmt: skip
    assert phone not in run(folder, "lists", "show").stdout


def test_erasing_needs_a_reason(folder, phone):
    assert 2 == run(folder, "erase", "--phone", phone).returncode


def test_erasing_tells_in_words_how_much_it_was(folder, phone):
    run(folder, "send", phone)

    assert "1 verifications, 1 messages" in run(folder, "erase", "--phone", phone, "--reason", "asked").stdout
