"""The one path every request takes: who, parse, engine, render; and one line in the log.

A plain ASGI function rather than a framework's request: the two hot routes pay for every frame.
"""

import logging
import time
from collections.abc import Mapping
from collections.abc import Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import pydantic_core
from starlette.types import Receive
from starlette.types import Scope as AsgiScope
from starlette.types import Send

from aerocode import errors
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Ask
from aerocode.api.exchange import Caller
from aerocode.api.exchange import Route
from aerocode.api.exchange import Style
from aerocode.api.parse import parse
from aerocode.api.problems import problem
from aerocode.api.who import Who
from aerocode.api.words import language
from aerocode.crypto import new_request_id
from aerocode.model.application import Application

log = logging.getLogger(__name__)
access = logging.getLogger("aerocode.access")

_NOTHING: Mapping[str, str] = {}

#: Bytes. A connector config with templates in three languages has about ten thousand.
LARGEST_BODY = 65_536


class Endpoint:
    """All methods of one path."""

    def __init__(self, path: str, routes: Sequence[Route], who: Who, nobody: Application) -> None:
        # The template of the path, not the path: tokens and phones in addresses stay out of the log.
        self._shown = path.replace("{token}", "…")
        self._routes = {route.method: route for route in routes}
        self._wants = {route.method: {one.name.lower().encode(): one.name for one in route.headers} for route in routes}
        self._allowed = sorted({*self._routes, *(["HEAD"] if "GET" in self._routes else [])})
        self._who = who
        self._stranger = Caller(application=nobody, key="", scopes=frozenset())

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        began, request_id = time.perf_counter(), new_request_id()
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        route = self._routes.get(method)
        style = Style.OWN if route is None else route.style
        try:
            answer = await self._answer(route, scope, receive)
        except errors.AerocodeError as refusal:
            answer = problem(refusal, style, request_id, _spoken(scope))
            if answer.status >= 500:
                log.error("request %s: %s", request_id, refusal.code, exc_info=refusal.__cause__)  # noqa: TRY400
        except Exception:
            log.exception("request %s failed", request_id)
            answer = problem(errors.AerocodeError(), style, request_id, _spoken(scope))
        await respond(send, answer, request_id)
        took = (time.perf_counter() - began) * 1000
        access.info("%s %s %d %.1f ms %s", scope["method"], self._shown, answer.status, took, request_id)

    async def _answer(self, route: Route | None, scope: AsgiScope, receive: Receive) -> Answer:
        if route is None:
            raise errors.MethodNotAllowed(data={"allow": self._allowed})
        headers = scope["headers"]
        caller = self._stranger
        if route.access is not None:
            caller = await self._who.caller(header(headers, b"authorization"), route.access)
        body: Any = None
        if route.undecoded:
            body = partial(_read, headers, receive)
        elif route.body is not None:
            raw = await _read(headers, receive)
            if raw[:1] != b"{" and route.style is not Style.OWN and _is_form(headers):
                raw = pydantic_core.to_json(dict(parse_qsl(raw.decode("latin-1"), keep_blank_values=True)))
            body = parse(raw, route.body)
        asked = scope["query_string"]
        query = dict(parse_qsl(asked.decode("latin-1"), keep_blank_values=True)) if asked else _NOTHING
        path: Mapping[str, str] = scope.get("path_params", _NOTHING)
        sent = _wanted(headers, self._wants[route.method]) if route.headers else _NOTHING
        return await route.handler(Ask(caller=caller, path=path, query=query, body=body, headers=sent))


def _is_form(headers: Sequence[tuple[bytes, bytes]]) -> bool:
    """Logto takes a form for JSON."""
    return (header(headers, b"content-type") or "").startswith("application/x-www-form-urlencoded")


def _spoken(scope: AsgiScope) -> str:
    return language(header(scope["headers"], b"accept-language"))


async def respond(send: Send, answer: Answer, request_id: str) -> None:
    raw, media = b"", answer.media
    if answer.text is not None:
        raw = answer.text.encode() if isinstance(answer.text, str) else answer.text
    elif answer.body is not None:
        raw = pydantic_core.to_json(answer.body)
    headers: list[tuple[bytes, bytes]] = [
        (b"x-request-id", request_id.encode()),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
    ]
    if answer.headers:
        headers.extend((name.encode(), value.encode()) for name, value in answer.headers.items())
    if raw:
        headers.append((b"content-type", media.encode()))
    if answer.status != 204:
        headers.append((b"content-length", str(len(raw)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": raw})


def header(headers: Sequence[tuple[bytes, bytes]], name: bytes) -> str | None:
    for key, value in headers:
        if key == name:
            return value.decode("latin-1")
    return None


def _wanted(headers: Sequence[tuple[bytes, bytes]], names: Mapping[bytes, str]) -> Mapping[str, str]:
    return {names[key]: value.decode("latin-1") for key, value in headers if key in names}


async def _read(headers: Sequence[tuple[bytes, bytes]], receive: Receive) -> bytes:
    declared = header(headers, b"content-length")
    if declared is not None and declared.isdigit() and int(declared) > LARGEST_BODY:
        raise errors.BodyTooLarge
    pieces: list[bytes] = []
    size = 0
    while True:
        event: Mapping[str, Any] = await receive()
        if event["type"] == "http.disconnect":
            raise errors.InvalidInput(message="The connection ended before the body did.")
        pieces.append(event.get("body", b""))
        size += len(pieces[-1])
        if size > LARGEST_BODY:
            raise errors.BodyTooLarge
        if not event.get("more_body", False):
            return b"".join(pieces)
