"""Open the database file: one process at a time, made when it is missing, refused when it is another's or damaged."""

import fcntl
import os
import sqlite3
from pathlib import Path

from aerocode.errors import CannotStart
from aerocode.errors import InUse
from aerocode.store import sql

#: "AERO", in the file's header: tells our database from any other SQLite file.
_APPLICATION_ID = 0x4145524F
#: Past this size a full check takes longer than a start may.
_CHECKED_UP_TO = 64 * 1024 * 1024


class Lock:
    """Held as long as the process lives. SQLite before 3.51.3 can damage a file that two connections write."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as cause:
            raise CannotStart(f"The lock {path} cannot be taken: {cause}.") from cause
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as cause:
            os.close(self._file)
            raise InUse(f"Another Aerocode is using {path.parent}.") from cause

    def release(self) -> None:
        os.close(self._file)


def open_for_writing(path: Path) -> sqlite3.Connection:
    """The one writing connection, with the schema in place. Raises CannotStart in one sentence."""
    try:
        return _open(path)
    except (sqlite3.Error, OSError) as cause:
        raise CannotStart(f"The database {path} cannot be used: {cause}.") from cause


def open_for_reading(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    database.row_factory = sqlite3.Row
    database.execute("pragma query_only = on")
    return database


def marker_of(path: Path) -> str | None:
    """What the database is about, `sandbox` or `live`; None where there is none that can be read."""
    if not path.exists():
        return None
    try:
        database = open_for_reading(path)
    except sqlite3.Error:
        return None
    try:
        row = database.execute(sql.statements("sqlite", "facts")["fact"], {"name": "mode"}).fetchone()
        return None if row is None else str(row["value"])
    except sqlite3.Error:
        return None  # whoever opens it for writing says what is wrong with it
    finally:
        database.close()


def _open(path: Path) -> sqlite3.Connection:
    new = not path.exists() or path.stat().st_size == 0
    if new:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    database = sqlite3.connect(path, isolation_level=None, check_same_thread=False, timeout=2)
    try:
        database.row_factory = sqlite3.Row
        # The order matters: secure_delete before the first write, so that no page ever keeps what was wiped.
        for pragma in ("secure_delete = on", "foreign_keys = on", "synchronous = full", "busy_timeout = 2000"):
            database.execute(f"pragma {pragma}")
        if new:
            _make(database)
        else:
            _recognise(database, path)
        database.execute("pragma journal_mode = wal")
        # A write that changes nothing: a foreign writer, a full disk, a file that can't be written shows here.
        for step in ("begin immediate", f"pragma user_version = {len(sql.migrations('sqlite'))}", "commit"):
            database.execute(step)
    except BaseException:
        database.close()
        if new:
            for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
                path.with_name(name).unlink(missing_ok=True)
        raise
    return database


def schema_of(database: sqlite3.Connection, path: Path) -> int:
    """Raises CannotStart when the file is not ours at all."""
    if database.execute("pragma application_id").fetchone()[0] != _APPLICATION_ID:
        raise CannotStart(f"{path} is not a database of Aerocode.")
    version: int = database.execute("pragma user_version").fetchone()[0]
    return version


def _make(database: sqlite3.Connection) -> None:
    scripts = sql.migrations("sqlite")
    body = "\n".join(scripts)
    database.executescript(
        f"begin;\n{body}\npragma application_id = {_APPLICATION_ID};\npragma user_version = {len(scripts)};\ncommit;"
    )


def _recognise(database: sqlite3.Connection, path: Path) -> None:
    version, ours = schema_of(database, path), len(sql.migrations("sqlite"))
    if version != ours:
        raise sql.another_schema(f"The database {path}", version, ours)
    if path.stat().st_size <= _CHECKED_UP_TO:
        report = database.execute("pragma quick_check(1)").fetchone()[0]
        if report != "ok":
            raise CannotStart(f"The database {path} is damaged: {report.splitlines()[-1]}.")
