"""What decisions go by: what the operator left in the database, within the bounds that the settings draw around it."""

from dataclasses import replace
from decimal import Decimal

from aerocode.model.lists import Lists
from aerocode.model.lists import TestNumber
from aerocode.model.policy import Cap
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy
from aerocode.phone import Phone
from aerocode.ports import ListEntries
from aerocode.ports import Rules
from aerocode.ports import TestNumbers


class Bounded:
    """Implements `ports.Settings`. `daily_budget` and `mode` are the settings'.

    `mode` monitor puts every send limit and the ladder in monitor; enforce leaves each in its own.
    """

    def __init__(
        self,
        rules: Rules,
        lists: ListEntries,
        test_numbers: TestNumbers,
        *,
        mode: Mode = Mode.ENFORCE,
        daily_budget: Decimal | None = None,
    ) -> None:
        self._rules = rules
        self._lists = lists
        self._test_numbers = test_numbers
        self._mode = mode
        self._daily_budget = daily_budget
        self._known = Limits()
        self._bounded = self._within(self._known)

    async def policy(self) -> Policy:
        return await self._rules.policy()

    async def limits(self) -> Limits:
        limits = await self._rules.limits()
        if limits is not self._known:  # they change seldom, and every start asks
            self._known, self._bounded = limits, self._within(limits)
        return self._bounded

    async def lists(self) -> Lists:
        return await self._lists.lists()

    async def test_number(self, phone: Phone) -> TestNumber | None:
        return await self._test_numbers.number(phone)

    def _within(self, limits: Limits) -> Limits:
        budgets = [budget for budget in (limits.daily_budget, self._daily_budget) if budget is not None]
        limits = replace(limits, daily_budget=min(budgets, default=None))
        return _monitored(limits) if self._mode is Mode.MONITOR else limits


def _monitored(limits: Limits) -> Limits:
    def watched(cap: Cap) -> Cap:
        return replace(cap, mode=Mode.MONITOR)

    return replace(
        limits,
        ladder_mode=Mode.MONITOR,
        sends_per_verification_mode=Mode.MONITOR,
        phone_hour=watched(limits.phone_hour),
        phone_day=watched(limits.phone_day),
        ip_hour=watched(limits.ip_hour),
        block_hour=watched(limits.block_hour),
        application_day=watched(limits.application_day),
    )
