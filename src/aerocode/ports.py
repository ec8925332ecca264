"""What the rooms ask of each other: small async Protocols over the values of `model`."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from typing import Any
from typing import Protocol

from aerocode.crypto import Secret
from aerocode.model.application import ApiKey
from aerocode.model.application import Application
from aerocode.model.audit import By
from aerocode.model.connector import ConnectorVersion
from aerocode.model.connector import SavedConnector
from aerocode.model.decision import ById
from aerocode.model.decision import CancelAnswer
from aerocode.model.decision import CheckAnswer
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
from aerocode.model.lists import ListEntry
from aerocode.model.lists import Lists
from aerocode.model.lists import TestNumber
from aerocode.model.message import Message
from aerocode.model.message import Outcome
from aerocode.model.message import Report
from aerocode.model.policy import Limits
from aerocode.model.policy import Policy
from aerocode.model.sign_in import Experience
from aerocode.model.sign_in import ExperienceChange
from aerocode.model.sign_in import SignIn
from aerocode.model.states import UsageType
from aerocode.model.verification import Verification
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

    async def note(self, message_id: str, report: Report) -> Message: ...


class Reader(Protocol):
    """Rows to look at. Nothing read here may decide anything about a live verification."""

    async def verification(self, application: str, verification_id: str) -> Verification | None: ...

    async def verifications(
        self, application: str, *, phone: Phone | None, before: str | None, limit: int
    ) -> Sequence[Verification]: ...

    async def message(self, application: str, message_id: str) -> Message | None: ...


class Applications(Protocol):
    """Applications and their keys. Raises EntityExists and EntityNotFound where the words say so."""

    async def add_application(self, application_id: str, product: str) -> Application: ...

    async def change_application(self, application_id: str, product: str) -> Application: ...

    async def remove_application(self, application_id: str) -> None: ...

    async def application(self, application_id: str) -> Application | None: ...

    async def applications(self) -> Sequence[Application]: ...

    async def add_key(self, key: ApiKey, fingerprint: bytes) -> ApiKey: ...

    async def keys(self, application_id: str) -> Sequence[ApiKey]: ...

    async def key(self, fingerprint: bytes) -> ApiKey | None:
        """The key with that fingerprint if it opens anything now: neither revoked nor expired."""
        ...

    async def revoke_key(self, application_id: str, key_id: str) -> ApiKey: ...


class Connectors(Protocol):
    """Saved connectors, at most one live. Changes are written down; the last ten configs are kept as `versions`."""

    async def replace(self, connector: SavedConnector, *, by: By) -> SavedConnector:
        """Save and make it the only SMS connector, in one step. Raises EntityExists when the id is taken."""
        ...

    async def change(self, connector_id: str, config: Mapping[str, Any], *, by: By) -> SavedConnector: ...

    async def remove(self, connector_id: str, allow: Callable[[SignIn], None], *, by: By) -> None:
        """`allow` raises when the sign-in settings, as they stand in that moment, need the connector."""
        ...

    async def restore(
        self, connector_id: str, version: str | None, admit: Callable[[SavedConnector], None], *, by: By
    ) -> SavedConnector:
        """Make a kept config live again, under the connector it belonged to. Raises EntityNotFound.

        Without `version` the last kept of that connector, or of all if it is live. `admit` refuses what can't be sent.
        """
        ...

    async def versions(self) -> Sequence[ConnectorVersion]: ...

    async def connector(self, connector_id: str) -> SavedConnector | None: ...

    async def live(self) -> SavedConnector | None: ...


class Settings(Protocol):
    """What decisions go by, as it stands now: kept in memory, since every start asks."""

    async def policy(self) -> Policy: ...

    async def limits(self) -> Limits: ...

    async def lists(self) -> Lists: ...

    async def test_number(self, phone: Phone) -> TestNumber | None: ...


#: From the limits as they stand to those that are wanted; called inside the transaction.
LimitsChange = Callable[[Limits], Limits]


class Rules(Protocol):
    """Policy, limits and sign-in settings as the operator left them in the database."""

    async def policy(self) -> Policy: ...

    async def limits(self) -> Limits: ...

    async def experience(self) -> Experience: ...

    async def change_experience(self, change: ExperienceChange, subject: str, *, by: By) -> Experience:
        """The same for how people sign in and the code policy; whether an SMS connector is saved is said as well."""
        ...

    async def change_limits(self, change: LimitsChange, subject: str, *, by: By) -> Limits:
        """Change them and write down that it was done; `subject` names what was changed."""
        ...


class ListEntries(Protocol):
    """Block and allow lists. Every change is written down with who made it."""

    async def lists(self) -> Lists: ...

    async def entries(self) -> Sequence[ListEntry]:
        """Those that have not run out, oldest first."""
        ...

    async def add(self, entry: ListEntry, *, by: By) -> ListEntry:
        """Raises EntityExists when its phone, prefix or network has an entry that stands."""
        ...

    async def remove(self, entry_id: str, *, by: By) -> None:
        """Raises EntityNotFound."""
        ...


class TestNumbers(Protocol):
    """Numbers with a fixed code and no SMS. Every change is written down with who made it."""

    async def number(self, phone: Phone) -> TestNumber | None:
        """It may have run out; the decision that uses it looks."""
        ...

    async def numbers(self) -> Sequence[TestNumber]:
        """Those that have not run out, oldest first."""
        ...

    async def add(self, number: TestNumber, *, by: By) -> None:
        """Raises EntityExists, or EntityInvalid when there are as many as there may be."""
        ...

    async def remove(self, phone: Phone, *, by: By) -> None:
        """Raises EntityNotFound."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One code to be put into words and sent."""

    message_id: str
    phone: Phone
    usage_type: UsageType
    code: Secret
    life: timedelta
    locale: str
    app_name: str
    payload: Mapping[str, str]


