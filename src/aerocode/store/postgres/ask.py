"""What the batcher is given: one thing to decide, what it must be told, and what has to hold still meanwhile."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic
from typing import TypeVar

from aerocode.store.decisions.case import Case
from aerocode.store.postgres.session import Values
from aerocode.store.rows import Row

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Locks:
    """Names of what no other transaction of any replica may decide about meanwhile.

    Of one name in `alone`, one ask of a batch may write: what the others were told would not be true any more. What is
    in `shared` is counted on from ask to ask in the case's tallies and money.
    """

    alone: tuple[str, ...]
    shared: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ask(Generic[Answer]):
    """`decide` is pure: it is called again when its batch had to be taken apart.

    Asks with the same `about` wait for each other here instead of in the database. `finding` and `loading` name
    statements that take each of their values as an array, one element for each ask, and answer rows with a column `n`,
    the ask's place from 1. `finding` looks up what has to be known before it is known what to lock. `loading` has a row
    for every ask, with the store's time in `now`.
    """

    about: str
    locks: Callable[[Row | None], Locks]
    loading: str
    values: Values
    decide: Callable[[Case], Answer]
    finding: str | None = None
