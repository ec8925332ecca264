"""`aerocode apps` and `aerocode keys`, beside a server and without one."""

import json

import pytest
from app_processes import born
from app_processes import run
from app_processes import serving


@pytest.fixture(params=["with a server", "without"], scope="module")
def folder(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("applications")
    if request.param == "without":
        run_in = born(folder, "--sandbox")
        assert run(run_in, "apps", "add", "shop", "--product", "Corner shop").returncode == 0
        yield run_in
        return
    with serving(folder, "--sandbox"):
        assert run(folder, "apps", "add", "shop", "--product", "Corner shop").returncode == 0
        yield folder


def added(folder, *words):
    ended = run(folder, "keys", "add", "shop", "--name", "till", *words, "--json")
    assert ended.returncode == 0, ended.stderr
    return ended.json


def test_applications_are_listed(folder):
    assert ["default\tAerocode", "shop\tCorner shop"] == sorted(run(folder, "apps", "list").stdout.splitlines())


def test_applications_are_listed_in_json(folder):
    assert {"default", "shop"} <= {row["id"] for row in run(folder, "apps", "list", "--json").json}


def test_an_application_is_added_once(folder):
    ended = run(folder, "apps", "add", "shop", "--product", "Again")

    assert (1, "") == (ended.returncode, ended.stdout)
    assert "[entity.already_exists]" in ended.stderr


def test_a_bad_id_is_told_with_its_field(folder):
    ended = run(folder, "apps", "add", "The Shop", "--product", "x")

    assert 1 == ended.returncode
    assert "  id (" in ended.stderr


def test_an_application_is_shown_with_its_keys(folder):
    key = added(folder)
    shown = run(folder, "apps", "show", "shop")
    as_json = run(folder, "apps", "show", "shop", "--json").json

    assert shown.stdout.startswith("shop\tCorner shop\n")
    assert key["id"] in shown.stdout
    assert key["id"] in [row["id"] for row in as_json["keys"]]


def test_an_application_that_is_not_there_is_1(folder):
    assert 1 == run(folder, "apps", "show", "nobody").returncode


def test_a_keys_text_alone_is_on_standard_output(folder):
    ended = run(folder, "keys", "add", "shop", "--name", "till")

    assert (0, 1) == (ended.returncode, len(ended.stdout.split()))
    assert len(ended.stdout.strip()) >= 43


def test_a_key_has_the_scopes_it_was_made_with(folder):
    key = added(folder, "--scope", "verifications:read", "--scope", "messages:read")

    assert ["messages:read", "verifications:read"] == key["scopes"]


def test_a_key_may_run_out(folder):
    assert "2101-01-01T00:00:00.000Z" == added(folder, "--expires-at", "2101-01-01T00:00:00Z")["expiresAt"]


@pytest.mark.parametrize("words", [["--scope", "everything"], ["--scope", "metrics:read"], ["--expires-at", "soon"]])
def test_a_senseless_key_is_1(folder, words):
    ended = run(folder, "keys", "add", "shop", "--name", "till", *words)

    assert (1, "") == (ended.returncode, ended.stdout)
    assert "[guard.invalid_input]" in ended.stderr


def test_keys_are_listed_without_their_text(folder):
    key = added(folder)
    listed = run(folder, "keys", "list", "shop")

    assert key["id"] in listed.stdout
    assert "last used never" in listed.stdout
    assert key["key"] not in listed.stdout + json.dumps(run(folder, "keys", "list", "shop", "--json").json)


def test_a_revoked_key_is_listed_as_such(folder):
    key = added(folder)
    revoked = run(folder, "keys", "revoke", "shop", key["id"], "--json")
    (line,) = [line for line in run(folder, "keys", "list", "shop").stdout.splitlines() if key["id"] in line]

    assert {"id": key["id"], "revoked": True} == revoked.json
    assert line.endswith("revoked")


def test_a_key_that_is_not_there_cannot_be_revoked(folder):
    assert 1 == run(folder, "keys", "revoke", "shop", "nothing").returncode
