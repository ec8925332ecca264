"""How people of the applications sign in, as far as phones have a part in it.

Spelt as Logto's `/api/sign-in-exp` spells it. What is about people's pages is used once there are such pages; the code
policy beside it is `model.policy`'s and works now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from aerocode.model.policy import Policy


class Mode(StrEnum):
    SIGN_IN = "SignIn"
    REGISTER = "Register"
    BOTH = "SignInAndRegister"


class Identifier(StrEnum):
    """`emailOrPhone` stands among the secondary identifiers alone."""

    USERNAME = "username"
    EMAIL = "email"
    PHONE = "phone"
    EMAIL_OR_PHONE = "emailOrPhone"


class Factor(StrEnum):
    """A second step of sign-in."""

    TOTP = "Totp"
    WEB_AUTHN = "WebAuthn"
    BACKUP_CODE = "BackupCode"
    EMAIL_CODE = "EmailVerificationCode"
    PHONE_CODE = "PhoneVerificationCode"


class Prompt(StrEnum):
    """When people are asked for a second step."""

    USER_CONTROLLED = "UserControlled"
    MANDATORY = "Mandatory"
    ONLY_AT_SIGN_IN = "PromptOnlyAtSignIn"
    AT_SIGN_IN_AND_SIGN_UP = "PromptAtSignInAndSignUp"
    NO_PROMPT = "NoPrompt"


class Recovery(StrEnum):
    """A way to set a new password."""

    EMAIL = "EmailVerificationCode"
    PHONE = "PhoneVerificationCode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Secondary:
    identifier: Identifier
    verify: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignUp:
    """Several `identifiers` mean that any one of them will do."""

    identifiers: tuple[Identifier, ...] = (Identifier.USERNAME,)
    password: bool = True
    verify: bool = False
    secondary: tuple[Secondary, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    identifier: Identifier
    password: bool
    verification_code: bool
    is_password_primary: bool


_BY_NAME = Method(identifier=Identifier.USERNAME, password=True, verification_code=False, is_password_primary=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """`recovery` None means whatever connector there is. `password_days` None means that passwords do not run out."""

    mode: Mode = Mode.BOTH
    sign_up: SignUp = SignUp()
    methods: tuple[Method, ...] = (_BY_NAME,)
    recovery: tuple[Recovery, ...] | None = None
    factors: tuple[Factor, ...] = ()
    prompt: Prompt = Prompt.USER_CONTROLLED
    password_days: int | None = None

    @property
    def by_phone_code(self) -> bool:
        return any(method.identifier is Identifier.PHONE and method.verification_code for method in self.methods)

    def recovers_by_phone(self, *, with_sms: bool) -> bool:
        return with_sms and (self.recovery is None or Recovery.PHONE in self.recovery)

    def phone_uses(self) -> list[str]:
        """Which parts would stop working without an SMS connector."""
        phones = {Identifier.PHONE, Identifier.EMAIL_OR_PHONE}
        asked = {*self.sign_up.identifiers, *(one.identifier for one in self.sign_up.secondary)}
        uses = {
            "signUp": bool(asked & phones),
            "signIn": self.by_phone_code,
            "forgotPasswordMethods": Recovery.PHONE in (self.recovery or ()),
            "mfa": Factor.PHONE_CODE in self.factors,
        }
        return [part for part, used in uses.items() if used]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experience:
    """What one change may change together."""

    policy: Policy
    sign_in: SignIn


#: From the settings as they stand, and whether an SMS connector is saved, to those that are wanted.
ExperienceChange = Callable[[Experience, bool], Experience]
