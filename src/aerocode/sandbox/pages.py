"""The inbox: one line of JSON for programs, a page that looks like a phone for people."""

import json
from collections.abc import Iterable
from datetime import UTC
from datetime import datetime
from importlib.resources import files
from typing import Any

import jinja2
from aiohttp import web

from aerocode.sandbox.faults import FAULTS
from aerocode.sandbox.inbox import Message
from aerocode.sandbox.inbox import digits
from aerocode.sandbox.state import State

# Whoever can send an SMS writes on this page; so it runs no script and loads nothing but its own style.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Vary": "Accept",
}


class Pages:
    def __init__(self, state: State) -> None:
        self._state = state
        environment = jinja2.Environment(
            loader=jinja2.PackageLoader("aerocode.sandbox"), autoescape=True, undefined=jinja2.StrictUndefined
        )
        environment.filters.update(spaced=_spaced, tone=_tone)
        self._page = environment.get_template("inbox.html")
        self._style = (files("aerocode.sandbox") / "static" / "inbox.css").read_text()

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        yield web.get("/", self._front)
        yield web.get("/inbox", self._all)
        yield web.get("/inbox/{phone}", self._one)
        yield web.get("/inbox.css", self._css)

    async def _front(self, _request: web.Request) -> web.Response:
        return web.Response(status=302, headers={"Location": "/inbox"})

    async def _all(self, request: web.Request) -> web.Response:
        return self._answer(request, None)

    async def _one(self, request: web.Request) -> web.Response:
        phone = digits(request.match_info["phone"])
        if not phone:
            return _json({"error": "a phone is digits, such as 79121234567"}, status=400)
        return self._answer(request, phone)

    async def _css(self, _request: web.Request) -> web.Response:
        return web.Response(text=self._style, content_type="text/css", headers=_HEADERS)

    def _answer(self, request: web.Request, phone: str | None) -> web.Response:
        messages = [self._tell(message) for message in self._state.inbox.read(phone)]
        if prefers_html(request.headers.get("Accept", "")):
            clock = self._state.clock
            page = self._page.render(
                phone=phone,
                messages=messages,
                faults=FAULTS,
                clock=datetime.fromtimestamp(clock.now(), UTC).isoformat(timespec="seconds"),
                advanced=round(clock.advanced),
            )
            return web.Response(text=page, content_type="text/html", headers=_HEADERS)
        named = {} if phone is None else {"phone": phone}
        return _json({**named, "messages": messages})

    def _tell(self, message: Message) -> dict[str, Any]:
        step = message.step(self._state.now())
        return {
            "id": message.id,
            "number": message.number,
            "channel": message.channel,
            "sign": message.sign,
            "text": message.text,
            "code": message.code,
            "status": int(step.status),
            "extendStatus": step.word,
            "receivedAt": message.received_at,
        }


def _spaced(number: str) -> str:
    """A number as people write it; only Russia's has a usual form here."""
    if len(number) != 11 or not number.startswith("7"):
        return f"+{number}"
    return f"+7 {number[1:4]} {number[4:7]}-{number[7:9]}-{number[9:]}"


def _tone(word: str) -> str:
    """The colour of a status, by the provider's word for it."""
    tones = {"delivery": "good", "write": "good", "undelivered": "bad", "reject": "bad", "moderation": "wait"}
    return tones.get(word, "plain")


def _json(value: Any, *, status: int = 200) -> web.Response:
    """One line without spaces after separators: people read the newest code out of it with sed."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    body = f"{text}\n".encode(errors="replace")
    return web.Response(status=status, body=body, content_type="application/json", charset="utf-8", headers=_HEADERS)


def prefers_html(accept: str) -> bool:
    """True when HTML is named and liked better than JSON; `*/*`, which curl sends, names nothing."""
    liked: dict[str, float] = {}
    for part in accept.split(","):
        kind, *parameters = (piece.strip() for piece in part.lower().split(";"))
        quality = next((p[2:] for p in parameters if p.startswith("q=")), "1")
        try:
            liked[kind] = float(quality)
        except ValueError:
            liked[kind] = 0.0
    return liked.get("text/html", 0.0) > liked.get("application/json", 0.0)
