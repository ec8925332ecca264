"""What the routes share: the clock, the messages, the faults that were set, and the counts that tests read."""

import asyncio
import time

from aerocode.sandbox.faults import Fate
from aerocode.sandbox.faults import Script
from aerocode.sandbox.inbox import Inbox
from aerocode.sandbox.inbox import Message

PRICE = 4.19  # roubles a segment, made up
BALANCE = 1_000_000.0  # roubles, made up; never runs out


class State:
    def __init__(self, *, deliver_after: float, slow_after: float) -> None:
        self.deliver_after = deliver_after
        self.slow_after = slow_after
        self.advanced = 0.0
        self.inbox = Inbox()
        self.tests = Inbox()
        self.script = Script()
        self.accepted = 0
        """SMS taken by `sms/send` since the start, each number counted."""
        self.requests = 0
        """Requests that reached `sms/send`, refused ones too."""
        self.followed = 0
        """Requests that came to the target of the `redirect` fault; an honest client makes none."""
        self.stopping = asyncio.Event()
        # Ids go on from the start time, so that a restarted sandbox never answers about an SMS of its former life.
        self._last_id = int(time.time())

    def now(self) -> float:
        """Unix seconds on the sandbox's clock."""
        return time.time() + self.advanced

    def accept(self, number: str, *, sign: str, text: str, fate: Fate, test: bool) -> Message:
        self._last_id += 1
        message = Message(
            id=self._last_id,
            number=number,
            sign=sign,
            text=text,
            cost=round(PRICE * segments(text), 2),
            received=self.now(),
            # The real gate delivers a test message at once.
            deliver_after=0.0 if test else self.deliver_after,
            fate=fate,
        )
        (self.tests if test else self.inbox).add(message)
        self.accepted += 0 if test else 1
        return message

    def balance(self) -> float:
        return round(max(0.0, BALANCE - PRICE * self.accepted), 2)


def segments(text: str) -> int:
    """Parts an SMS takes: ASCII stands for the 7-bit alphabet (160, or 153 each), the rest is UCS-2 (70, or 67)."""
    alone, each = (160, 153) if text.isascii() else (70, 67)
    units = len(text.encode("utf-16-le", "surrogatepass")) // 2
    return 1 if units <= alone else -(-units // each)
