"""Refusals to HTTP. The only table from class to status; a class that is not in it takes its parent's line."""

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

from aerocode import errors
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Style
from aerocode.api.render import moment
from aerocode.api.words import ENGLISH
from aerocode.api.words import told

_OWN: Mapping[type[errors.AerocodeError], int] = {
    errors.AerocodeError: 500,
    errors.InvalidInput: 400,
    errors.BodyTooLarge: 413,
    errors.UnknownRoute: 404,
    errors.MethodNotAllowed: 405,
    errors.EntityNotFound: 404,
    errors.EntityInvalid: 422,
    errors.EntityExists: 409,
    errors.MissingAuthorization: 401,
    errors.UnsupportedAuthorization: 401,
    errors.Unauthorized: 401,
    errors.Forbidden: 403,
    errors.InvalidPhone: 422,
    errors.PhoneNotAllowed: 422,
    errors.VerificationNotFound: 404,
    errors.VerificationOver: 409,
    errors.CodeMismatch: 400,
    errors.CodeExpired: 410,
    errors.AttemptsExhausted: 410,
    errors.SendTooSoon: 429,
    errors.RequestInProgress: 409,
    errors.RequestUnlike: 409,
    errors.GuessesSpent: 429,
    errors.SignInRefused: 400,
    errors.ExpiryNeedsRecovery: 422,
    errors.ConnectorInUse: 422,
    errors.ConnectorError: 502,
    errors.NoConnector: 501,
    errors.NotEnoughMoney: 503,
    errors.DailyBudgetSpent: 503,
    errors.GateRateLimited: 429,
    errors.Unavailable: 503,
    errors.CannotStart: 422,
}

# Logto answers 400 where we tell kinds of refusal apart, and its clients compare statuses.
_LOGTO: Mapping[type[errors.AerocodeError], int] = {
    **_OWN,
    errors.ConnectorError: 400,
    errors.NotEnoughMoney: 400,
    errors.DailyBudgetSpent: 400,
    errors.UnknownFactory: 422,
    errors.ProfileSyncUnsupported: 422,
    errors.TokenStorageUnsupported: 422,
}

_LOGTO_CHECK: Mapping[type[errors.AerocodeError], int] = {
    **_LOGTO,
    errors.VerificationNotFound: 400,
    errors.VerificationOver: 400,
    errors.CodeExpired: 400,
    errors.AttemptsExhausted: 400,
    errors.GuessesSpent: 400,
}

_STATUSES = {Style.OWN: _OWN, Style.LOGTO: _LOGTO, Style.LOGTO_CHECK: _LOGTO_CHECK}

#: Refusals that know how long to wait.
_WAITING = (
    errors.SendTooSoon,
    errors.GuessesSpent,
    errors.GateRateLimited,
    errors.DailyBudgetSpent,
    errors.RequestInProgress,
)

#: Seconds after which asking again makes sense when the house itself is in trouble.
_UNAVAILABLE_WAIT = 5


def status_of(refusal: errors.AerocodeError, style: Style) -> int:
    table = _STATUSES[style]
    return next(table[kind] for kind in type(refusal).__mro__ if kind in table)


def problem(refusal: errors.AerocodeError, style: Style, request_id: str, spoken: str = ENGLISH) -> Answer:
    """RFC 9457 around Logto's `code`, `message`, `data`, `details`; the message in the language that is `spoken`."""
    status, message = status_of(refusal, style), told(refusal, spoken)
    body: dict[str, Any] = {
        "type": f"/docs#{refusal.code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": message,
        "code": refusal.code,
        "message": message,
    }
    faults = refusal.faults if isinstance(refusal, errors.InvalidInput | errors.InvalidConfig) else ()
    data = {name: moment(value) if isinstance(value, datetime) else value for name, value in refusal.data.items()}
    if faults:
        data = {**data, "issues": [_issue(fault) for fault in faults], "name": "ZodError"}
        body["details"] = "\n".join(_line(fault) for fault in faults)
    if data:
        body["data"] = data
    body["requestId"] = request_id
    if status == HTTPStatus.INTERNAL_SERVER_ERROR and style is not Style.OWN:
        del body["code"]  # Logto's clients take a code for a refusal they could do something about
    headers = {"content-language": spoken, **_headers(refusal, status)}
    return Answer(status, body, headers, media="application/problem+json")


def _headers(refusal: errors.AerocodeError, status: int) -> dict[str, str]:
    if isinstance(refusal, _WAITING):
        return {"retry-after": str(refusal.wait)}
    if isinstance(refusal, errors.Unavailable):
        return {"retry-after": str(_UNAVAILABLE_WAIT)}
    if isinstance(refusal, errors.MethodNotAllowed):
        return {"allow": ", ".join(refusal.data["allow"])}
    return {"www-authenticate": "Bearer"} if status == HTTPStatus.UNAUTHORIZED else {}


def _issue(fault: errors.Fault) -> dict[str, Any]:
    return {**fault.detail, "code": fault.code, "path": list(fault.path), "message": fault.message}


def _line(fault: errors.Fault) -> str:
    return f"{'.'.join(map(str, fault.path)) or 'body'} ({fault.code}): {fault.message} {fault.advice}".rstrip()
