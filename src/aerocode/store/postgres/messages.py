"""What becomes of messages, as asks of the batcher; and those whose process died with them."""

from datetime import timedelta

from aerocode.crypto import Pseudonyms
from aerocode.errors import EntityNotFound
from aerocode.model.decision import Marked
from aerocode.model.decision import Spent
from aerocode.model.decision import Test
from aerocode.model.decision import TooSoon
from aerocode.model.message import Message
from aerocode.model.message import Outcome
from aerocode.model.message import Refused
from aerocode.model.message import Report
from aerocode.store import rows
from aerocode.store.decisions import marking
from aerocode.store.decisions import testing
from aerocode.store.decisions.case import Case
from aerocode.store.decisions.case import Values
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
        question: Ask[Marked] = Ask(
            about=message_id,
            finding="addressed",
            locks=lambda found: self._locks(message_id, found),
            loading="to_mark",
            values={"id": message_id, "refused": isinstance(outcome, Refused)},
            decide=lambda case: marking.mark(_known(case), _touched(case.row, outcome), outcome),
        )
        return await self._batcher.ask(question)

    async def note(self, message_id: str, report: Report) -> Message:
        question: Ask[Message] = Ask(
            about=message_id,
            finding="addressed",
            locks=lambda found: self._locks(message_id, found),
            loading="to_mark",
            values={"id": message_id, "refused": False},
            decide=lambda case: marking.note(_known(case), report),
        )
        return await self._batcher.ask(question)

    async def give_up_unmarked(self, older_than: timedelta) -> int:
        """Messages handed over before that and never marked become `unknown`; how many were.

        Never for those that another replica may still have in its hands: say the gate's time limit and some more.
        """
        async with self._pool.transaction() as session:
            now = await session.now()
            before = now - rows.from_span(older_than)
            found = await session.all(CHORES["not_marked"], {"before": before, "limit": _STEP})
            writes: list[Values] = []
            for row in found:
                case = Case(dict(row.items()), now)
                marking.give_up(case)
                writes.extend(values for _, values in case.writes)
            if writes:
                await session.each(WRITES["mark"], writes)
        return len(found)

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


def _touched(row: Loaded, outcome: Outcome) -> Loaded | None:
    return whole(row["verification_row"]) if marking.touches(row, outcome) else None


def _told(row: Row, of: str) -> Row:
    return {"sent": row[f"{of}_sent"], "first": row[f"{of}_first"]}
