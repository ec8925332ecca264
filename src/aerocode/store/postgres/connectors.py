"""Saved connectors, their configs encrypted. The type is unique: saving one replaces the other in the same step.

What stops being live is kept, and who did it is written down, in the transaction of the change itself.
"""

import json
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
from aerocode.store.postgres.audit import write_down
from aerocode.store.postgres.facts import SQL as FACTS
from aerocode.store.postgres.pool import Pool
from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import statements
from aerocode.store.postgres.versions import Versions
from aerocode.store.postgres.watch import Watch
from aerocode.store.sign_in import to_sign_in

SQL = statements("connectors")
_TYPE = "Sms"


class PostgresConnectors:
    """Implements `ports.Connectors`."""

    def __init__(self, pool: Pool, watch: Watch, keyring: Keyring) -> None:
        self._pool = pool
        self._watch = watch
        self._keyring = keyring
        self._versions = Versions(keyring)
        self._live: SavedConnector | None = None
        watch.remember(self._load)

    async def replace(self, connector: SavedConnector, *, by: By) -> SavedConnector:
        async with self._watch.change() as session:
            if await session.one(SQL["taken"], {"id": connector.id}) is not None:
                raise EntityExists(f"A connector with the id {connector.id} exists already.")
            saved = replace(connector, created_at=rows.to_time(await session.now()))
            await self._make_live(session, saved)
            await write_down(session, by, "connector.save", connector.id)
        return saved

    async def change(self, connector_id: str, config: Mapping[str, Any], *, by: By) -> SavedConnector:
        async with self._watch.change() as session:
            changed = replace(await self._known(session, connector_id), config=config)
            await self._make_live(session, changed)
            await write_down(session, by, "connector.change", connector_id)
        return changed

    async def remove(self, connector_id: str, allow: Callable[[SignIn], None], *, by: By) -> None:
        async with self._watch.change() as session:
            live = await self._known(session, connector_id)
            stored = await session.one(FACTS["fact"], {"name": "sign_in"})
            allow(SignIn() if stored is None else to_sign_in(json.loads(stored["value"])))
            await self._versions.keep(session, await session.now(), _TYPE, live)
            await session.do(SQL["clear"], {"type": _TYPE})
            await write_down(session, by, "connector.remove", connector_id)

    async def restore(
        self, connector_id: str, version: str | None, admit: Callable[[SavedConnector], None], *, by: By
    ) -> SavedConnector:
        async with self._watch.change() as session:
            live = await self._read(session)
            is_live = live is not None and live.id == connector_id
            restored = await self._versions.take(session, connector_id, version, live=is_live)
            admit(restored)
            await self._make_live(session, restored)
            await write_down(session, by, "connector.restore", restored.id)
        return restored

    async def versions(self) -> Sequence[ConnectorVersion]:
        async with self._pool.transaction() as session:
            return await self._versions.kept(session)

    async def connector(self, connector_id: str) -> SavedConnector | None:
        if self._live is None or self._live.id != connector_id:
            await self._watch.look_again()
        return self._live if self._live is not None and self._live.id == connector_id else None

    async def live(self) -> SavedConnector | None:
        if self._live is None:
            await self._watch.look_again()
        return self._live

    async def rotate(self) -> int:
        """Close every config again with the primary key, kept ones too; how many were closed with an older one."""
        async with self._watch.change() as session:
            stale = [row for row in await session.all(SQL["all"]) if not self._keyring.is_current(row["config"])]
            for row in stale:
                bound = _bound(row["id"])
                closed = self._keyring.encrypt(self._keyring.decrypt(row["config"], row=bound), row=bound)
                await session.do(SQL["change"], {"id": row["id"], "config": closed})
            return len(stale) + await self._versions.rotate(session)

    async def _load(self, session: Session) -> None:
        """Raises CannotDecrypt when it was closed with a key that is not at hand."""
        self._live = await self._read(session)

    async def _make_live(self, session: Session, new: SavedConnector) -> None:
        """What was live is kept, unless the same is live again."""
        was = await self._read(session)
        if was is not None and (was.factory, was.config) != (new.factory, new.config):
            await self._versions.keep(session, await session.now(), _TYPE, was)
        await session.do(SQL["clear"], {"type": _TYPE})
        row = {
            "id": new.id,
            "type": _TYPE,
            "factory": new.factory,
            "config": self._keyring.encrypt(rows.from_mapping(new.config).encode(), row=_bound(new.id)),
            "metadata": rows.from_mapping(new.metadata),
            "created_at": rows.from_time(new.created_at),
        }
        await session.do(SQL["save"], row)

    async def _read(self, session: Session) -> SavedConnector | None:
        found = await session.all(SQL["all"])
        if not found:
            return None
        return rows.connector_of(found[0], self._keyring.decrypt(found[0]["config"], row=_bound(found[0]["id"])))

    async def _known(self, session: Session, connector_id: str) -> SavedConnector:
        live = await self._read(session)
        if live is None or live.id != connector_id:
            raise EntityNotFound
        return live


def _bound(connector_id: str) -> str:
    return f"connector {connector_id}"
