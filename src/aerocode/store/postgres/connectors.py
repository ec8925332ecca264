"""Saved connectors, their configs encrypted. The type is unique: saving one replaces the other in the same step."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aerocode.crypto import Keyring
from aerocode.errors import EntityExists
from aerocode.errors import EntityNotFound
from aerocode.model.connector import SavedConnector
from aerocode.store import rows
from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import statements
from aerocode.store.postgres.watch import Watch
from aerocode.store.rows import Row

SQL = statements("connectors")
_TYPE = "Sms"


class PostgresConnectors:
    """Implements `ports.Connectors`."""

    def __init__(self, watch: Watch, keyring: Keyring) -> None:
        self._watch = watch
        self._keyring = keyring
        self._live: SavedConnector | None = None
        watch.remember(self._load)

    async def replace(self, connector: SavedConnector) -> SavedConnector:
        async with self._watch.change() as session:
            now = await session.now()
            if await session.one(SQL["taken"], {"id": connector.id}) is not None:
                raise EntityExists(f"A connector with the id {connector.id} exists already.")
            await session.do(SQL["clear"], {"type": _TYPE})
            new = {
                "id": connector.id,
                "type": _TYPE,
                "factory": connector.factory,
                "config": self._closed(connector.id, connector.config),
                "metadata": rows.from_mapping(connector.metadata),
                "created_at": now,
            }
            await session.do(SQL["save"], new)
        return replace(connector, created_at=rows.to_time(now))

    async def change(self, connector_id: str, config: Mapping[str, Any]) -> SavedConnector:
        async with self._watch.change() as session:
            change = {"id": connector_id, "config": self._closed(connector_id, config)}
            if not await session.do(SQL["change"], change):
                raise EntityNotFound
        if self._live is None or self._live.id != connector_id:
            raise EntityNotFound  # another replica saved a new one a moment after
        return self._live

    async def remove(self, connector_id: str) -> None:
        async with self._watch.change() as session:
            if not await session.do(SQL["remove"], {"id": connector_id}):
                raise EntityNotFound

    async def connector(self, connector_id: str) -> SavedConnector | None:
        if self._live is None or self._live.id != connector_id:
            await self._watch.look_again()
        return self._live if self._live is not None and self._live.id == connector_id else None

    async def live(self) -> SavedConnector | None:
        if self._live is None:
            await self._watch.look_again()
        return self._live

    async def rotate(self) -> int:
        """Close every config again with the primary key; how many were closed with an older one."""
        async with self._watch.change() as session:
            stale = [row for row in await session.all(SQL["all"]) if not self._keyring.is_current(row["config"])]
            for row in stale:
                bound = _bound(row["id"])
                closed = self._keyring.encrypt(self._keyring.decrypt(row["config"], row=bound), row=bound)
                await session.do(SQL["change"], {"id": row["id"], "config": closed})
        return len(stale)

    async def _load(self, session: Session) -> None:
        """Raises CannotDecrypt when it was closed with a key that is not at hand."""
        found = await session.all(SQL["all"])
        self._live = self._opened(found[0]) if found else None

    def _closed(self, connector_id: str, config: Mapping[str, Any]) -> bytes:
        return self._keyring.encrypt(rows.from_mapping(config).encode(), row=_bound(connector_id))

    def _opened(self, row: Row) -> SavedConnector:
        config = self._keyring.decrypt(row["config"], row=_bound(row["id"]))
        return SavedConnector(
            id=row["id"],
            factory=row["factory"],
            config=json.loads(config),
            metadata=json.loads(row["metadata"]),
            created_at=rows.to_time(row["created_at"]),
        )


def _bound(connector_id: str) -> str:
    return f"connector {connector_id}"
