"""Requests that name themselves by an `Idempotency-Key`: answered once, and the same again for a day."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from aerocode.crypto import Pseudonyms
from aerocode.model.decision import Repeated
from aerocode.model.decision import Request
from aerocode.model.decision import Unanswered
from aerocode.model.decision import Unlike
from aerocode.model.states import MessageStatus
from aerocode.store import rows
from aerocode.store.decisions.case import Case
from aerocode.store.rows import Loaded

#: How long an answer is kept.
LIFE = timedelta(days=1)
#: What an answer may have moved in the rows it was made of; they go on moving afterwards.
_MOVED = ("status", "attempts_left", "sends", "expires_at", "resend_at", "ended_at", "message_id")


@dataclass(frozen=True, slots=True)
class Named:
    """A request by its HMACs: neither what a caller wrote in the key nor the body can be read from the row."""

    id: str
    body: str


def named(request: Request | None, application: str, names: Pseudonyms) -> Named | None:
    if request is None:
        return None
    # A key can hold no line break, so no two of these are alike unless all three parts are.
    return Named(names.of(f"{application}\n{request.route}\n{request.key}"), names.of(request.body))


def remember(case: Case, request: Named, verification: Mapping[str, Any], *, again: bool) -> None:
    """In the transaction of the message itself: after a crash the key still knows what was sent."""
    case.write(
        "remember",
        id=request.id,
        name=verification["name"],
        body=request.body,
        verification=verification["id"],
        message=verification["message_id"],
        again=int(again),
        now=case.now,
    )


def answered(case: Case, message: Loaded, verification: Loaded, wait: int | None) -> None:
    """Keep what is told now, as `mark` leaves it."""
    told = {name: verification[name] for name in _MOVED} | {
        "message_status": message["status"],
        "reason": message["reason"],
        "wait": wait,
    }
    case.write("answer", id=message["request"], message=message["id"], answer=json.dumps(told))


def is_live(created_at: int | None, now: int) -> bool:
    return created_at is not None and now - created_at < rows.from_span(LIFE)


def repeated(request: Named, row: Loaded, verification: Loaded, message: Loaded) -> Repeated | Unanswered | Unlike:
    """What a request is told that was made before; `row` is its own, the other two are what it was about."""
    if row["body"] != request.body:
        return Unlike()
    told = json.loads(row["answer"]) if row["answer"] else {}
    if not told and message["status"] == MessageStatus.CREATED:
        return Unanswered()
    wait = told.pop("wait", None)
    status, reason = told.pop("message_status", message["status"]), told.pop("reason", message["reason"])
    before, sent = {**verification, **told}, {**message, "status": status, "reason": reason}
    return Repeated(
        verification=rows.verification_of(before),
        message=rows.message_of(sent),
        again=bool(row["again"]),
        wait=wait,
    )
