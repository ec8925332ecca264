"""Errors: a sentence for people, a code for programs, and neither says what a stranger may not know."""

import inspect
from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest

from aerocode import errors

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)

CLASSES = {
    name: value
    for name, value in vars(errors).items()
    if inspect.isclass(value) and issubclass(value, errors.AerocodeError)
}

#: A public contract: a client may have written any of these down.
CODES = {
    "GuessesSpent": "session.verification_blocked_too_many_attempts",
    "AerocodeError": "internal",
    "InvalidInput": "guard.invalid_input",
    "BodyTooLarge": "request.body_too_large",
    "UnknownRoute": "entity.not_found",
    "MethodNotAllowed": "request.method_not_allowed",
    "EntityNotFound": "entity.not_found",
    "EntityInvalid": "entity.invalid_input",
    "EntityExists": "entity.already_exists",
    "MissingAuthorization": "auth.authorization_header_missing",
    "UnsupportedAuthorization": "auth.authorization_token_type_not_supported",
    "Unauthorized": "auth.unauthorized",
    "Forbidden": "auth.forbidden",
    "InvalidPhone": "user.invalid_phone",
    "PhoneNotAllowed": "phone.not_allowed",
    "VerificationNotFound": "verification_code.not_found",
    "VerificationOver": "verification_code.not_found",
    "CodeMismatch": "verification_code.code_mismatch",
    "CodeExpired": "verification_code.expired",
    "AttemptsExhausted": "verification_code.exceed_max_try",
    "SendTooSoon": "request.message_rate_limited",
    "RequestInProgress": "request.in_progress",
    "RequestUnlike": "request.idempotency_key_reused",
    "ConnectorError": "connector.general",
    "NoConnector": "connector.not_found",
    "UnknownFactory": "connector.not_found_with_connector_id",
    "UnknownTestFactory": "connector.not_found",
    "WrongConnectorType": "connector.unexpected_type",
    "MetadataFixed": "connector.cannot_overwrite_metadata_for_non_standard_connector",
    "ProfileSyncUnsupported": "connector.invalid_type_for_syncing_profile",
    "TokenStorageUnsupported": "request.feature_not_supported",
    "InvalidConfig": "connector.invalid_config",
    "TemplateNotFound": "connector.template_not_found",
    "WrongCredentials": "connector.wrong_credentials",
    "NotEnoughMoney": "connector.not_enough_money",
    "DailyBudgetSpent": "connector.daily_budget_spent",
    "AddressNotAllowed": "connector.ip_not_allowed",
    "InvalidSender": "connector.invalid_sender",
    "InvalidRecipient": "connector.invalid_number",
    "GateRateLimited": "connector.rate_limit_exceeded",
    "GateUnreachable": "connector.unreachable",
    "GateRefused": "connector.refused",
    "CodeRequired": "sign_in_experiences.code_sign_in_must_be_enabled",
    "ConnectorInUse": "connector.in_use",
    "ExpiryNeedsRecovery": "sign_in_experiences.password_expiration_requires_forgot_password",
    "FactorRequired": "sign_in_experiences.at_least_one_authentication_factor",
    "GateUnreadable": "connector.invalid_response",
    "IdentifiersMissing": "sign_in_experiences.missing_sign_up_identifiers",
    "IdentifiersRepeated": "sign_in_experiences.duplicated_sign_up_identifiers",
    "NoConnectorFor": "sign_in_experiences.enabled_connector_not_found",
    "PasswordRequired": "sign_in_experiences.username_requires_password",
    "PhoneCodeTakenByMfa": "sign_in_experiences.phone_verification_code_cannot_be_used_for_sign_in",
    "PhoneCodeTakenBySignIn": "sign_in_experiences.phone_verification_code_cannot_be_used_for_mfa",
    "RecoveryNeedsConnector": "sign_in_experiences.forgot_password_method_requires_connector",
    "SignInRefused": "sign_in_experiences.invalid",
    "VerifyRequired": "sign_in_experiences.passwordless_requires_verify",
    "GateSilent": "connector.unknown_outcome",
    "Unavailable": "service.unavailable",
    "StoreUnavailable": "service.unavailable",
    "CannotDecrypt": "secret.unreadable",
    "CannotStart": "start.refused",
    "InUse": "start.refused",
}

WORTH_REPEATING = {
    "CodeMismatch",
    "GuessesSpent",
    "SendTooSoon",
    "RequestInProgress",
    "DailyBudgetSpent",
    "GateRateLimited",
    "GateUnreachable",
    "GateUnreadable",
    "GateSilent",
    "Unavailable",
    "StoreUnavailable",
}


def test_codes_are_stable():
    assert CODES == {name: error.code for name, error in CLASSES.items()}


@pytest.mark.parametrize("error", CLASSES.values(), ids=CLASSES.keys())
def test_every_class_has_a_sentence_of_its_own(error):
    sentence = inspect.cleandoc(vars(error).get("__doc__") or "")
    assert (True, True) == (sentence[:1].isupper(), sentence.endswith((".", "?")))


def test_no_two_classes_share_a_sentence():
    sentences = [error.__doc__ for error in CLASSES.values()]
    assert len(sentences) == len(set(sentences))


def test_only_what_may_succeed_later_is_worth_repeating():
    assert WORTH_REPEATING == {name for name, error in CLASSES.items() if not error.permanent}


def test_an_error_says_its_sentence():
    assert "There is no such thing here." == str(errors.EntityNotFound())


def test_an_error_may_say_another_sentence():
    assert "Not that one." == str(errors.EntityNotFound("Not that one."))


@pytest.mark.parametrize(
    "reason",
    [
        "connector.wrong_credentials",
        "connector.not_enough_money",
        "connector.ip_not_allowed",
        "connector.invalid_sender",
        "connector.invalid_number",
        "connector.rate_limit_exceeded",
        "connector.unreachable",
        "connector.refused",
        "connector.invalid_config",
        "connector.template_not_found",
    ],
)
def test_a_refusal_is_raised_under_the_code_it_was_recorded_with(reason):
    assert reason == errors.refusal(reason).code


def test_a_refusal_nobody_knows_is_still_a_refusal():
    assert errors.GateRefused is type(errors.refusal("connector.whatever"))


@pytest.mark.parametrize(("said", "wait"), [(None, 1), (0, 1), (7, 7)])
def test_a_rate_limit_of_the_gate_says_how_long_to_wait(said, wait):
    assert wait == errors.refusal("connector.rate_limit_exceeded", said).wait


@pytest.mark.parametrize(("left", "wait"), [(29.2, 30), (30, 30), (0.1, 1), (0, 1), (-5, 1)])
def test_too_soon_rounds_the_wait_up_and_never_to_nothing(left, wait):
    error = errors.SendTooSoon(resend_at=NOW + timedelta(seconds=left), now=NOW, verification_id=None)
    assert wait == error.wait


@pytest.mark.parametrize(("verification_id", "keys"), [(None, {"resendAt"}), ("v", {"resendAt", "id"})])
def test_too_soon_names_a_verification_only_when_it_is_the_callers(verification_id, keys):
    error = errors.SendTooSoon(resend_at=NOW, now=NOW, verification_id=verification_id)
    assert keys == set(error.data)


def test_a_mismatch_says_how_many_attempts_are_left():
    assert {"attemptsLeft": 0} == errors.CodeMismatch(0).data


def test_what_is_over_says_how_it_ended():
    assert {"status": "canceled"} == errors.VerificationOver("canceled").data
