"""When the gate is asked about a message: soon at first, ever more rarely, and not for ever."""

from datetime import timedelta

from aerocode.model.decision import Due
from aerocode.model.decision import SealedCode
from aerocode.model.policy import LONGEST_LIFE
from aerocode.model.states import MessageStatus
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Verification
from aerocode.store import rows
from aerocode.store.decisions.case import Case
from aerocode.store.rows import Loaded

#: How long after its code's end an uncertain message may still turn up in the provider's list.
PATIENCE = timedelta(minutes=10)

_SOON = rows.from_span(timedelta(seconds=15))
_RARELY = rows.from_span(timedelta(hours=6))
#: No operator tries for longer to deliver an SMS.
_END = rows.from_span(timedelta(hours=48))


def first_question(status: MessageStatus, now: int, *, wanting: bool = False) -> int | None:
    """After a status that is news. A final one leaves one question, where a cost is `wanting` that the gate knows."""
    return None if status is MessageStatus.CREATED or (status.final and not wanting) else now + _SOON


def take(case: Case, verification: Loaded | None) -> Due:
    """Ask about the message now; until the next question it is nobody else's. `case.row` is the message."""
    row, status = case.row, MessageStatus(case.row["status"])
    ends = row["created_at"] + row["life"] if verification is None else verification["expires_at"]
    deadline = ends + rows.from_span(PATIENCE)
    ask_at = _next_question(status, row["created_at"], deadline, case.now)
    if ask_at is None:
        case.write("ask_no_more", id=row["id"])
    else:
        case.write("ask_later", id=row["id"], ask_at=ask_at)
    return Due(
        message=rows.message_of(row),
        deadline=rows.to_time(deadline),
        now=rows.to_time(case.now),
        account=row["account"],
        proof=row["proof"],
        unproved=_unproved(row, verification),
    )


def _unproved(row: Loaded, verification: Loaded | None) -> tuple[Verification, SealedCode] | None:
    if row["proof"] is not None or verification is None or verification["message_id"] != row["id"]:
        return None
    if verification["status"] != VerificationStatus.PENDING:
        return None
    return rows.verification_of(verification), rows.code_of(verification)


def _next_question(status: MessageStatus, created_at: int, deadline: int, now: int) -> int | None:
    age = now - created_at
    if status.final or age >= _END:
        return None
    if status is MessageStatus.MODERATION and age < rows.from_span(LONGEST_LIFE):
        return now + _SOON  # a code waits for the answer, and its owner with it
    later = min(max(_SOON, age // 2), _RARELY)
    if status is MessageStatus.UNKNOWN and now < deadline:
        later = max(_SOON, min(later, deadline - now))
    return now + later
