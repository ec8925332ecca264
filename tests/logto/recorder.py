"""A gate that answers what it is told and writes down what it was asked."""

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from dataclasses import field
from typing import Any

import aiohttp
from aiohttp import web

ENVELOPE = {
    "success": True,
    "data": {
        "id": 1,
        "from": "SMS Aero",
        "number": "79123456789",
        "text": "x",
        "status": 0,
        "extendStatus": "queue",
        "channel": "FREE SIGN",
        "cost": 4.19,
        "dateCreate": 1700000000,
        "dateSend": 1700000000,
    },
    "message": None,
}
GOOD = json.dumps(ENVELOPE).encode()
ELSEWHERE = "/elsewhere"


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    headers: dict
    body: bytes


@dataclass
class Recorder:
    """`forward` is the address of a gate that answers instead."""

    runner: Any
    url: str = ""
    forward: str = ""
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes = GOOD
    reset: bool = False
    asked: list = field(default_factory=list)

    def answer(self, status=200, body=GOOD, *, reset=False, **headers):
        self.status, self.body, self.reset, self.headers = status, body, reset, headers

    def taken(self):
        """What was asked since the last time."""
        asked, self.asked = self.asked, []
        return asked

    async def listen(self, context=None):
        """A further port, with TLS when there is a context."""
        await web.TCPSite(self.runner, "127.0.0.1", 0, ssl_context=context).start()
        return self.runner.addresses[-1][1]

    async def handle(self, request):
        asked = Asked(request.method, request.path, dict(request.headers), await request.read())
        self.asked.append(asked)
        if self.forward:
            return await self._forwarded(asked)
        if request.path == ELSEWHERE:
            return web.Response(body=GOOD)
        if self.reset:
            request.transport.abort()
        return web.Response(status=self.status, body=self.body, headers=self.headers)

    async def _forwarded(self, asked):
        kept = {name: asked.headers[name] for name in ("Authorization", "Content-Type") if name in asked.headers}
        async with (
            aiohttp.ClientSession() as session,
            session.request(
                asked.method, f"{self.forward}{asked.path}", data=asked.body, headers=kept, allow_redirects=False
            ) as reply,
        ):
            kept = {name: reply.headers[name] for name in ("Location", "Retry-After") if name in reply.headers}
            return web.Response(status=reply.status, body=await reply.read(), headers=kept)


@asynccontextmanager
async def recording():
    app = web.Application()
    runner = web.AppRunner(app, access_log=None)
    recorder = Recorder(runner)
    app.router.add_route("*", "/{path:.*}", recorder.handle)
    await runner.setup()
    try:
        recorder.url = f"http://127.0.0.1:{await recorder.listen()}"
        yield recorder
    finally:
        await runner.cleanup()
