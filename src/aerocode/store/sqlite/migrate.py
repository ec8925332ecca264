"""Bring an older file to the schema of this Aerocode: copied first, then step by step, each whole or not at all."""

import itertools
import sqlite3
from pathlib import Path

from aerocode.errors import CannotStart
from aerocode.store import sql
from aerocode.store.sql import Migrated
from aerocode.store.sqlite.chores import copy
from aerocode.store.sqlite.open import schema_of


def migrate(path: Path) -> Migrated:
    """The caller holds the `Lock`. Raises CannotStart; then the file is as it was after the last whole step."""
    if not path.exists():
        raise CannotStart(f"There is no database {path}.")
    try:
        return _migrate(path)
    except (sqlite3.Error, OSError) as cause:
        raise CannotStart(f"The database {path} cannot be migrated: {cause}.") from cause


def _migrate(path: Path) -> Migrated:
    database = sqlite3.connect(path, isolation_level=None, timeout=2)
    try:
        scripts = sql.migrations("sqlite")
        before, ours = schema_of(database, path), len(scripts)
        if before > ours:
            raise sql.another_schema(f"The database {path}", before, ours)
        if before == ours:
            return Migrated(before, ours)
        kept = _kept(path, before)
        copy(path, kept)
        # Tables are rebuilt by copying them; what refers to them is checked at the end of each step instead.
        for pragma in ("secure_delete = on", "synchronous = full", "foreign_keys = off"):
            database.execute(f"pragma {pragma}")
        for version in range(before, ours):
            _step(database, scripts[version], version + 1)
        return Migrated(before, ours, kept)
    finally:
        database.close()


def _step(database: sqlite3.Connection, script: str, version: int) -> None:
    try:
        database.executescript(f"begin immediate;\n{script}\npragma user_version = {version};")
        _expect_whole(database, version)
        database.execute("commit")
    except BaseException:
        if database.in_transaction:
            database.execute("rollback")
        raise


def _expect_whole(database: sqlite3.Connection, version: int) -> None:
    lost = database.execute("pragma foreign_key_check").fetchone()
    if lost is not None:
        raise sqlite3.IntegrityError(f"step {version} leaves a row of {lost[0]} without what it refers to")


def _kept(path: Path, version: int) -> Path:
    """A new name beside the file: an attempt that failed has left its copy, too."""
    for end in itertools.chain([""], (f".{number}" for number in itertools.count(2))):
        kept = path.with_name(f"{path.name}.schema-{version}{end}")
        if not kept.exists():
            break
    return kept
