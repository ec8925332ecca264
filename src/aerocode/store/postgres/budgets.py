"""Unlocks: the one decision about budgets that a person makes."""

from aerocode.crypto import Pseudonyms
from aerocode.model.audit import By
from aerocode.phone import Phone
from aerocode.store.postgres.audit import write_down
from aerocode.store.postgres.locks import lock
from aerocode.store.postgres.locks import of_phone
from aerocode.store.postgres.pool import Pool
from aerocode.store.postgres.session import statements

SQL = statements("budgets")


class PostgresBudgets:
    """Implements `ports.Budgets`."""

    def __init__(self, pool: Pool, names: Pseudonyms) -> None:
        self._pool = pool
        self._names = names

    async def unlock(self, phone: Phone, *, application: str | None, actor: str, reason: str) -> int:
        name = self._names.of(phone.e164)
        async with self._pool.transaction() as session:
            await lock(session, [of_phone(name)])
            freed = await session.do(SQL["free"], {"name": name, "application": application})
            about = f"{application or '*'} {phone.masked}"
            await write_down(session, By(actor=actor, reason=reason), "unlock", about, name)
        return freed
