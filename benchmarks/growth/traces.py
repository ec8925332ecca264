"""A few verifications that a server finished, one after another, and what each wrote for good."""

import asyncio
from collections.abc import Callable

from benchmarks.adapter import Answer
from benchmarks.aerocode import Aerocode
from benchmarks.caller import Caller
from benchmarks.child import Died
from benchmarks.driven import served
from benchmarks.gate import Gate
from benchmarks.growth.database import Database
from benchmarks.growth.database import Trace
from benchmarks.phones import RANGE
from benchmarks.phones import phone
from benchmarks.phones import wrong

#: How they end: most are approved, one in ten is given up, one in ten is guessed at until nothing is left.
_ENDS = (
    "approved",
    "approved",
    "approved",
    "approved",
    "canceled",
    "approved",
    "approved",
    "approved",
    "approved",
    "guessed",
)
#: Seconds in which a server has written what it writes after its answer.
_SETTLED = 0.2


async def traces(adapter: Aerocode, gate: Gate, opened: Callable[[], Database]) -> list[Trace]:
    """`opened` is called once the server has made its database. Raises Died."""
    found = []
    async with served(adapter, gate, 1) as (_, (caller,), _):
        await _finish(
            adapter, gate, caller, phone(RANGE - 1), "approved"
        )  # what the first one ever leaves is not a trace
        database = opened()
        for position, end in enumerate(_ENDS, start=2):
            digits = phone(RANGE - position)
            before = {row.name for row in database.rows()}
            await _finish(adapter, gate, caller, digits, end)
            found.append(Trace(f"+{digits}", [row for row in database.rows() if row.name not in before]))
    return found


async def _finish(adapter: Aerocode, gate: Gate, caller: Caller, digits: str, end: str) -> None:
    started = await caller.post(adapter.start(digits))
    _hold(started, right=adapter.is_started(started))
    code = await gate.code(digits)
    match end:
        case "approved":
            answer = await caller.post(adapter.check(digits, started, code))
            _hold(answer, right=adapter.is_approved(answer))
        case "canceled":
            answer = await caller.post(adapter.cancel(started))
            _hold(answer, right=answer.status < 300)
        case _:
            for _ in range(adapter.wrong_checks + 1):
                answer = await caller.post(adapter.check(digits, started, wrong(code)))
                _hold(answer, right=adapter.is_refused(answer))
    await asyncio.sleep(_SETTLED)


def _hold(answer: Answer, *, right: bool) -> None:
    if not right:
        raise Died(f"{answer.status} {answer.body[:500].decode('utf-8', 'replace')}")
