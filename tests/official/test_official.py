"""The official clients run their whole public surface against the double, and can reach nothing else."""

import base64
import csv
import hashlib
import subprocess

import pytest
from official_words import INSTALLED

from aerocode.sandbox import Sandbox

CLIENTS = ["sync", "async", "node"]
GATES = ["gate.smsaero.net", "gate.smsaero.org", "gate.smsaero.ru"]


@pytest.fixture(params=CLIENTS)
def client(request):
    return request.param


@pytest.fixture
def ran(report, client, protocol, place):
    return report(client, protocol, place)


def test_every_public_name_is_called(ran):
    assert set(ran["public"]) == set(ran["called"]) | set(ran["constants"])


def test_a_client_lives_through_it(ran):
    assert 0 == ran["exit"]


def test_the_client_asks_over_the_protocol_that_was_meant(ran, protocol):
    assert [{"http": 80, "https": 443}[protocol]] == ran["ports"]


def test_the_client_asks_every_gate(ran):
    assert GATES == ran["gates"]


def test_nothing_but_the_double_is_reached(ran):
    assert {"gaierror", "PermissionError", "EPERM"} >= set(ran["strangers"].values())


def test_every_method_of_the_double_is_called_but_those_marked_untested(report):
    called = {path for client in CLIENTS for path in report(client, "https")["calls"]} - {"unknown"}
    double = Sandbox()

    assert double.methods - double.untested == called


@pytest.mark.parametrize("client", ["sync", "async"])
def test_a_package_for_python_is_as_it_was_published(ran, client):
    (site,) = (INSTALLED / client / "lib").glob("python*/site-packages")
    (record,) = site.glob("smsaero_api*.dist-info/RECORD")
    hashes = {name: digest for name, digest, _ in csv.reader(record.read_text().splitlines()) if digest}
    found = {
        name: "sha256="
        + base64.urlsafe_b64encode(hashlib.sha256((site / name).read_bytes()).digest()).decode().rstrip("=")
        for name in hashes
    }

    assert "smsaero/__init__.py" in hashes
    assert hashes == found


@pytest.mark.parametrize("client", ["node"])
def test_the_package_for_node_is_as_it_was_published(ran, client):
    command = ["sha256sum", "--check", "--strict", "smsaero.sha256"]
    done = subprocess.run(command, cwd=INSTALLED / "node", capture_output=True, text=True, check=False)

    assert (0, True) == (done.returncode, "smsaero.js: OK" in done.stdout)
