"""What the phones received. Memory is bounded: the oldest are forgotten."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC
from datetime import datetime

from aerocode.sandbox.life import Course
from aerocode.sandbox.life import Step

KEPT = 1000  # messages
_CODE = re.compile(r"(?<!\w)[0-9]{4,10}(?!\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing one phone was sent, over whatever channel."""

    id: int
    number: str
    sign: str
    text: str
    cost: float
    """Roubles, made up."""
    received: float
    """When the gate took it, in Unix seconds on the sandbox's clock."""
    course: Course
    channel: str = "sms"

    @property
    def code(self) -> str | None:
        """The first run of 4 to 10 digits standing alone in the text."""
        found = _CODE.search(self.text)
        return found[0] if found else None

    @property
    def received_at(self) -> str:
        return datetime.fromtimestamp(self.received, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def step(self, now: float) -> Step:
        return self.course.step(now)


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

    def all(self, channel: str) -> list[Message]:
        """What the gate knows of a channel, newest first, cleared or not."""
        return [message for message in reversed(self._messages.values()) if message.channel == channel]

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
