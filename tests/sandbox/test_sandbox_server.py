import socket
import subprocess
import sys

import aiohttp
import pytest

from aerocode.sandbox import Sandbox

BASIC = {"Authorization": "Basic ZTpr"}  # e, k

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("host", ["0.0.0.0", "10.0.0.1", "::", "example.com", ""])
async def test_it_listens_on_loopback_only(host):
    with pytest.raises(ValueError, match="loopback"):
        await Sandbox().start(host=host, port=0)


async def test_a_taken_port_is_an_error_and_leaves_it_startable(sandbox):
    other = Sandbox()
    with pytest.raises(OSError):
        await other.start(port=sandbox.port)
    await other.start(port=0)
    await other.stop()


async def test_it_does_not_start_twice(sandbox):
    with pytest.raises(RuntimeError, match="already"):
        await sandbox.start(port=0)


async def test_it_has_no_address_before_it_runs():
    with pytest.raises(RuntimeError, match="does not run"):
        _ = Sandbox().url


async def test_stopping_what_never_ran_is_fine():
    await Sandbox().stop()


async def test_it_starts_again_with_its_messages(sandbox, send):
    await send()
    await sandbox.stop()
    await sandbox.start(port=0)

    assert len(sandbox.messages()) == 1


async def test_a_hang_hangs_again_after_a_restart(sandbox):
    await sandbox.stop()
    await sandbox.start(port=0)
    sandbox.fault("hang")
    sms = {"number": "79129999999", "sign": "SMS Aero", "text": "hello"}
    limit = aiohttp.ClientTimeout(total=0.3)
    async with aiohttp.ClientSession(sandbox.url, headers=BASIC, timeout=limit) as session:
        with pytest.raises(TimeoutError):
            await session.post("/v2/sms/send", json=sms)


async def test_an_ipv6_address_is_a_url_where_there_is_one():
    sandbox = Sandbox()
    try:
        await sandbox.start(host="::1", port=0)
        url, wanted = sandbox.url, f"http://[::1]:{sandbox.port}"
    except OSError:
        with pytest.raises(OSError, match="address"), socket.create_server(("::1", 0), family=socket.AF_INET6):
            pass  # nobody else can listen there either
        url = wanted = ""
    await sandbox.stop()
    assert wanted == url


async def test_a_reset_is_a_reset_on_uvloop_too():
    code = """
import asyncio, uvloop, aiohttp
from aerocode.sandbox import Sandbox
async def main():
    sandbox = Sandbox()
    await sandbox.start(port=0)
    async with aiohttp.ClientSession(sandbox.url, headers={"Authorization": "Basic ZTpr"}) as session:
        try:
            await session.post("/v2/sms/send", json={"number": "79129990016", "sign": "SMS Aero", "text": "hello"})
        except aiohttp.ClientOSError as error:
            print(error.errno, sandbox.accepted)
    await sandbox.stop()
uvloop.run(main())
"""
    command = [sys.executable, "-W", "error", "-c", code]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=30)

    assert (done.stdout.strip(), done.stderr) == ("104 1", "")
