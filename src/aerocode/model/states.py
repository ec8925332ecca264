"""Usage types, and the states that verifications and messages move through."""

from enum import StrEnum


class UsageType(StrEnum):
    """Why a code is sent."""

    REGISTER = "Register"
    SIGN_IN = "SignIn"
    FORGOT_PASSWORD = "ForgotPassword"  # noqa: S105 - the name of a purpose
    GENERIC = "Generic"
    ORGANIZATION_INVITATION = "OrganizationInvitation"
    USER_PERMISSION_VALIDATION = "UserPermissionValidation"
    BIND_NEW_IDENTIFIER = "BindNewIdentifier"
    MFA_VERIFICATION = "MfaVerification"
    BIND_MFA = "BindMfa"


class VerificationStatus(StrEnum):
    """`pending` is the only state that moves; each of the others is for ever."""

    PENDING = "pending"
    APPROVED = "approved"
    CANCELED = "canceled"
    EXPIRED = "expired"
    MAX_ATTEMPTS_REACHED = "max_attempts_reached"
    FAILED = "failed"


class MessageStatus(StrEnum):
    """Where an SMS is, as far as we were told.

    `created` is our own record of it, `unknown` means that it may or may not have reached the gate, `accepted` that the
    gate took it. The rest are the gate's words for SMS Aero's numbers 0, 8, 3 and 4, 1, 2 and 6; `failed` means that it
    certainly never went out.
    """

    CREATED = "created"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    QUEUED = "queued"
    MODERATION = "moderation"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    REJECTED = "rejected"
    FAILED = "failed"

    @property
    def rank(self) -> int:
        return _RANK[self]

    @property
    def final(self) -> bool:
        return self.rank == _RANK[MessageStatus.FAILED]

    def may_become(self, other: "MessageStatus") -> bool:
        """Statuses only move forward; `queued` and `moderation` may follow each other, final ones stay."""
        if self.final or other is self:
            return False
        return other.rank >= self.rank


_RANK = {
    MessageStatus.CREATED: 0,
    MessageStatus.UNKNOWN: 1,
    MessageStatus.ACCEPTED: 2,
    MessageStatus.QUEUED: 3,
    MessageStatus.MODERATION: 3,
    MessageStatus.SENT: 4,
    MessageStatus.DELIVERED: 5,
    MessageStatus.UNDELIVERED: 5,
    MessageStatus.REJECTED: 5,
    MessageStatus.FAILED: 5,
}
