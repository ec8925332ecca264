"""Named SQL statements, read from the `.sql` files beside this one."""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

from aerocode.errors import CannotStart

_NAME = re.compile(r"^-- name: (\w+)\n", re.MULTILINE)


@cache
def statements(dialect: str, subject: str) -> dict[str, str]:
    """Every statement of `sql/<dialect>/<subject>.sql` by the name in its `-- name:` line."""
    text = files(__name__).joinpath(dialect, f"{subject}.sql").read_text("utf-8")
    pieces = _NAME.split(text)[1:]
    return {name: body.strip() for name, body in zip(pieces[::2], pieces[1::2], strict=True)}


@cache
def migrations(dialect: str) -> tuple[str, ...]:
    """The scripts that make the schema, in order; the schema's version is how many have run."""
    folder = files(__name__).joinpath(dialect, "migrations")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return tuple(folder.joinpath(name).read_text("utf-8") for name in names)


def another_schema(where: str, version: int, ours: int) -> CannotStart:
    """The refusal to use a database of another age; an older one is never changed without being asked to."""
    if version < ours:
        return CannotStart(f"{where} has schema {version}, older than this Aerocode's {ours}: run aerocode migrate.")
    return CannotStart(f"{where} has schema {version}, newer than this Aerocode's {ours}: use a newer Aerocode.")


@dataclass(frozen=True, slots=True)
class Migrated:
    """`before` is 0 for a database that was empty; `copy` is what it was before, where one could be made."""

    before: int
    now: int
    copy: Path | None = None
