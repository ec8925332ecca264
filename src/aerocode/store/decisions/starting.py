"""Start a verification, or send the pending one again."""

from collections.abc import Iterator
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import datetime
from typing import Any

from aerocode.model.budget import DEVICE_LIFE
from aerocode.model.budget import Budget
from aerocode.model.budget import Pool
from aerocode.model.decision import Blocked
from aerocode.model.decision import Ended
from aerocode.model.decision import Issue
from aerocode.model.decision import IssueAnswer
from aerocode.model.decision import Issued
from aerocode.model.decision import Missing
from aerocode.model.decision import Resend
from aerocode.model.decision import ResendAnswer
from aerocode.model.decision import SealedCode
from aerocode.model.decision import Spent
from aerocode.model.decision import TooSoon
from aerocode.model.decision import Unready
from aerocode.model.policy import LONGEST_LIFE
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus
from aerocode.store import rows
from aerocode.store.decisions import caps
from aerocode.store.decisions.budgets import attempts_left
from aerocode.store.decisions.budgets import open_budget
from aerocode.store.decisions.caps import Subjects
from aerocode.store.decisions.case import Case
from aerocode.store.decisions.ending import end
from aerocode.store.decisions.ending import still_open
from aerocode.store.decisions.requests import Named
from aerocode.store.decisions.requests import remember
from aerocode.store.decisions.standing import barred
from aerocode.store.decisions.standing import is_exempt
from aerocode.store.decisions.standing import watched
from aerocode.store.rows import Loaded


def issue(case: Case, ask: Issue, subjects: Subjects, request: Named | None) -> IssueAnswer:
    if not ask.ready:
        return Unready()
    out = barred(case, ask.limits, ask.lists, ask.subject.phone.e164, ask.network)
    if out is not None:
        return out
    if is_exempt(case, ask.lists, ask.network):
        subjects = replace(subjects, network=None)
    pending: Loaded | None = case.row if case.row["id"] is not None else None
    if pending is not None and pending["expires_at"] <= case.now:
        end(case, VerificationStatus.EXPIRED)
        pending = None
    pool = Pool.KNOWN if known(ask.device_since, case.now) else Pool.UNKNOWN
    budget = open_budget(case, pool, ask.subject.usage_type)
    if isinstance(budget, Blocked):
        return budget
    if pending is not None and pool is Pool.KNOWN and pending["pool"] != pool:
        # The owner's device takes the pending one over, or a stranger's start would decide whose guesses count.
        case.write("take_over", id=pending["id"])
    if pending is not None and pending["pool"] == Pool.KNOWN and pool is Pool.UNKNOWN:
        # A stranger's start must not be told the id of the owner's, nor send it again.
        return caps.too_soon(case, pending["expires_at"], None)
    if pending is not None:
        return _send_again(case, ask, subjects, pool, request)
    return _begin(case, ask, subjects, pool, budget, request)


def resend(case: Case, ask: Resend, subjects: Subjects, request: Named | None) -> ResendAnswer:
    if not ask.ready:
        return Unready()
    over = still_open(case)
    if isinstance(over, Missing | Ended):
        return over
    out = barred(case, ask.limits, ask.lists, case.row["phone"])
    if out is not None:
        return out
    pool = Pool(case.row["pool"])
    budget = open_budget(case, pool, UsageType(case.row["usage_type"]))
    if isinstance(budget, Blocked):
        return budget
    return _send_again(case, ask, subjects, pool, request)


def known(since: datetime | None, now: int) -> bool:
    """Whether a device that was approved then is still a known one."""
    if since is None:
        return False
    moment = rows.to_time(now)
    return moment - DEVICE_LIFE < since <= moment


def _begin(
    case: Case, ask: Issue, subjects: Subjects, pool: Pool, budget: Budget, request: Named | None
) -> IssueAnswer:
    now, test = case.now, _is_test(ask, case.now)
    gone = _send(case, ask, subjects, None, str(ask.subject.usage_type), test=test)
    if isinstance(gone, TooSoon | Spent):
        return gone
    code = ask.fixed.code if test and ask.fixed else ask.code
    new: dict[str, Any] = {
        "id": ask.verification_id,
        "application": ask.subject.application,
        "phone": ask.subject.phone.e164,
        "name": subjects.name,
        "usage_type": str(ask.subject.usage_type),
        "session": ask.subject.session,
        "seal": code.seal,
        "cipher": code.cipher,
        "attempts_left": attempts_left(budget, ask, now),
        "now": now,
        "expires_at": now + rows.from_span(ask.policy.lifetime),
        "resend_at": gone.resend_at,
        "message_id": ask.message_id,
        "pool": str(pool),
        "test": int(test),
        "locale": ask.locale,
        "payload": rows.from_mapping(ask.payload),
        "metadata": rows.from_mapping(ask.metadata),
    }
    case.write("begin", **new)
    fresh = {**new, "status": VerificationStatus.PENDING, "sends": 1, "created_at": now, "ended_at": None}
    return _recorded(case, ask, gone, fresh, code, None, request)


