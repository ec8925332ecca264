"""Refusals about phones, verifications and their codes."""

from datetime import datetime
from typing import Any

from aerocode.errors.tree import AerocodeError

# Phones.


class InvalidPhone(AerocodeError):
    """This is not a phone number that can exist."""

    code = "user.invalid_phone"


class PhoneNotAllowed(AerocodeError):
    """Messages are not sent to this phone number."""

    code = "phone.not_allowed"

    def __init__(self, reason: str) -> None:
        super().__init__(data={"reason": reason})


# Verifications.


class VerificationNotFound(AerocodeError):
    """There is no such verification."""

    code = "verification_code.not_found"


class VerificationOver(VerificationNotFound):
    """This verification is over."""

    def __init__(self, status: str) -> None:
        super().__init__(data={"status": str(status)})


class CodeMismatch(AerocodeError):
    """That is not the code."""

    code = "verification_code.code_mismatch"
    permanent = False

    def __init__(self, attempts_left: int) -> None:
        super().__init__(data={"attemptsLeft": attempts_left})


class CodeExpired(AerocodeError):
    """The code has expired. Ask for a new one."""

    code = "verification_code.expired"


class AttemptsExhausted(AerocodeError):
    """The code was mistyped too often. Ask for a new one."""

    code = "verification_code.exceed_max_try"


class SendTooSoon(AerocodeError):
    """A code was sent a moment ago. Wait before asking for another."""

    code = "request.message_rate_limited"
    permanent = False

    def __init__(self, *, resend_at: datetime, now: datetime, verification_id: str | None, limit: str = "") -> None:
        data: dict[str, Any] = {"resendAt": resend_at}
        if verification_id is not None:
            data["id"] = verification_id
        if limit:
            data["limit"] = limit
        super().__init__(data=data)
        self.wait = _seconds(now, resend_at)


class RequestInProgress(AerocodeError):
    """The same request is being answered at this moment. Ask again for its answer."""

    code = "request.in_progress"
    permanent = False
    wait = 1


class RequestUnlike(AerocodeError):
    """This Idempotency-Key was used for another request."""

    code = "request.idempotency_key_reused"


class GuessesSpent(AerocodeError):
    """Too many wrong codes were typed for this phone. Wait, or ask the operator to unlock it."""

    code = "session.verification_blocked_too_many_attempts"
    permanent = False

    def __init__(self, *, until: datetime, now: datetime) -> None:
        super().__init__()
        self.wait = _seconds(now, until)


def _seconds(now: datetime, then: datetime) -> int:
    """Whole seconds to wait, rounded up, at least one."""
    return max(1, -int((now - then).total_seconds() // 1))
