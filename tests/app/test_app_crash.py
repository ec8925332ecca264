"""kill -9 between every two durable steps, then a restart: never two SMS, never a code accepted twice."""

import asyncio
import contextlib
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import anyio
import pytest
from app_processes import PATIENCE
from app_processes import live
from app_processes import new_database
from app_processes import serving
from app_words import EVERY_STORE
from app_words import KEY
from app_words import Answer
from app_words import Caller
from app_words import fresh_phone
from app_words import wrong

from aerocode.sandbox import Sandbox

pytestmark = pytest.mark.anyio

#: Where a start is cut off: how many SMS the gate has, and what the message is after the restart.
START = {
    ("die-after", "store.issue"): (0, "unknown"),
    ("die-before", "line.send"): (0, "unknown"),
    ("die-after", "line.send"): (1, "unknown"),
    ("die-before", "store.mark"): (1, "unknown"),
    ("die-after", "store.mark"): (1, "queued"),
}
#: Seconds: longer than any send may take, shorter than the wait for the next one.
LONG_ENOUGH = 12
ARRIVED = [stage for stage, (count, _) in START.items() if count]


@pytest.fixture(scope="module")
async def gate(anyio_backend):
    """Lives on when a server dies."""
    async with contextlib.AsyncExitStack() as stack:
        sandbox = Sandbox()
        await sandbox.start(port=0)
        stack.push_async_callback(sandbox.stop)
        yield sandbox


@pytest.fixture(scope="module")
async def session(anyio_backend):
    async with aiohttp.ClientSession() as session:
        yield session


@dataclass
class Aftermath:
    """What a client saw who had a start cut off, and started again at once after the restart."""

    again: Answer
    sms: int
    message: dict
    checks: list[Answer]


@dataclass
class Site:
    """Where a server lives that dies and comes back: its folder, its gate, its database."""

    folder: Path
    gate: Sandbox
    session: aiohttp.ClientSession
    database: dict
    #: A file has one owner, who gives up as it opens; of replicas, one does once the others may not send any more.
    later: tuple = ()

    @contextlib.asynccontextmanager
    async def served(self, *stage):
        settings = {**live(self.folder, self.gate.url), **self.database}
        with serving(self.folder, "--live", stage=stage, **settings) as process:
            yield process, Caller(self.session, process.address, KEY)


@pytest.fixture(scope="module", params=EVERY_STORE)
def sited(request, gate, session):
    def sited(folder):
        if request.param == "sqlite":
            return Site(folder, gate, session, {})
        return Site(folder, gate, session, new_database(), ("late", LONG_ENOUGH))

    return sited


@pytest.fixture
def site(sited, tmp_path):
    return sited(tmp_path)


async def cut_off(process, asking):
    """Nobody gets an answer, and the process is dead."""
    with pytest.raises(aiohttp.ClientError):
        await asking
    assert -signal.SIGKILL == await anyio.to_thread.run_sync(process.popen.wait)


@pytest.fixture(scope="module", params=list(START), ids=" ".join)
async def aftermath(request, sited, gate, tmp_path_factory):
    site, phone = sited(tmp_path_factory.mktemp("crash")), fresh_phone()
    async with site.served(*request.param) as (process, caller):
        await cut_off(process, caller.start(phone))
    async with site.served(*site.later) as (_, caller):
        again = await caller.start(phone)
        (row,) = (await caller.get("/api/verifications")).body["verifications"]
        message = await settled(caller, row["message"]["id"])
        sms = gate.messages(phone)
        checks = [await caller.check(row["id"], one.code) for one in sms for _ in range(2)]
        return request.param, Aftermath(again, len(sms), message, checks)


async def settled(caller, message_id):
    """What the message is shown as once somebody has said what became of it."""
    until = time.monotonic() + PATIENCE
    while (message := (await caller.get(f"/api/messages/{message_id}")).body)["status"] == "created":
        assert time.monotonic() < until
        await asyncio.sleep(0.02)
    return message


async def test_a_start_repeated_after_the_crash_sends_nothing_within_the_wait(aftermath):
    stage, seen = aftermath

    assert (429, START[stage][0]) == (seen.again.status, seen.sms)


