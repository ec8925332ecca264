"""The floor, a process of its own: the decisions of the store and the calls to the gate, and no server around them.

`python -m benchmarks.floor GATE FOLDER HANDS` obeys lines of JSON on standard input, one answer each.
"""

import asyncio
import dataclasses
import gc
import json
import sys
from collections import deque
from collections.abc import Awaitable
from collections.abc import Callable
from pathlib import Path

import uvloop

from aerocode.connectors.kit import SMS_AERO
from aerocode.crypto import Keyring
from aerocode.crypto import Secret
from aerocode.crypto import new_id
from aerocode.crypto import new_master_key
from aerocode.model.decision import Approved
from aerocode.model.decision import Issue
from aerocode.model.decision import Issued
from aerocode.model.decision import Wrong
from aerocode.model.message import Accepted
from aerocode.model.policy import Limits
from aerocode.model.policy import Policy
from aerocode.model.states import UsageType
from aerocode.model.verification import Subject
from aerocode.phone import Phone
from aerocode.ports import Line
from aerocode.ports import Order
from aerocode.smsaero import Transport
from aerocode.store.sqlite.store import SqliteStore
from aerocode.store.sqlite.store import open_store
from aerocode.verify.codes import Codes
from benchmarks import smsaero
from benchmarks.aerocode import USAGE
from benchmarks.crew import Failed
from benchmarks.crew import Hand
from benchmarks.crew import Kind
from benchmarks.crew import Timing
from benchmarks.crew import work
from benchmarks.phones import phones
from benchmarks.phones import wrong

_Pending = tuple[Subject, str]

POLICY, LIMITS = Policy(), Limits()


class Floor:
    def __init__(self, store: SqliteStore, line: Line, keyring: Keyring, hands: int) -> None:
        self._store = store
        self._line = line
        self._codes = Codes(keyring)
        self._hands = hands
        self._phones = phones()
        self._pending: deque[_Pending] = deque()
        self._doing = {Kind.START: self._start_one, Kind.CHECK_WRONG: None, Kind.CYCLE: self._cycle_one}

    async def prepare(self, kind: Kind, count: int) -> Timing:
        needed = -(-count // (POLICY.attempts - 1)) + self._hands if kind is Kind.CHECK_WRONG else 0
        return await work([self._prepare_one] * self._hands, needed)

    async def work(self, kind: Kind, count: int) -> Timing:
        same = self._doing[kind]
        timing = await work([same or self._guessing() for _ in range(self._hands)], count)
        self._pending.clear()
        return timing

    async def _start_one(self) -> None:
        await self._start()

    async def _prepare_one(self) -> None:
        self._pending.append(await self._start())

    async def _cycle_one(self) -> None:
        await self._check(*await self._start(), Approved)

    def _guessing(self) -> Hand:
        mine: list[_Pending] = []

        async def hand() -> None:
            if not mine:
                mine.extend([self._pending.popleft()] * (POLICY.attempts - 1))
            subject, code = mine.pop()
            await self._check(subject, wrong(code), Wrong)

        return hand

    async def _start(self) -> _Pending:
        """What the engine does once it knows who asks what: decide and record, commit, send, mark."""
        subject = Subject("default", Phone(f"+{next(self._phones)}"), UsageType(USAGE), "")
        verification_id = new_id()
        code, sealed = self._codes.new(subject, verification_id, POLICY.code_length)
        issued = await self._store.verifications.issue(
            Issue(
                subject=subject,
                verification_id=verification_id,
                message_id=new_id(),
                code=sealed,
                policy=POLICY,
                limits=LIMITS,
            )
        )
        if not isinstance(issued, Issued):
            raise Failed(repr(issued))
        order = _order(subject, issued, code)
        outcome = await self._line.send(order)
        await self._store.verifications.mark(issued.message_id, outcome)
        if not isinstance(outcome, Accepted):
            raise Failed(repr(outcome))
        return subject, code.reveal()

    async def _check(self, subject: Subject, typed: str, wanted: type) -> None:
        answer = await self._store.verifications.check(
            subject, lambda found, verification_id: self._codes.seals(found, verification_id, typed)
        )
        if not isinstance(answer, wanted):
            raise Failed(repr(answer))


def _order(subject: Subject, issued: Issued, code: Secret) -> Order:
    return Order(
        message_id=issued.message_id,
        phone=subject.phone,
        usage_type=subject.usage_type,
        code=code,
        life=POLICY.lifetime,
        locale="",
        app_name="",
        payload={},
    )


async def _open(gate: str, folder: Path, hands: int) -> tuple[Floor, Callable[[], Awaitable[None]]]:
    keyring = Keyring(new_master_key())
    store = await open_store(folder / "floor.db", keyring)
    transport = Transport((gate,))
    await transport.open()
    floor = Floor(store, SMS_AERO.line(smsaero.CONFIG, transport), keyring, hands)

    async def close() -> None:
        await transport.close()
        await store.close()

    return floor, close


def main() -> None:
    gate, folder, hands = sys.argv[1:]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        floor, close = runner.run(_open(gate, Path(folder), int(hands)))
        gc.freeze()
        print("ready", flush=True)
        for line in sys.stdin:
            told = json.loads(line)
            do = floor.prepare if told["do"] == "prepare" else floor.work
            timing = runner.run(do(Kind(told["kind"]), told["count"]))
            print(json.dumps(dataclasses.asdict(timing)), flush=True)
        runner.run(close())


if __name__ == "__main__":
    main()
