"""The messages the sandbox took, and what a phone would show of them. Memory is bounded: the oldest are forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime

from aerocode.sandbox.faults import Fate
from aerocode.smsaero.model import SmsStatus

KEPT = 1000  # messages
_CODE = re.compile(r"(?<!\w)[0-9]{4,10}(?!\w)")
_WORDS = {
    SmsStatus.QUEUE: "queue",
    SmsStatus.DELIVERED: "delivery",
    SmsStatus.UNDELIVERED: "undelivered",
    SmsStatus.SENT: "sent",
    SmsStatus.REJECT: "reject",
    SmsStatus.MODERATION: "moderation",
}
# Steps of a message's life: from which share of the delivery time on it has which status.
_LIVES = {
    Fate.DELIVERED: ((0.0, SmsStatus.QUEUE), (0.5, SmsStatus.SENT), (1.0, SmsStatus.DELIVERED)),
    Fate.UNDELIVERED: ((0.0, SmsStatus.QUEUE), (0.5, SmsStatus.SENT), (1.0, SmsStatus.UNDELIVERED)),
    Fate.REJECTED: ((0.0, SmsStatus.QUEUE), (1.0, SmsStatus.REJECT)),
    Fate.MODERATION: ((0.0, SmsStatus.MODERATION),),
    Fate.MODERATED: ((0.0, SmsStatus.MODERATION), (1.0, SmsStatus.DELIVERED)),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    id: int
    number: str
    sign: str
    text: str
    cost: float
    """Roubles, made up."""
    received: float
    """Unix seconds on the sandbox's clock."""
    deliver_after: float
    """Seconds until the final status."""
    fate: Fate

    @property
    def code(self) -> str | None:
        """The first run of 4 to 10 digits standing alone in the text."""
        found = _CODE.search(self.text)
        return found[0] if found else None

    @property
    def received_at(self) -> str:
        return datetime.fromtimestamp(self.received, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def status(self, now: float) -> SmsStatus:
        age = now - self.received
        passed = [status for share, status in _LIVES[self.fate] if age >= share * self.deliver_after]
        return passed[-1] if passed else _LIVES[self.fate][0][1]

    def word(self, now: float) -> str:
        """The provider's `extendStatus`."""
        return _WORDS[self.status(now)]


class Inbox:
    """Accepted messages, oldest first. Clearing hides them from readers; the gate still knows their status."""

    def __init__(self) -> None:
        self._messages: dict[int, Message] = {}
        self._hidden: set[int] = set()

    def add(self, message: Message) -> None:
        self._messages[message.id] = message
        if len(self._messages) > KEPT:
            oldest = next(iter(self._messages))
            del self._messages[oldest]
            self._hidden.discard(oldest)

    def get(self, message_id: int) -> Message | None:
        return self._messages.get(message_id)

    def read(self, phone: str | None = None) -> Iterator[Message]:
        """What was not cleared, for one phone (digits) or for all."""
        for message in self._messages.values():
            if message.id not in self._hidden and phone in (None, message.number):
                yield message

    def clear(self) -> None:
        self._hidden.update(self._messages)


def digits(phone: str) -> str:
    """A phone as the gate writes it, from any human form; `89…` with eleven digits is Russia's `79…`."""
    bare = "".join(filter(str.isdigit, phone.encode("ascii", "ignore").decode()))
    return f"7{bare[1:]}" if len(bare) == 11 and bare.startswith("8") else bare
