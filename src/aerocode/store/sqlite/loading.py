"""Reads the rows that decisions look at."""

import sqlite3

from aerocode.errors import EntityNotFound
from aerocode.store.rows import Loaded
from aerocode.store.sql import statements

SQL = statements("sqlite", "decisions")
_COLUMNS: dict[str, tuple[str, ...]] = {}


def load(database: sqlite3.Connection, name: str, values: Loaded) -> Loaded:
    """The row that must be there. Raises EntityNotFound."""
    row = look(database, name, values)
    if row is None:
        raise EntityNotFound
    return row


def look(database: sqlite3.Connection, name: str, values: Loaded) -> Loaded | None:
    """The row, if there is one: a dictionary, since `sqlite3.Row` goes through its dozens of columns at every look."""
    cursor = database.execute(SQL[name], values)
    cursor.row_factory = None
    row = cursor.fetchone()
    if row is None:
        return None
    columns = _COLUMNS.get(name)
    if columns is None:
        columns = _COLUMNS[name] = tuple(column[0] for column in cursor.description)
    return dict(zip(columns, row, strict=True))
