"""Where the official clients are, where they may run, and the fields of what they get."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
INSTALLED = ROOT / ".venv-official"


def _alone():
    """How to start a process in a network of its own, where that is allowed."""
    for words in (["unshare", "--net"], ["unshare", "--net", "--map-root-user"]):
        try:
            if subprocess.run([*words, "true"], capture_output=True, check=False).returncode == 0:
                return words
        except FileNotFoundError:
            return None
    return None


ALONE = _alone()
PLACES = ["here", *(["alone"] if ALONE else [])]


def fields(value, found=None):
    """Every field of a reply with the types it has there, wherever it stands."""
    found = {} if found is None else found
    for name, item in value.items() if isinstance(value, dict) else ((None, item) for item in value):
        if name is not None and not name.isdigit():
            found.setdefault(name, set()).add(type(item).__name__)
        if isinstance(item, dict | list):
            fields(item, found)
    return found
