"""What becomes of messages: marked with the outcome of the send, and noted when the gate says more."""

import json
from datetime import timedelta
from decimal import Decimal

from aerocode.model.decision import Marked
from aerocode.model.message import Accepted
from aerocode.model.message import Message
from aerocode.model.message import Outcome
from aerocode.model.message import Refused
from aerocode.model.message import Report
from aerocode.model.message import Source
from aerocode.model.message import Spared
from aerocode.model.message import Unknown
from aerocode.model.spending import to_units
from aerocode.model.states import MessageStatus
from aerocode.model.states import VerificationStatus
from aerocode.store import rows
from aerocode.store.decisions.case import Case
from aerocode.store.decisions.following import first_question
from aerocode.store.decisions.moderating import renewed
from aerocode.store.decisions.requests import answered
from aerocode.store.rows import Loaded

#: The reason in the line of the timeline that says when a message left for the gate.
HANDED_OVER = "handed_over"

#: How far back the messages of a phone may lie that the gate's list could mean instead.
NEIGHBOURS = timedelta(days=2)

_UNKNOWN = MessageStatus.UNKNOWN
_WRITTEN = (
    "id", "status", "reason", "gate_id", "sender", "segments", "cost", "operator", "account", "proof", "ask_at",
    "aside", "timeline",
)  # fmt: skip


def touches(message: Loaded, outcome: Outcome) -> bool:
    """Whether the verification has to be loaded: to be changed, to be told again, or because it has moved meanwhile."""
    if message["verification"] is None:
        return False
    moved = message["verification_status"] not in {None, VerificationStatus.PENDING}
    moderated = message["status"] == MessageStatus.MODERATION
    return moved or moderated or is_far_reaching(outcome) or message["request"] is not None


def is_far_reaching(outcome: Outcome) -> bool:
    """Whether it touches the verification whatever the message is."""
    return isinstance(outcome, Refused) or _status_of(outcome) is MessageStatus.MODERATION


def mark(case: Case, verification: Loaded | None, outcome: Outcome, others: int = 0) -> Marked:
    """See `verify.reference.mark`. `case.row` is the message; `verification` is loaded if it `touches` it.

    `others` is how many more messages of the verification are in moderation.
    """
    row, told = case.row, MessageStatus(case.row["status"])
    status = _status_of(outcome)
    moves = told.may_become(status)
    reason = "" if isinstance(outcome, Accepted) else outcome.reason
    new = {
        **_facts(row, outcome),
        "status": str(status if moves else told),
        "reason": reason if moves else row["reason"],
        "timeline": _timeline(case, status, reason, outcome),
    }
    if moves:
        new["ask_at"] = None if isinstance(outcome, Spared) else first_question(status, case.now)
    message = _written(case, new)
    if moves and isinstance(outcome, Refused) and verification is not None:
        verification = _take_back(case, verification)
        if told is MessageStatus.MODERATION and not others:
            case.write("renew", id=verification["id"], expires_at=verification["expires_at"], moderated=0)
    elif moves:
        verification = renewed(case, status, verification, others)
    _settle(case, _cost(outcome))
    if row["request"] is not None and verification is not None:
        answered(case, message, verification, outcome.wait if isinstance(outcome, Refused) else None)
    return Marked(
        message=rows.message_of(message, timeline=False),
        verification=None if verification is None else rows.verification_of(verification),
    )


def note(case: Case, report: Report, verification: Loaded | None = None, others: int = 0) -> Message:
    """See `verify.reference.note`. What was said before, or is behind what is known, moves nothing.

    `verification` and `others` are needed only where moderation begins or ends.
    """
    row, told = case.row, MessageStatus(case.row["status"])
    moves = told.may_become(report.status)
    if _is_of_another(row, report) or (report.status is MessageStatus.FAILED and told.rank > _UNKNOWN.rank):
        return rows.message_of(row)
    new = _news(row, report)
    if moves or "gate_id" in new or not _told_before(row, report):
        new["timeline"] = rows.with_event(
            row["timeline"],
            case.now,
            report.status,
            report.source,
            report.reason,
            report.detail,
            new.get("gate_id", ""),
        )
    if moves:
        known = row | new
        wanting = bool(known["gate_id"]) and known["cost"] is None
        new |= {
            "status": str(report.status),
            "reason": report.reason,
            "ask_at": first_question(report.status, case.now, wanting=wanting),
        }
        renewed(case, report.status, verification, others)
    if row["proof"] is not None and (row["gate_id"] or report.gate_id or report.status.final):
        new["proof"] = None
    if not new:
        return rows.message_of(row)
    lost = Decimal(0) if moves and report.status is MessageStatus.FAILED else None
    cost = report.cost if lost is None else lost
    if cost is not None:
        _settle(case, cost)
        new["aside"] = 0
    return rows.message_of(_written(case, new))


