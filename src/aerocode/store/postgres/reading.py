"""Rows to look at. Nothing read here decides anything."""

from collections.abc import Sequence

from aerocode.model.message import Message
from aerocode.model.verification import Verification
from aerocode.phone import Phone
from aerocode.ports import Wanted
from aerocode.store import listing
from aerocode.store import rows
from aerocode.store.postgres.pool import Pool
from aerocode.store.postgres.session import statements

SQL = statements("reading")

#: Sorts after every id there is.
_AFTER_ALL = "~"
_READING = "begin read only"


class PostgresReader:
    """Implements `ports.Reader`."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def verification(self, application: str, verification_id: str) -> Verification | None:
        async with self._pool.transaction(begin=_READING) as session:
            found = await session.one(SQL["verification"], {"id": verification_id, "application": application})
        return None if found is None else rows.verification_of(found)

    async def verifications(
        self, application: str, *, phone: Phone | None, before: str | None, limit: int
    ) -> Sequence[Verification]:
        key = {"application": application, "before": before or _AFTER_ALL, "limit": limit}
        name = "verifications" if phone is None else "verifications_of_phone"
        values = {**key, "phone": phone.e164} if phone is not None else key
        async with self._pool.transaction(begin=_READING) as session:
            found = await session.all(SQL[name], values)
        return [rows.verification_of(row) for row in found]

    async def message(self, application: str, message_id: str) -> Message | None:
        async with self._pool.transaction(begin=_READING) as session:
            found = await session.one(SQL["message"], {"id": message_id, "application": application})
        return None if found is None else rows.message_of(found)

    async def messages(self, application: str, wanted: Wanted) -> Sequence[Message]:
        key = listing.of_application(application, wanted)
        async with self._pool.transaction(begin=_READING) as session:
            if wanted.phone is None:
                statuses = [str(status) for status in wanted.statuses]
                found = await session.all(SQL["messages_of_status"], {**key, "statuses": statuses})
            else:
                found = await session.all(SQL["messages_of_phone"], {**key, "phone": wanted.phone.e164})
        return [rows.message_of(row) for row in found if row["status"] in wanted.statuses][: wanted.limit]

    async def messages_of(self, verification: Verification) -> Sequence[Message]:
        async with self._pool.transaction(begin=_READING) as session:
            row = await session.one(SQL["phone_of_verification"], {"id": verification.id})
            if row is None:
                return []
            key = listing.of_verification(verification, row["phone"])
            found = await session.all(SQL["messages_of_verification"], key)
        return [rows.message_of(row) for row in found]

    async def moderated(self, last: int) -> tuple[int, int]:
        async with self._pool.transaction(begin=_READING) as session:
            row = await session.one(SQL["moderated"], {"last": last})
        return (0, 0) if row is None else (row["moderated"], row["known"])
