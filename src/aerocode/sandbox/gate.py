"""The routes under /v2, with the provider's own field types: a number and a cost change type between methods."""

import asyncio
import base64
import binascii
import socket
import struct
from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Iterable
from typing import Any

from aiohttp import web

from aerocode.sandbox import fields
from aerocode.sandbox.faults import INCORRECT
from aerocode.sandbox.faults import UNAUTHORIZED
from aerocode.sandbox.faults import Canned
from aerocode.sandbox.faults import Conduct
from aerocode.sandbox.faults import Fate
from aerocode.sandbox.inbox import Message
from aerocode.sandbox.state import State
from aerocode.smsaero.model import SmsStatus

_Method = Callable[[web.Request, dict[str, Any]], Awaitable[web.Response]]


class Gate:
    def __init__(self, state: State) -> None:
        self._state = state

    def routes(self) -> Iterable[web.AbstractRouteDef]:
        """Every method by POST and by GET, as the real gate has it."""
        methods: dict[str, _Method] = {
            "auth": self._auth,
            "balance": self._balance,
            "sms/send": self._send,
            "sms/testsend": self._test_send,
            "sms/status": self._status,
            "sms/teststatus": self._test_status,
        }
        for path, method in methods.items():
            handler = self._guarded(method)
            yield web.post(f"/v2/{path}", handler)
            yield web.get(f"/v2/{path}", handler, allow_head=False)
        yield web.route("*", "/v2/{path:.*}", self._guarded(self._unknown))
        yield web.route("*", "/redirected", self._redirected)

    def _guarded(self, method: _Method) -> Callable[[web.Request], Awaitable[web.Response]]:
        async def handle(request: web.Request) -> web.Response:
            if request.path == "/v2/sms/send":
                self._state.requests += 1
            if not _has_credentials(request.headers.get("Authorization", "")):
                return _canned(Canned(status=401, message=UNAUTHORIZED))
            try:
                return await method(request, await fields.read(request))
            except fields.Malformed:
                return _canned(Canned(status=400, message="Invalid JSON data in request body: Syntax error."))

        return handle

    async def _auth(self, _request: web.Request, _fields: dict[str, Any]) -> web.Response:
        return _accepted(None, message="Successful authorization.")

    async def _balance(self, _request: web.Request, _fields: dict[str, Any]) -> web.Response:
        return _accepted({"balance": self._state.balance()})

    async def _send(self, request: web.Request, given: dict[str, Any]) -> web.Response:
        return await self._take(request, given, test=False)

    async def _test_send(self, request: web.Request, given: dict[str, Any]) -> web.Response:
        return await self._take(request, given, test=True)

    async def _take(self, request: web.Request, given: dict[str, Any], *, test: bool) -> web.Response:
        send = fields.send(given)
        if not isinstance(send, fields.Send):
            return _canned(Canned(status=400, message=INCORRECT, data=send))
        fault = self._state.script.next(send.numbers)
        conduct = fault.conduct if fault else Conduct.ANSWER
        if fault and fault.reply:
            return _canned(fault.reply)
        if conduct is Conduct.HANG:
            await self._state.stopping.wait()
        if conduct in (Conduct.HANG, Conduct.RESET):
            return _reset(request)
        fate = fault.fate if fault else Fate.DELIVERED
        taken = [
            self._state.accept(number, sign=send.sign, text=send.text, fate=fate, test=test) for number in send.numbers
        ]
        if conduct is Conduct.SLOW:
            await asyncio.sleep(self._state.slow_after)
        if conduct is Conduct.RESET_AFTER_ACCEPT:
            return _reset(request)
        told = [self._describe(message) for message in taken]
        return _accepted(told if send.many else told[0])

    async def _status(self, _request: web.Request, given: dict[str, Any]) -> web.Response:
        message = self._state.inbox.get(fields.message_id(given) or 0)
        if message is None:
            return _unknown_id()
        told = self._describe(message)
        status = message.status(self._state.now())
        # Types as observed: here the number is an integer and the cost a string.
        told |= {"number": int(message.number), "cost": f"{message.cost:.2f}"}
        if status.final:
            told["dateAnswer"] = int(message.received + message.deliver_after)
        return _accepted(told)

    async def _test_status(self, _request: web.Request, given: dict[str, Any]) -> web.Response:
        message = self._state.tests.get(fields.message_id(given) or 0)
        if message is None:
            return _unknown_id()
        return _accepted(self._describe(message) | {"number": int(message.number)})

    async def _unknown(self, _request: web.Request, _fields: dict[str, Any]) -> web.Response:
        return _canned(Canned(status=404, message="Method not found."))

    async def _redirected(self, _request: web.Request) -> web.Response:
        self._state.followed += 1
        return web.Response(text="A client must not follow a gate's redirect: it carries the key with it.")

    def _describe(self, message: Message) -> dict[str, Any]:
        now = self._state.now()
        status: SmsStatus = message.status(now)
        return {
            "id": message.id,
            "from": message.sign,
            "number": message.number,
            "text": message.text,
            "status": int(status),
            "extendStatus": message.word(now),
            "channel": "FREE SIGN",
            "cost": message.cost,
            "dateCreate": int(message.received),
            "dateSend": int(message.received),
        }


def _has_credentials(header: str) -> bool:
    """HTTP Basic with any e-mail and any key that are not empty."""
    scheme, _, encoded = header.partition(" ")
    try:
        email, _, key = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return False
    return scheme.lower() == "basic" and bool(email) and bool(key)


def _accepted(data: Any, *, message: str | None = None) -> web.Response:
    return web.json_response({"success": True, "data": data, "message": message})


def _canned(reply: Canned) -> web.Response:
    if reply.raw is not None:
        return web.Response(status=reply.status, text=reply.raw, content_type="text/html", headers=reply.headers)
    envelope = {"success": False, "data": reply.data, "message": reply.message}
    return web.json_response(envelope, status=reply.status, headers=reply.headers)


def _unknown_id() -> web.Response:
    return _canned(Canned(status=400, message=INCORRECT, data={"id": ["incorrect"]}))


def _reset(request: web.Request) -> web.Response:
    """Tear the connection down with a TCP RST, as a crashing proxy does; the response returned reaches nobody."""
    if request.transport is not None:
        # Linger of zero seconds makes the kernel drop the connection instead of closing it in order.
        linger = struct.pack("ii", 1, 0)
        request.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        request.transport.abort()
    return web.Response()
