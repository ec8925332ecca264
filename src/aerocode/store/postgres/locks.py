"""Names of what at most one transaction of all replicas may decide about at a time, as numbers PostgreSQL can lock."""

import hashlib
from collections.abc import Iterable

from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import statements

SQL = statements("locks")


async def lock(session: Session, names: Iterable[str]) -> None:
    """Hold them until the transaction ends. Everybody takes all he needs at once and in one order: nobody deadlocks.

    What is read in a later statement is what the holder before us committed.
    """
    numbers = sorted({_number(name) for name in names})
    if numbers:
        await session.all(SQL["lock"], {"numbers": numbers})


def _number(name: str) -> int:
    """Two names that share a number wait for each other now and then, and that is all."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)


def of_phone(name: str) -> str:
    """Whatever is decided about a phone, by its pseudonym, excludes everything else that is."""
    return f"phone {name}"


def of_request(request_id: str) -> str:
    return f"request {request_id}"


#: The day's spending, one row for the whole installation.
MONEY = "money"
