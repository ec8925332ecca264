"""Saved connectors, their configs encrypted. The type is unique: saving one replaces the other in the same step.

What stops being live is kept, and who did it is written down, in the transaction of the change itself.
"""

import json
import sqlite3
from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from aerocode.crypto import Keyring
from aerocode.errors import EntityExists
from aerocode.errors import EntityNotFound
from aerocode.model.audit import By
from aerocode.model.connector import ConnectorVersion
from aerocode.model.connector import SavedConnector
from aerocode.model.sign_in import SignIn
from aerocode.store import rows
from aerocode.store.sign_in import to_sign_in
from aerocode.store.sql import statements
from aerocode.store.sqlite.audit import write_down
from aerocode.store.sqlite.facts import SQL as FACTS
from aerocode.store.sqlite.versions import Versions
from aerocode.store.sqlite.writer import Writer

SQL = statements("sqlite", "connectors")
TYPE = "Sms"


class SqliteConnectors:
    """Implements `ports.Connectors`."""

    def __init__(self, writer: Writer, keyring: Keyring) -> None:
        self._writer = writer
        self._keyring = keyring
        self._versions = Versions(keyring)
        self._live: SavedConnector | None = None

    async def load(self) -> None:
        """Read what is saved. Raises CannotDecrypt when it was closed with a key that is gone."""
        self._live = await self._writer.run(lambda database, _: self._read(database))

    async def replace(self, connector: SavedConnector, *, by: By) -> SavedConnector:
        saved = await self._writer.run(lambda database, now: self._replace(database, now, connector, by))
        await self.load()
        return saved

    async def change(self, connector_id: str, config: Mapping[str, Any], *, by: By) -> SavedConnector:
        changed = await self._writer.run(lambda database, now: self._change(database, now, connector_id, config, by))
        await self.load()
        return changed

    async def remove(self, connector_id: str, allow: Callable[[SignIn], None], *, by: By) -> None:
        await self._writer.run(lambda database, now: self._remove(database, now, connector_id, allow, by))
        await self.load()

    async def restore(
        self, connector_id: str, version: str | None, admit: Callable[[SavedConnector], None], *, by: By
    ) -> SavedConnector:
        restored = await self._writer.run(
            lambda database, now: self._restore(database, now, connector_id, version, admit, by)
        )
        await self.load()
        return restored

    async def versions(self) -> Sequence[ConnectorVersion]:
        return await self._writer.run(lambda database, _: self._versions.kept(database))

    async def connector(self, connector_id: str) -> SavedConnector | None:
        return self._live if self._live is not None and self._live.id == connector_id else None

    async def live(self) -> SavedConnector | None:
        return self._live

    async def rotate(self) -> int:
        """Close every config again with the primary key, kept ones too; how many were closed with an older one."""
        return await self._writer.run(lambda database, _: self._rotate(database) + self._versions.rotate(database))

    def _rotate(self, database: sqlite3.Connection) -> int:
        stale = [row for row in database.execute(SQL["all"]) if not self._keyring.is_current(row["config"])]
        for row in stale:
            bound = _bound(row["id"])
            closed = self._keyring.encrypt(self._keyring.decrypt(row["config"], row=bound), row=bound)
            database.execute(SQL["change"], {"id": row["id"], "config": closed})
        return len(stale)

    def _replace(self, database: sqlite3.Connection, now: int, connector: SavedConnector, by: By) -> SavedConnector:
        if database.execute(SQL["taken"], {"id": connector.id}).fetchone() is not None:
            raise EntityExists(f"A connector with the id {connector.id} exists already.")
        saved = replace(connector, created_at=rows.to_time(now))
        self._make_live(database, now, saved)
        write_down(database, now, by, "connector.save", connector.id)
        return saved

    def _change(
        self, database: sqlite3.Connection, now: int, connector_id: str, config: Mapping[str, Any], by: By
    ) -> SavedConnector:
        live = self._known(database, connector_id)
        changed = replace(live, config=config)
        self._make_live(database, now, changed)
        write_down(database, now, by, "connector.change", connector_id)
        return changed

    def _remove(
        self, database: sqlite3.Connection, now: int, connector_id: str, allow: Callable[[SignIn], None], by: By
    ) -> None:
        live = self._known(database, connector_id)
        stored = database.execute(FACTS["fact"], {"name": "sign_in"}).fetchone()
        allow(SignIn() if stored is None else to_sign_in(json.loads(stored["value"])))
        self._versions.keep(database, now, TYPE, live)
        database.execute(SQL["clear"], {"type": TYPE})
        write_down(database, now, by, "connector.remove", connector_id)

    def _restore(
        self,
        database: sqlite3.Connection,
        now: int,
        connector_id: str,
        version: str | None,
        admit: Callable[[SavedConnector], None],
        by: By,
    ) -> SavedConnector:
        live = self._read(database)
        is_live = live is not None and live.id == connector_id
        restored = self._versions.take(database, connector_id, version, live=is_live)
        admit(restored)
        self._make_live(database, now, restored)
        write_down(database, now, by, "connector.restore", restored.id)
        return restored

    def _make_live(self, database: sqlite3.Connection, now: int, new: SavedConnector) -> None:
        """What was live is kept, unless the same is live again."""
        was = self._read(database)
        if was is not None and (was.factory, was.config) != (new.factory, new.config):
            self._versions.keep(database, now, TYPE, was)
        database.execute(SQL["clear"], {"type": TYPE})
        row = {
            "id": new.id,
            "type": TYPE,
            "factory": new.factory,
            "config": self._keyring.encrypt(rows.from_mapping(new.config).encode(), row=_bound(new.id)),
            "metadata": rows.from_mapping(new.metadata),
            "created_at": rows.from_time(new.created_at),
        }
        database.execute(SQL["save"], row)

    def _read(self, database: sqlite3.Connection) -> SavedConnector | None:
        row = database.execute(SQL["all"]).fetchone()
        return (
            None if row is None else rows.connector_of(row, self._keyring.decrypt(row["config"], row=_bound(row["id"])))
        )

    def _known(self, database: sqlite3.Connection, connector_id: str) -> SavedConnector:
        live = self._read(database)
        if live is None or live.id != connector_id:
            raise EntityNotFound
        return live


def _bound(connector_id: str) -> str:
    return f"connector {connector_id}"
