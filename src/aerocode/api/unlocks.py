"""Unlocks: a person ends the stop of a phone, by our route or by Logto's, and it is written down who and why."""

from dataclasses import dataclass

from aerocode.api import bodies
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Ask
from aerocode.phone import Countries
from aerocode.ports import Budgets


@dataclass(frozen=True, slots=True)
class UnlockHandlers:
    budgets: Budgets
    countries: Countries

    async def unlock(self, ask: Ask[bodies.UnlockBody]) -> Answer:
        body = ask.body
        freed = await self.budgets.unlock(
            self.countries.everywhere.admit(body.phone),
            application=body.application,
            actor=ask.caller.key,
            reason=body.reason,
        )
        return Answer(200, {"unlocked": freed})

    async def forget(self, ask: Ask[bodies.SentinelBody]) -> Answer:
        """Logto's `POST /api/sentinel-activities/delete`, which gives no reason."""
        for phone in [self.countries.everywhere.admit(target) for target in ask.body.targets]:
            await self.budgets.unlock(
                phone, application=None, actor=ask.caller.key, reason="sentinel-activities/delete"
            )
        return Answer(204)
