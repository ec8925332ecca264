"""`[policy]` and `[limits]` of `aerocode.toml`: what the database starts with. Afterwards the database is right."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from datetime import timedelta
from decimal import Decimal
from typing import Annotated
from typing import Any
from typing import Literal

from pydantic import BaseModel
from pydantic import BeforeValidator
from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError

from aerocode.api.limit_bodies import Country
from aerocode.api.limit_bodies import Most
from aerocode.api.limit_bodies import MostOfVerification
from aerocode.api.limit_bodies import MostTests
from aerocode.api.limit_bodies import Roubles
from aerocode.api.limit_bodies import Steps
from aerocode.api.limit_bodies import Wait
from aerocode.errors import CannotStart
from aerocode.model.policy import Cap
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy


@dataclass(frozen=True, slots=True)
class Seeds:
    policy: Policy = field(default_factory=Policy)
    limits: Limits = field(default_factory=Limits)


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class _Policy(_Table):
    """Seconds, digits and wrong codes. Their bounds are design section 3's."""

    code_length: int = Field(default=6, ge=4, le=10)
    lifetime: int = Field(default=300, ge=60, le=600)
    attempts: int = Field(default=5, ge=1, le=10)


class _Cap(_Table):
    """What is left out is as it would be without the table; `most = "none"` counts nothing."""

    most: Most | Literal["none"] | None = None
    mode: Mode | None = None

    def over(self, cap: Cap) -> Cap:
        most = cap.most if self.most is None else self.most
        return Cap(None if most == "none" else most, self.mode or cap.mode)


class _Limits(_Table):
    """By the names in `model.Limits`."""

    ladder: Steps = Field(default=[30, 60, 120, 300])
    ladder_mode: Mode = Mode.ENFORCE
    ladder_memory: Wait = 3600
    sends_per_verification: MostOfVerification = 5
    sends_per_verification_mode: Mode = Mode.ENFORCE
    phone_hour: _Cap = _Cap()
    phone_day: _Cap = _Cap()
    ip_hour: _Cap = _Cap()
    block_hour: _Cap = _Cap()
    application_day: _Cap = _Cap()
    tests_per_caller_minute: MostTests = 5
    tests_per_phone_hour: MostTests = 5
    daily_budget: Annotated[Roubles, BeforeValidator(str)] | None = None
    countries: dict[Country, CountryRule] = Field(default={})

    def values(self) -> Limits:
        caps = ("phone_hour", "phone_day", "ip_hour", "block_hour", "application_day")
        given = {name: getattr(self, name) for name in _Limits.model_fields}
        return Limits(
            **{
                **given,
                **{name: given[name].over(getattr(Limits(), name)) for name in caps},
                "ladder": tuple(timedelta(seconds=step) for step in self.ladder),
                "ladder_memory": timedelta(seconds=self.ladder_memory),
                "daily_budget": None if self.daily_budget is None else Decimal(self.daily_budget),
                "countries": {code: rule for code, rule in self.countries.items() if rule is not CountryRule.ALLOW},
            }
        )


def read_seeds(policy: Mapping[str, Any], limits: Mapping[str, Any]) -> Seeds:
    """Raises CannotStart with everything that is wrong in both tables."""
    wrong: list[str] = []
    rules, counts = _Policy(), _Limits()
    try:
        rules = _Policy.model_validate(policy)
    except ValidationError as cause:
        wrong.extend(_faults("policy", cause))
    try:
        counts = _Limits.model_validate(limits)
    except ValidationError as cause:
        wrong.extend(_faults("limits", cause))
    if wrong:
        raise CannotStart(f"{'; '.join(wrong)}.")
    return Seeds(
        Policy(code_length=rules.code_length, lifetime=timedelta(seconds=rules.lifetime), attempts=rules.attempts),
        counts.values(),
    )


def _faults(table: str, cause: ValidationError) -> list[str]:
    return [
        f"[{table}] {'.'.join(map(str, error['loc']))} in aerocode.toml: {error['msg']}" for error in cause.errors()
    ]
