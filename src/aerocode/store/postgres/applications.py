"""Applications and their keys: few, and read at every request, so every replica has them in memory."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import asyncpg

from aerocode.errors import EntityExists
from aerocode.errors import EntityNotFound
from aerocode.errors import StoreUnavailable
from aerocode.model.application import ApiKey
from aerocode.model.application import Application
from aerocode.store import rows
from aerocode.store.postgres.pool import Pool
from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import Values
from aerocode.store.postgres.session import statements
from aerocode.store.postgres.watch import Watch

log = logging.getLogger(__name__)

SQL = statements("applications")

#: "Last used" is for people; writing it at every request would cost a transaction for nobody.
_TOUCH_EVERY = timedelta(minutes=1)


class PostgresApplications:
    """Implements `ports.Applications`."""

    def __init__(self, pool: Pool, watch: Watch) -> None:
        self._pool = pool
        self._watch = watch
        self._applications: dict[str, Application] = {}
        self._keys: dict[bytes, ApiKey] = {}
        self._touches: set[asyncio.Task[None]] = set()
        watch.remember(self._load)

    async def close(self) -> None:
        await asyncio.gather(*self._touches)

    async def add_application(self, application_id: str, product: str) -> Application:
        if application_id in self._applications:
            raise EntityExists(f"Application {application_id} exists already.")
        await self._insert("add", {"id": application_id, "product": product})
        return self._known(application_id)

    async def change_application(self, application_id: str, product: str) -> Application:
        async with self._watch.change() as session:
            if not await session.do(SQL["change"], {"id": application_id, "product": product}):
                raise _unknown(application_id)
        return self._known(application_id)

    async def remove_application(self, application_id: str) -> None:
        async with self._watch.change() as session:
            which = {"id": application_id, "now": await session.now()}
            if not await session.do(SQL["remove"], which):
                raise _unknown(application_id)
            await session.do(SQL["remove_keys"], which)
            await session.do(SQL["remove_pending"], which)

    async def application(self, application_id: str) -> Application | None:
        if application_id not in self._applications:
            await self._watch.look_again()
        return self._applications.get(application_id)

    async def applications(self) -> Sequence[Application]:
        return tuple(self._applications.values())

    async def add_key(self, key: ApiKey, fingerprint: bytes) -> ApiKey:
        new = {
            "id": key.id,
            "application": key.application,
            "name": key.name,
            "scopes": " ".join(sorted(key.scopes)),
            "fingerprint": fingerprint,
            "expires_at": rows.from_optional_time(key.expires_at),
        }
        if not await self._insert("add_key", new):
            raise _unknown(key.application)
        return self._keys[fingerprint]

    async def keys(self, application_id: str) -> Sequence[ApiKey]:
        if application_id not in self._applications:
            await self._watch.look_again()
        self._known(application_id)
        return tuple(key for key in self._keys.values() if key.application == application_id)

    async def key(self, fingerprint: bytes) -> ApiKey | None:
        if fingerprint not in self._keys:
            await self._watch.look_again()
        key = self._keys.get(fingerprint)
        now = rows.to_time(self._watch.now())
        if key is None or key.revoked_at is not None or (key.expires_at is not None and key.expires_at <= now):
            return None
        if key.last_used_at is None or now - key.last_used_at >= _TOUCH_EVERY:
            self._keys[fingerprint] = replace(key, last_used_at=now)
            touch = asyncio.ensure_future(self._touch(key.id, rows.from_time(now)))
            self._touches.add(touch)
            touch.add_done_callback(self._touches.discard)
        return key

    async def revoke_key(self, application_id: str, key_id: str) -> ApiKey:
        async with self._watch.change() as session:
            which = {"id": key_id, "application": application_id, "now": await session.now()}
            if not await session.do(SQL["revoke_key"], which):
                raise EntityNotFound
        return next(key for key in self._keys.values() if key.id == key_id)

    async def _load(self, session: Session) -> None:
        applications = [rows.application_of(row) for row in await session.all(SQL["all"])]
        keys = {row["fingerprint"]: rows.key_of(row) for row in await session.all(SQL["keys"])}
        self._applications = {application.id: application for application in applications}
        self._keys = keys

    async def _insert(self, name: str, values: Values) -> int:
        try:
            async with self._watch.change() as session:
                return await session.do(SQL[name], {**values, "now": await session.now()})
        except StoreUnavailable as error:
            if isinstance(error.__cause__, asyncpg.UniqueViolationError):
                await self._watch.look()
                raise EntityExists("That id is taken, or was once: ids are not used again.") from error.__cause__
            raise

    async def _touch(self, key_id: str, now: int) -> None:
        try:
            async with self._pool.transaction() as session:
                await session.do(SQL["touch_key"], {"id": key_id, "now": now})
        except StoreUnavailable:
            log.warning("when a key was last used could not be written down")

    def _known(self, application_id: str) -> Application:
        if application_id not in self._applications:
            raise _unknown(application_id)
        return self._applications[application_id]


def _unknown(application_id: str) -> EntityNotFound:
    return EntityNotFound(f"There is no application {application_id}.")