def _send_again(
    case: Case, ask: Issue | Resend, subjects: Subjects, pool: Pool, request: Named | None
) -> TooSoon | Spent | Issued:
    row = case.row
    gone = _send(case, ask, subjects, row, row["usage_type"], test=bool(row["test"]))
    if isinstance(gone, TooSoon | Spent):
        return gone
    latest = row["created_at"] + rows.from_span(LONGEST_LIFE)
    new = {
        "sends": row["sends"] + 1,
        "expires_at": latest if row["moderated"] else min(case.now + rows.from_span(ask.policy.lifetime), latest),
        "resend_at": gone.resend_at,
        "message_id": ask.message_id,
        "pool": str(pool),
    }
    case.write("send_again", id=row["id"], **new)
    again = {**row, **new}
    return _recorded(case, ask, gone, again, rows.code_of(row), row, request)


def _is_test(ask: Issue, now: int) -> bool:
    if ask.fixed is None:
        return False
    return ask.fixed.until is None or now < rows.from_time(ask.fixed.until)


@dataclass(frozen=True, slots=True)
class _Gone:
    """A send that may go, and is counted. `aside` is the money set aside for it."""

    resend_at: int
    over: tuple[str, ...] = ()
    aside: int = 0
    nearly_spent: bool = False


def _send(
    case: Case, ask: Issue | Resend, subjects: Subjects, row: Loaded | None, usage_type: str, *, test: bool
) -> TooSoon | Spent | _Gone:
    """Whether one more message may go; `row` is the pending verification. Counted at once, even if the gate refuses."""
    if test:  # nothing is sent, so there is nothing to limit
        return _Gone(case.now)
    limits, pending_id = ask.limits, None if row is None else row["id"]
    counted = subjects.counted(limits)
    refused, over = caps.refusal(case, counted)
    if watched(limits, subjects.phone):
        over.append("country")
    until, limit = (case.now, "") if refused is None else (refused.until, refused.limit)
    for name, wait, mode in _waits(case, limits, row):
        if mode is Mode.MONITOR:
            over.append(name)
        elif wait > until:
            until, limit = wait, ""
    if until > case.now:
        return caps.too_soon(case, until, pending_id, limit)
    spent = caps.money_refusal(case, limits)
    if spent is not None:
        return spent
    resend_at = max(_climb(case, limits, subjects, usage_type, ask.message_id), caps.count(case, counted))
    aside, nearly_spent = caps.set_aside(case, limits, warns=True)
    return _Gone(resend_at, tuple(over), aside, nearly_spent)


def _waits(case: Case, limits: Limits, row: Loaded | None) -> Iterator[tuple[str, int, Mode]]:
    """What the verification itself and the ladder have to say, each with the moment until which it says so."""
    if row is not None and row["sends"] >= limits.sends_per_verification:
        yield "sends_per_verification", row["expires_at"], limits.sends_per_verification_mode
    next_at = case.row["rung_next_at"]
    if next_at is not None and case.now < next_at:
        yield "ladder", next_at, limits.ladder_mode


def _climb(case: Case, limits: Limits, subjects: Subjects, usage_type: str, message_id: str) -> int:
    """Take the next step of the ladder; the earliest moment of the send after this one."""
    row, now = case.row, case.now
    fresh = row["rung_sent_at"] is None or now - row["rung_sent_at"] > rows.from_span(limits.ladder_memory)
    step = 1 if fresh else row["rung_step"] + 1
    next_at = now + rows.from_span(limits.wait_after(step))
    case.write(
        "climb",
        name=subjects.name,
        application=subjects.application,
        usage_type=usage_type,
        step=step,
        now=now,
        next_at=next_at,
        message_id=message_id,
    )
    return next_at if limits.ladder_mode is Mode.ENFORCE else now


def _recorded(
    case: Case,
    ask: Issue | Resend,
    gone: _Gone,
    found: Mapping[str, Any],
    code: SealedCode,
    before: Loaded | None,
    request: Named | None,
) -> Issued:
    """Write the message down before it leaves; `before` is the verification as it stood, None at a start."""
    case.write(
        "record",
        id=found["message_id"],
        application=found["application"],
        verification=found["id"],
        caller=None,
        phone=found["phone"],
        usage_type=found["usage_type"],
        now=case.now,
        before_expires_at=None if before is None else before["expires_at"],
        before_resend_at=None if before is None else before["resend_at"],
        request=None if request is None else request.id,
        aside=gone.aside,
        life=rows.from_span(ask.policy.lifetime),
    )
    if request is not None:
        remember(case, request, found, again=before is not None)
    return Issued(
        verification=rows.verification_of(found),
        message_id=found["message_id"],
        code=code,
        again=before is not None,
        now=rows.to_time(case.now),
        over=gone.over,
        nearly_spent=gone.nearly_spent,
    )
