"""What is kept beside them: applications, connectors, rules, lists; and rows to look at."""

from collections.abc import Callable
from collections.abc import Mapping
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from typing import Protocol

from aerocode.model.application import ApiKey
from aerocode.model.application import Application
from aerocode.model.audit import By
from aerocode.model.connector import ConnectorVersion
from aerocode.model.connector import SavedConnector
from aerocode.model.lists import ListEntry
from aerocode.model.lists import Lists
from aerocode.model.lists import TestNumber
from aerocode.model.message import Message
from aerocode.model.policy import Limits
from aerocode.model.policy import Policy
from aerocode.model.sign_in import Experience
from aerocode.model.sign_in import ExperienceChange
from aerocode.model.sign_in import SignIn
from aerocode.model.states import MessageStatus
from aerocode.model.verification import Verification
from aerocode.phone import Phone


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which messages of a list. `before` is the last one seen, by when it was created and its id; none for the start.

    `since` is included, `until` is not.
    """

    limit: int
    statuses: frozenset[MessageStatus] = frozenset(MessageStatus)
    phone: Phone | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: tuple[datetime, str] | None = None


class Reader(Protocol):
    """Rows to look at. Nothing read here may decide anything about a live verification."""

    async def verification(self, application: str, verification_id: str) -> Verification | None: ...

    async def verifications(
        self, application: str, *, phone: Phone | None, before: str | None, limit: int
    ) -> Sequence[Verification]: ...

    async def message(self, application: str, message_id: str) -> Message | None: ...

    async def messages(self, application: str, wanted: Wanted) -> Sequence[Message]:
        """Newest first."""
        ...

    async def messages_of(self, verification: Verification) -> Sequence[Message]:
        """Oldest first."""
        ...

    async def moderated(self, last: int) -> tuple[int, int]:
        """Of the last so many messages of the installation: how many were in moderation, and how many there are."""
        ...


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
