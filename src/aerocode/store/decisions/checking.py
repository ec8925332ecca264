"""Check a code, and cancel."""

from datetime import datetime

from aerocode.model.budget import Pool
from aerocode.model.decision import Approved
from aerocode.model.decision import Blocked
from aerocode.model.decision import CancelAnswer
from aerocode.model.decision import Canceled
from aerocode.model.decision import CheckAnswer
from aerocode.model.decision import Missing
from aerocode.model.decision import Seals
from aerocode.model.decision import Where
from aerocode.model.decision import Wrong
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.model.verification import Verification
from aerocode.store import rows
from aerocode.store.decisions import budgets
from aerocode.store.decisions.case import Case
from aerocode.store.decisions.ending import end
from aerocode.store.decisions.ending import still_open
from aerocode.store.decisions.starting import known


def check(case: Case, where: Where, seals: Seals, device_since: datetime | None) -> CheckAnswer:
    row = case.row
    if isinstance(where, Subject) and row["pool"] == Pool.KNOWN and not known(device_since, case.now):
        return Missing()  # a known device's verification is there for its id, or for its phone with the token
    over = still_open(case)
    if over is not None:
        return over
    subject, pool = rows.subject_of(row), Pool(row["pool"])
    # Before the code is looked at: a right one must not pass where no guess is left.
    budget = budgets.open_budget(case, pool, subject.usage_type)
    if isinstance(budget, Blocked):
        return budget
    # Both seals are HMACs under a secret key: nothing is learned from how long this comparison takes.
    if row["seal"] in seals(subject, row["id"]):
        end(case, VerificationStatus.APPROVED)
        key = {"name": row["name"], "application": row["application"], "usage_type": row["usage_type"]}
        case.write("leave_ladder", **key)
        budgets.forgive(case, pool, budget)
        return Approved(verification=_ended(case, VerificationStatus.APPROVED))
    moment = rows.to_time(case.now)
    spent = budget.failed(pool, subject.usage_type, moment)
    budgets.keep(case, row["name"], row["application"], pool, spent)
    left = row["attempts_left"] - 1
    if left > 0:
        case.write("spend", id=row["id"], attempts_left=left)
    else:
        end(case, VerificationStatus.MAX_ATTEMPTS_REACHED, attempts_left=0)
    return Wrong(attempts_left=min(left, spent.left(subject.usage_type, moment)), stopped=spent.stopped)


def cancel(case: Case) -> CancelAnswer:
    over = still_open(case)
    if over is not None:
        return over
    end(case, VerificationStatus.CANCELED)
    return Canceled(verification=_ended(case, VerificationStatus.CANCELED))


def _ended(case: Case, status: VerificationStatus) -> Verification:
    return rows.verification_of({**case.row, "status": status, "ended_at": case.now})
