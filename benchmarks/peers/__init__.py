"""Other servers, measured by the same callers against the same gate. One folder each: the adapter, the server's own
source, and what is installed for it, pinned; `install.sh` puts that into `.peers/`.
"""

from pathlib import Path

_INSTALLED = Path(__file__).parents[2] / ".peers"


class NotInstalled(Exception):
    """What a peer runs on is not there."""


def installed(name: str) -> Path:
    """The virtual environment of a peer. Raises NotInstalled."""
    folder = _INSTALLED / name
    if not (folder / ".installed").is_file():
        raise NotInstalled(f"{name} is not installed. Run: make .peers/{name}/.installed")
    return folder