def give_up(case: Case, verification: Loaded | None) -> None:
    """The process that had it is gone, or has waited longer than the gate may take.

    `verification` is loaded for the message of a request, which from now on is told this.
    """
    line = rows.with_event(case.row["timeline"], case.now, _UNKNOWN, Source.RESTART, "not_marked")
    # Asked about at once: its proof can be made only until its code is sent again or ends.
    message = _written(case, {"status": str(_UNKNOWN), "timeline": line, "ask_at": case.now})
    if message["request"] is not None and verification is not None:
        answered(case, message, verification, None)


def _timeline(case: Case, status: MessageStatus, reason: str, outcome: Outcome) -> str:
    """With the hand-over, where there was one, and what came of it."""
    timeline, handed = case.row["timeline"], None if isinstance(outcome, Spared) else outcome.handed
    if handed is not None:
        left_at = max(case.now - rows.from_span(handed.took), case.row["created_at"])
        timeline = rows.with_event(timeline, left_at, MessageStatus.CREATED, Source.OWN, HANDED_OVER)
    source = Source.OWN if isinstance(outcome, Spared) else Source.REPLY
    gate_id = outcome.gate_id if isinstance(outcome, Accepted) else ""
    return rows.with_event(timeline, case.now, status, source, reason, outcome.detail, gate_id)


def _is_of_another(row: Loaded, report: Report) -> bool:
    return "" not in {row["gate_id"], report.gate_id} and row["gate_id"] != report.gate_id


def _news(row: Loaded, report: Report) -> Loaded:
    """What the report tells besides its status, as far as nothing was known of it."""
    cost = None if report.cost is None else str(report.cost)
    told = {"gate_id": report.gate_id, "cost": cost, "operator": report.operator}
    return {name: value for name, value in told.items() if value and not row[name]}


def _told_before(row: Loaded, report: Report) -> bool:
    if report.status == row["status"]:
        return True
    return any(
        (line["status"], line["source"]) == (report.status, report.source) for line in json.loads(row["timeline"])
    )


def _written(case: Case, new: Loaded) -> Loaded:
    """The message with what is new about it, and the write that makes it so."""
    row = {**case.row, **new, "updated_at": case.now}
    case.write("mark", now=case.now, **{name: row[name] for name in _WRITTEN})
    return row


def _facts(row: Loaded, outcome: Outcome) -> Loaded:
    """What an accepting reply tells besides the status: worth keeping even when the status is known to be further."""
    settled: Loaded = {"aside": 0 if _cost(outcome) is not None else row["aside"]}
    handed = None if isinstance(outcome, Spared) else outcome.handed
    if handed is not None:
        settled["account"] = handed.account
        # With the secret key a proof tells a finished code: it is there only as long as something is to be found by it.
        lost = isinstance(outcome, Unknown) and MessageStatus(row["status"]).rank <= _UNKNOWN.rank
        settled["proof"] = handed.proof if lost else None
    if isinstance(outcome, Accepted | Unknown):
        settled["segments"] = outcome.segments if row["segments"] is None else row["segments"]
    if not isinstance(outcome, Accepted):
        return settled
    cost = None if outcome.cost is None else str(outcome.cost)
    return settled | {
        "gate_id": row["gate_id"] or outcome.gate_id,
        "sender": row["sender"] or outcome.sender,
        "cost": cost if row["cost"] is None else row["cost"],
    }


def _cost(outcome: Outcome) -> Decimal | None:
    """What a message took, as far as its outcome tells; nothing when it certainly never left."""
    if isinstance(outcome, Accepted):
        return outcome.cost
    return Decimal(0) if isinstance(outcome, Refused | Spared) else None


def _settle(case: Case, cost: Decimal | None) -> None:
    aside = case.row["aside"]
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
