"""What the operator on this machine may ask of the running house. Implements `ports.Housekeeping`."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from aerocode.app.datadir import DataDir
from aerocode.crypto import Keyring
from aerocode.errors import CannotStart
from aerocode.phone import Phone
from aerocode.store.sqlite.store import SqliteStore
from aerocode.verify.codes import Codes


class Housekeeper:
    def __init__(self, store: SqliteStore, data: DataDir, keyring: Keyring, retention: timedelta) -> None:
        self._store = store
        self._data = data
        self._keyring = keyring
        self._retention = retention
        self._rotating = asyncio.Lock()

    async def purge(self) -> Mapping[str, int]:
        expired = await self._store.chores.expire()
        return {"expired": expired, "forgotten": await self._store.chores.forget(self._retention)}

    async def erase(self, phone: Phone, *, actor: str, reason: str) -> Mapping[str, int]:
        erased = await self._store.chores.erase(phone, actor=actor, reason=reason)
        # Both are kept in memory, too, and may have had it.
        await self._store.lists.load()
        await self._store.test_numbers.load()
        return erased

    async def backup(self, path: str) -> None:
        target = Path(path)
        if "\0" in path or not target.is_absolute():
            raise CannotStart("A backup needs the whole path of a new file.")
        await self._store.chores.copy(target)

    async def rotate(self) -> Mapping[str, int]:
        """The new key is on the disk before anything is closed with it, and old keys still open: a crash loses nothing.

        When the settings hold the key, the operator has put a new one there; then only what is at rest changes.
        """
        # Two at once would write the same file, and one of the keys would be lost with what it had closed.
        async with self._rotating:
            return await self._rotate()

    async def _rotate(self) -> Mapping[str, int]:
        key = await asyncio.get_running_loop().run_in_executor(None, self._data.new_key)
        if key is not None:
            self._keyring.lead_with(key)
        connectors = await self._store.connectors.rotate()
        codes = await self._store.chores.rotate(Codes(self._keyring).reseal)
        test_numbers = await self._store.test_numbers.rotate()
        await self._store.rotate_names()
        return {"connectors": connectors, "codes": codes, "testNumbers": test_numbers}
