import asyncio
import time
from decimal import Decimal

import pytest

from aerocode.smsaero import Credentials
from aerocode.smsaero import InvalidField
from aerocode.smsaero import IpNotAllowed
from aerocode.smsaero import NotEnoughMoney
from aerocode.smsaero import ProviderFault
from aerocode.smsaero import RateLimited
from aerocode.smsaero import Rejected
from aerocode.smsaero import SmsAero
from aerocode.smsaero import SmsAeroError
from aerocode.smsaero import SmsStatus
from aerocode.smsaero import Transport
from aerocode.smsaero import Uncertain
from aerocode.smsaero import Undecodable
from aerocode.smsaero import WrongCredentials

pytestmark = pytest.mark.anyio

NUMBER = "79129999999"
SMS = {"number": NUMBER, "sign": "SMS Aero", "text": "482913 is your code"}

REFUSALS = [
    ("no_money", NotEnoughMoney),
    ("wrong_credentials", WrongCredentials),
    ("ip_not_allowed", IpNotAllowed),
    ("bad_sender", InvalidField),
    ("bad_number", InvalidField),
    ("rate_limited", RateLimited),
    ("refused", Rejected),
]
UNKNOWNS = [
    ("error_500", ProviderFault),
    ("error_503", ProviderFault),
    ("empty", Undecodable),
    ("garbage", Undecodable),
    ("redirect", Undecodable),
    ("not_modified", Undecodable),
    ("hang", Uncertain),
    ("reset", Uncertain),
    ("reset_after_accept", Uncertain),
]


async def failure(client):
    with pytest.raises(SmsAeroError) as caught:
        await client.send(**SMS)
    return caught.value


async def test_an_sms_is_sent(client, sandbox):
    await client.send(**SMS)

    assert [message.text for message in sandbox.messages(NUMBER)] == ["482913 is your code"]


async def test_a_sent_sms_has_its_id_and_cost(client, sandbox):
    sms = await client.send(**SMS)

    assert (sandbox.messages()[0].id, Decimal("4.19")) == (sms.id, sms.cost)


async def test_a_status_follows_the_sms(client, sandbox):
    sms = await client.send(**SMS)
    sandbox.advance(10)

    status = await client.status(sms.id)

    assert (SmsStatus.DELIVERED, NUMBER, Decimal("4.19")) == (status.status, status.number, status.cost)


async def test_a_test_sms_reaches_no_inbox(client, sandbox):
    sms = await client.test_send(**SMS)

    assert (await client.test_status(sms.id)).status == SmsStatus.DELIVERED
    assert sandbox.messages() == []


async def test_good_credentials_are_good(client):
    await client.auth()


async def test_empty_credentials_are_refused(client):
    with pytest.raises(WrongCredentials):
        await SmsAero(Credentials(email="e", api_key=""), transport=client.transport).auth()


async def test_the_balance_is_a_sum(client):
    assert Decimal(1_000_000) == (await client.balance()).amount


@pytest.mark.parametrize(("fault", "expected"), REFUSALS + UNKNOWNS)
async def test_each_fault_has_its_error(client, sandbox, fault, expected):
    sandbox.fault(fault)

    assert expected is type(await failure(client))


@pytest.mark.parametrize("fault", [name for name, _ in REFUSALS])
async def test_a_refusal_is_certain_and_sends_nothing(client, sandbox, fault):
    sandbox.fault(fault)

    assert ((await failure(client)).uncertain, sandbox.accepted, sandbox.requests) == (False, 0, 1)


@pytest.mark.parametrize("fault", [name for name, _ in UNKNOWNS])
async def test_an_unknown_outcome_is_uncertain_and_asked_once(sandbox, credentials, fault):
    twin = sandbox.url.replace("127.0.0.1", "localhost")
    sandbox.fault(fault)
    async with Transport([sandbox.url, twin], timeout=0.6) as transport:
        error = await failure(SmsAero(credentials, transport=transport))

    assert (error.uncertain, sandbox.requests) == (True, 1)


async def test_a_reset_after_acceptance_leaves_exactly_one_sms(client, sandbox):
    sandbox.fault("reset_after_accept")
    await failure(client)

    assert len(sandbox.messages()) == 1


async def test_a_slow_gate_is_waited_for(client, sandbox):
    sandbox.fault("slow")

    sms = await client.send(**SMS)

    assert [sms.id] == [message.id for message in sandbox.messages()]


@pytest.mark.parametrize(
    ("fault", "status"), [("moderation", 8), ("moderated", 8), ("undelivered", 0), ("rejected", 0)]
)
async def test_an_sms_with_a_bad_fate_is_accepted_first(client, sandbox, fault, status):
    sandbox.fault(fault)

    assert status == (await client.send(**SMS)).status


async def test_a_redirect_is_not_followed(client, sandbox):
    sandbox.fault("redirect")
    await failure(client)

    assert sandbox.redirects_followed == 0


async def test_the_field_at_fault_is_named(client, sandbox):
    sandbox.fault("bad_sender")

    assert (await failure(client)).fields == {"sign": ("incorrect",)}


async def test_the_wait_of_a_rate_limit_is_told(client, sandbox):
    sandbox.fault("rate_limited")

    assert (await failure(client)).wait == 30


async def test_an_uncertain_send_tells_where_and_when_to_look_but_not_whom(client, sandbox):
    sandbox.fault("hang")
    error = await failure(client)

    assert (sandbox.url, True) == (error.gate, error.when.tzinfo is not None)
    assert "7912*****99" in str(error)
    assert not any(secret in str(error) for secret in (NUMBER, "482913", "not-a-real-api-key"))


async def test_a_failure_drags_no_cause_that_could_quote_the_headers(client, sandbox):
    sandbox.fault("reset")
    error = await failure(client)

    assert (error.__cause__, error.__context__) == (None, None)


async def test_the_time_limit_holds(client, sandbox):
    sandbox.fault("hang")
    started = time.monotonic()
    await failure(client)

    assert 0.9 < time.monotonic() - started < 2


async def test_cancelling_a_send_cancels_it(client, sandbox):
    sandbox.fault("hang")
    task = asyncio.create_task(client.send(**SMS))
    while not sandbox.requests:
        await asyncio.sleep(0.01)
    task.cancel()

    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_transport_that_is_not_open_says_so(credentials):
    with pytest.raises(RuntimeError, match="not open"):
        await SmsAero(credentials, transport=Transport()).auth()


async def test_a_transport_may_be_closed_twice():
    transport = Transport()
    await transport.open()
    await transport.close()
    await transport.close()
