"""Refusals about the sign-in settings. Codes are Logto's."""

from collections.abc import Sequence

from aerocode.errors.tree import AerocodeError


class SignInRefused(AerocodeError):
    """The sign-in settings cannot be like that."""

    code = "sign_in_experiences.invalid"


class NoConnectorFor(SignInRefused):
    """No connector is set up that could send codes there."""

    code = "sign_in_experiences.enabled_connector_not_found"

    def __init__(self, kind: str) -> None:
        super().__init__(data={"type": kind})


class VerifyRequired(SignInRefused):
    """Whoever signs up with a phone or an e-mail address has to verify it."""

    code = "sign_in_experiences.passwordless_requires_verify"


class PasswordRequired(SignInRefused):
    """Whoever signs up with a username needs a password."""

    code = "sign_in_experiences.username_requires_password"


class FactorRequired(SignInRefused):
    """Each way to sign in needs a password or a code."""

    code = "sign_in_experiences.at_least_one_authentication_factor"


class CodeRequired(SignInRefused):
    """Without passwords people can sign in with a code alone, so the code has to be on."""

    code = "sign_in_experiences.code_sign_in_must_be_enabled"


class PhoneCodeTakenByMfa(SignInRefused):
    """The phone code is the second step of sign-in already; it cannot be the first as well."""

    code = "sign_in_experiences.phone_verification_code_cannot_be_used_for_sign_in"


class PhoneCodeTakenBySignIn(SignInRefused):
    """The phone code is the first step of sign-in already; it cannot be the second as well."""

    code = "sign_in_experiences.phone_verification_code_cannot_be_used_for_mfa"


class IdentifiersRepeated(SignInRefused):
    """The same identifier is asked for twice at sign-up."""

    code = "sign_in_experiences.duplicated_sign_up_identifiers"


class IdentifiersMissing(SignInRefused):
    """Sign-up needs a first identifier before it can have further ones."""

    code = "sign_in_experiences.missing_sign_up_identifiers"


class RecoveryNeedsConnector(SignInRefused):
    """Passwords cannot be recovered that way without a connector that sends the code."""

    code = "sign_in_experiences.forgot_password_method_requires_connector"

    def __init__(self, method: str) -> None:
        super().__init__(data={"method": method})


class ExpiryNeedsRecovery(SignInRefused):
    """Passwords run out, so there must be a way to set a new one."""

    code = "sign_in_experiences.password_expiration_requires_forgot_password"


class ConnectorInUse(AerocodeError):
    """People sign in with codes of this connector. Change the sign-in settings first, or remove it with force."""

    code = "connector.in_use"

    def __init__(self, uses: Sequence[str]) -> None:
        super().__init__(data={"usedBy": list(uses)})
