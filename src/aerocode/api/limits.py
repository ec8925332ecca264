"""How often messages leave, as an operator sees and changes it."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from aerocode import errors
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Ask
from aerocode.api.limit_bodies import CapBody
from aerocode.api.limit_bodies import LadderBody
from aerocode.api.limit_bodies import LimitsBody
from aerocode.api.limit_bodies import SendsPerVerificationBody
from aerocode.model.audit import By
from aerocode.model.policy import Cap
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Limits
from aerocode.ports import Rules

#: Caps by their names on the wire and in `Limits`; the latter stand in refusals, counters and the log.
CAPS = {
    "sends_per_phone_hour": "phone_hour",
    "sends_per_phone_day": "phone_day",
    "starts_per_ip_hour": "ip_hour",
    "sends_per_block_hour": "block_hour",
    "sends_per_application_day": "application_day",
}
_AS_THEY_ARE = ("tests_per_caller_minute", "tests_per_phone_hour")


@dataclass(frozen=True, slots=True)
class LimitHandlers:
    """`daily_budget` is the settings': the database may be stricter, never wider."""

    rules: Rules
    daily_budget: Decimal | None

    async def show(self, ask: Ask[None]) -> Answer:  # noqa: ARG002 - every handler has the same shape
        return Answer(200, render(await self.rules.limits()))

    async def change(self, ask: Ask[LimitsBody]) -> Answer:
        body = ask.body
        named = body.model_fields_set - {"reason"}
        if not named:
            raise errors.EntityInvalid
        self._refuse_wider(body)
        change = body.model_dump_json(include=named, exclude_unset=True, by_alias=True)
        changed = await self.rules.change_limits(
            lambda limits: merged(limits, body), change, by=By(actor=ask.caller.key, reason=body.reason)
        )
        return Answer(200, render(changed))

    def _refuse_wider(self, body: LimitsBody) -> None:
        bound = self.daily_budget
        if body.daily_budget is not None and bound is not None and Decimal(body.daily_budget) > bound:
            message = f"AEROCODE_DAILY_BUDGET is {bound}: write that or less."
            raise errors.InvalidInput([errors.Fault(("dailyBudget",), "custom", message)])


def merged(limits: Limits, body: LimitsBody) -> Limits:
    """The limits with what the body names; the rest as it is."""
    said = body.model_fields_set
    changes: dict[str, Any] = {name: getattr(body, name) for name in _AS_THEY_ARE if name in said}
    for wire, name in CAPS.items():
        if wire in said:
            changes[name] = _cap(getattr(limits, name), getattr(body, wire))
    if "ladder" in said:
        changes |= _ladder(body.ladder)
    if "sends_per_verification" in said:
        changes |= _sends(body.sends_per_verification)
    if "daily_budget" in said:
        changes["daily_budget"] = None if body.daily_budget is None else Decimal(body.daily_budget)
    if "countries" in said:
        rules = {**limits.countries, **body.countries}
        changes["countries"] = {code: rule for code, rule in rules.items() if rule is not CountryRule.ALLOW}
    return replace(limits, **changes)


def _cap(cap: Cap, body: CapBody) -> Cap:
    return replace(cap, **{name: getattr(body, name) for name in body.model_fields_set})


def _ladder(body: LadderBody) -> dict[str, Any]:
    changes = {
        "ladder": tuple(timedelta(seconds=step) for step in body.steps),
        "ladder_memory": timedelta(seconds=body.memory),
        "ladder_mode": body.mode,
    }
    names = {"steps": "ladder", "memory": "ladder_memory", "mode": "ladder_mode"}
    return {names[name]: changes[names[name]] for name in body.model_fields_set}


def _sends(body: SendsPerVerificationBody) -> dict[str, Any]:
    names = {"most": "sends_per_verification", "mode": "sends_per_verification_mode"}
    return {names[name]: getattr(body, name) for name in body.model_fields_set}


def render(limits: Limits) -> Mapping[str, Any]:
    return {
        "ladder": {
            "steps": [_seconds(step) for step in limits.ladder],
            "memory": _seconds(limits.ladder_memory),
            "mode": limits.ladder_mode,
        },
        "sendsPerVerification": {
            "most": limits.sends_per_verification,
            "mode": limits.sends_per_verification_mode,
        },
        "sendsPerPhoneHour": _shown(limits.phone_hour),
        "sendsPerPhoneDay": _shown(limits.phone_day),
        "startsPerIpHour": _shown(limits.ip_hour),
        "sendsPerBlockHour": _shown(limits.block_hour),
        "sendsPerApplicationDay": _shown(limits.application_day),
        "testsPerCallerMinute": limits.tests_per_caller_minute,
        "testsPerPhoneHour": limits.tests_per_phone_hour,
        "dailyBudget": None if limits.daily_budget is None else str(limits.daily_budget),
        "countries": dict(limits.countries),
    }


def _shown(cap: Cap) -> dict[str, Any]:
    return {"most": cap.most, "mode": cap.mode}


def _seconds(span: timedelta) -> float:
    whole, rest = divmod(span, timedelta(seconds=1))
    return whole if not rest else span.total_seconds()
