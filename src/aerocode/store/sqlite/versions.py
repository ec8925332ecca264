"""Configs that were live once: kept encrypted, the last ten of them."""

import sqlite3

from aerocode.crypto import Keyring
from aerocode.crypto import new_id
from aerocode.errors import EntityNotFound
from aerocode.model.connector import ConnectorVersion
from aerocode.model.connector import SavedConnector
from aerocode.store import rows
from aerocode.store.sql import statements

SQL = statements("sqlite", "connectors")

_KEPT = 10


class Versions:
    """Every method is part of the transaction it is called in."""

    def __init__(self, keyring: Keyring) -> None:
        self._keyring = keyring

    def keep(self, database: sqlite3.Connection, now: int, kind: str, was: SavedConnector) -> None:
        """`was` stops being live."""
        version_id = new_id()
        config = rows.from_mapping(was.config).encode()
        new = {
            "id": version_id,
            "connector": was.id,
            "type": kind,
            "factory": was.factory,
            "config": self._keyring.encrypt(config, row=_bound(version_id)),
            "metadata": rows.from_mapping(was.metadata),
            "created_at": rows.from_time(was.created_at),
            "ended_at": now,
        }
        database.execute(SQL["keep"], new)
        for old in database.execute(SQL["versions"]).fetchall()[_KEPT:]:
            database.execute(SQL["let_go"], {"id": old["id"]})

    def kept(self, database: sqlite3.Connection) -> list[ConnectorVersion]:
        return [self._opened(row) for row in database.execute(SQL["versions"])]

    def take(
        self, database: sqlite3.Connection, connector_id: str, version: str | None, *, live: bool
    ) -> SavedConnector:
        """The config to bring back, which is kept no more. Raises EntityNotFound."""
        kept = self.kept(database)
        if version is not None:
            found = [one for one in kept if one.id == version and (live or one.connector.id == connector_id)]
        else:
            found = [one for one in kept if one.connector.id == connector_id] or (kept if live else [])
        if not found:
            raise EntityNotFound("No config of this connector is kept.")
        database.execute(SQL["let_go"], {"id": found[0].id})
        return found[0].connector

    def rotate(self, database: sqlite3.Connection) -> int:
        stale = [row for row in database.execute(SQL["versions"]) if not self._keyring.is_current(row["config"])]
        for row in stale:
            bound = _bound(row["id"])
            closed = self._keyring.encrypt(self._keyring.decrypt(row["config"], row=bound), row=bound)
            database.execute(SQL["close_again"], {"id": row["id"], "config": closed})
        return len(stale)

    def _opened(self, row: sqlite3.Row) -> ConnectorVersion:
        config = self._keyring.decrypt(row["config"], row=_bound(row["id"]))
        return ConnectorVersion(
            id=row["id"],
            connector=rows.connector_of({**dict(row), "id": row["connector"]}, config),
            ended_at=rows.to_time(row["ended_at"]),
        )


def _bound(version_id: str) -> str:
    return f"connector version {version_id}"
