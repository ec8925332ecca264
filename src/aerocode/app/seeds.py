"""`[policy]` and `[limits]` of `aerocode.toml`: what the database starts with. Afterwards the database is right."""

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import timedelta
from typing import Annotated
from typing import Any

from pydantic import BaseModel
from pydantic import ConfigDict
from pydantic import Field
from pydantic import ValidationError

from aerocode.errors import CannotStart
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy

_Wait = Annotated[float, Field(ge=0, le=86_400)]


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


class _Limits(_Table):
    ladder: list[_Wait] = Field(default=[30, 60, 120, 300], min_length=1, max_length=20)
    ladder_mode: Mode = Mode.ENFORCE
    sends_per_verification: int = Field(default=5, ge=1, le=100)
    sends_per_verification_mode: Mode = Mode.ENFORCE
    tests_per_caller_minute: int = Field(default=5, ge=1, le=1000)
    tests_per_phone_hour: int = Field(default=5, ge=1, le=1000)


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
        replace(
            Limits(),
            **{**counts.model_dump(), "ladder": tuple(timedelta(seconds=step) for step in counts.ladder)},
        ),
    )


def _faults(table: str, cause: ValidationError) -> list[str]:
    return [
        f"[{table}] {'.'.join(map(str, error['loc']))} in aerocode.toml: {error['msg']}" for error in cause.errors()
    ]
