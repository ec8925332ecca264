"""Connector JSON as a file, for the commands that need no database."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aerocode.app.settings import Settings
from aerocode.connectors.check import Checked
from aerocode.connectors.check import check
from aerocode.connectors.kit import SMS_AERO
from aerocode.errors import CannotStart

__all__ = ["FACTORY", "Checked", "checked", "read", "schema"]

FACTORY = SMS_AERO.id


def checked(file: str, settings: Settings) -> Checked:
    """Every fault and warning with its place; `-` is standard input. Raises CannotStart when it can't be read."""
    return check(read(file), life=settings.seeds.policy.lifetime)


def read(file: str) -> bytes:
    if file == "-":
        if sys.stdin is None:
            raise CannotStart("Standard input is closed.")
        return sys.stdin.buffer.read()
    try:
        return Path(file).read_bytes()
    except (OSError, ValueError) as cause:
        raise CannotStart(f"{file} cannot be read: {cause}.") from cause


def schema() -> Mapping[str, Any]:
    return SMS_AERO.schema()
