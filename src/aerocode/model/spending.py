"""What messages cost in the day before now, in ten-thousandths of a rouble.

A send sets its likely price aside in the decision that lets it go, so that fifty at once can't spend the same rouble.
The gate's reply turns what was set aside into what it took, and at the moment at which it was set aside: given back
later, it would make the next day's money look more than it is.
"""

from dataclasses import dataclass
from dataclasses import replace
from decimal import Decimal

from aerocode.model.tally import EMPTY
from aerocode.model.tally import Tally

ROUBLE = 10_000
DAY = 24 * 3600 * 1_000_000
#: Set aside until a first reply has told a price; an SMS within Russia costs about half of it.
_UNTOLD = 10 * ROUBLE


def to_units(roubles: Decimal) -> int:
    return int((roubles * ROUBLE).to_integral_value())


@dataclass(frozen=True, slots=True)
class Spending:
    """`price` is what the last message cost, None before a reply has told one; `warned`: the day is nearly spent."""

    tally: Tally = EMPTY
    price: int | None = None
    warned: bool = False

    def expected(self, budget: int) -> int:
        """What to set aside for one message. Never more than the budget, or an untold price would let nothing go."""
        return min(_UNTOLD, budget) if self.price is None else self.price

    def spent(self, now: int) -> int:
        return self.tally.within(DAY, now)

    def full_until(self, budget: int, now: int) -> int | None:
        """When one more message may be paid for, if none may now."""
        if budget <= 0:
            return now + DAY
        over = self.spent(now) + self.expected(budget) - budget
        if over <= 0:
            return None
        for at, much in self.tally.marks:
            if at > now - DAY:
                over -= much
                if over <= 0:
                    return at + DAY
        return now + DAY

    def nearly(self, budget: int, now: int) -> bool:
        """Whether four fifths of the budget are gone."""
        return self.spent(now) * 5 >= budget * 4

    def plus(self, units: int, now: int) -> "Spending":
        """With money set aside."""
        return replace(self, tally=self.tally.plus(now, longest=DAY, shortest=DAY, much=units)) if units else self

    def settled(self, aside: int, cost: int | None, set_at: int, now: int) -> "Spending":
        """After a reply: `cost` None keeps what was set aside at `set_at`, because it may have been paid for."""
        if cost is None:
            return self
        tally = self.tally.changed(set_at, cost - aside) if set_at > now - DAY else self.tally
        return replace(self, tally=tally, price=cost or self.price)
