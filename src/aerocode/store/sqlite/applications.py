"""Applications and their keys: few, and read at every request, so the process that owns the file has them in memory."""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from aerocode.errors import EntityExists
from aerocode.errors import EntityNotFound
from aerocode.model.application import ApiKey
from aerocode.model.application import Application
from aerocode.store import rows
from aerocode.store.sql import statements
from aerocode.store.sqlite.writer import Writer

SQL = statements("sqlite", "applications")

#: "Last used" is for people; writing it at every request would cost a transaction for nobody.
_TOUCH_EVERY = timedelta(minutes=1)


class SqliteApplications:
    """Implements `ports.Applications`."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._applications: dict[str, Application] = {}
        self._keys: dict[bytes, ApiKey] = {}
        self._touches: set[asyncio.Task[None]] = set()

    async def load(self) -> None:
        applications, keys = await self._writer.run(lambda database, _: _load(database))
        self._applications = {application.id: application for application in applications}
        self._keys = keys

    async def close(self) -> None:
        await asyncio.gather(*self._touches)

    async def add_application(self, application_id: str, product: str) -> Application:
        if application_id in self._applications:
            raise EntityExists(f"Application {application_id} exists already.")
        new = {"id": application_id, "product": product}
        await self._writer.run(lambda database, now: _insert(database, "add", {**new, "now": now}))
        await self.load()
        return self._known(application_id)

    async def change_application(self, application_id: str, product: str) -> Application:
        self._known(application_id)
        change = {"id": application_id, "product": product}
        await self._writer.run(lambda database, _: database.execute(SQL["change"], change))
        await self.load()
        return self._known(application_id)

    async def remove_application(self, application_id: str) -> None:
        self._known(application_id)
        await self._writer.run(lambda database, now: _remove(database, {"id": application_id, "now": now}))
        await self.load()

    async def application(self, application_id: str) -> Application | None:
        return self._applications.get(application_id)

    async def applications(self) -> Sequence[Application]:
        return tuple(self._applications.values())

    async def add_key(self, key: ApiKey, fingerprint: bytes) -> ApiKey:
        self._known(key.application)
        new = {
            "id": key.id,
            "application": key.application,
            "name": key.name,
            "scopes": " ".join(sorted(key.scopes)),
            "fingerprint": fingerprint,
            "expires_at": rows.from_optional_time(key.expires_at),
        }
        await self._writer.run(lambda database, now: _insert(database, "add_key", {**new, "now": now}))
        await self.load()
        return self._keys[fingerprint]

    async def keys(self, application_id: str) -> Sequence[ApiKey]:
        self._known(application_id)
        return tuple(key for key in self._keys.values() if key.application == application_id)

    async def key(self, fingerprint: bytes) -> ApiKey | None:
        key = self._keys.get(fingerprint)
        now = rows.to_time(self._writer.now())
        if key is None or key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
            return None
        if key.last_used_at is None or now - key.last_used_at >= _TOUCH_EVERY:
            self._keys[fingerprint] = replace(key, last_used_at=now)
            touch = asyncio.ensure_future(self._touch(key.id))
            self._touches.add(touch)
            touch.add_done_callback(self._touches.discard)
        return key

    async def revoke_key(self, application_id: str, key_id: str) -> ApiKey:
        which = {"id": key_id, "application": application_id}
        if not await self._writer.run(lambda database, now: _revoke(database, {**which, "now": now})):
            raise EntityNotFound
        await self.load()
        return next(key for key in self._keys.values() if key.id == key_id)

    async def _touch(self, key_id: str) -> None:
        await self._writer.run(lambda database, now: database.execute(SQL["touch_key"], {"id": key_id, "now": now}))

    def _known(self, application_id: str) -> Application:
        if application_id not in self._applications:
            raise EntityNotFound(f"There is no application {application_id}.")
        return self._applications[application_id]


def _load(database: sqlite3.Connection) -> tuple[list[Application], dict[bytes, ApiKey]]:
    applications = [rows.application_of(row) for row in database.execute(SQL["all"])]
    return applications, {row["fingerprint"]: rows.key_of(row) for row in database.execute(SQL["keys"])}


def _insert(database: sqlite3.Connection, name: str, values: dict[str, object]) -> None:
    try:
        database.execute(SQL[name], values)
    except sqlite3.IntegrityError as cause:
        raise EntityExists("That id is taken, or was once: ids are not used again.") from cause


def _remove(database: sqlite3.Connection, values: dict[str, object]) -> None:
    for step in ("remove", "remove_keys", "remove_pending"):
        database.execute(SQL[step], values)


def _revoke(database: sqlite3.Connection, values: dict[str, object]) -> bool:
    return database.execute(SQL["revoke_key"], values).rowcount == 1
