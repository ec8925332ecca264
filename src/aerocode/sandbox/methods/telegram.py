"""`telegram/*`: codes over Telegram, with an SMS instead when they do not get through and a text was given."""

from collections.abc import Callable
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aerocode.sandbox.faults import ORDINARY
from aerocode.sandbox.faults import Fate
from aerocode.sandbox.faults import Fault
from aerocode.sandbox.fields import LONGEST_SIGN
from aerocode.sandbox.fields import LONGEST_TEXT
from aerocode.sandbox.fields import Given
from aerocode.sandbox.inbox import Message
from aerocode.sandbox.life import Step
from aerocode.sandbox.methods.endpoint import Endpoint
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.replies import Sending
from aerocode.sandbox.state import Rows
from aerocode.sandbox.state import State

PRICE = 1.0  # roubles
_QUEUE = Step(0.0, 0, "queue")
_STAYS = (Fate.UNDELIVERED, Fate.REJECTED, Fate.MODERATION)
"""Fates that keep a code in the queue: no number for a failure is known."""

SendSms = Callable[[str, str, str, Fault], Message]


@dataclass(frozen=True, slots=True)
class _Code:
    message: Message
    code: str
    sign: str | None
    text: str | None
    id_sms: int | None


class Telegram:
    """`send_sms` takes an SMS: number, sender, text, and what becomes of it."""

    def __init__(self, state: State, send_sms: SendSms) -> None:
        self._state = state
        self._send_sms = send_sms
        self._codes: Rows[_Code] = Rows(state.next_id)

    def endpoints(self) -> Iterable[Endpoint]:
        yield Endpoint(path="telegram/send", act=self._send)
        yield Endpoint(path="telegram/status", act=lambda given: Answer(self._told(given.one())))

    def _send(self, given: Given) -> Sending:
        numbers, code = given.numbers(), given.code("code", 4, 8)
        sign, text = given.maybe("sign", 2, LONGEST_SIGN), given.maybe("text", 2, LONGEST_TEXT)
        given.check()

        def take(fault: Fault) -> Answer:
            self._state.charge(PRICE * len(numbers.each))
            sent = [self._accept(number, code, sign, text, fault) for number in numbers.each]
            told = [self._told(self._codes.add(taken, taken.message.id)) for taken in sent]
            return Answer(told if numbers.many else told[0])

        return Sending(numbers.each, take)

    def _accept(self, number: str, code: str, sign: str | None, text: str | None, fault: Fault) -> _Code:
        life = (_QUEUE,) if fault.fate in _STAYS else (_QUEUE, Step(1.0, 1, "delivery"))
        message = Message(
            id=self._state.next_id(),
            channel="telegram",
            number=number,
            sign="Telegram",
            text=f"Code {code}",
            cost=PRICE,
            received=self._state.now(),
            course=self._state.course(life, fault.fate),
        )
        self._state.inbox.add(message)
        if sign is None or text is None or fault.fate is not Fate.UNDELIVERED:
            return _Code(message, code, sign, text, id_sms=None)
        return _Code(message, code, sign, text, id_sms=self._send_sms(number, sign, text, ORDINARY).id)

    def _told(self, code_id: int) -> dict[str, Any]:
        code = self._codes.get(code_id)
        step = code.message.step(self._state.now())
        return {
            "id": code_id,
            "number": code.message.number,
            "telegramCode": code.code,
            "smsText": code.text,
            "smsFrom": code.sign,
            "idSms": code.id_sms,
            "status": step.status,
            "extendStatus": step.word,
            "cost": f"{code.message.cost:.2f}",
            "dateCreate": int(code.message.received),
        }
