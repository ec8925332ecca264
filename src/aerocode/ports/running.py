"""What a running house does besides: sending, counting, telling the time, housekeeping."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from typing import Protocol

from aerocode.crypto import Secret
from aerocode.model.message import Outcome
from aerocode.model.states import UsageType
from aerocode.phone import Phone


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

    def balance(self, roubles: Decimal) -> None: ...


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
