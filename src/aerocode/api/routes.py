"""The site map: every address, who may call it, what it takes, and who answers."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.routing import Route as Matcher
from starlette.routing import Router
from starlette.types import ASGIApp
from starlette.types import Receive
from starlette.types import Scope as AsgiScope
from starlette.types import Send

from aerocode.api import bodies
from aerocode.api.applications import ApplicationHandlers
from aerocode.api.connectors import FORCE
from aerocode.api.connectors import ConnectorHandlers
from aerocode.api.delivery import DeliveryHandlers
from aerocode.api.endpoint import Endpoint
from aerocode.api.endpoint import header
from aerocode.api.endpoint import respond
from aerocode.api.exchange import Access
from aerocode.api.exchange import Route
from aerocode.api.exchange import Style
from aerocode.api.house import HouseHandlers
from aerocode.api.limit_bodies import LimitsBody
from aerocode.api.limits import LimitHandlers
from aerocode.api.lists import REASON
from aerocode.api.lists import ListHandlers
from aerocode.api.lists import TestNumberHandlers
from aerocode.api.messages import MessageHandlers
from aerocode.api.problems import problem
from aerocode.api.sign_in_bodies import SignInExpBody
from aerocode.api.sign_in_exp import SignInExpHandlers
from aerocode.api.unlocks import UnlockHandlers
from aerocode.api.verifications import IDEMPOTENCY_KEY
from aerocode.api.verifications import VerificationHandlers
from aerocode.api.who import Who
from aerocode.api.words import language
from aerocode.crypto import new_request_id
from aerocode.errors import UnknownRoute
from aerocode.model.application import Application
from aerocode.model.application import Scope

_PHONE = ("400 guard.invalid_input", "422 user.invalid_phone", "422 phone.not_allowed")
_NAMED = ("409 request.in_progress", "409 request.idempotency_key_reused")
_GATE = (
    "429 request.message_rate_limited",
    "429 session.verification_blocked_too_many_attempts",
    "429 connector.rate_limit_exceeded",
    "501 connector.not_found",
    "502 connector.wrong_credentials",
    "502 connector.ip_not_allowed",
    "502 connector.invalid_sender",
    "502 connector.invalid_number",
    "502 connector.refused",
    "502 connector.unreachable",
    "503 connector.not_enough_money",
    "503 connector.daily_budget_spent",
)
_OVER = (
    "404 verification_code.not_found",
    "409 verification_code.not_found",
    "410 verification_code.expired",
    "410 verification_code.exceed_max_try",
)
_CHECK = ("400 verification_code.code_mismatch", *_OVER, "429 session.verification_blocked_too_many_attempts")
_FACTORY = "/api/connectors/{id}/test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handlers:
    """Who answers; filled in one place, `app/services.py`."""

    verifications: VerificationHandlers
    messages: MessageHandlers
    connectors: ConnectorHandlers
    sign_in_exp: SignInExpHandlers
    applications: ApplicationHandlers
    unlocks: UnlockHandlers
    limits: LimitHandlers
    lists: ListHandlers
    test_numbers: TestNumberHandlers
    delivery: DeliveryHandlers
    house: HouseHandlers


def routes(hands: Handlers) -> tuple[Route, ...]:
    """All of it, in reading order."""
    return (
        *_verifications(hands.verifications, hands.messages),
        *_logto_codes(hands.verifications),
        *_connectors(hands.connectors),
        *_sign_in_exp(hands.sign_in_exp),
        *_applications(hands.applications),
        *_limits(hands.limits, hands.unlocks),
        *_lists(hands.lists, hands.test_numbers),
        *_delivery(hands.delivery),
        *_house(hands.house),
    )


# fmt: off
# A site map is read line by line.

def _verifications(hand: VerificationHandlers, messages: MessageHandlers) -> tuple[Route, ...]:
    write, read = Access(Scope.VERIFICATIONS_WRITE), Access(Scope.VERIFICATIONS_READ)
    root = "/api/verifications"
    return (
        Route("POST", root, hand.start, access=write, body=bodies.StartBody, status=201,
              headers=(IDEMPOTENCY_KEY,), summary="Send a code; the pending one again if there is one (200).",
              refusals=(*_PHONE, *_NAMED, *_GATE)),
        Route("POST", f"{root}/check", hand.check_by_phone, access=write, body=bodies.CheckByPhoneBody,
              summary="Check a code by phone and usage type.", refusals=(*_PHONE, *_CHECK)),
        Route("POST", f"{root}/{{id}}/check", hand.check, access=write, body=bodies.CheckBody,
              summary="Check a code.", refusals=("400 guard.invalid_input", *_CHECK)),
        Route("POST", f"{root}/{{id}}/resend", hand.resend, access=write, body=bodies.SessionBody,
              headers=(IDEMPOTENCY_KEY,), summary="Send the same code again.",
              refusals=("400 guard.invalid_input", "422 phone.not_allowed", *_OVER, *_NAMED, *_GATE)),
        Route("POST", f"{root}/{{id}}/cancel", hand.cancel, access=write, body=bodies.SessionBody,
              summary="End a pending verification; gives no attempt back.", refusals=_OVER),
        Route("GET", f"{root}/{{id}}", hand.one, access=read,
              summary="One verification and its messages.", refusals=("404 verification_code.not_found",)),
        Route("GET", root, hand.many, access=read,
              summary="Verifications, newest first; query: phone, limit, cursor.", refusals=_PHONE),
        Route("GET", "/api/messages", messages.many, access=Access(Scope.MESSAGES_READ),
              summary="Messages with their timelines, newest first; query: phone, status (several by commas), since, "
                      "until, limit, cursor.", refusals=_PHONE),
        Route("GET", "/api/messages/{id}", messages.one, access=Access(Scope.MESSAGES_READ),
              summary="One message with its timeline.", refusals=("404 entity.not_found",)),
    )


def _logto_codes(hand: VerificationHandlers) -> tuple[Route, ...]:
    write = Access(Scope.VERIFICATIONS_WRITE)
    return (
        Route("POST", "/api/verification-codes", hand.send_code, access=write, body=bodies.SendCodeBody, status=204,
              style=Style.LOGTO, summary="Logto: send a code for the usage type Generic.",
              refusals=(*_PHONE, "400 connector.*", "429 request.message_rate_limited", "501 connector.not_found")),
        Route("POST", "/api/verification-codes/verify", hand.verify_code, access=write, body=bodies.VerifyCodeBody,
              status=204, style=Style.LOGTO_CHECK,
              summary="Logto: check a code of the usage type Generic.", refusals=("400 verification_code.*",)),
    )


def _connectors(hand: ConnectorHandlers) -> tuple[Route, ...]:
    read = Access(Scope.CONNECTORS_READ, installation=True)
    write = Access(Scope.CONNECTORS_WRITE, installation=True)
    return (
        Route("GET", "/api/connector-factories", hand.factories, access=read, style=Style.LOGTO,
              summary="The kinds of connector there are."),
        Route("GET", "/api/connector-factories/{id}", hand.factory, access=read, style=Style.LOGTO,
              summary="One kind of connector.", refusals=("404 entity.not_found",)),
        Route("GET", "/api/connectors", hand.many, access=read, style=Style.LOGTO,
              summary="The saved connector, its key masked; query: target."),
        Route("POST", "/api/connectors", hand.add, access=write, body=bodies.ConnectorBody, style=Style.LOGTO,
              summary="Save a connector; it replaces the one before.",
              refusals=("400 connector.invalid_config", "422 connector.not_found_with_connector_id")),
        Route("GET", "/api/connectors/{id}", hand.one, access=read, style=Style.LOGTO,
              summary="One saved connector.", refusals=("404 entity.not_found",)),
        Route("PATCH", "/api/connectors/{id}", hand.change, access=write, body=bodies.ConnectorChangeBody,
              style=Style.LOGTO, summary="Replace the config. An apiKey left out or masked stays, if the e-mail does.",
              refusals=("400 connector.invalid_config", "404 entity.not_found", "422 entity.invalid_input")),
        Route("DELETE", "/api/connectors/{id}", hand.remove, access=write, status=204, style=Style.LOGTO,
              query=(FORCE,), summary="Remove a connector; nothing is sent afterwards.",
              refusals=("404 entity.not_found", "422 connector.in_use")),
        Route("POST", "/api/connectors/{id}/check", hand.check, access=write, body=bodies.ConnectorCheckBody,
              style=Style.LOGTO, summary="Faults and warnings of a config, the account asked about its sender name; "
                                         "nothing is sent or saved.", refusals=("400 connector.not_found",)),
        Route("GET", "/api/connector-versions", hand.versions, access=read,
              summary="The last ten configs that were live, newest first, their keys masked."),
        Route("POST", "/api/connectors/{id}/restore", hand.restore, access=write, body=bodies.RestoreBody,
              summary="Make a config live again that was once.",
              refusals=("400 connector.invalid_config", "404 entity.not_found")),
        Route("POST", _FACTORY, hand.test, access=write, body=bodies.ConnectorTestBody, status=204, style=Style.LOGTO,
              summary="Send the Generic template with code 000000; the answer's Location is the message.",
              refusals=("400 connector.*", "429 request.message_rate_limited")),
    )


def _sign_in_exp(hand: SignInExpHandlers) -> tuple[Route, ...]:
    write = Access(Scope.SETTINGS_WRITE, installation=True)
    return (
        Route("GET", "/api/sign-in-exp", hand.show, access=write, style=Style.LOGTO,
              summary="The code policy, and how people sign in as far as phones have a part in it."),
        Route("PATCH", "/api/sign-in-exp", hand.change, access=write, body=SignInExpBody, style=Style.LOGTO,
              summary="Change the parts that are named; it is written down who did.",
              refusals=("400 guard.invalid_input", "400 sign_in_experiences.*", "422 entity.invalid_input",
                        "422 sign_in_experiences.password_expiration_requires_forgot_password")),
    )


def _applications(hand: ApplicationHandlers) -> tuple[Route, ...]:
    every = Access(Scope.ALL, installation=True)
    one, gone = "/api/applications/{id}", ("404 entity.not_found",)
    return (
        Route("GET", "/api/applications", hand.many, access=every, summary="Applications."),
        Route("POST", "/api/applications", hand.add, access=every, body=bodies.ApplicationBody, status=201,
              summary="Add an application.", refusals=("409 entity.already_exists",)),
        Route("GET", one, hand.one, access=every, summary="One application.", refusals=gone),
        Route("PATCH", one, hand.change, access=every, body=bodies.ApplicationChangeBody,
              summary="Change the product name.", refusals=gone),
        Route("DELETE", one, hand.remove, access=every, status=204,
              summary="Remove an application and its keys.", refusals=gone),
        Route("GET", f"{one}/keys", hand.keys, access=every, summary="Keys of an application.", refusals=gone),
        Route("POST", f"{one}/keys", hand.add_key, access=every, body=bodies.KeyBody, status=201,
              summary="Make a key; its text is in this answer and never again.", refusals=gone),
        Route("DELETE", f"{one}/keys/{{key}}", hand.revoke_key, access=every, status=204,
              summary="Revoke a key.", refusals=gone),
    )


def _limits(hand: LimitHandlers, unlocks: UnlockHandlers) -> tuple[Route, ...]:
    write = Access(Scope.SETTINGS_WRITE, installation=True)
    return (
        Route("GET", "/api/limits", hand.show, access=write, summary="How often messages leave."),
        Route("PATCH", "/api/limits", hand.change, access=write, body=LimitsBody,
              summary="Change what is named; it is written down who did.",
              refusals=("400 guard.invalid_input", "422 entity.invalid_input")),
        Route("POST", "/api/unlocks", unlocks.unlock, access=write, body=bodies.UnlockBody,
              summary="End the stop of a phone's guesses; the hour's and the day's stay spent.", refusals=_PHONE),
        Route("POST", "/api/sentinel-activities/delete", unlocks.forget, access=write, body=bodies.SentinelBody,
              status=204, style=Style.LOGTO, summary="Logto: the same for many phones.", refusals=_PHONE),
    )


def _lists(hand: ListHandlers, numbers: TestNumberHandlers) -> tuple[Route, ...]:
    write = Access(Scope.LISTS_WRITE, installation=True)
    entry, number, gone = "/api/lists/{id}", "/api/test-numbers/{phone}", ("404 entity.not_found",)
    return (
        Route("GET", "/api/lists", hand.many, access=write, summary="Who is blocked or allowed."),
        Route("POST", "/api/lists", hand.add, access=write, body=bodies.ListEntryBody, status=201,
              summary="Block or allow a phone, the beginning of phones, or a network.",
              refusals=(*_PHONE, "409 entity.already_exists")),
        Route("GET", entry, hand.one, access=write, summary="One entry.", refusals=gone),
        Route("DELETE", entry, hand.remove, access=write, status=204, query=(REASON,),
              summary="Remove an entry.", refusals=gone),
        Route("GET", "/api/test-numbers", numbers.many, access=write, summary="Numbers with a code of their own."),
        Route("POST", "/api/test-numbers", numbers.add, access=write, body=bodies.TestNumberBody, status=201,
              summary="Give a number a fixed code and no SMS; at most 20.",
              refusals=(*_PHONE, "409 entity.already_exists", "422 entity.invalid_input")),
        Route("GET", number, numbers.one, access=write, summary="One test number.", refusals=(*_PHONE, *gone)),
        Route("DELETE", number, numbers.remove, access=write, status=204, query=(REASON,),
              summary="Make a test number an ordinary one.", refusals=(*_PHONE, *gone)),
    )


def _delivery(hand: DeliveryHandlers) -> tuple[Route, ...]:
    own = Access(Scope.ALL, installation=True, here=True)
    return (
        Route("POST", "/callbacks/smsaero/{token}", hand.report, undecoded=True,
              summary="SMS Aero's delivery reports; the address is made for each message.",
              refusals=("404 entity.not_found",)),
        Route("POST", "/control/balance", hand.left, access=own, hidden=True, summary="Ask for the balance."),
    )


def _house(hand: HouseHandlers) -> tuple[Route, ...]:
    own = Access(Scope.ALL, installation=True, here=True)
    counters = Access(Scope.METRICS_READ, installation=True)
    return (
        Route("GET", "/healthz", hand.healthz, summary="The process lives."),
        Route("GET", "/readyz", hand.readyz, summary="The database takes decisions."),
        Route("GET", "/openapi.json", hand.openapi, summary="This table, for machines."),
        Route("GET", "/docs", hand.docs, summary="This table, for people."),
        Route("GET", "/metrics", hand.count, access=counters, summary="Counters for Prometheus."),
        Route("POST", "/control/purge", hand.purge, access=own, hidden=True, summary="Purge now."),
        Route("POST", "/control/erase", hand.erase, access=own, body=bodies.EraseBody, hidden=True,
              summary="Erase what is kept about a phone."),
        Route("POST", "/control/backup", hand.backup, access=own, body=bodies.BackupBody, hidden=True,
              summary="Copy the database."),
        Route("POST", "/control/rotate", hand.rotate, access=own, hidden=True, summary="New secret key."),
    )


# fmt: on


class Api:
    """The ASGI application of the table. Addresses without a parameter, the hot ones among them, are one look-up."""

    def __init__(self, table: tuple[Route, ...], who: Who, nobody: Application) -> None:
        grouped: dict[str, list[Route]] = {}
        for route in table:
            grouped.setdefault(route.path, []).append(route)
        endpoints = {path: Endpoint(path, group, who, nobody) for path, group in grouped.items()}
        self._fixed: Mapping[str, ASGIApp] = {path: at for path, at in endpoints.items() if "{" not in path}
        matchers = [Matcher(path, at) for path, at in endpoints.items() if "{" in path]
        self._router = Router(matchers, redirect_slashes=False, default=_nowhere)

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        await self._fixed.get(scope["path"], self._router)(scope, receive, send)


async def _nowhere(scope: AsgiScope, receive: Receive, send: Send) -> None:  # noqa: ARG001 - ASGI's shape
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
        return
    request_id = new_request_id()
    spoken = language(header(scope["headers"], b"accept-language"))
    await respond(send, problem(UnknownRoute(), Style.OWN, request_id, spoken), request_id)