async def test_the_repeated_start_is_told_the_verification_that_is_pending(aftermath):
    _, seen = aftermath

    assert {"resendAt", "id"} == set(seen.again.body["data"])


async def test_a_message_that_was_not_marked_becomes_unknown(aftermath):
    stage, seen = aftermath

    assert START[stage][1] == seen.message["status"]


async def test_the_timeline_says_that_a_restart_gave_it_up(aftermath):
    stage, seen = aftermath
    marked = stage == ("die-after", "store.mark")

    assert ("reply" if marked else "restart") == seen.message["timeline"][-1]["source"]


async def test_a_code_that_did_arrive_verifies_once(aftermath):
    stage, seen = aftermath

    assert ([200, 409] if stage in ARRIVED else []) == [answer.status for answer in seen.checks]


async def test_after_the_wait_a_code_that_never_left_can_be_had_after_all(site, gate, phone):
    (site.folder / "aerocode.toml").write_text("[limits]\nladder = [2]\n")
    async with site.served("die-after", "store.issue") as (process, caller):
        await cut_off(process, caller.start(phone))
    async with site.served() as (_, caller):
        while (again := await caller.start(phone)).status == 429:
            await asyncio.sleep(0.1)
        (sms,) = gate.messages(phone)
        checked = await caller.check(again.body["id"], sms.code)

    assert (200, 200) == (again.status, checked.status)


async def test_a_resend_that_was_cut_off_leaves_the_first_sms_its_code(site, gate, phone):
    (site.folder / "aerocode.toml").write_text("[limits]\nladder = [0, 60]\n")
    async with site.served("die-after", "store.resend") as (process, caller):
        started = (await caller.start(phone)).body
        await cut_off(process, caller.post(f"/api/verifications/{started['id']}/resend"))
    async with site.served() as (_, caller):
        again = await caller.post(f"/api/verifications/{started['id']}/resend")
        (sms,) = gate.messages(phone)
        checked = await caller.check(started["id"], sms.code)

    assert (429, 200) == (again.status, checked.status)


async def test_a_code_accepted_just_before_the_crash_is_never_accepted_again(site, gate, phone):
    async with site.served("die-after", "store.check") as (process, caller):
        started = (await caller.start(phone)).body
        code = gate.messages(phone)[0].code
        await cut_off(process, caller.check(started["id"], code))
    async with site.served() as (_, caller):
        again = await caller.check(started["id"], code)

    assert (409, {"status": "approved"}) == (again.status, again.body["data"])


async def test_an_attempt_spent_just_before_the_crash_is_spent(site, gate, phone):
    async with site.served("die-after", "store.check") as (process, caller):
        started = (await caller.start(phone)).body
        await cut_off(process, caller.check(started["id"], wrong(gate.messages(phone)[0].code)))
    async with site.served() as (_, caller):
        shown = (await caller.get(f"/api/verifications/{started['id']}")).body

    assert ("pending", 4) == (shown["status"], shown["attemptsLeft"])


async def test_nothing_that_was_answered_is_lost(site, gate):
    pending, used = fresh_phone(), fresh_phone()
    async with site.served() as (process, caller):
        added = (await caller.post("/api/applications", {"id": "shop", "product": "Shop"})).status
        key = (await caller.post("/api/applications/shop/keys", {"name": "k", "scopes": ["all"]})).body["key"]
        first, second = (await caller.start(pending)).body, (await caller.start(used)).body
        code = gate.messages(used)[0].code
        accepted = await caller.check(second["id"], code)
        process.kill()
    async with site.served() as (_, caller):
        as_it_was = await caller.check(first["id"], gate.messages(pending)[0].code)
        twice = await caller.check(second["id"], code)
        shop = await Caller(site.session, caller.base, key).get("/api/verifications")

    assert (201, 200) == (added, accepted.status)
    assert (200, 409, 200) == (as_it_was.status, twice.status, shop.status)


async def test_a_control_file_left_by_a_crash_misleads_nobody(site, gate):
    async with site.served() as (process, _):
        process.kill()
    left = (site.folder / "aerocode-data" / "control.json").exists()
    async with site.served() as (_, caller):
        healthy = await caller.get("/healthz")

    assert (True, 200) == (left, healthy.status)
