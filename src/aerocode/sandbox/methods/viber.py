"""`viber/send`, `viber/list`, `viber/statistic`: a sending to one, many or a group, and what became of each."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from aerocode.sandbox.faults import Fate
from aerocode.sandbox.faults import Fault
from aerocode.sandbox.fields import LONGEST_SIGN
from aerocode.sandbox.fields import LONGEST_TEXT
from aerocode.sandbox.fields import Given
from aerocode.sandbox.fields import is_web_address
from aerocode.sandbox.inbox import Message
from aerocode.sandbox.life import Course
from aerocode.sandbox.life import Lives
from aerocode.sandbox.life import Step
from aerocode.sandbox.methods.endpoint import WITH_IMAGE
from aerocode.sandbox.methods.endpoint import Endpoint
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.replies import Sending
from aerocode.sandbox.replies import keyed
from aerocode.sandbox.replies import listed
from aerocode.sandbox.replies import wrong
from aerocode.sandbox.state import Rows
from aerocode.sandbox.state import State

PRICE = 2.25  # roubles a recipient
CHANNELS = ("INFO", "OFFICIAL", "CASCADE")
TIMEOUTS = ("0.25", "0.5", "1", "3", "6", "12", "24")  # hours
_IMAGES = ("png#", "jpg#", "gif#")
_BUTTON = ("imageSource", "textButton", "linkButton")

# Of a sending. Words for its states other than moderation are not known.
_MODERATION = Step(0.0, 1, "moderation")
_SENDING = (_MODERATION, Step(0.5, 2, "in work"), Step(1.0, 3, "done"))
_SENDINGS: Lives = dict.fromkeys(Fate, _SENDING) | {
    Fate.MODERATION: (_MODERATION,),
    Fate.REJECTED: (_MODERATION, Step(1.0, 0, "rejected")),
}
# Of a recipient. `send` and `write` are known, the other word is not.
_SENT = Step(0.0, 0, "send")
_RECIPIENTS: Lives = dict.fromkeys(Fate, (_SENT, Step(1.0, 2, "write"))) | {
    Fate.MODERATION: (_SENT,),
    Fate.REJECTED: (_SENT,),
    Fate.UNDELIVERED: (_SENT, Step(1.0, 3, "undelivered")),
}
_COUNTS = {"countSend": 0, "countDelivered": 1, "countWrite": 2, "countUndelivered": 3, "countError": 4}


@dataclass(frozen=True, slots=True)
class _Mailing:
    sign: str
    channel: str
    text: str
    received: float
    course: Course
    each: Sequence[Message]
    single: bool


class Viber:
    """`members` gives the numbers of a group of the address book, or of everybody."""

    def __init__(self, state: State, members: Callable[[int | None], list[str]]) -> None:
        self._state = state
        self._members = members
        self._mailings: Rows[_Mailing] = Rows(state.next_id)

    def endpoints(self) -> Iterable[Endpoint]:
        yield Endpoint(path="viber/send", act=self._send, largest=WITH_IMAGE)
        yield Endpoint(path="viber/list", act=self._list)
        yield Endpoint(path="viber/statistic", act=self._statistic)

    def _send(self, given: Given) -> Sending:
        numbers, single = self._recipients(given)
        sign, text = given.text("sign", 2, LONGEST_SIGN), given.text("text", 2, LONGEST_TEXT)
        channel, when, target = given.choice("channel", CHANNELS), given.maybe_whole("dateSend"), given.target()
        _check_button(given)
        if channel == "CASCADE":
            _check_cascade(given)
        given.check()

        def take(fault: Fault) -> Answer:
            self._state.charge(round(PRICE * len(numbers), 2))
            now = self._state.now()
            begins = max(now, when or 0)
            course = self._state.course(_SENDINGS[fault.fate], fault.fate, begins=begins)
            each = [self._accept(number, sign, text, fault, begins) for number in numbers]
            mailing = self._mailings.add(_Mailing(sign, channel, text, now, course, each, single))
            changes = [
                (course.at(step), {"id": mailing, "status": step.status, "extendStatus": step.word})
                for step in course.life[1:]
            ]
            self._state.callbacks.follow(target, changes, fault.reports)
            return Answer(self._told(mailing))

        return Sending(numbers, take)

    def _recipients(self, given: Given) -> tuple[tuple[str, ...], bool]:
        if not given.has("groupId") or given.has("number") or given.has("numbers"):
            numbers = given.numbers()
            return numbers.each, not numbers.many
        group = None if given.text("groupId") == "all" else given.whole("groupId")
        given.check()
        found = self._members(group)
        if not found:
            raise wrong("groupId")
        return tuple(found), False

    def _accept(self, number: str, sign: str, text: str, fault: Fault, begins: float) -> Message:
        message = Message(
            id=self._state.next_id(),
            channel="viber",
            number=number,
            sign=sign,
            text=text,
            cost=PRICE,
            received=self._state.now(),
            course=self._state.course(_RECIPIENTS[fault.fate], fault.fate, begins=begins),
        )
        self._state.inbox.add(message)
        return message

    def _list(self, given: Given) -> Answer:
        page = given.page()
        return listed("viber/list", [self._told(mailing) for mailing, _ in self._mailings.newest_first()], page)

    def _statistic(self, given: Given) -> Answer:
        """One page holds all: at most 50 are named in a send, and a group is told whole. No count, one link."""
        sending, page = given.whole("sendingId"), given.page()
        mailing = self._mailings.get(sending, "sendingId")
        now = self._state.now()
        each = [
            {"number": message.number, "status": step.status, "extendStatus": step.word}
            | {"dateSend": int(message.course.begins)}
            for message in (mailing.each if page == 1 else ())
            for step in [message.step(now)]
        ]
        return Answer(keyed(each) | {"links": {"self": f"/v2/viber/statistic?sendingId={sending}&page={page}"}})

    def _told(self, mailing_id: int) -> dict[str, Any]:
        mailing, now = self._mailings.get(mailing_id), self._state.now()
        step = mailing.course.step(now)
        states = [message.step(now).status for message in mailing.each]
        return {
            "id": mailing_id,
            **({"number": mailing.each[0].number} if mailing.single else {}),
            "count": len(mailing.each),
            "sign": mailing.sign,
            "channel": mailing.channel,
            "text": mailing.text,
            "cost": round(PRICE * len(mailing.each), 2),
            "status": step.status,
            "extendStatus": step.word,
            "dateCreate": int(mailing.received),
            "dateSend": int(mailing.course.begins),
            **{name: states.count(code) if step.status == 3 else 0 for name, code in _COUNTS.items()},
        }


def _check_button(given: Given) -> None:
    """A picture, a button and its link go together or not at all."""
    if not any(map(given.has, _BUTTON)):
        return
    image = given.text("imageSource", longest=WITH_IMAGE)
    given.text("textButton", longest=30)
    if not image.startswith(_IMAGES):
        given.refuse("imageSource")
    if not is_web_address(given.text("linkButton", longest=2000)):
        given.refuse("linkButton")


def _check_cascade(given: Given) -> None:
    given.text("signSms", 2, LONGEST_SIGN)
    given.text("textSms", 2, LONGEST_TEXT)
    given.maybe_whole("priceSms")
    given.maybe_choice("timeout", TIMEOUTS)
