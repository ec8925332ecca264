"""The routes under /v2: credentials, faults and the envelope around what the methods answer."""

import base64
import binascii
import socket
import struct
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterable
from functools import partial

from aiohttp import web

from aerocode.sandbox import fields
from aerocode.sandbox.drift import drifted
from aerocode.sandbox.faults import ORDINARY
from aerocode.sandbox.faults import UNAUTHORIZED
from aerocode.sandbox.faults import Canned
from aerocode.sandbox.faults import Conduct
from aerocode.sandbox.faults import Fault
from aerocode.sandbox.methods.blacklist import Blacklist
from aerocode.sandbox.methods.book import Book
from aerocode.sandbox.methods.calls import Calls
from aerocode.sandbox.methods.endpoint import Endpoint
from aerocode.sandbox.methods.lookups import Lookups
from aerocode.sandbox.methods.mobile_id import MobileId
from aerocode.sandbox.methods.money import Money
from aerocode.sandbox.methods.signs import Signs
from aerocode.sandbox.methods.sms import Sms
from aerocode.sandbox.methods.telegram import Telegram
from aerocode.sandbox.methods.viber import Viber
from aerocode.sandbox.methods.whatsapp import WhatsApp
from aerocode.sandbox.replies import Answer
from aerocode.sandbox.replies import Refused
from aerocode.sandbox.state import State

_MALFORMED = Canned(status=400, message="Invalid JSON data in request body: Syntax error.")
_Handler = Callable[[web.Request], Awaitable[web.Response]]


def endpoints(state: State) -> tuple[Endpoint, ...]:
    """Every method of the gate, over one account."""
    book, blacklist = Book(state), Blacklist(state)
    sms = Sms(state, blacklist.has)
    families = (
        Money(state),
        Signs(state),
        sms,
        book,
        blacklist,
        Lookups(state),
        Viber(state, book.members),
        Telegram(state, sms.accept),
        MobileId(state, sms.accept),
        Calls(state),
        WhatsApp(state),
    )
    return tuple(endpoint for family in families for endpoint in family.endpoints())


class Gate:
    def __init__(self, state: State) -> None:
        self._state = state
        self.endpoints = endpoints(state)

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Every method by POST and by GET, as the real gate has it."""
        for endpoint in self.endpoints:
            handler = self._guarded(partial(self._answer, endpoint), endpoint.path)
            yield web.post(f"/v2/{endpoint.path}", handler)
            yield web.get(f"/v2/{endpoint.path}", handler, allow_head=False)
        yield web.route("*", "/v2/{path:.*}", self._guarded(self._unknown))
        yield web.route("*", "/redirected", self._redirected)

    def _guarded(self, handler: _Handler, path: str = "unknown") -> _Handler:
        async def handle(request: web.Request) -> web.Response:
            self._state.calls[path] += 1
            if not _has_credentials(request.headers.get("Authorization", "")):
                return _canned(Canned(status=401, message=UNAUTHORIZED))
            return await handler(request)

        return handle

    async def _answer(self, endpoint: Endpoint, request: web.Request) -> web.Response:
        request = request.clone(client_max_size=endpoint.largest)
        try:
            return await self._act(endpoint, fields.Given(await fields.read(request)), request)
        except fields.Malformed:
            return _canned(_MALFORMED)
        except Refused as refused:
            return _canned(refused.canned)

    async def _act(self, endpoint: Endpoint, given: fields.Given, request: web.Request) -> web.Response:
        """Raises Refused."""
        fault = self._state.script.at(endpoint.path)
        if fault is not None:
            return await self._behave(endpoint, request, fault, partial(_settled, endpoint, given, fault))
        outcome = endpoint.act(given)
        if isinstance(outcome, Answer):
            return self._accepted(endpoint, outcome)
        fault = self._state.script.next(outcome.numbers) or ORDINARY
        return await self._behave(endpoint, request, fault, partial(outcome.take, fault))

    async def _behave(
        self, endpoint: Endpoint, request: web.Request, fault: Fault, act: Callable[[], Answer]
    ) -> web.Response:
        """Raises Refused."""
        if fault.reply is not None:
            return _canned(fault.reply)
        if fault.conduct is Conduct.HANG:
            await self._state.stopping.wait()
        if fault.conduct in (Conduct.HANG, Conduct.RESET):
            return _reset(request)
        answer = act()
        if fault.conduct is Conduct.SLOW:
            await self._wait(self._state.slow_after)
        if fault.conduct is Conduct.RESET_AFTER_ACCEPT:
            return _reset(request)
        return self._accepted(endpoint, answer)

    async def _wait(self, seconds: float) -> None:
        await self._state.clock.until(self._state.now() + seconds)

    def _accepted(self, endpoint: Endpoint, answer: Answer) -> web.Response:
        data = drifted(endpoint.path, answer.data) if self._state.drift else answer.data
        return web.json_response({"success": True, "data": data, "message": answer.message})

    async def _unknown(self, _request: web.Request) -> web.Response:
        return _canned(Canned(status=404, message="Method not found."))

    async def _redirected(self, _request: web.Request) -> web.Response:
        self._state.followed += 1
        return web.Response(text="A client must not follow a gate's redirect: it carries the key with it.")


def _settled(endpoint: Endpoint, given: fields.Given, fault: Fault) -> Answer:
    outcome = endpoint.act(given)
    return outcome if isinstance(outcome, Answer) else outcome.take(fault)


def _has_credentials(header: str) -> bool:
    """HTTP Basic with any e-mail and any key that are not empty."""
    scheme, _, encoded = header.partition(" ")
    try:
        email, _, key = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return scheme.lower() == "basic" and bool(email) and bool(key)


def _canned(reply: Canned) -> web.Response:
    if reply.raw is not None:
        return web.Response(status=reply.status, text=reply.raw, content_type="text/html", headers=reply.headers)
    envelope = {"success": False, "data": reply.data, "message": reply.message}
    return web.json_response(envelope, status=reply.status, headers=reply.headers)


def _reset(request: web.Request) -> web.Response:
    """Tear the connection down with a TCP RST, as a crashing proxy does; the response returned reaches nobody."""
    if request.transport is not None:
        # Linger of zero seconds makes the kernel drop the connection instead of closing it in order.
        linger = struct.pack("ii", 1, 0)
        request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        request.transport.abort()
    return web.Response()
