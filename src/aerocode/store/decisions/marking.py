"""What becomes of messages: marked with the outcome of the send, and noted when the gate says more."""

from decimal import Decimal

from aerocode.model.decision import Marked
from aerocode.model.message import Accepted
from aerocode.model.message import Message
from aerocode.model.message import Outcome
from aerocode.model.message import Refused
from aerocode.model.message import Report
from aerocode.model.message import Source
from aerocode.model.message import Spared
from aerocode.model.spending import to_units
from aerocode.model.states import MessageStatus
from aerocode.model.states import VerificationStatus
from aerocode.store import rows
from aerocode.store.decisions.case import Case
from aerocode.store.decisions.requests import answered
from aerocode.store.rows import Loaded


def touches(message: Loaded, outcome: Outcome) -> bool:
    """Whether the verification has to be loaded: to be changed, to be told again, or because it has moved meanwhile."""
    if message["verification"] is None:
        return False
    moved = message["verification_status"] not in {None, VerificationStatus.PENDING}
    return moved or isinstance(outcome, Refused) or message["request"] is not None


def mark(case: Case, verification: Loaded | None, outcome: Outcome) -> Marked:
    """See `verify.reference.mark`. `case.row` is the message; `verification` is loaded if it `touches` it."""
    row, told = case.row, MessageStatus(case.row["status"])
    status = _status_of(outcome)
    moves = told.may_become(status)
    reason = "" if isinstance(outcome, Accepted) else outcome.reason
    source = Source.OWN if isinstance(outcome, Spared) else Source.REPLY
    new = {
        **_facts(row, outcome),
        "status": str(status if moves else told),
        "reason": reason if moves else row["reason"],
        "timeline": rows.with_event(row["timeline"], case.now, status, source, reason, outcome.detail),
    }
    message = _written(case, new)
    if moves and isinstance(outcome, Refused) and verification is not None:
        verification = _take_back(case, verification)
    _settle(case, outcome)
    if row["request"] is not None and verification is not None:
        answered(case, message, verification, outcome.wait if isinstance(outcome, Refused) else None)
    return Marked(
        message=rows.message_of(message, timeline=False),
        verification=None if verification is None else rows.verification_of(verification),
    )


def note(case: Case, report: Report) -> Message:
    """What was said before, or is behind what is known, moves nothing."""
    row, told = case.row, MessageStatus(case.row["status"])
    if told is report.status:
        return rows.message_of(row)
    line = rows.with_event(row["timeline"], case.now, report.status, report.source, "", report.detail)
    new: Loaded = {"timeline": line}
    if told.may_become(report.status):
        new["status"] = str(report.status)
        new["cost"] = row["cost"] if report.cost is None else str(report.cost)
    return rows.message_of(_written(case, new))


def give_up(case: Case) -> None:
    """The process that had it is gone, or has waited longer than the gate may take."""
    line = rows.with_event(case.row["timeline"], case.now, MessageStatus.UNKNOWN, Source.RESTART, "not_marked")
    _written(case, {"status": str(MessageStatus.UNKNOWN), "timeline": line})


def _written(case: Case, new: Loaded) -> Loaded:
    """The message with what is new about it, and the write that makes it so."""
    row = {**case.row, **new, "updated_at": case.now}
    case.write(
        "mark",
        id=row["id"],
        status=row["status"],
        reason=row["reason"],
        gate_id=row["gate_id"],
        sender=row["sender"],
        segments=row["segments"],
        cost=row["cost"],
        timeline=row["timeline"],
        aside=row["aside"],
        now=case.now,
    )
    return row


def _facts(row: Loaded, outcome: Outcome) -> Loaded:
    """What an accepting reply tells besides the status: worth keeping even when the status is known to be further."""
    settled: Loaded = {"aside": 0 if _cost(outcome) is not None else row["aside"]}
    if not isinstance(outcome, Accepted):
        return settled
    cost = None if outcome.cost is None else str(outcome.cost)
    return settled | {
        "gate_id": row["gate_id"] or outcome.gate_id,
        "sender": row["sender"] or outcome.sender,
        "segments": outcome.segments if row["segments"] is None else row["segments"],
        "cost": cost if row["cost"] is None else row["cost"],
    }


def _cost(outcome: Outcome) -> Decimal | None:
    """What a message took, as far as its outcome tells; nothing when it certainly never left."""
    if isinstance(outcome, Accepted):
        return outcome.cost
    return Decimal(0) if isinstance(outcome, Refused | Spared) else None


def _settle(case: Case, outcome: Outcome) -> None:
    cost, aside = _cost(outcome), case.row["aside"]
    if cost is None or aside == 0:
        return
    case.spend(case.spending().settled(aside, to_units(cost), case.row["created_at"], case.now))


def _status_of(outcome: Outcome) -> MessageStatus:
    if isinstance(outcome, Accepted):
        return outcome.status
    if isinstance(outcome, Spared):
        return MessageStatus.ACCEPTED
    return MessageStatus.FAILED if isinstance(outcome, Refused) else MessageStatus.UNKNOWN


def _take_back(case: Case, verification: Loaded) -> Loaded:
    """The message certainly never left: it starts no wait, and its verification is as it was, or never was."""
    message, row = case.row, verification
    key = {"name": row["name"], "application": row["application"], "usage_type": row["usage_type"]}
    case.write("forget_rung", **key, message_id=message["id"])
    case.write("step_down", **key, message_id=message["id"])
    if row["status"] != VerificationStatus.PENDING or row["message_id"] != message["id"]:
        return row
    if message["before_expires_at"] is None:
        failed = str(VerificationStatus.FAILED)
        case.write("end", id=row["id"], status=failed, attempts_left=row["attempts_left"], now=case.now)
        return {**row, "status": failed, "ended_at": case.now}
    before = {"expires_at": message["before_expires_at"], "resend_at": message["before_resend_at"]}
    case.write("take_back", id=row["id"], message_id=message["id"], **before)
    return {**row, **before}
