"""A PostgreSQL that stops, crashes or freezes under load: 503 soon, nothing half done, service back by itself."""

import asyncio
import signal
import time
from dataclasses import dataclass
from dataclasses import field

import aiohttp
import pytest
from app_processes import live
from app_processes import new_database
from app_processes import serving
from app_words import KEY
from app_words import Caller
from app_words import fresh_phone

from aerocode.sandbox import Sandbox
from postgres_server import PostgresServer

pytestmark = pytest.mark.anyio

CALLERS = 16


@pytest.fixture(scope="module")
async def gate(anyio_backend):
    sandbox = Sandbox()
    await sandbox.start(port=0)
    yield sandbox
    await sandbox.stop()


@pytest.fixture(scope="module")
def server():
    """Keeps what it promised when it crashes."""
    server = PostgresServer(durable=True)
    yield server
    server.remove()


@pytest.fixture
def process(server, gate, tmp_path):
    settings = {**new_database(server), **live(tmp_path, gate.url), "workers": 2}
    with serving(tmp_path, "--live", **settings) as process:
        yield process
        server.thaw()
        if not server.is_running:
            server.start()


@dataclass
class Load:
    """What callers saw who start a verification and check its code, again and again, each time for a new phone."""

    statuses: list[tuple[float, int]] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    headers: list[str | None] = field(default_factory=list)
    approved: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    stopped: bool = False

    async def go_on(self, caller, gate):
        while not self.stopped:
            phone = fresh_phone()
            self.phones.append(phone)
            begun = await self.told(caller.start(phone))
            if begun.status != 201:
                await asyncio.sleep(0.05)
                continue
            code = gate.messages(phone)[-1].code
            checked = await self.told(caller.check(begun.body["id"], code))
            if checked.status == 200:
                self.approved.append(begun.body["id"])

    async def told(self, asking):
        began = time.monotonic()
        answer = await asking
        ended = time.monotonic()
        self.statuses.append((ended, answer.status))
        self.waits.append(ended - began)
        if answer.status == 503:
            self.headers.append(answer.headers.get("retry-after"))
        return answer

    def after(self, moment):
        return {status for at, status in self.statuses if at > moment}


@pytest.fixture
async def under_load(anyio_backend, process, gate):
    load = Load()
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        caller = Caller(session, process.address, KEY)
        load.caller = caller
        tasks = [asyncio.ensure_future(load.go_on(caller, gate)) for _ in range(CALLERS)]
        await asyncio.sleep(0.7)
        yield load
        load.stopped = True
        await asyncio.gather(*tasks)


GONE = {
    "stopped": lambda server: server.stop(),
    "crashed": lambda server: server.stop(signal.SIGQUIT),
    "frozen": lambda server: server.freeze(),
}


@pytest.fixture(params=list(GONE))
async def outage(request, server, under_load, gate):
    """The load, two seconds without the database in the middle of it, and the moment at which it was back."""
    await asyncio.to_thread(GONE[request.param], server)
    await asyncio.sleep(2.5)
    if request.param == "frozen":
        server.thaw()
    else:
        await asyncio.to_thread(server.start)
    back = time.monotonic()
    await asyncio.sleep(5.5)
    under_load.stopped = True
    await asyncio.sleep(0.5)
    return under_load, back


async def test_an_outage_is_503_within_two_seconds_and_over_within_five_and_loses_nothing(outage, gate):
    load, back = outage
    assert {200, 201, 503} == {status for _, status in load.statuses}
    assert max(load.waits) < 2.5, "two seconds, and what a busy machine adds"
    assert load.headers
    assert None not in load.headers
    assert 503 not in load.after(back + 5)
    assert {200, 201} <= load.after(back)
    # Nobody was sent two, and what was acknowledged is kept.
    assert not [phone for phone in load.phones if len(gate.messages(phone)) > 1]
    for verification in load.approved:
        found = await load.caller.get(f"/api/verifications/{verification}")
        assert "approved" == found.body["status"]
