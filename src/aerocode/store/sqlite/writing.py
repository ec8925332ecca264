"""Executes what a decision wants written."""

import sqlite3

from aerocode.store.decisions.case import Case
from aerocode.store.sql import statements

SQL = statements("sqlite", "writes")


def write(database: sqlite3.Connection, case: Case) -> None:
    for name, values in case.writes:
        database.execute(SQL[name], values)
