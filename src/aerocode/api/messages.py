"""Messages and their timelines."""

import re
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime
from datetime import timedelta

from aerocode import errors
from aerocode.api import render
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Ask
from aerocode.api.paging import limit_of
from aerocode.model.message import Message
from aerocode.model.states import MessageStatus
from aerocode.phone import Countries
from aerocode.ports import Reader
from aerocode.ports import Wanted

_CURSOR = re.compile(r"([0-9a-f]{1,16})-([0-9a-v]{1,26})")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FARTHEST = datetime(9999, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class MessageHandlers:
    reader: Reader
    countries: Countries

    async def one(self, ask: Ask[None]) -> Answer:
        found = await self.reader.message(ask.caller.application.id, ask.path["id"])
        if found is None:
            raise errors.EntityNotFound
        return Answer(200, render.message(found))

    async def many(self, ask: Ask[None]) -> Answer:
        """Newest first; `nextCursor` is null on the last page."""
        query = ask.query
        limit = limit_of(query)
        wanted = Wanted(
            limit=limit + 1,
            statuses=_statuses(query["status"]) if "status" in query else frozenset(MessageStatus),
            phone=self.countries.everywhere.admit(query["phone"]) if "phone" in query else None,
            since=_moment(query["since"], "since") if "since" in query else None,
            until=_moment(query["until"], "until") if "until" in query else None,
            before=_before(query["cursor"]) if "cursor" in query else None,
        )
        found = await self.reader.messages(ask.caller.application.id, wanted)
        page = found[:limit]
        cursor = _cursor(page[-1]) if len(found) > limit else None
        return Answer(200, {"messages": [render.message(row) for row in page], "nextCursor": cursor})


def _statuses(text: str) -> frozenset[MessageStatus]:
    try:
        return frozenset(MessageStatus(word.strip()) for word in text.split(","))
    except ValueError as cause:
        raise _wrong("status", f"Write one or more of {', '.join(MessageStatus)}, with commas between.") from cause


def _moment(text: str, name: str) -> datetime:
    try:
        # A plus in a query that was not encoded arrives as a space.
        moment = datetime.fromisoformat(text.replace(" ", "+"))
        if moment.tzinfo is not None and _EPOCH <= moment < _FARTHEST:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise _wrong(name, "Write a time with its zone, as in 2030-01-31T12:00:00Z.")


def _cursor(last: Message) -> str:
    return f"{(last.created_at - _EPOCH) // _MICROSECOND:x}-{last.id}"


def _before(cursor: str) -> tuple[datetime, str]:
    written = _CURSOR.fullmatch(cursor)
    microseconds = int(written[1], 16) if written is not None else -1
    if written is None or microseconds >= (_FARTHEST - _EPOCH) // _MICROSECOND:
        raise _wrong("cursor", "Give the nextCursor of the page before.")
    return _EPOCH + microseconds * _MICROSECOND, written[2]


def _wrong(name: str, message: str) -> errors.InvalidInput:
    return errors.InvalidInput([errors.Fault((name,), "custom", message)])
