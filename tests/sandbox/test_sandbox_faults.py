import asyncio
import errno
import time

import aiohttp
import pytest

import aerocode.sandbox.faults as table
from aerocode.sandbox import FAULTS
from aerocode.sandbox import Sandbox

pytestmark = pytest.mark.anyio

SMS = {"sign": "SMS Aero", "text": "482913 is your code"}
ANSWERS = {
    "no_money": (402, '{"success": false, "data": null, "message": "Not enough money"}'),
    "wrong_credentials": (
        401,
        '{"success": false, "data": null, "message": "Your request was made with invalid credentials."}',
    ),
    "ip_not_allowed": (404, '{"success": false, "data": null, "message": "Invalid ip-address"}'),
    "bad_sender": (400, '{"success": false, "data": {"sign": ["incorrect"]}, "message": "Validation error."}'),
    "bad_number": (400, '{"success": false, "data": {"number": ["incorrect"]}, "message": "Validation error."}'),
    "rate_limited": (429, '{"success": false, "data": null, "message": "Too many requests"}'),
    "refused": (200, '{"success": false, "data": null, "message": "Message rejected"}'),
    "error_503": (503, ""),
    "empty": (200, ""),
    "redirect": (302, ""),
    "not_modified": (304, ""),
}


def number(fault):
    return f"7912999{table.BY_NAME[fault].suffix}"


def ask(http, fault, path="sms/send"):
    return http.post(f"/v2/{path}", json=SMS | {"number": number(fault)}, allow_redirects=False)


def test_the_table_a_reader_sees_is_the_table_that_works():
    rows = [line.split()[:2] for line in table.__doc__.splitlines() if line[:4].isdigit()]

    assert rows == [[fault.suffix, fault.name] for fault in FAULTS]


def test_names_and_suffixes_are_unique():
    assert len(FAULTS) == len({fault.name for fault in FAULTS}) == len({fault.suffix for fault in FAULTS})


@pytest.mark.parametrize("fault", ANSWERS)
async def test_a_number_meets_its_fault(http, fault):
    async with ask(http, fault) as reply:
        assert (reply.status, await reply.text()) == ANSWERS[fault]


@pytest.mark.parametrize(("fault", "status"), [("error_500", 500), ("garbage", 200)])
async def test_an_html_page_may_come_instead_of_an_envelope(http, fault, status):
    async with ask(http, fault) as reply:
        assert (reply.status, reply.content_type) == (status, "text/html")


@pytest.mark.parametrize("fault", [*ANSWERS, "error_500", "garbage"])
async def test_a_fault_instead_of_an_answer_accepts_nothing(http, sandbox, fault):
    async with ask(http, fault):
        assert sandbox.accepted == 0


async def test_a_rate_limit_tells_the_wait(http):
    async with ask(http, "rate_limited") as reply:
        assert reply.headers["Retry-After"] == "30"


async def test_who_follows_the_redirect_is_counted(http, sandbox):
    async with http.post("/v2/sms/send", json=SMS | {"number": number("redirect")}, allow_redirects=True):
        assert sandbox.redirects_followed == 1


@pytest.mark.parametrize(("fault", "accepted"), [("reset", 0), ("reset_after_accept", 1)])
async def test_a_reset_is_a_real_reset(http, sandbox, fault, accepted):
    with pytest.raises(aiohttp.ClientOSError) as caught:
        await ask(http, fault)

    assert (caught.value.errno, sandbox.accepted) == (errno.ECONNRESET, accepted)


async def test_a_hang_accepts_nothing_and_never_answers(http, sandbox):
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(ask(http, "hang"), 0.3)

    assert (sandbox.requests, sandbox.accepted) == (1, 0)


async def test_a_sandbox_stops_while_somebody_hangs(http, sandbox):
    hanging = asyncio.create_task(_failing(ask(http, "hang")))
    while not sandbox.requests:
        await asyncio.sleep(0.01)
    started = time.monotonic()
    await sandbox.stop()

    assert time.monotonic() - started < 2
    assert isinstance(await hanging, aiohttp.ClientConnectionError)


async def _failing(request):
    with pytest.raises(aiohttp.ClientError) as caught:
        await request
    return caught.value


async def test_a_slow_answer_comes_after_the_sms_is_accepted(http, sandbox):
    started = time.monotonic()
    async with ask(http, "slow") as reply:
        assert (await reply.json())["success"]

    assert (time.monotonic() - started >= 0.2, sandbox.accepted) == (True, 1)


@pytest.mark.parametrize(
    ("fault", "last"), [("moderation", 8), ("moderated", 1), ("undelivered", 2), ("rejected", 6), ("slow", 1)]
)
async def test_an_accepted_sms_meets_its_fate(http, sandbox, fault, last):
    async with ask(http, fault):
        pass
    async with http.post("/v2/sms/status", json={"id": sandbox.messages()[0].id}) as reply:
        first = (await reply.json())["data"]["status"]
    sandbox.advance(100)
    async with http.post("/v2/sms/status", json={"id": sandbox.messages()[0].id}) as reply:
        assert (first != last or last == 8, (await reply.json())["data"]["status"]) == (True, last)


async def test_a_test_send_meets_faults_too(http):
    async with ask(http, "no_money", path="sms/testsend") as reply:
        assert reply.status == 402


async def test_a_fault_by_hand_befalls_every_phone(send, sandbox):
    sandbox.fault("no_money")

    assert (await send())["message"] == "Not enough money"


async def test_a_fault_for_one_phone_leaves_the_others(send, sandbox):
    sandbox.fault("no_money", phone="+7 912 999-99-98")

    assert [(await send(number=n))["success"] for n in ("79129999998", "79129999999")] == [False, True]


async def test_a_fault_for_one_phone_goes_before_one_for_all(send, sandbox):
    sandbox.fault("no_money")
    sandbox.fault("refused", phone="79129999999")

    assert (await send())["message"] == "Message rejected"


async def test_a_fault_by_hand_goes_before_the_suffix(send, sandbox):
    sandbox.fault("refused")

    assert (await send(number=number("no_money")))["message"] == "Message rejected"


async def test_a_fault_ends_after_its_times(send, sandbox):
    sandbox.fault("no_money", times=2)

    assert [(await send())["success"] for _ in range(3)] == [False, False, True]


async def test_a_cleared_fault_is_gone(send, sandbox):
    sandbox.fault("no_money")
    sandbox.fault(None)

    assert (await send())["success"]


async def test_clearing_one_phone_leaves_the_rest(send, sandbox):
    sandbox.fault("no_money")
    sandbox.fault("refused", phone="79129999999")
    sandbox.fault(None, phone="79129999999")

    assert (await send())["message"] == "Not enough money"


def test_a_fault_nobody_knows_is_an_error():
    with pytest.raises(KeyError):
        Sandbox().fault("earthquake")
