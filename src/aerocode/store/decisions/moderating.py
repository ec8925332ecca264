"""A message in moderation keeps its code alive: a person reads it first, for longer than a code lives."""

from aerocode.model.policy import LONGEST_LIFE
from aerocode.model.states import MessageStatus
from aerocode.model.states import VerificationStatus
from aerocode.store import rows
from aerocode.store.decisions.case import Case
from aerocode.store.rows import Loaded


def renewed(case: Case, becomes: MessageStatus, verification: Loaded | None, others: int) -> Loaded | None:
    """The verification, when the message (`case.row`) becomes this; what has ended stays ended.

    `others` is how many more of its messages are in moderation. See `verify.reference.moderating`.
    """
    was = MessageStatus(case.row["status"])
    entered, left = becomes is MessageStatus.MODERATION, was is MessageStatus.MODERATION
    if verification is None or entered is left or (left and others):
        return verification
    if verification["status"] != VerificationStatus.PENDING or verification["expires_at"] <= case.now:
        return verification
    expires_at = verification["created_at"] + rows.from_span(LONGEST_LIFE)
    if left:
        expires_at = min(case.now + case.row["life"], expires_at)
    case.write("renew", id=verification["id"], expires_at=expires_at, moderated=int(entered))
    # Should the newest message turn out to be refused, its verification goes back to this, not to what was before.
    case.write("renew_before", id=verification["message_id"], expires_at=expires_at)
    return {**verification, "expires_at": expires_at}
