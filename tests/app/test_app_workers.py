"""AEROCODE_WORKERS: several processes behind one address, on one PostgreSQL, as good as one."""

import asyncio
import os
import re
import signal
import time
from collections import Counter
from pathlib import Path

import aiohttp
import pytest
from app_processes import live
from app_processes import new_database
from app_processes import refused
from app_processes import run
from app_processes import serving
from app_words import KEY
from app_words import Caller
from app_words import fresh_phone
from app_words import wrong

from aerocode.sandbox import Sandbox

pytestmark = pytest.mark.anyio

COUNT = 4


@pytest.fixture(scope="module")
async def gate(anyio_backend):
    sandbox = Sandbox(slow_after=0.6)
    await sandbox.start(port=0)
    yield sandbox
    await sandbox.stop()


@pytest.fixture(scope="module")
def place(gate, tmp_path_factory):
    folder = tmp_path_factory.mktemp("workers")
    return folder, {**new_database(), **live(folder, gate.url), "workers": COUNT}


@pytest.fixture(scope="module")
def process(place):
    """One for all tests of this file that leave it as it was."""
    folder, settings = place
    with serving(folder, "--live", **settings) as process:
        yield process


@pytest.fixture
def another(gate, tmp_path):
    settings = {**new_database(), **live(tmp_path, gate.url), "workers": COUNT}
    with serving(tmp_path, "--live", **settings) as process:
        yield process


@pytest.fixture
async def callers(anyio_backend, process):
    """Each on connections of its own, so that they meet all workers."""
    sessions = [aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True, limit=0)) for _ in range(COUNT)]
    yield [Caller(session, process.address, KEY) for session in sessions]
    for session in sessions:
        await session.close()


@pytest.fixture
def caller(callers):
    return callers[0]


def workers(process):
    pid = process.popen.pid
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def until(question, seconds=5.0):
    end = time.monotonic() + seconds
    while not question():
        assert time.monotonic() < end
        await asyncio.sleep(0.02)


async def test_there_are_as_many_as_were_asked_for(process):
    assert COUNT == len(workers(process))


async def test_a_code_from_one_worker_is_checked_by_any(caller, gate):
    for _ in range(10):
        phone = fresh_phone()
        begun = await caller.start(phone)
        checked = await caller.check(begun.body["id"], gate.messages(phone)[-1].code)
        assert (201, 200) == (begun.status, checked.status)


async def test_fifty_starts_at_once_send_one_sms(callers, gate):
    phone = fresh_phone()
    answers = await asyncio.gather(*(callers[n % COUNT].start(phone) for n in range(50)))
    assert ({201: 1, 429: 49}, 1) == (Counter(answer.status for answer in answers), len(gate.messages(phone)))


async def test_five_hundred_wrong_codes_at_once_are_looked_at_five_times(callers, gate):
    phone = fresh_phone()
    begun = await callers[0].start(phone)
    code = wrong(gate.messages(phone)[-1].code)
    answers = await asyncio.gather(*(callers[n % COUNT].check(begun.body["id"], code) for n in range(500)))
    assert {400: 5, 410: 495} == Counter(answer.status for answer in answers)


async def test_a_right_code_five_hundred_times_at_once_approves_once(callers, gate):
    phone = fresh_phone()
    begun = await callers[0].start(phone)
    code = gate.messages(phone)[-1].code
    answers = await asyncio.gather(*(callers[n % COUNT].check(begun.body["id"], code) for n in range(500)))
    assert {200: 1, 409: 499} == Counter(answer.status for answer in answers)


async def test_a_key_made_by_one_worker_opens_at_all_of_them(callers):
    made = await callers[0].post("/api/applications/default/keys", {"name": "new", "scopes": ["all"]})
    await asyncio.sleep(0.25)
    bearer = {"authorization": f"Bearer {made.body['key']}"}
    answers = [await caller.ask("GET", "/api/verifications", headers=bearer) for caller in callers * 5]
    assert {200} == {answer.status for answer in answers}


async def test_no_two_requests_have_one_name(callers):
    answers = await asyncio.gather(*(caller.get("/api/nowhere") for caller in callers * 25))
    assert 100 == len({answer.body["requestId"] for answer in answers})


async def test_the_counters_of_all_are_shown_by_any(callers):
    await asyncio.sleep(1.2)  # what the others say of themselves may be a second old
    before = await total(callers[0])
    await asyncio.gather(*(callers[n % COUNT].start(fresh_phone()) for n in range(40)))
    await asyncio.sleep(1.2)
    assert [before + 40] * COUNT == [await total(caller) for caller in callers]


async def total(caller):
    text = (await caller.get("/metrics")).raw.decode()
    return sum(
        float(number) for number in re.findall(r"^aerocode_starts_total\{.*worker=.*\} (\S+)$", text, re.MULTILINE)
    )


async def test_a_command_reaches_them(place, process):
    folder, settings = place
    ended = await asyncio.to_thread(run, folder, "apps", "list", "--json", **settings)
    assert (0, ["default"]) == (ended.returncode, [row["id"] for row in ended.json])


async def test_a_worker_that_dies_is_started_again(another):
    before = workers(another)
    os.kill(before[0], signal.SIGKILL)
    await until(
        lambda: len([pid for pid in workers(another) if is_alive(pid)]) == COUNT and before[0] not in workers(another)
    )
    assert "died and is started again" in another.said


async def test_the_others_serve_when_one_dies(another):
    os.kill(workers(another)[0], signal.SIGKILL)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True)) as session:
        answers = [await Caller(session, another.address, KEY).start(fresh_phone()) for _ in range(20)]
    assert {201} == {answer.status for answer in answers}


async def test_sigterm_ends_all_of_them(another):
    pids = workers(another)
    assert 0 == await asyncio.to_thread(another.stop)
    assert [] == [pid for pid in pids if is_alive(pid)]


async def test_a_send_under_way_is_finished_before_they_end(another, gate):
    phone = fresh_phone()
    gate.fault("slow", phone=phone)
    async with aiohttp.ClientSession() as session:
        before = gate.requests
        asking = asyncio.ensure_future(Caller(session, another.address, KEY).start(phone))
        await until(lambda: gate.requests > before)
        assert 0 == await asyncio.to_thread(another.stop)
        assert 201 == (await asking).status


async def test_workers_do_not_outlive_their_parent(another):
    pids = workers(another)
    another.kill()
    await until(lambda: not [pid for pid in pids if is_alive(pid)])


async def test_the_first_key_is_shown_once_and_opens(gate, tmp_path):
    settings = {**new_database(), **live(tmp_path, gate.url), "workers": 2, "api_key": None}
    shown = []
    for _ in range(2):
        with serving(tmp_path, "--live", **settings) as process:
            shown.append(process.facts["key"])
            async with aiohttp.ClientSession() as session:
                answer = await Caller(session, process.address, shown[0]).get("/api/verifications")
    assert (200, True, None) == (answer.status, bool(shown[0]), shown[1])


def test_a_sandbox_is_one_process(tmp_path):
    assert "A sandbox is one process" in refused(tmp_path, "--sandbox", **new_database(), workers=2)


def test_workers_need_a_server_they_can_share(tmp_path):
    assert "AEROCODE_WORKERS can only be 1 on SQLite" in refused(tmp_path, "--live", workers=2)
