"""How policy and limits are spelt in the database: JSON, with the names that the API uses."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from aerocode.model.policy import Cap
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy

_CAPS = ("phone_hour", "phone_day", "ip_hour", "block_hour", "application_day")


def from_policy(policy: Policy) -> dict[str, Any]:
    return {
        "codeLength": policy.code_length,
        "lifetime": policy.lifetime.total_seconds(),
        "attempts": policy.attempts,
    }


def to_policy(stored: dict[str, Any]) -> Policy:
    return Policy(
        code_length=stored["codeLength"],
        lifetime=timedelta(seconds=stored["lifetime"]),
        attempts=stored["attempts"],
    )


def from_limits(limits: Limits) -> dict[str, Any]:
    return {
        "ladder": [step.total_seconds() for step in limits.ladder],
        "ladderMode": limits.ladder_mode,
        "ladderMemory": limits.ladder_memory.total_seconds(),
        "sendsPerVerification": limits.sends_per_verification,
        "sendsPerVerificationMode": limits.sends_per_verification_mode,
        "caps": {name: [cap.most, cap.mode] for name, cap in ((name, getattr(limits, name)) for name in _CAPS)},
        "testsPerCallerMinute": limits.tests_per_caller_minute,
        "testsPerPhoneHour": limits.tests_per_phone_hour,
        "dailyBudget": None if limits.daily_budget is None else str(limits.daily_budget),
        "countries": dict(limits.countries),
    }


def to_limits(stored: dict[str, Any]) -> Limits:
    budget = stored["dailyBudget"]
    return Limits(
        ladder=tuple(timedelta(seconds=step) for step in stored["ladder"]),
        ladder_mode=Mode(stored["ladderMode"]),
        ladder_memory=timedelta(seconds=stored["ladderMemory"]),
        sends_per_verification=stored["sendsPerVerification"],
        sends_per_verification_mode=Mode(stored["sendsPerVerificationMode"]),
        tests_per_caller_minute=stored["testsPerCallerMinute"],
        tests_per_phone_hour=stored["testsPerPhoneHour"],
        daily_budget=None if budget is None else Decimal(budget),
        countries={country: CountryRule(rule) for country, rule in stored["countries"].items()},
        **{name: Cap(most, Mode(mode)) for name, (most, mode) in stored["caps"].items()},
    )
