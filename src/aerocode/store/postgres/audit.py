"""What people changed, written down in the transaction of the change itself."""

from aerocode.crypto import new_id
from aerocode.model.audit import By
from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import statements

SQL = statements("budgets")


async def write_down(session: Session, by: By, action: str, subject: str, name: str | None = None) -> None:
    """`name` is the pseudonym of the phone it was about, under which the entry is emptied when that is erased."""
    entry = {"id": new_id(), "at": await session.now(), "actor": by.actor, "reason": by.reason}
    await session.do(SQL["write_down"], {**entry, "action": action, "subject": subject, "name": name})
