"""`aerocode serve` as people start it: the banner, the key shown once, the log, the counters on their own port."""

import json
import re
import subprocess
import sys
import urllib.request

import pytest
from app_processes import PATIENCE
from app_processes import environment
from app_processes import run
from app_processes import serving


def get(address, key=None):
    headers = {} if key is None else {"authorization": f"Bearer {key}"}
    with urllib.request.urlopen(urllib.request.Request(address, headers=headers), timeout=5) as reply:
        return reply.read().decode()


def banner(folder):
    """What `serve --sandbox` prints before it waits, and whether its curl lines work when pasted."""
    popen = subprocess.Popen(
        [sys.executable, "-m", "aerocode", "serve", "--sandbox"],
        cwd=folder,
        env=environment(port=0, sandbox_port=0),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        text = ""
        while "verifications/check" not in text:
            line = popen.stdout.readline()
            assert line, text
            text += line
        lines = [line.strip() for line in text.splitlines() if line.strip().startswith(("curl", "code="))]
        pasted = subprocess.run(
            ["sh", "-c", "\n".join(lines)],
            env=environment(),
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
    finally:
        popen.terminate()
        popen.wait(PATIENCE)
        popen.stdout.close()
    return text, pasted.stdout


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    folder = tmp_path_factory.mktemp("banner")
    return folder, *banner(folder)


def test_the_banner_says_that_nothing_leaves_the_machine(first):
    assert "nothing leaves this machine" in first[1]


def test_the_lines_of_the_banner_verify_a_phone_when_pasted(first):
    assert '"status":"approved"' in first[2].splitlines()[-1]


def test_the_key_is_shown_at_the_first_start_alone(first):
    folder, text, _ = first
    key = re.search(r"export AEROCODE_API_KEY=(\S+)", text)[1]
    with serving(folder) as process:
        assert (None, True) == (process.facts["key"], key not in process.said)
        assert "verifications" in get(f"{process.address}/api/verifications", key)


def test_the_log_may_be_json(tmp_path):
    with serving(tmp_path, "--sandbox", log_format="json") as process:
        get(f"{process.address}/healthz")
        process.stop()
        lines = [json.loads(line) for line in process.said.splitlines()]

    assert {"time", "level", "logger", "message"} == set(lines[-1])
    assert "GET /healthz 200" in lines[-1]["message"]


def test_the_counters_can_have_a_port_of_their_own(tmp_path):
    # Port 0 is any free one here, and only the kernel knows which; a start and an end are what can be seen.
    with serving(tmp_path, "--sandbox", metrics_port=0) as process:
        assert 0 == process.stop()


def test_a_command_reaches_a_server_that_listens_everywhere_over_loopback(tmp_path):
    with serving(tmp_path, "--live", host="0.0.0.0"):
        control = json.loads((tmp_path / "aerocode-data" / "control.json").read_text())
        assert control["address"].startswith("http://127.0.0.1:")
        assert 0 == run(tmp_path, "apps", "list").returncode


def test_a_live_server_does_not_load_what_only_the_double_needs():
    """aiohttp serves the double, and would be a fifth of a live server's memory."""
    said = subprocess.run(
        [sys.executable, "-c", "import aerocode.app.serve, sys; print('aiohttp' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )

    assert "False" == said.stdout.strip()
