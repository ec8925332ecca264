"""`aerocode sandbox`: the double alone, on http or https, until it is told to go."""

import json
import socket
import ssl
import subprocess
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
from app_processes import PATIENCE
from app_processes import environment


@contextmanager
def doubled(folder, *words):
    """The double as its own process, and the first line it says."""
    popen = subprocess.Popen(
        [sys.executable, "-m", "aerocode", "sandbox", "--port", "0", "--json", *words],
        cwd=folder,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield popen, json.loads(popen.stdout.readline())
    finally:
        popen.terminate()
        popen.communicate(timeout=PATIENCE)


def send(gate, trust=None):
    sms = {"number": "79129999999", "sign": "SMS Aero", "text": "482913 is your code"}
    headers = {"Authorization": "Basic ZTpr", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{gate}/v2/sms/send", json.dumps(sms).encode(), headers)
    with urllib.request.urlopen(request, timeout=5, context=trust) as reply:
        return json.load(reply)["success"]


def test_what_was_sent_is_in_the_inbox_it_names(tmp_path):
    with doubled(tmp_path) as (_, facts):
        sent = send(facts["gate"])
        with urllib.request.urlopen(facts["inbox"], timeout=5) as reply:
            (message,) = json.load(reply)["messages"]

    assert (True, "482913", None) == (sent, message["code"], facts["caFile"])


def test_with_tls_who_trusts_the_file_gets_in(tmp_path):
    with doubled(tmp_path, "--tls") as (_, facts):
        assert facts["gate"].startswith("https://127.0.0.1:")
        assert send(facts["gate"], ssl.create_default_context(cafile=facts["caFile"]))


def test_with_tls_who_does_not_trust_the_file_stays_out(tmp_path):
    with (
        doubled(tmp_path, "--tls") as (_, facts),
        pytest.raises(urllib.error.URLError, match="CERTIFICATE_VERIFY_FAILED"),
    ):
        send(facts["gate"], ssl.create_default_context())


def test_the_authority_is_gone_afterwards_and_its_key_was_never_there(tmp_path):
    with doubled(tmp_path, "--tls") as (popen, facts):
        folder = Path(facts["caFile"]).parent
        assert ["ca.pem"] == [path.name for path in folder.iterdir()]
        assert "PRIVATE" not in Path(facts["caFile"]).read_text()
        popen.terminate()
        popen.wait(PATIENCE)

    assert (0, False) == (popen.returncode, folder.exists())


def test_a_folder_to_run_in_stays_empty(tmp_path):
    with doubled(tmp_path):
        assert [] == list(tmp_path.iterdir())


def test_a_taken_port_is_one_sentence(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "aerocode", "sandbox", "--port", port]
        done = subprocess.run(
            command, cwd=tmp_path, env=environment(), capture_output=True, text=True, timeout=PATIENCE, check=False
        )

    assert (2, "") == (done.returncode, done.stdout)
    assert f"aerocode: Port {port} cannot be listened on: " in done.stderr
    assert 1 == len(done.stderr.splitlines())


def test_people_read_where_the_inbox_is(tmp_path):
    command = [sys.executable, "-m", "aerocode", "sandbox", "--port", "0", "--tls"]
    with subprocess.Popen(command, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, text=True) as popen:
        lines = [popen.stdout.readline().split() for _ in range(6)]
        popen.terminate()

    assert ["Gate", "Inbox", "Control", "CA"] == [words[0] for words in lines[2:]]
