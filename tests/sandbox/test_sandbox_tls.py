"""The throw-away authority, and a double that is reached at several addresses."""

import asyncio
import ssl

import aiohttp
import pytest

from aerocode.sandbox import ThrowAway

BASIC = {"Authorization": "Basic ZTpr"}  # e, k
SMS = {"number": "79129999999", "sign": "SMS Aero", "text": "hello"}

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def throw_away():
    with ThrowAway.made() as made:
        yield made


@pytest.fixture
async def secure(sandbox, throw_away):
    """The port where the sandbox speaks https."""
    return await sandbox.listen(tls=throw_away.context)


@pytest.fixture
async def trusting(throw_away):
    trust = aiohttp.TCPConnector(ssl=ssl.create_default_context(cafile=throw_away.ca_file))
    async with aiohttp.ClientSession(headers=BASIC, connector=trust) as session:
        yield session


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1", "gate.smsaero.ru", "gate.smsaero.org", "gate.smsaero.net"])
async def test_the_certificate_is_good_for_this_machine_and_the_gate_s_names(secure, throw_away, name):
    trust = ssl.create_default_context(cafile=throw_away.ca_file)
    _, writer = await asyncio.open_connection("127.0.0.1", secure, ssl=trust, server_hostname=name)
    writer.close()
    await writer.wait_closed()


async def test_the_certificate_is_good_for_no_other_name(secure, throw_away):
    trust = ssl.create_default_context(cafile=throw_away.ca_file)
    with pytest.raises(ssl.SSLCertVerificationError):
        await asyncio.open_connection("127.0.0.1", secure, ssl=trust, server_hostname="smsaero.ru")


async def test_each_run_has_an_authority_of_its_own(secure):
    with ThrowAway.made() as other:
        trust = ssl.create_default_context(cafile=other.ca_file)
        with pytest.raises(ssl.SSLCertVerificationError):
            await asyncio.open_connection("127.0.0.1", secure, ssl=trust, server_hostname="localhost")


async def test_both_addresses_lead_to_one_account(sandbox, secure, trusting, http):
    async with trusting.post(f"https://127.0.0.1:{secure}/v2/sms/send", json=SMS), http.get("/inbox") as inbox:
        assert 1 == len((await inbox.json())["messages"])

    assert sandbox.url.startswith("http://")


async def test_a_reset_is_a_reset_over_tls(sandbox, secure, trusting):
    sandbox.fault("reset_after_accept")
    with pytest.raises(aiohttp.ClientOSError):
        await trusting.post(f"https://127.0.0.1:{secure}/v2/sms/send", json=SMS)

    assert 1 == sandbox.accepted


@pytest.mark.parametrize("host", ["gate.smsaero.ru", "gate.smsaero.org:443", "gate.smsaero.net"])
async def test_the_gate_s_names_are_welcome_where_the_gate_answers(http, host):
    async with http.post("/v2/auth", headers={"Host": host}) as reply:
        assert 200 == reply.status


@pytest.mark.parametrize("path", ["/inbox", "/control", "/", "/inbox.css", "/redirected", "/v2"])
async def test_the_gate_s_names_are_welcome_nowhere_else(http, path):
    async with http.get(path, headers={"Host": "gate.smsaero.ru"}, allow_redirects=False) as reply:
        assert 403 == reply.status


async def test_every_address_is_of_this_machine(sandbox):
    with pytest.raises(ValueError, match="loopback"):
        await sandbox.listen(host="0.0.0.0")


async def test_another_address_needs_a_running_sandbox(sandbox):
    await sandbox.stop()
    with pytest.raises(RuntimeError, match="does not run"):
        await sandbox.listen()


async def test_a_sandbox_may_speak_https_alone(sandbox, throw_away, trusting):
    await sandbox.stop()
    await sandbox.start(port=0, tls=throw_away.context)
    async with trusting.post(f"{sandbox.url}/v2/auth") as reply:
        assert (200, True) == (reply.status, sandbox.url.startswith("https://"))
