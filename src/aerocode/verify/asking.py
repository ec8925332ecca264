"""What an engine is asked, and what it answers when it does not raise."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field

from aerocode.model.application import Application
from aerocode.model.decision import Request
from aerocode.model.message import Message
from aerocode.model.states import UsageType
from aerocode.model.verification import Verification


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What an application asks. `phone` is as a person wrote it, `ip` its visitor's address, if it tells."""

    application: Application
    phone: str
    usage_type: UsageType = UsageType.GENERIC
    session: str = ""
    device_token: str = ""
    ip: str = ""
    locale: str = ""
    payload: Mapping[str, str] = field(default_factory=dict)
    metadata: Mapping[str, str] = field(default_factory=dict)
    request: Request | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """The answer that a phone was verified; `device_token` makes the next start from this device a known one's."""

    verification: Verification
    device_token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A code that left, or may have left (`message.status` is `unknown`). `again` means that it was a resend."""

    verification: Verification
    message: Message
    again: bool
