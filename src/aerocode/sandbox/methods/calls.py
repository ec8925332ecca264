"""`flashcall/*`, `voicecode/send`: the phone rings, and the code is the caller's last digits or is read out."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

from aerocode.sandbox.faults import Fate
from aerocode.sandbox.faults import Fault
from aerocode.sandbox.fields import Given
from aerocode.sandbox.inbox import Message
from aerocode.sandbox.life import Lives
from aerocode.sandbox.life import Step
from aerocode.sandbox.methods.endpoint import Endpoint
from aerocode.sandbox.replies import PAGE
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.replies import Sending
from aerocode.sandbox.state import Rows
from aerocode.sandbox.state import State

PRICE = 0.59  # roubles
_QUEUE = Step(0.0, 0, "")
_PASSED = Step(0.5, 4, "")
_ANSWERED = (_QUEUE, _PASSED, Step(1.0, 1, ""))
_NOT_DIALLED = (_QUEUE, _PASSED, Step(1.0, 2, ""))
_LIVES: Lives = {
    Fate.DELIVERED: _ANSWERED,
    Fate.LATE: _ANSWERED,
    Fate.MODERATED: _ANSWERED,
    Fate.MODERATION: (_QUEUE,),
    Fate.UNDELIVERED: _NOT_DIALLED,
    Fate.REJECTED: _NOT_DIALLED,
}
_HEARD = {"flashcall": "Missed call from a number that ends in {}", "voicecode": "A voice says: {}"}


@dataclass(frozen=True, slots=True)
class _Call:
    message: Message
    code: str


class Calls:
    def __init__(self, state: State) -> None:
        self._state = state
        self._flashes: Rows[_Call] = Rows(state.next_id)
        self._voices: Rows[_Call] = Rows(state.next_id)

    def endpoints(self) -> Iterable[Endpoint]:
        yield Endpoint(path="flashcall/send", act=partial(self._send, "flashcall", self._flashes))
        yield Endpoint(path="flashcall/status", act=self._status)
        yield Endpoint(path="flashcall/list", act=self._list)
        yield Endpoint(path="voicecode/send", act=partial(self._send, "voicecode", self._voices), untested=True)

    def _send(self, channel: str, rows: Rows[_Call], given: Given) -> Sending:
        phone, code = given.number("phone"), given.code("code", 4, 4)
        given.check()

        def take(fault: Fault) -> Answer:
            self._state.charge(PRICE)
            message = Message(
                id=self._state.next_id(),
                channel=channel,
                number=phone,
                sign="call",
                text=_HEARD[channel].format(code),
                cost=PRICE,
                received=self._state.now(),
                course=self._state.course(_LIVES[fault.fate], fault.fate),
            )
            self._state.inbox.add(message)
            call = _Call(message, code)
            return Answer({"id": rows.add(call, message.id)} | self._told(call))

        return Sending((phone,), take)

    def _status(self, given: Given) -> Answer:
        call_id = given.one()
        call = self._flashes.get(call_id)
        return Answer({"id": call_id} | self._told(call) | {"timeSend": int(call.message.received)})

    def _list(self, given: Given) -> Answer:
        """Unlike every other list: an array under `list`, a count that is an integer, and no links."""
        number = given.number() if given.has("number") else None
        page = given.page()
        found = [
            {"id": call_id} | self._told(call)
            for call_id, call in self._flashes.newest_first()
            if number in (None, call.message.number)
        ]
        return Answer({"list": found[(page - 1) * PAGE : page * PAGE], "totalCount": len(found)})

    def _told(self, call: _Call) -> dict[str, Any]:
        step = call.message.step(self._state.now())
        return {
            "status": step.status,
            "code": call.code,
            "phone": call.message.number,
            "cost": f"{call.message.cost:.2f}",
            "timeCreate": int(call.message.received),
            "timeUpdate": int(call.message.course.at(step)),
        }
