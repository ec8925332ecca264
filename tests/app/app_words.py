"""What the tests of the whole application share: a house on a free port, callers with keys, phones nobody used yet."""

import asyncio
import itertools
import json
import sqlite3
from contextlib import asynccontextmanager
from dataclasses import dataclass
from dataclasses import field
from dataclasses import replace
from datetime import timedelta
from typing import Any

import aiohttp

from aerocode.app.datadir import DataDir
from aerocode.app.datadir import DataMode
from aerocode.app.services import open_services
from aerocode.app.serving import Server
from aerocode.app.serving import address
from aerocode.app.serving import listening
from aerocode.app.settings import Settings
from aerocode.crypto import Secret
from postgres_server import ask
from postgres_server import shared

KEY = "the-operators-own-key-of-these-tests"
SECRET = "a secret of these tests: 32 bytes or more"
CONTROL = "the-token-that-stands-in-control.json"
FACTORY = "smsaero-short-message-service"
REQUIRED = ("Register", "SignIn", "ForgotPassword", "Generic")
CONFIG = {
    "email": "you@example.com",
    "apiKey": "GateKeyThatNobodyMayRead",
    "senderName": "SMS Aero",
    "templates": [
        {"usageType": usage, "content": f"{usage} of {{{{appName}}}}: {{{{code}}}} for {{{{expiresIn}}}} min."}
        for usage in REQUIRED
    ],
}

#: `STORES` of files that are about what is decided and kept; what is about the face alone needs no second store.
EVERY_STORE = ("sqlite", "postgres")

_numbers = itertools.count()


def fresh_phone() -> str:
    """A mobile number no test used before, in E.164, that meets no fault of the sandbox by itself."""
    thousands, last = divmod(next(_numbers), 9000)
    return f"+7916{100 + thousands}{1000 + last}"


def wrong(code: str) -> str:
    """A code of the same length that is not this one."""
    return "".join(str((int(digit) + 1) % 10) for digit in code)


@dataclass(frozen=True)
class Answer:
    status: int
    body: Any
    headers: Any
    raw: bytes = field(repr=False)

    @property
    def code(self):
        return self.body["code"]

    @property
    def brief(self):
        """Status and error code, the two things programs compare."""
        return self.status, (self.body or {}).get("code")

    @property
    def issues(self):
        return {(".".join(map(str, issue["path"])), issue["code"]) for issue in self.body["data"]["issues"]}


class Caller:
    """Somebody with a key; without one, a stranger."""

    def __init__(self, session, base, key=None):
        self._session = session
        self.base = base
        self._headers = {} if key is None else {"authorization": f"Bearer {key}"}

    async def ask(self, method, path, body=None, *, raw=None, headers=None):
        data = raw if raw is not None else None if body is None else json.dumps(body).encode()
        async with self._session.request(
            method, f"{self.base}{path}", data=data, headers={**self._headers, **(headers or {})}
        ) as reply:
            text = await reply.read()
            is_json = "json" in reply.headers.get("content-type", "")
            return Answer(reply.status, json.loads(text) if is_json and text else None, reply.headers, text)

    async def get(self, path):
        return await self.ask("GET", path)

    async def post(self, path, body=None):
        return await self.ask("POST", path, body)

    async def start(self, phone, usage_type="Generic", **more):
        return await self.post("/api/verifications", {"phone": phone, "usageType": usage_type, **more})

    async def check(self, verification_id, code, **more):
        return await self.post(f"/api/verifications/{verification_id}/check", {"code": code, **more})


@dataclass
class House:
    """The application with everything real, in this process; `owner` holds a full key of `default`."""

    services: Any
    address: str
    session: aiohttp.ClientSession
    owner: Caller

    @property
    def sandbox(self):
        return self.services.sandbox

    def caller(self, key=None):
        return Caller(self.session, self.address, key)

    def code(self, phone):
        """The code in the newest SMS to that phone."""
        return self.sandbox.messages(phone)[-1].code

    def pass_time(self, seconds):
        self.services.store.shift_clock(timedelta(seconds=seconds))

    async def look(self, question):
        """What another connection sees in the database."""
        return await asyncio.to_thread(_look, self.services.settings, question)

    async def wait(self, seconds):
        """Time that passes for us and for the gate alike, callbacks and all."""
        self.pass_time(seconds)
        self.sandbox.advance(seconds)
        await self.sandbox.settled()

    async def reconcile(self):
        """What the chore does by itself every few seconds; how many messages it asked about."""
        return await self.services.post.reconciler.round()

    async def message(self, message_id):
        return (await self.owner.get(f"/api/messages/{message_id}")).body

    async def key(self, *scopes, application="default", **more):
        """The text of a new key."""
        made = await self.owner.post(
            f"/api/applications/{application}/keys", {"name": "test", "scopes": list(scopes), **more}
        )
        assert made.status == 201, made.body
        return made.body["key"]

    async def holder(self, *scopes, application="default"):
        return self.caller(await self.key(*scopes, application=application))

    async def neighbour(self, name):
        """A caller with a full key of another application."""
        added = await self.owner.post("/api/applications", {"id": name, "product": f"Product {name}"})
        assert added.status == 201, added.body
        return await self.holder("all", application=name)


def _look(settings, question):
    if settings.postgres is not None:
        return ask(settings.postgres, question)
    database = sqlite3.connect(settings.database)
    try:
        return database.execute(question).fetchall()
    finally:
        database.close()


def kept_in(store):
    """Settings for an empty one of `EVERY_STORE`."""
    return {} if store == "sqlite" else {"database_url": Secret(shared().empty()), "secret_key": Secret(SECRET)}


@asynccontextmanager
async def opened(folder, *, public=False, **changes):
    """A house in `folder` whose gate is its own sandbox; it gives the gate 1 s. A `public` one is called back."""
    settings = Settings(**{"data_dir": folder, "api_key": Secret(KEY), "gate_timeout": 1.0, **changes})
    data = DataDir(settings)
    data.make()
    with data.lock(), listening("127.0.0.1", 0) as listener:
        if public:
            settings = replace(settings, public_url=address(listener))
        async with open_services(settings, DataMode.SANDBOX, data, CONTROL, sandbox_port=0) as services:
            server = Server(services)
            serving = asyncio.create_task(server.serve(sockets=[listener]))
            limits = {"connector": aiohttp.TCPConnector(limit=0), "timeout": aiohttp.ClientTimeout(total=30)}
            async with aiohttp.ClientSession(**limits) as session:
                base = address(listener)
                yield House(services, base, session, Caller(session, base, KEY))
            server.leave()
            await serving