class Line(Protocol):
    """A live connector, ready to send. What it holds does not change under a send that has begun."""

    async def send(self, order: Order) -> Outcome:
        """Render, hand over once, and say which of the three outcomes it was. Never raises for what the gate does."""
        ...


class Delivery(Protocol):
    async def line(self) -> Line:
        """Raises NoConnector; then nothing has been recorded yet."""
        ...


class Meter(Protocol):
    """Counts what happens. Labels hold no phone."""

    def started(self, usage_type: UsageType, *, again: bool) -> None: ...

    def sent(self, status: str, reason: str, seconds: float) -> None: ...

    def checked(self, answer: str) -> None: ...

    def refused(self, limit: str) -> None:
        """No message left, because of that limit."""
        ...

    def watched(self, limit: str) -> None:
        """A message left that a limit in monitor would have refused."""
        ...

    def repeated(self) -> None:
        """A request that named itself was answered as before."""
        ...


class Clock(Protocol):
    """The store's time, for saying when, never for deciding."""

    async def now(self) -> datetime: ...


class Health(Protocol):
    async def ready(self) -> None:
        """Return when a decision could be made now. Raises StoreUnavailable."""
        ...


class Housekeeping(Protocol):
    """What only the operator on this machine asks for."""

    async def erase(self, phone: Phone, *, actor: str, reason: str) -> Mapping[str, int]:
        """Remove what is kept about a phone, and write down that it was done; how much of each.

        What is counted under its pseudonym stays until its window ends, or erasing would give guesses back.
        """
        ...

    async def purge(self) -> Mapping[str, int]:
        """End what has run out and forget phones whose retention is over; how many of each."""
        ...

    async def backup(self, path: str) -> None:
        """A consistent copy of the database. Raises CannotStart in one sentence."""
        ...

    async def rotate(self) -> Mapping[str, int]:
        """A new secret key, and everything at rest under it; how much of each. Raises CannotStart in one sentence."""
        ...
