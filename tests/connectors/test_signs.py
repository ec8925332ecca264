"""What the account says of a sender name, and that a silent gate says nothing and holds nobody up."""

import time

import pytest

from aerocode import smsaero
from aerocode.connectors.kit import SMS_AERO
from aerocode.sandbox import Sandbox
from aerocode.smsaero import Transport

pytestmark = pytest.mark.anyio


@pytest.fixture
async def sandbox(anyio_backend):
    sandbox = Sandbox()
    await sandbox.start(port=0)
    yield sandbox
    await sandbox.stop()


@pytest.fixture
async def transport(sandbox):
    async with Transport([sandbox.url], timeout=8.0) as transport:
        yield transport


@pytest.fixture
def asked(config, transport):
    async def asked(sender):
        return await SMS_AERO.account_warnings({**config, "senderName": sender}, transport)

    return asked


@pytest.fixture
async def signs(config, transport):
    """Ask for a sender name; it is in moderation at first."""
    client = smsaero.SmsAero(smsaero.Credentials(email=config["email"], api_key=config["apiKey"]), transport=transport)
    return lambda name: client.sign_add(name=name)


async def test_an_approved_name_is_no_warning(asked):
    assert [] == await asked("SMS Aero")


@pytest.mark.parametrize("sender", ["SMSAero", "Sms Aero", "smsaero"])
async def test_another_spelling_of_a_name_is_told_with_the_right_one(asked, sender):
    (warning,) = await asked(sender)

    assert ("sender_not_listed", ("senderName",)) == (warning.code, warning.path)
    assert "“SMS Aero”" in warning.message


async def test_a_name_the_account_has_not_is_told_with_those_it_has(asked):
    (warning,) = await asked("Shop")

    assert ("sender_not_listed", ["SMS Aero"]) == (warning.code, warning.detail["names"])


async def test_a_name_that_is_not_approved_yet_is_told_until_it_is(asked, signs, sandbox):
    await signs("Shop")
    (warning,) = await asked("Shop")
    sandbox.advance(61)

    assert ("sender_not_approved", []) == (warning.code, await asked("Shop"))
    assert "moderation" in warning.message


async def test_wrong_credentials_are_told(asked, sandbox):
    sandbox.fault("wrong_credentials", path="sign/list")

    assert ["wrong_credentials"] == [warning.code for warning in await asked("Shop")]


@pytest.mark.parametrize("fault", ["error_500", "garbage", "reset", "rate_limited"])
async def test_a_gate_that_does_not_tell_is_no_warning(asked, sandbox, fault):
    sandbox.fault(fault, path="sign/list")

    assert [] == await asked("Shop")


async def test_a_gate_that_hangs_holds_nobody_up_for_long(asked, sandbox):
    sandbox.fault("hang", path="sign/list")
    began = time.monotonic()

    assert [] == await asked("Shop")
    assert time.monotonic() - began < 6
