"""Rows to look at, from a connection of their own that cannot write. Nothing read here decides anything."""

import asyncio
import sqlite3
from collections.abc import Callable
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from aerocode.errors import StoreUnavailable
from aerocode.model.message import Message
from aerocode.model.verification import Verification
from aerocode.phone import Phone
from aerocode.ports import Wanted
from aerocode.store import listing
from aerocode.store import rows
from aerocode.store.sql import statements
from aerocode.store.sqlite.open import open_for_reading

SQL = statements("sqlite", "reading")
Found = TypeVar("Found")

#: Sorts after every id there is.
_AFTER_ALL = "~"


class SqliteReader:
    """Implements `ports.Reader`."""

    def __init__(self, path: Path) -> None:
        self._database = open_for_reading(path)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="aerocode-reader")

    async def close(self) -> None:
        await asyncio.get_running_loop().run_in_executor(self._thread, self._database.close)
        self._thread.shutdown(wait=False)

    async def verification(self, application: str, verification_id: str) -> Verification | None:
        key = {"id": verification_id, "application": application}
        found = await self._read(lambda database: database.execute(SQL["verification"], key).fetchone())
        return None if found is None else rows.verification_of(found)

    async def verifications(
        self, application: str, *, phone: Phone | None, before: str | None, limit: int
    ) -> Sequence[Verification]:
        key = {"application": application, "before": before or _AFTER_ALL, "limit": limit}
        name = "verifications" if phone is None else "verifications_of_phone"
        values = {**key, "phone": phone.e164} if phone is not None else key
        found = await self._read(lambda database: database.execute(SQL[name], values).fetchall())
        return [rows.verification_of(row) for row in found]

    async def message(self, application: str, message_id: str) -> Message | None:
        key = {"id": message_id, "application": application}
        found = await self._read(lambda database: database.execute(SQL["message"], key).fetchone())
        return None if found is None else rows.message_of(found)

    async def messages(self, application: str, wanted: Wanted) -> Sequence[Message]:
        found = await self._read(lambda database: _messages(database, application, wanted))
        return [rows.message_of(row) for row in found]

    async def messages_of(self, verification: Verification) -> Sequence[Message]:
        found = await self._read(lambda database: _messages_of(database, verification))
        return [rows.message_of(row) for row in found]

    async def moderated(self, last: int) -> tuple[int, int]:
        row = await self._read(lambda database: database.execute(SQL["moderated"], {"last": last}).fetchone())
        return row["moderated"], row["known"]

    async def _read(self, question: Callable[[sqlite3.Connection], Found]) -> Found:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, question, self._database)
        except sqlite3.Error as cause:
            raise StoreUnavailable from cause


def _messages(database: sqlite3.Connection, application: str, wanted: Wanted) -> list[sqlite3.Row]:
    """One status after the other, each along its index; what all of them have is sorted again."""
    key = listing.of_application(application, wanted)
    if wanted.phone is not None:
        of_phone = database.execute(SQL["messages_of_phone"], {**key, "phone": wanted.phone.e164}).fetchall()
        return [row for row in of_phone if row["status"] in wanted.statuses][: wanted.limit]
    found: list[sqlite3.Row] = []
    for status in wanted.statuses:
        found += database.execute(SQL["messages_of_status"], {**key, "status": str(status)}).fetchall()
    return sorted(found, key=lambda row: (row["created_at"], row["id"]), reverse=True)[: wanted.limit]


def _messages_of(database: sqlite3.Connection, verification: Verification) -> list[sqlite3.Row]:
    row = database.execute(SQL["phone_of_verification"], {"id": verification.id}).fetchone()
    if row is None:
        return []
    key = listing.of_verification(verification, row["phone"])
    return database.execute(SQL["messages_of_verification"], key).fetchall()
