"""What one decision looks at, and what it wants written."""

import json
from dataclasses import dataclass
from dataclasses import field
from typing import Any

from aerocode.model.spending import Spending
from aerocode.model.tally import EMPTY
from aerocode.model.tally import Tally
from aerocode.store.rows import Loaded

Values = dict[str, Any]
#: The name of a statement in `writes.sql`, and what it is given.
Write = tuple[str, Values]


@dataclass(slots=True)
class Case:
    """`row` is the loaded case, `now` the store's time in microseconds, `writes` what is to be executed, in order.

    `tallies` and `money` are what was counted so far; cases decided in one transaction share them.
    """

    row: Loaded
    now: int
    tallies: dict[str, Tally] = field(default_factory=dict)
    money: list[Spending] = field(default_factory=list)
    writes: list[Write] = field(default_factory=list)

    def write(self, statement: str, /, **values: Any) -> None:
        self.writes.append((statement, values))

    def tally(self, subject: str, marks: str | None) -> Tally:
        """What was sent to the subject, as loaded or as a decision before this one left it."""
        if subject not in self.tallies:
            self.tallies[subject] = to_tally(marks)
        return self.tallies[subject]

    def spending(self) -> Spending:
        if not self.money:
            row = self.row
            self.money.append(
                Spending(to_tally(row["money_marks"]), row["money_price"], warned=bool(row["money_warned"]))
            )
        return self.money[0]

    def spend(self, spending: Spending) -> None:
        self.money[0] = spending
        self.write("set_aside", marks=from_tally(spending.tally), price=spending.price, warned=int(spending.warned))


def to_tally(marks: str | None) -> Tally:
    return Tally(tuple((at, much) for at, much in json.loads(marks))) if marks else EMPTY


def from_tally(tally: Tally) -> str:
    return f"[{','.join([f'[{at},{much}]' for at, much in tally.marks])}]"
