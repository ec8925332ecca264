"""README's commands, run as written in a clean copy; only the ports are free ones, and real SMS go to the sandbox."""

import json
import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()


def block(language, containing):
    """The fenced block of README that holds these words."""
    return next(text for text in re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL) if containing in text)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    folder = tmp_path_factory.mktemp("clone")
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    for name in listed.stdout.splitlines():
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def ports():
    return {"8080": free_port(), "8081": free_port()}


def environment(ports, **more):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AEROCODE_")}
    return {**kept, "AEROCODE_PORT": ports["8080"], "AEROCODE_SANDBOX_PORT": ports["8081"], **more}


@pytest.fixture(scope="module")
def running(clone, ports):
    """`make run` in the clean copy: its banner."""
    command = block("sh", "make run").strip()
    process = subprocess.Popen(
        command.split(), cwd=clone, env=environment(ports), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    banner, deadline = "", time.monotonic() + 120
    while "api/verifications/check" not in banner and time.monotonic() < deadline:
        line = process.stdout.readline()
        assert line or process.poll() is None, banner
        banner += line
    yield banner
    process.terminate()
    process.wait(20)
    process.stdout.close()


def run(script, folder, **environ):
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environ, capture_output=True, text=True, timeout=120, check=False
    )
    return done.stdout + done.stderr


def test_make_run_says_that_nothing_leaves_the_machine(running):
    assert "nothing leaves this machine" in running


def test_the_three_lines_of_the_banner_verify_a_phone_when_pasted(running, clone, ports):
    lines = [line.strip() for line in running.splitlines() if line.startswith(("  curl", "  code="))]
    assert 3 == len(lines)
    assert '"status":"approved"' in run("\n".join(lines), clone, **environment(ports))


def test_the_three_lines_of_the_readme_verify_a_phone_when_pasted(running, clone, ports):
    key = re.search(r"AEROCODE_API_KEY=(\S+)", running)[1]
    lines = block("sh", "/api/verifications/check")
    for written, free in ports.items():
        lines = lines.replace(f":{written}/", f":{free}/")
    assert '"status":"approved"' in run(lines, clone, **environment(ports, AEROCODE_API_KEY=key))


def test_the_connector_of_the_readme_is_without_fault_or_warning(running, clone, ports):
    (clone / "connector.json").write_text(block("json", "apiKey"))
    said = run(".venv/bin/aerocode connector check connector.json", clone, **environment(ports))
    assert "connector.json: no faults, no warnings.\n" == said


def test_the_commands_for_real_sms_do_what_the_readme_says(running, clone, ports, tmp_path):
    (clone / "connector.json").write_text(block("json", "apiKey"))
    *steps, serve = block("sh", "connector save").strip().splitlines()
    assert "aerocode serve --live" == serve
    # The gate is the sandbox of `make run`: nothing here may reach a real one.
    live = {"AEROCODE_DATA_DIR": str(tmp_path / "live"), "AEROCODE_GATES": f"http://127.0.0.1:{ports['8081']}"}
    path = f"{clone / '.venv' / 'bin'}:{os.environ['PATH']}"
    said = run("set -e\n" + "\n".join(steps), clone, **environment(ports, PATH=path, **live))
    assert "status    delivered" in said
    assert "Saved as connector" in said


def test_a_later_start_takes_two_seconds_at_most(running, clone, tmp_path):
    began = time.monotonic()
    ports = {"8080": free_port(), "8081": free_port()}
    process = subprocess.Popen(
        ["make", "run"], cwd=clone, env=environment(ports, AEROCODE_DATA_DIR=str(tmp_path / "later")),
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    while "Address" not in process.stdout.readline():
        assert process.poll() is None
    took = time.monotonic() - began
    process.terminate()
    process.wait(20)
    process.stdout.close()
    assert 2 >= took


def test_the_schema_of_the_connector_knows_the_connector_of_the_readme(running, clone, ports):
    schema = json.loads(run(".venv/bin/aerocode connector schema", clone, **environment(ports)))
    assert set(json.loads(block("json", "apiKey"))) == set(schema["required"])
