"""SMS Aero's own clients, as they are published, each in a folder of its own (`make official`)."""

import functools
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from official_words import ALONE
from official_words import PLACES
from official_words import ROOT

INSTALLING = 900  # seconds, once
RUNNING = 90


@pytest.fixture(scope="session")
def report():
    """What a client did: `report(client, protocol, place)`; each runs once."""
    # Called from inside `make test`, the inner make must not think that it is a part of the outer one.
    plain = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    made = subprocess.run(
        ["make", "-s", "official"], cwd=ROOT, env=plain, capture_output=True, text=True, timeout=INSTALLING, check=False
    )
    assert made.returncode == 0, made.stderr

    @functools.cache
    def report(client, protocol, place="here"):
        words = [sys.executable, str(Path(__file__).parent / "double.py"), client, protocol]
        ran = subprocess.run(
            [*(ALONE if place == "alone" else []), *words], capture_output=True, text=True, timeout=RUNNING, check=False
        )
        assert ran.returncode == 0, ran.stderr
        return json.loads(ran.stdout)

    return report


@pytest.fixture(params=PLACES)
def place(request):
    return request.param


@pytest.fixture(params=["http", "https"])
def protocol(request):
    return request.param
