"""What `PATCH /api/sign-in-exp` takes: the phone parts of Logto's body, field by field."""

from typing import Annotated
from typing import Any
from typing import Self

from pydantic import AfterValidator
from pydantic import BeforeValidator
from pydantic import Field
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from aerocode.api.bodies import LogtoBody
from aerocode.model.sign_in import Factor
from aerocode.model.sign_in import Identifier
from aerocode.model.sign_in import Mode
from aerocode.model.sign_in import Prompt
from aerocode.model.sign_in import Recovery

_LONGEST = 8


def _primary(identifier: Identifier) -> Identifier:
    if identifier is Identifier.EMAIL_OR_PHONE:
        raise ValueError("Write email and phone; emailOrPhone is a secondary identifier")
    return identifier


def _not_here(value: Any) -> Any:
    """Security that would be promised and not given."""
    if value and value != {"enabled": False}:
        raise ValueError("This cannot be set here; it would be without effect")
    return value


AnyIdentifier = Annotated[Identifier, Field(strict=False)]
PrimaryIdentifier = Annotated[Identifier, Field(strict=False), AfterValidator(_primary)]
Without = Annotated[Any, BeforeValidator(_not_here)]


class SecondaryBody(LogtoBody):
    identifier: AnyIdentifier
    verify: bool = False


class SignUpBody(LogtoBody):
    identifiers: list[PrimaryIdentifier] = Field(max_length=_LONGEST)
    password: bool
    verify: bool
    secondary_identifiers: list[SecondaryBody] = Field([], max_length=_LONGEST)


class MethodBody(LogtoBody):
    identifier: PrimaryIdentifier
    password: bool
    verification_code: bool
    is_password_primary: bool


class SignInBody(LogtoBody):
    methods: list[MethodBody] = Field(max_length=_LONGEST)


class MfaBody(LogtoBody):
    factors: list[Annotated[Factor, Field(strict=False)]] = Field(max_length=_LONGEST)
    policy: Annotated[Prompt, Field(strict=False)]


class CodePolicyBody(LogtoBody):
    """Left out means the default."""

    expiration_duration: int = Field(300, ge=60, le=600, description="Seconds a code lives.")
    max_retry_attempts: int = Field(5, ge=1, le=10, description="Wrong codes until it is spent.")


class PasswordExpirationBody(LogtoBody):
    enabled: bool = False
    valid_period_days: int | None = Field(None, ge=1)

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.enabled and self.valid_period_days is None:
            raise PydanticCustomError("missing_days", "Write validPeriodDays as well")
        return self


class SignInExpBody(LogtoBody):
    sign_in_mode: Annotated[Mode, Field(strict=False)] | None = None
    sign_up: SignUpBody | None = None
    sign_in: SignInBody | None = None
    forgot_password_methods: list[Annotated[Recovery, Field(strict=False)]] | None = Field(None, max_length=_LONGEST)
    mfa: MfaBody | None = None
    verification_code_policy: CodePolicyBody | None = None
    password_expiration: PasswordExpirationBody | None = None
    captcha_policy: Without = Field(None, description="Refused: there is no captcha yet.")
    sentinel_policy: Without = Field(None, description="Refused: guesses have budgets of their own.")
