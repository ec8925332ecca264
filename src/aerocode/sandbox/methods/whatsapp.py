"""`whatsapp/*`. What it takes is known from one official client; what the gate answers is not known at all.

So the answers here are ours: an id, what was given, and the numbers of SMS statuses. Build nothing on them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from aerocode.sandbox.faults import Fault
from aerocode.sandbox.fields import LONGEST_SIGN
from aerocode.sandbox.fields import Given
from aerocode.sandbox.fields import is_web_address
from aerocode.sandbox.inbox import Message
from aerocode.sandbox.methods.endpoint import WITH_IMAGE
from aerocode.sandbox.methods.endpoint import Endpoint
from aerocode.sandbox.methods.sms import LIVES
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.replies import Sending
from aerocode.sandbox.state import Rows
from aerocode.sandbox.state import State

PRICE = 2.0  # roubles, made up
KINDS = ("text", "image", "document", "video", "audio")
LONGEST = 4096  # characters
MOST = 100  # items of a list


@dataclass(frozen=True, slots=True)
class _Post:
    message: Message
    kind: str


class WhatsApp:
    def __init__(self, state: State) -> None:
        self._state = state
        self._posts: Rows[_Post] = Rows(state.next_id)

    def endpoints(self) -> Iterable[Endpoint]:
        yield Endpoint(path="whatsapp/send", act=self._send, largest=WITH_IMAGE, untested=True)
        yield Endpoint(path="whatsapp/status", act=lambda given: Answer(self._told(given.one())), untested=True)
        yield Endpoint(path="whatsapp/get-chats", act=self._chats, untested=True)
        yield Endpoint(path="whatsapp/get-chat-msg", act=self._chat, untested=True)
        yield Endpoint(path="whatsapp/get-all-msg", act=self._all, untested=True)

    def _send(self, given: Given) -> Sending:
        sign, address, kind = given.text("sign", 2, LONGEST_SIGN), given.number("address"), given.text("contentType")
        when = given.maybe_whole("timeStart")
        if kind == "text":
            text = given.text("text", longest=LONGEST)
        else:
            given.choice("contentType", KINDS)
            url, text = given.text("attachmentUrl", longest=LONGEST), given.text("attachmentName")
            if not is_web_address(url):
                given.refuse("attachmentUrl")
        given.check()

        def take(fault: Fault) -> Answer:
            self._state.charge(PRICE)
            now = self._state.now()
            message = Message(
                id=self._state.next_id(),
                channel="whatsapp",
                number=address,
                sign=sign,
                text=text,
                cost=PRICE,
                received=now,
                course=self._state.course(LIVES[fault.fate], fault.fate, begins=max(now, when or 0)),
            )
            self._state.inbox.add(message)
            return Answer(self._told(self._posts.add(_Post(message, kind), message.id)))

        return Sending((address,), take)

    def _chats(self, given: Given) -> Answer:
        """A chat is all that went to one address; its id is that of the first. All are open (status 1)."""
        status = given.maybe_choice("status", ("1", "2"))
        limit, offset = _window(given)
        chats = {post.message.number: post_id for post_id, post in self._posts.newest_first()}
        told = [{"id": chat, "address": address, "status": 1} for address, chat in chats.items() if status != "2"]
        return Answer(told[offset : offset + limit])

    def _chat(self, given: Given) -> Answer:
        address = self._posts.get(given.one()).message.number
        return Answer([self._told(post_id) for post_id, post in self._posts.newest_first()
                       if post.message.number == address])  # fmt: skip

    def _all(self, given: Given) -> Answer:
        since, until = given.maybe_whole("timeFrom"), given.maybe_whole("timeTo")
        address = given.number("address") if given.has("address") else None
        limit, offset = _window(given)
        found = [
            self._told(post_id)
            for post_id, post in self._posts.newest_first()
            if address in (None, post.message.number)
            and (since or 0) <= post.message.received
            and (until is None or post.message.received <= until)
        ]
        return Answer(found[offset : offset + limit])

    def _told(self, post_id: int) -> dict[str, Any]:
        post = self._posts.get(post_id)
        return {
            "id": post_id,
            "sign": post.message.sign,
            "address": post.message.number,
            "contentType": post.kind,
            "text": post.message.text,
            "status": int(post.message.step(self._state.now()).status),
            "timeCreate": int(post.message.received),
        }


def _window(given: Given) -> tuple[int, int]:
    """`limit` and `offset` of a list; checks what was given."""
    limit, offset = given.maybe_whole("limit"), given.maybe_whole("offset")
    given.check()
    return min(MOST, MOST if limit is None else limit), offset or 0
