"""What a type checker tells a user of the client: `typed_client.py` uses every public name, and mypy reads it."""

import subprocess
import sys
from pathlib import Path

import pytest

import aerocode.smsaero
from aerocode.smsaero import SmsAero
from aerocode.smsaero import SyncSmsAero
from aerocode.smsaero.methods import Listing
from aerocode.smsaero.methods import Method
from aerocode.smsaero.methods import Methods

ROOT = Path(__file__).parents[2]
TYPED = Path(__file__).with_name("typed_client.py")
TEXT = TYPED.read_text()
NAMES = [name for name, value in vars(Methods).items() if isinstance(value, Method | Listing)]


def test_mypy_finds_the_types_that_are_claimed():
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(TYPED)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip

    assert ("", 0) == (done.stdout + done.stderr, done.returncode)


@pytest.mark.parametrize("name", aerocode.smsaero.__all__)
def test_every_public_name_is_used_as_a_user_does(name):
    assert f"from aerocode.smsaero import {name}\n" in TEXT


@pytest.mark.parametrize("name", NAMES)
def test_every_method_s_type_is_claimed_in_both_colours(name):
    awaited, blocking = TEXT.split("def blocking")

    assert f"client.{name}(" in awaited
    assert f"client.{name}(" in blocking


def test_every_endpoint_has_a_method():
    asked = {vars(Methods)[name].ask.__name__ for name in NAMES}

    assert asked == set(aerocode.smsaero.endpoints.__all__)


@pytest.mark.parametrize("kind", [SmsAero, SyncSmsAero])
@pytest.mark.parametrize("name", NAMES)
def test_a_method_documents_itself_at_the_prompt(kind, name):
    assert getattr(kind, name).__doc__
