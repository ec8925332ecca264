"""The one way in which a verification ends: its seal and cipher go in the same statement."""

from aerocode.model.decision import Ended
from aerocode.model.decision import Missing
from aerocode.model.states import VerificationStatus
from aerocode.store.decisions.case import Case


def end(case: Case, status: VerificationStatus, attempts_left: int | None = None) -> None:
    row = case.row
    left = row["attempts_left"] if attempts_left is None else attempts_left
    case.write("end", id=row["id"], status=str(status), attempts_left=left, now=case.now)


def still_open(case: Case) -> Ended | Missing | None:
    """Why there is no pending verification here. What has run out ends now, not when a chore comes by."""
    row = case.row
    if row["id"] is None:
        return Missing()
    if row["status"] != VerificationStatus.PENDING:
        return Ended(status=VerificationStatus(row["status"]))
    if row["expires_at"] <= case.now:
        end(case, VerificationStatus.EXPIRED)
        return Ended(status=VerificationStatus.EXPIRED)
    return None
