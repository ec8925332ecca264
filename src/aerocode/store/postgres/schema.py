"""The schema `aerocode` of a database: made when it is missing, refused when it is of another age, brought up to ours.

A schema of our own: whatever else lives in the database is neither in the way nor in danger.
"""

import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg

from aerocode.errors import CannotStart
from aerocode.store import sql
from aerocode.store.postgres.pool import FOREIGN
from aerocode.store.postgres.pool import SETTINGS
from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import statements
from aerocode.store.sql import Migrated

SQL = statements("schema")

#: "AERO": of the replicas that find an empty database together, one makes the schema.
_LOCK = 0x4145524F
_PATIENCE = 5  # seconds
#: `migrate` must not be taken for a replica, and may take its time.
_MIGRATING = {**SETTINGS, "application_name": "aerocode migrate", "statement_timeout": "0", "lock_timeout": "10000"}


def shown(url: str) -> str:
    """The address without its user and password."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"


async def prepare(url: str) -> None:
    """Make the schema of an empty database. Raises CannotStart in one sentence, also when it is of another age."""
    async with _opened(url) as connection, connection.transaction():
        session = Session(connection, 0)
        version, ours = await _version(session, url), len(sql.migrations("postgres"))
        if version == 0:
            await _make(session)
        elif version != ours:
            raise sql.another_schema(f"The database {shown(url)}", version, ours)


async def migrate(url: str) -> Migrated:
    """Step by step, each whole or not at all. Raises CannotStart; then it is as it was after the last whole step."""
    scripts = sql.migrations("postgres")
    first: int | None = None
    async with _opened(url) as connection:
        session = Session(connection, 0)
        while True:
            async with connection.transaction():
                version = await _version(session, url)
                first = version if first is None else first
                if version > len(scripts):
                    raise sql.another_schema(f"The database {shown(url)}", version, len(scripts))
                if version == len(scripts):
                    return Migrated(first, version)
                await _expect_nobody(session, url)
                if version == 0:
                    await _make(session)
                else:
                    await _step(session, scripts[version], version + 1)


async def marker_of(url: str) -> str | None:
    """What the database is about, `sandbox` or `live`; None where there is nothing yet. Raises CannotStart."""
    async with _opened(url) as connection, connection.transaction():
        session = Session(connection, 0)
        if await _version(session, url) == 0:
            return None
        row = await session.one(SQL["marker"])
        return None if row is None else str(row["value"])


@contextlib.asynccontextmanager
async def _opened(url: str) -> AsyncIterator[asyncpg.Connection]:
    try:
        connection = await asyncpg.connect(url, timeout=_PATIENCE, server_settings=_MIGRATING)
        try:
            yield connection
        finally:
            await connection.close(timeout=_PATIENCE)
    except TimeoutError as cause:
        raise CannotStart(f"The database {shown(url)} does not answer.") from cause
    except (*FOREIGN, ValueError) as cause:  # ValueError: an address the driver cannot read
        raise CannotStart(f"The database {shown(url)} cannot be used: {str(cause).rstrip('.')}.") from cause


async def _version(session: Session, url: str) -> int:
    """Nobody else changes it until the transaction ends. 0: there is no schema yet."""
    await session.all(SQL["lock"], {"key": _LOCK})
    found = await session.one(SQL["there"])
    if found is None or not found["there"]:
        return 0
    row = await session.one(SQL["version"]) if found["ours"] else None
    if row is None:
        raise CannotStart(f"The schema aerocode of {shown(url)} is not Aerocode's.")
    return int(row["version"])


async def _expect_nobody(session: Session, url: str) -> None:
    row = await session.one(SQL["others"])
    if row is not None and row["others"]:
        raise CannotStart(f"Aerocode is using {shown(url)}: stop every replica, then migrate.")


async def _make(session: Session) -> None:
    await session.do(SQL["make"])
    await session.do(SQL["make_versions"])
    for version, script in enumerate(sql.migrations("postgres"), 1):
        await _step(session, script, version)


async def _step(session: Session, script: str, version: int) -> None:
    await session.script(script)
    await session.do(SQL["done"], {"version": version})
