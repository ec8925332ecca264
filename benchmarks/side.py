"""What is compared: something in a process of its own that can do each kind of operation."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from benchmarks.child import Child
from benchmarks.crew import Kind
from benchmarks.crew import Timing


class Running(Protocol):
    child: Child
    #: The server it keeps its rows in, where that is another process.
    database: Child | None
    #: Seconds from its birth until it could do the first operation.
    start_up: float

    async def prepare(self, kind: Kind, count: int) -> None:
        """Make what that many operations of this kind need. Not measured."""
        ...

    async def work(self, kind: Kind, count: int) -> Timing: ...


@dataclass(frozen=True, slots=True)
class Side:
    """`open` begins it afresh, with an empty database."""

    name: str
    open: Callable[[], AbstractAsyncContextManager[Running]]
