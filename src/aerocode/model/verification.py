"""A verification: one attempt to prove control of one phone for one usage type."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import datetime

from aerocode.model.budget import Pool
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus
from aerocode.phone import Phone


@dataclass(frozen=True, slots=True)
class Subject:
    """What at most one pending verification exists for."""

    application: str
    phone: Phone
    usage_type: UsageType
    session: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """As recorded. `phone` is None once its retention has ended; `ended_at` is None while pending.

    `test` is True for a test number: no SMS was ever sent, and an approval proves nothing.
    """

    id: str
    application: str
    phone: Phone | None
    usage_type: UsageType
    session: str
    status: VerificationStatus
    attempts_left: int
    sends: int
    created_at: datetime
    expires_at: datetime
    resend_at: datetime
    ended_at: datetime | None = None
    message_id: str = ""
    pool: Pool = Pool.UNKNOWN
    test: bool = False
    locale: str = ""
    payload: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
