"""An engine on a real file, with a line that keeps what it is given instead of sending it."""

import asyncio
import sqlite3
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from pathlib import Path

from aerocode.crypto import Keyring
from aerocode.errors import NoConnector
from aerocode.model.application import Application
from aerocode.model.lists import NO_LISTS
from aerocode.model.lists import Lists
from aerocode.model.lists import TestNumber
from aerocode.model.message import Accepted
from aerocode.model.message import Outcome
from aerocode.model.policy import Limits
from aerocode.model.policy import Policy
from aerocode.model.states import MessageStatus
from aerocode.phone import Countries
from aerocode.phone import Phone
from aerocode.ports import Order
from aerocode.store.sqlite.store import SqliteStore
from aerocode.verify.asking import Start
from aerocode.verify.engine import Engine

KEYRING = Keyring(b"the key of these tests, 32 bytes")
PHONE = "+79123456789"
ACCEPTED = Accepted(gate_id="31415", status=MessageStatus.QUEUED)


class CountingLine:
    """Implements `ports.Line`: keeps every order, looks into the file while it has it, answers what it is told to."""

    def __init__(self, path: Path) -> None:
        self.orders: list[Order] = []
        self.outcome: Outcome = ACCEPTED
        self.seen: list[list[tuple]] = []
        self.question = "select status, message_id from verifications"
        self.gate = asyncio.Event()
        self.gate.set()
        self.taken = asyncio.Event()
        self._path = path

    async def send(self, order: Order) -> Outcome:
        self.orders.append(order)
        self.seen.append(look(self._path, self.question))
        self.taken.set()
        await self.gate.wait()
        return self.outcome

    @property
    def codes(self) -> list[str]:
        return [order.code.reveal() for order in self.orders]


class OneLine:
    """Implements `ports.Delivery`."""

    def __init__(self, line: CountingLine) -> None:
        self.saved: CountingLine | None = line

    async def line(self) -> CountingLine:
        if self.saved is None:
            raise NoConnector
        return self.saved


class Given:
    """Implements `ports.Settings`."""

    def __init__(self) -> None:
        self.now = (Policy(), Limits())
        self.entries = NO_LISTS
        self.numbers: dict[str, TestNumber] = {}

    async def policy(self) -> Policy:
        return self.now[0]

    async def limits(self) -> Limits:
        return self.now[1]

    async def lists(self) -> Lists:
        return self.entries

    async def test_number(self, phone: Phone) -> TestNumber | None:
        return self.numbers.get(phone.e164)


class Tally:
    """Implements `ports.Meter`."""

    def __init__(self) -> None:
        self.lines: list[tuple] = []

    def started(self, usage_type: str, *, again: bool) -> None:
        self.lines.append(("started", usage_type, again))

    def sent(self, status: str, reason: str, seconds: float) -> None:
        self.lines.append(("sent", status, reason))

    def checked(self, answer: str) -> None:
        self.lines.append(("checked", answer))

    def refused(self, limit: str) -> None:
        self.lines.append(("refused", limit))

    def watched(self, limit: str) -> None:
        self.lines.append(("watched", limit))

    def repeated(self) -> None:
        self.lines.append(("repeated",))


class House:
    def __init__(self, store: SqliteStore, path: Path) -> None:
        self.store = store
        self.path = path
        self.line = CountingLine(path)
        self.delivery = OneLine(self.line)
        self.settings = Given()
        self.meter = Tally()
        self.engine = Engine(
            verifications=store.verifications,
            settings=self.settings,
            delivery=self.delivery,
            keyring=KEYRING,
            countries=Countries(),
            meter=self.meter,
        )

    def start(self, phone: str = PHONE, **more: object):
        return self.engine.start(Start(application=an_application(), phone=phone, **more))

    def look(self, question: str, *values: object) -> list[tuple]:
        return look(self.path, question, *values)

    def recorded(self) -> tuple[int, ...]:
        """How many verifications, messages and waits are in the file."""
        ((*counts,),) = self.look(
            "select (select count(*) from verifications), (select count(*) from messages),"
            " (select count(*) from ladders)"
        )
        return tuple(counts)

    def shift_clock(self, seconds: float) -> None:
        self.store.shift_clock(timedelta(seconds=seconds))


def an_application(application_id: str = "default") -> Application:
    return Application(id=application_id, product="The Shop", created_at=datetime(2026, 1, 1, tzinfo=UTC))


def look(path: Path, question: str, *values: object) -> list[tuple]:
    """What another connection sees: only what is committed."""
    database = sqlite3.connect(path)
    try:
        return database.execute(question, values).fetchall()
    finally:
        database.close()
