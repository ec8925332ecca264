"""Saved connectors, their configs encrypted. The type is unique: saving one replaces the other in the same step."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from aerocode.crypto import Keyring
from aerocode.errors import EntityExists
from aerocode.errors import EntityNotFound
from aerocode.model.connector import SavedConnector
from aerocode.store import rows
from aerocode.store.sql import statements
from aerocode.store.sqlite.writer import Writer

SQL = statements("sqlite", "connectors")
_TYPE = "Sms"


class SqliteConnectors:
    """Implements `ports.Connectors`."""

    def __init__(self, writer: Writer, keyring: Keyring) -> None:
        self._writer = writer
        self._keyring = keyring
        self._live: SavedConnector | None = None

    async def load(self) -> None:
        """Read what is saved. Raises CannotDecrypt when it was closed with a key that is gone."""
        found = await self._writer.run(lambda database, _: database.execute(SQL["all"]).fetchall())
        self._live = self._opened(found[0]) if found else None

    async def replace(self, connector: SavedConnector) -> SavedConnector:
        saved = await self._writer.run(lambda database, now: self._replace(database, now, connector))
        await self.load()
        return saved

    async def change(self, connector_id: str, config: Mapping[str, Any]) -> SavedConnector:
        self._known(connector_id)
        closed = self._closed(connector_id, config)
        change = {"id": connector_id, "config": closed}
        await self._writer.run(lambda database, _: database.execute(SQL["change"], change))
        await self.load()
        return self._known(connector_id)

    async def remove(self, connector_id: str) -> None:
        self._known(connector_id)
        await self._writer.run(lambda database, _: database.execute(SQL["remove"], {"id": connector_id}))
        await self.load()

    async def connector(self, connector_id: str) -> SavedConnector | None:
        return self._live if self._live is not None and self._live.id == connector_id else None

    async def live(self) -> SavedConnector | None:
        return self._live

    async def rotate(self) -> int:
        """Close every config again with the primary key; how many were closed with an older one."""
        return await self._writer.run(lambda database, _: self._rotate(database))

    def _rotate(self, database: sqlite3.Connection) -> int:
        stale = [row for row in database.execute(SQL["all"]) if not self._keyring.is_current(row["config"])]
        for row in stale:
            bound = _bound(row["id"])
            closed = self._keyring.encrypt(self._keyring.decrypt(row["config"], row=bound), row=bound)
            database.execute(SQL["change"], {"id": row["id"], "config": closed})
        return len(stale)

    def _replace(self, database: sqlite3.Connection, now: int, connector: SavedConnector) -> SavedConnector:
        if database.execute(SQL["taken"], {"id": connector.id}).fetchone() is not None:
            raise EntityExists(f"A connector with the id {connector.id} exists already.")
        database.execute(SQL["clear"], {"type": _TYPE})
        new = {
            "id": connector.id,
            "type": _TYPE,
            "factory": connector.factory,
            "config": self._closed(connector.id, connector.config),
            "metadata": rows.from_mapping(connector.metadata),
            "created_at": now,
        }
        database.execute(SQL["save"], new)
        return replace(connector, created_at=rows.to_time(now))

    def _closed(self, connector_id: str, config: Mapping[str, Any]) -> bytes:
        return self._keyring.encrypt(rows.from_mapping(config).encode(), row=_bound(connector_id))

    def _opened(self, row: sqlite3.Row) -> SavedConnector:
        config = self._keyring.decrypt(row["config"], row=_bound(row["id"]))
        return SavedConnector(
            id=row["id"],
            factory=row["factory"],
            config=json.loads(config),
            metadata=json.loads(row["metadata"]),
            created_at=rows.to_time(row["created_at"]),
        )

    def _known(self, connector_id: str) -> SavedConnector:
        if self._live is None or self._live.id != connector_id:
            raise EntityNotFound
        return self._live


def _bound(connector_id: str) -> str:
    return f"connector {connector_id}"
