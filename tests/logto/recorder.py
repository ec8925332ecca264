"""A gate that answers what it is told and writes down what it was asked."""

import json
from contextlib import asynccontextmanager
from dataclasses import dataclass
from dataclasses import field

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


@dataclass
class Recorder:
    url: str = ""
    status: int = 200
    headers: dict = field(default_factory=dict)
    body: bytes = json.dumps(ENVELOPE).encode()
    asked: list = field(default_factory=list)

    def answer(self, status=200, body=ENVELOPE, **headers):
        self.status = status
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}

    async def handle(self, request):
        self.asked.append((request.method, request.path, dict(request.headers), await request.read()))
        return web.Response(status=self.status, body=self.body, headers=self.headers)


@asynccontextmanager
async def recording():
    recorder = Recorder()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", recorder.handle)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        recorder.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        yield recorder
    finally:
        await runner.cleanup()
