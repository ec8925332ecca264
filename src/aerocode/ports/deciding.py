"""What is decided about verifications and their messages, each in one atomic step."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from aerocode.model.decision import ById
from aerocode.model.decision import CancelAnswer
from aerocode.model.decision import CheckAnswer
from aerocode.model.decision import Due
from aerocode.model.decision import Issue
from aerocode.model.decision import IssueAnswer
from aerocode.model.decision import Marked
from aerocode.model.decision import Resend
from aerocode.model.decision import ResendAnswer
from aerocode.model.decision import Seals
from aerocode.model.decision import Spent
from aerocode.model.decision import Test
from aerocode.model.decision import TooSoon
from aerocode.model.decision import Where
from aerocode.model.message import Found
from aerocode.model.message import Message
from aerocode.model.message import Outcome
from aerocode.model.message import Report
from aerocode.phone import Phone


class Verifications(Protocol):
    """The decisions about live verifications: atomic, at the store's own time, durable when they return.

    Every method raises StoreUnavailable when the database cannot be used; then nothing was decided.
    """

    async def issue(self, ask: Issue) -> IssueAnswer: ...

    async def check(self, where: Where, seals: Seals, device_since: datetime | None = None) -> CheckAnswer: ...

    async def resend(self, ask: Resend) -> ResendAnswer: ...

    async def cancel(self, where: ById) -> CancelAnswer: ...

    async def mark(self, message_id: str, outcome: Outcome) -> Marked: ...


class Budgets(Protocol):
    async def unlock(self, phone: Phone, *, application: str | None, actor: str, reason: str) -> int:
        """End the stops of a phone for one application or for all, and write down who did and why; how many pools."""
        ...


class Messages(Protocol):
    """Decisions about messages that belong to no verification, and about what the gate says later."""

    async def test(self, ask: Test) -> Message | TooSoon | Spent: ...

    async def mark(self, message_id: str, outcome: Outcome) -> Marked: ...

    async def note(self, message_id: str, report: Report) -> Message:
        """The message with what was learned of it. Raises EntityNotFound."""
        ...

    async def settle(self, message_id: str, found: Found) -> Message | None:
        """As `note` of what was found for an uncertain message; None when it belongs to another message."""
        ...

    async def prove(self, message_id: str, proof: bytes) -> None:
        """Keep a proof (see `HandOver`) that was made later, if there is none yet."""
        ...

    async def due(self, limit: int) -> Sequence[Due]:
        """Messages to ask the gate about, each handed to one caller alone until its next question is due."""
        ...
