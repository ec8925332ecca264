"""Without the driver, one sentence says what to install; without PostgreSQL, nobody needs it."""

import importlib.util
import subprocess
import sys

import pytest
from app_processes import run
from app_words import SECRET

from aerocode.app.database import database_of
from aerocode.app.settings import Settings
from aerocode.crypto import Secret
from aerocode.errors import CannotStart

URL = "postgresql://127.0.0.1:1/aerocode"


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch):
    real = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "asyncpg" else real(name))
    with pytest.raises(CannotStart, match=r"pip install 'aerocode\[postgres\]'"):
        database_of(Settings(database_url=Secret(URL), secret_key=Secret(SECRET)))


def test_a_server_on_a_file_never_loads_the_driver():
    asked = "import sys, aerocode.cli, aerocode.app.serve; sys.exit('asyncpg' in sys.modules)"
    assert 0 == subprocess.run([sys.executable, "-c", asked], check=False).returncode


def test_a_database_that_cannot_be_reached_is_one_sentence_without_its_password(tmp_path):
    ended = run(tmp_path, "apps", "list", "--live", database_url=URL.replace("//", "//me:hush@"), secret_key=SECRET)
    assert (2, 1) == (ended.returncode, len(ended.stderr.splitlines()))
    assert "postgresql://127.0.0.1:1/aerocode cannot be used" in ended.stderr
    assert "hush" not in ended.stderr
