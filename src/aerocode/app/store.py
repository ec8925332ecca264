"""What the house needs of a store, whichever it is: the ports, and what only its own life asks for."""

from collections.abc import Callable
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from aerocode.model.decision import SealedCode
from aerocode.model.policy import Limits
from aerocode.model.policy import Policy
from aerocode.model.verification import Subject
from aerocode.phone import Phone
from aerocode.ports import Applications
from aerocode.ports import Budgets
from aerocode.ports import Clock
from aerocode.ports import Connectors
from aerocode.ports import Health
from aerocode.ports import ListEntries
from aerocode.ports import Messages
from aerocode.ports import Reader
from aerocode.ports import Rules
from aerocode.ports import TestNumbers
from aerocode.ports import Verifications

Reseal = Callable[[Subject, str, bytes], SealedCode]


class Facts(Rules, Protocol):
    async def fact(self, name: str) -> str | None: ...

    async def put(self, name: str, value: str) -> None: ...

    async def seed(self, name: str, value: str) -> str:
        """Write it if it is not there yet; what is there now."""
        ...

    async def seed_policy(self, policy: Policy, limits: Limits) -> None: ...


class SentMessages(Messages, Protocol):
    async def give_up_unmarked(self, older_than: timedelta) -> int:
        """Messages handed over before that and never marked become `unknown`; how many, 0 when none is left."""
        ...


class SavedConnectors(Connectors, Protocol):
    async def rotate(self) -> int:
        """Close every config with the primary key; how many were closed with an older one."""
        ...


class SavedLists(ListEntries, Protocol):
    async def load(self) -> None:
        """Know what stands in the database now, when something else than this has changed it."""
        ...


class SavedTestNumbers(TestNumbers, Protocol):
    async def load(self) -> None: ...

    async def rotate(self) -> int:
        """Close every code with the primary key; how many were closed with an older one."""
        ...


class Upkeep(Protocol):
    async def turn(self, chore: str, every: timedelta) -> bool:
        """Whether it is for us to do that now: of all replicas one does it in that time, and another if it dies."""
        ...

    async def expire(self) -> int: ...

    async def forget(self, retention: timedelta) -> int: ...

    async def erase(self, phone: Phone, *, actor: str, reason: str) -> Mapping[str, int]: ...

    async def rotate(self, reseal: Reseal) -> int: ...

    async def copy(self, target: Path) -> None: ...


class Store(Clock, Health, Protocol):
    @property
    def budgets(self) -> Budgets: ...

    @property
    def verifications(self) -> Verifications: ...

    @property
    def messages(self) -> SentMessages: ...

    @property
    def reader(self) -> Reader: ...

    @property
    def applications(self) -> Applications: ...

    @property
    def connectors(self) -> SavedConnectors: ...

    @property
    def settings(self) -> Facts: ...

    @property
    def lists(self) -> SavedLists: ...

    @property
    def test_numbers(self) -> SavedTestNumbers: ...

    @property
    def chores(self) -> Upkeep: ...

    async def rotate_names(self) -> None: ...

    async def close(self) -> None: ...
