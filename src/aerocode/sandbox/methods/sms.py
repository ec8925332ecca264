"""`sms/*`: sends, statuses and lists, for real ones and for those of the test mode."""

from collections.abc import Callable
from collections.abc import Iterable
from functools import partial
from typing import Any

from aerocode.sandbox.callbacks import Target
from aerocode.sandbox.faults import Fate
from aerocode.sandbox.faults import Fault
from aerocode.sandbox.fields import LONGEST_SIGN
from aerocode.sandbox.fields import LONGEST_TEXT
from aerocode.sandbox.fields import Given
from aerocode.sandbox.inbox import Inbox
from aerocode.sandbox.inbox import Message
from aerocode.sandbox.life import Lives
from aerocode.sandbox.life import Step
from aerocode.sandbox.methods.endpoint import Endpoint
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.replies import Sending
from aerocode.sandbox.replies import listed
from aerocode.sandbox.replies import wrong
from aerocode.sandbox.state import State
from aerocode.smsaero.model import SmsStatus

PRICE = 4.19  # roubles a segment, made up

_QUEUE = Step(0.0, SmsStatus.QUEUE, "queue")
_SENT = Step(0.5, SmsStatus.SENT, "sent")
_DELIVERED = Step(1.0, SmsStatus.DELIVERED, "delivery")
_MODERATION = Step(0.0, SmsStatus.MODERATION, "moderation")
LIVES: Lives = {
    Fate.DELIVERED: (_QUEUE, _SENT, _DELIVERED),
    Fate.LATE: (_QUEUE, Step(0.25, SmsStatus.SENT, "sent"), Step(0.5, SmsStatus.WAIT, "wait"), _DELIVERED),
    Fate.UNDELIVERED: (_QUEUE, _SENT, Step(1.0, SmsStatus.UNDELIVERED, "undelivered")),
    Fate.REJECTED: (_QUEUE, Step(1.0, SmsStatus.REJECT, "reject")),
    Fate.MODERATION: (_MODERATION,),
    Fate.MODERATED: (_MODERATION, _DELIVERED),
}
# The real gate delivers a test message at once.
_AT_ONCE = (Step(0.0, SmsStatus.DELIVERED, "delivery"),)


class Sms:
    """`blacklisted` tells whether a number is on the account's blacklist: what is sent to it will be rejected."""

    def __init__(self, state: State, blacklisted: Callable[[str], bool]) -> None:
        self._state = state
        self._blacklisted = blacklisted
        self._tests = Inbox()

    def endpoints(self) -> Iterable[Endpoint]:
        yield Endpoint(path="sms/send", act=self._send)
        yield Endpoint(path="sms/testsend", act=self._test_send)
        yield Endpoint(path="sms/status", act=self._status)
        yield Endpoint(path="sms/teststatus", act=self._test_status)
        yield Endpoint(path="sms/list", act=partial(self._list, "sms/list", self._state.inbox))
        yield Endpoint(path="sms/testlist", act=partial(self._list, "sms/testlist", self._tests))

    def _send(self, given: Given) -> Sending:
        numbers, sign, text = given.numbers(), *_words(given)
        target, when = given.target(), given.maybe_whole("dateSend")
        given.check()

        def take(fault: Fault) -> Answer:
            self._state.charge(round(PRICE * segments(text) * len(numbers.each), 2))
            sent = [self.accept(number, sign, text, fault, target=target, when=when) for number in numbers.each]
            told = [self._told(message) for message in sent]
            return Answer(told if numbers.many else told[0])

        return Sending(numbers.each, take)

    def accept(
        self, number: str, sign: str, text: str, fault: Fault, *, target: Target | None = None, when: int | None = None
    ) -> Message:
        """Put an SMS in the inbox, to be sent at `when` (Unix seconds), and see to its callbacks."""
        now = self._state.now()
        life = LIVES[Fate.REJECTED if self._blacklisted(number) else fault.fate]
        message = Message(
            id=self._state.next_id(),
            number=number,
            sign=sign,
            text=text,
            cost=round(PRICE * segments(text), 2),
            received=now,
            course=self._state.course(life, fault.fate, begins=max(now, when or 0)),
        )
        self._state.inbox.add(message)
        self._state.accepted += 1
        changes = [
            (message.course.at(step), {"id": message.id, "status": int(step.status), "extendStatus": step.word})
            for step in life[1:]
        ]
        self._state.callbacks.follow(target, changes, fault.reports)
        return message

    def _test_send(self, given: Given) -> Sending:
        numbers, sign, text = given.numbers(), *_words(given)
        given.target()
        given.check()

        def take(fault: Fault) -> Answer:
            sent = [
                Message(
                    id=self._state.next_id(),
                    number=number,
                    sign=sign,
                    text=text,
                    cost=round(PRICE * segments(text), 2),
                    received=self._state.now(),
                    course=self._state.course(_AT_ONCE, fault.fate),
                )
                for number in numbers.each
            ]
            for message in sent:
                self._tests.add(message)
            told = [self._told(message) for message in sent]
            return Answer(told if numbers.many else told[0])

        return Sending(numbers.each, take)

    def _status(self, given: Given) -> Answer:
        return Answer(self._followed(_found(self._state.inbox, given)))

    def _test_status(self, given: Given) -> Answer:
        message = _found(self._tests, given)
        return Answer(self._told(message) | {"number": int(message.number)})

    def _list(self, path: str, inbox: Inbox, given: Given) -> Answer:
        """Newest first. Filters: `number` or `numbers`, and `text`, each exact."""
        numbers = given.numbers().each if given.has("number") or given.has("numbers") else None
        text = given.maybe("text", longest=LONGEST_TEXT)
        page = given.page()
        chosen = [
            self._followed(message)
            for message in inbox.all("sms")
            if (numbers is None or message.number in numbers) and text in (None, message.text)
        ]
        return listed(path, chosen, page)

    def _told(self, message: Message) -> dict[str, Any]:
        step = message.step(self._state.now())
        return {
            "id": message.id,
            "from": message.sign,
            "number": message.number,
            "text": message.text,
            "status": int(step.status),
            "extendStatus": step.word,
            "channel": "FREE SIGN" if message.sign.replace(" ", "").lower() == "smsaero" else "DIRECT",
            "cost": message.cost,
            "dateCreate": int(message.received),
            "dateSend": int(message.course.begins),
        }

    def _followed(self, message: Message) -> dict[str, Any]:
        """As `sms/status` and `sms/list` tell it: there the number is an integer and the cost a string."""
        step = message.step(self._state.now())
        told = self._told(message) | {"number": int(message.number), "cost": f"{message.cost:.2f}"}
        return told | ({"dateAnswer": int(message.course.at(step))} if SmsStatus(step.status).final else {})


def _words(given: Given) -> tuple[str, str]:
    return given.text("sign", 2, LONGEST_SIGN), given.text("text", 2, LONGEST_TEXT)


def _found(inbox: Inbox, given: Given) -> Message:
    message = inbox.get(given.one())
    if message is None or message.channel != "sms":
        raise wrong("id")
    return message


def segments(text: str) -> int:
    """Parts an SMS takes: ASCII stands for the 7-bit alphabet (160, or 153 each), the rest is UCS-2 (70, or 67)."""
    alone, each = (160, 153) if text.isascii() else (70, 67)
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return 1 if units <= alone else -(-units // each)
