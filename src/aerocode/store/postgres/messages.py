"""What becomes of messages, as asks of the batcher; and those whose process died with them."""

import asyncio
from collections.abc import Callable
from collections.abc import Sequence
from datetime import timedelta

from aerocode.crypto import Pseudonyms
from aerocode.errors import EntityNotFound
from aerocode.model.decision import Due
from aerocode.model.decision import Marked
from aerocode.model.decision import Spent
from aerocode.model.decision import Test
from aerocode.model.decision import TooSoon
from aerocode.model.message import Found
from aerocode.model.message import Message
from aerocode.model.message import Outcome
from aerocode.model.message import Report
from aerocode.model.states import MessageStatus
from aerocode.store import rows
from aerocode.store.decisions import following
from aerocode.store.decisions import marking
from aerocode.store.decisions import testing
from aerocode.store.decisions.case import Case
from aerocode.store.postgres.ask import Answer
from aerocode.store.postgres.ask import Ask
from aerocode.store.postgres.ask import Locks
from aerocode.store.postgres.batcher import Batcher
from aerocode.store.postgres.locks import MONEY
from aerocode.store.postgres.locks import of_phone
from aerocode.store.postgres.locks import of_request
from aerocode.store.postgres.pool import Pool
from aerocode.store.postgres.session import statements
from aerocode.store.postgres.session import whole
from aerocode.store.rows import Loaded
from aerocode.store.rows import Row

CHORES = statements("chores")
WRITES = statements("writes")

_STEP = 200


class PostgresMessages:
    """Implements `ports.Messages`, and for `ports.Verifications` the mark."""

    def __init__(self, batcher: Batcher, pool: Pool, names: Pseudonyms) -> None:
        self._batcher = batcher
        self._pool = pool
        self._names = names

    async def test(self, ask: Test) -> Message | TooSoon | Spent:
        money = ask.limits.daily_budget is not None
        locks = Locks(
            (of_phone(self._names.of(ask.phone.e164)), f"caller {ask.caller}"),
            (MONEY,) if money else (),
        )
        question: Ask[Message | TooSoon | Spent] = Ask(
            about=ask.phone.e164,
            locks=lambda _: locks,
            loading="to_test",
            values={
                "caller": ask.caller,
                "caller_window": rows.from_span(testing.CALLER_WINDOW),
                "phone": ask.phone.e164,
                "phone_window": rows.from_span(testing.PHONE_WINDOW),
                "spending": "all" if money else None,
            },
            decide=lambda case: testing.test(case, ask, _told(case.row, "caller"), _told(case.row, "phone")),
        )
        return await self._batcher.ask(question)

    async def mark(self, message_id: str, outcome: Outcome) -> Marked:
        def decide(case: Case) -> Marked:
            row = _known(case).row
            around = _around(row) if marking.touches(row, outcome) else (None, 0)
            return marking.mark(case, around[0], outcome, around[1])

        return await self._about(message_id, decide, wanted=marking.is_far_reaching(outcome))

    async def note(self, message_id: str, report: Report) -> Message:
        wanted = report.status is MessageStatus.MODERATION
        return await self._about(message_id, lambda case: _noted(case, report), wanted=wanted)

    async def settle(self, message_id: str, found: Found) -> Message | None:
        def decide(case: Case) -> Message | None:
            return None if _known(case).row["claimed"] else _noted(case, found.report)

        question: Ask[Message | None] = Ask(
            about=message_id,
            finding="addressed",
            locks=lambda found: self._locks(message_id, found),
            loading="to_settle",
            values={
                "id": message_id,
                "wanted": found.report.status is MessageStatus.MODERATION,
                "gate_id": found.report.gate_id,
                "at": rows.from_time(found.at),
                "neighbours": rows.from_span(marking.NEIGHBOURS),
            },
            decide=decide,
        )
        return await self._batcher.ask(question)

    async def prove(self, message_id: str, proof: bytes) -> None:
        def decide(case: Case) -> None:
            case.write("prove", id=message_id, proof=proof)

        await self._about(message_id, decide)

    async def due(self, limit: int) -> Sequence[Due]:
        taken: list[Due] = []
        while len(taken) < limit:
            async with self._pool.transaction() as session:
                key = {"now": await session.now(), "limit": limit - len(taken)}
                found = await session.all(CHORES["due"], key)
            if not found:
                break
            # Other replicas may be quicker with some of these; then there may be more.
            asked = await asyncio.gather(*(self._about(row["id"], _take, wanted=True) for row in found))
            taken += [due for due in asked if due is not None]
        return taken

    async def give_up_unmarked(self, older_than: timedelta) -> int:
        """Messages handed over before that and never marked become `unknown`; how many were.

        Never for those that another replica may still have in its hands: say the gate's time limit and some more.
        """
        async with self._pool.transaction() as session:
            now = await session.now()
            before = now - rows.from_span(older_than)
            found = await session.all(CHORES["not_marked"], {"before": before, "limit": _STEP})
            for row in found:
                case, verification = Case(dict(row.items()), now), None
                if row["request"] is not None:
                    about = await session.one(CHORES["verification"], {"id": row["verification"]})
                    verification = None if about is None else dict(about.items())
                marking.give_up(case, verification)
                for name, values in case.writes:
                    await session.do(WRITES[name], values)
        return len(found)

    async def _about(self, message_id: str, decide: Callable[[Case], Answer], *, wanted: bool = False) -> Answer:
        """`wanted`: its verification is to be loaded whatever the message is."""
        question = Ask(
            about=message_id,
            finding="addressed",
            locks=lambda found: self._locks(message_id, found),
            loading="to_mark",
            values={"id": message_id, "wanted": wanted},
            decide=decide,
        )
        return await self._batcher.ask(question)

    def _locks(self, message_id: str, found: Row | None) -> Locks:
        if found is None:
            return Locks((message_id,))
        phone: str = found["phone"]
        name = self._names.of(phone) if phone.startswith("+") else phone
        request = () if found["request"] is None else (of_request(found["request"]),)
        return Locks((of_phone(name), *request), (MONEY,) if found["aside"] else ())


def _known(case: Case) -> Case:
    if case.row["id"] is None:
        raise EntityNotFound
    return case


def _noted(case: Case, report: Report) -> Message:
    around: tuple[Loaded | None, int] = (None, 0)
    if MessageStatus.MODERATION in {_known(case).row["status"], report.status}:
        around = _around(case.row)
    return marking.note(case, report, *around)


def _take(case: Case) -> Due | None:
    """None when another replica has taken it, or it was settled, since it was found."""
    ask_at = case.row["ask_at"]
    if ask_at is None or ask_at > case.now:
        return None
    return following.take(case, whole(case.row["verification_row"]))


def _around(row: Loaded) -> tuple[Loaded | None, int]:
    """The message's verification, and how many more of its messages are in moderation, if this one is."""
    return whole(row["verification_row"]), row["others"]


def _told(row: Row, of: str) -> Row:
    return {"sent": row[f"{of}_sent"], "first": row[f"{of}_first"]}
