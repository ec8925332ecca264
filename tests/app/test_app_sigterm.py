"""SIGTERM: stop accepting, finish the sends within the gate's limit, mark, close."""

import asyncio
import os
import signal
import sqlite3

import aiohttp
import anyio
import pytest
from app_processes import live
from app_processes import serving
from app_words import KEY
from app_words import Caller

from aerocode.sandbox import Sandbox

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
async def gate(anyio_backend):
    sandbox = Sandbox(slow_after=0.6)
    await sandbox.start(port=0)
    yield sandbox
    await sandbox.stop()


@pytest.fixture
def process(gate, tmp_path):
    with serving(tmp_path, "--live", **live(tmp_path, gate.url)) as process:
        yield process


@pytest.fixture
async def session(anyio_backend):
    async with aiohttp.ClientSession() as session:
        yield session


async def interrupted(gate, session, process, phone, fault):
    """A start under way at the gate when SIGTERM comes: its answer, and whether a newcomer got in meanwhile."""
    gate.fault(fault, phone=phone)
    before = gate.requests
    asking = asyncio.ensure_future(Caller(session, process.address, KEY).start(phone))
    while gate.requests == before:
        await asyncio.sleep(0.01)
    os.kill(process.popen.pid, signal.SIGTERM)
    await asyncio.sleep(0.3)
    try:
        async with aiohttp.ClientSession() as newcomer, newcomer.get(f"{process.address}/healthz"):
            let_in = True
    except aiohttp.ClientConnectorError:
        let_in = False
    return await asking, let_in


def marked(folder):
    database = sqlite3.connect(folder / "aerocode-data" / "aerocode.db")
    try:
        return database.execute("select status, reason from messages").fetchall()
    finally:
        database.close()


@pytest.mark.parametrize(("fault", "status", "reason"), [("hang", "unknown", "timeout"), ("slow", "queued", "")])
async def test_a_send_under_way_is_answered_and_marked(gate, session, process, tmp_path, phone, fault, status, reason):
    answer, _ = await interrupted(gate, session, process, phone, fault)
    code = await anyio.to_thread.run_sync(process.popen.wait)

    assert (201, status) == (answer.status, answer.body["message"]["status"])
    assert (0, [(status, reason)]) == (code, marked(tmp_path))


async def test_nobody_new_is_let_in(gate, session, process, phone):
    _, let_in = await interrupted(gate, session, process, phone, "slow")

    assert not let_in


async def test_the_control_file_goes_with_the_server(process, tmp_path):
    control = tmp_path / "aerocode-data" / "control.json"
    before = control.exists()
    code = process.stop()

    assert (True, 0, False) == (before, code, control.exists())


async def test_an_idle_connection_holds_nobody_up(session, process):
    await Caller(session, process.address, KEY).get("/healthz")
    os.kill(process.popen.pid, signal.SIGINT)
    with anyio.fail_after(3):
        assert 0 == await anyio.to_thread.run_sync(process.popen.wait)


async def test_the_log_of_a_whole_life_has_no_error(gate, session, process, phone):
    await interrupted(gate, session, process, phone, "slow")
    await anyio.to_thread.run_sync(process.popen.wait)

    assert "error" not in process.said
    assert "Traceback" not in process.said
