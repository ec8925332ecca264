"""Calling back: what is said, in which order, to whom; the virtual clock brings it about without waiting."""

import asyncio
import time

import pytest
from aiohttp import web

from aerocode.sandbox import Sandbox

pytestmark = pytest.mark.anyio


class Heard:
    """A server that writes down what it is called back with."""

    def __init__(self):
        self.calls = []
        self.status = 200
        self.hold = asyncio.Event()
        self.hold.set()
        self.url = ""

    async def answer(self, request):
        await self.hold.wait()
        body = await request.json() if request.content_type == "application/json" else dict(await request.post())
        self.calls.append((request.method, request.content_type, request.path_qs, body))
        return web.Response(status=self.status, headers={"Location": "/elsewhere"})

    @property
    def statuses(self):
        return [(int(body["status"]), body["extendStatus"]) for *_, body in self.calls]


@pytest.fixture
async def heard(anyio_backend):
    heard = Heard()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", heard.answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    heard.url = f"http://127.0.0.1:{runner.addresses[0][1]}/back?token=7"
    yield heard
    await runner.cleanup()


async def test_a_status_that_changes_is_told_as_a_form(send, sandbox, heard):
    sms_id = (await send(callbackUrl=heard.url))["data"]["id"]
    sandbox.advance(1.1)
    await sandbox.settled()

    body = {"id": str(sms_id), "status": "3", "extendStatus": "sent"}
    assert [("POST", "application/x-www-form-urlencoded", "/back?token=7", body)] == heard.calls


@pytest.mark.parametrize("word", ["JSON", "json"])
async def test_a_status_is_told_as_json_when_asked(send, sandbox, heard, word):
    sms_id = (await send(callbackUrl=heard.url, callbackFormat=word))["data"]["id"]
    sandbox.advance(1.1)
    await sandbox.settled()

    body = {"id": sms_id, "status": 3, "extendStatus": "sent"}
    assert [("POST", "application/json", "/back?token=7", body)] == heard.calls


async def test_nothing_is_told_before_the_status_changes(send, sandbox, heard):
    await send(callbackUrl=heard.url)
    await sandbox.settled()

    assert [] == heard.calls


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (None, [(3, "sent"), (1, "delivery")]),
        ("delivered", [(3, "sent"), (1, "delivery")]),
        ("late", [(3, "sent"), (4, "wait"), (1, "delivery")]),
        ("undelivered", [(3, "sent"), (2, "undelivered")]),
        ("rejected", [(6, "reject")]),
        ("moderation", []),
        ("moderated", [(1, "delivery")]),
        ("reset_after_accept", [(3, "sent"), (1, "delivery")]),
        ("callbacks_twice", [(3, "sent"), (3, "sent"), (1, "delivery"), (1, "delivery")]),
        ("callbacks_shuffled", [(1, "delivery"), (3, "sent")]),
    ],
)
async def test_every_fate_is_told_at_once_when_the_clock_moves(http, sandbox, heard, fault, told):
    sandbox.fault(fault)
    sms = {"number": "79129999999", "sign": "SMS Aero", "text": "hello", "callbackUrl": heard.url}
    began = time.monotonic()
    await asyncio.gather(http.post("/v2/sms/send", json=sms), return_exceptions=True)
    sandbox.advance(121)
    await sandbox.settled()

    assert told == heard.statuses
    assert time.monotonic() - began < 1


async def test_the_clock_moved_over_http_answers_after_the_callbacks(control, send, heard):
    await send(callbackUrl=heard.url)
    _, report = await control({"advance": 5})

    assert (2, 2, [200, 200]) == (
        len(heard.calls),
        report["callbacks"]["answered"],
        [call["answer"] for call in report["callbacks"]["last"]],
    )


async def test_callbacks_come_by_themselves_too(http, heard):
    sandbox = Sandbox(deliver_after=0.1)
    await sandbox.start(port=0)
    sms = {"number": "79129999999", "sign": "SMS Aero", "text": "hello", "callbackUrl": heard.url}
    async with http.post(f"{sandbox.url}/v2/sms/send", json=sms):
        await asyncio.sleep(0.3)
    await sandbox.stop()

    assert [(3, "sent"), (1, "delivery")] == heard.statuses


@pytest.mark.parametrize("status", [404, 500, 302])
async def test_an_answer_other_than_200_is_counted_and_not_repeated(send, sandbox, heard, status):
    heard.status = status
    await send(callbackUrl=heard.url)
    sandbox.advance(5)
    await sandbox.settled()

    assert (2, {"answered": 0, "failed": 2, "refused": 0}) == (len(heard.calls), sandbox.callbacks)


async def test_nobody_there_is_a_failure(control, send, heard):
    await send(callbackUrl="http://127.0.0.1:9/back")
    _, report = await control({"advance": 5})

    assert (2, "ClientConnectorError") == (report["callbacks"]["failed"], report["callbacks"]["last"][0]["answer"])


@pytest.mark.parametrize("url", ["http://192.0.2.1/back", "https://shop.example/back", "http://127.0.0.1.example/"])
async def test_another_machine_is_never_called(send, sandbox, url):
    assert (await send(callbackUrl=url))["success"]
    sandbox.advance(5)
    await sandbox.settled()

    assert {"answered": 0, "failed": 0, "refused": 1} == sandbox.callbacks


@pytest.mark.parametrize("allowed", [True, False])
async def test_only_the_ports_that_were_named_are_called(http, heard, allowed):
    port = int(heard.url.split(":")[2].split("/")[0])
    sandbox = Sandbox(callback_ports=[port if allowed else port + 1])
    await sandbox.start(port=0)
    sms = {"number": "79129999999", "sign": "SMS Aero", "text": "hello", "callbackUrl": heard.url}
    async with http.post(f"{sandbox.url}/v2/sms/send", json=sms):
        sandbox.advance(5)
    await sandbox.settled()
    await sandbox.stop()

    assert [2 * allowed, not allowed] == [len(heard.calls), sandbox.callbacks["refused"]]


@pytest.mark.parametrize(
    "url", ["mailto:me@example.com", "127.0.0.1/back", "http://", "http://127.0.0.1:0/", 7, "http://["]
)
async def test_a_callback_url_that_is_none_is_refused(wrong, url):
    assert ["callbackUrl"] == await wrong("sms/send", number="79129999999", sign="S1", text="hello", callbackUrl=url)


@pytest.mark.parametrize("url", [None, ""])
async def test_an_absent_callback_url_is_no_url(send, sandbox, url):
    assert (await send(callbackUrl=url, callbackFormat=None))["success"]
    assert 0 == sandbox.callbacks["refused"]


async def test_mobile_id_tells_its_number_too(data, sandbox, heard):
    sent = await data("mobile-id/send", number="79129999999", sign="SMSAero", callbackUrl=heard.url)
    sandbox.advance(5)
    await sandbox.settled()

    last = {"id": str(sent["id"]), "status": "1", "number": "79129999999"}
    assert last == heard.calls[-1][3]


async def test_a_viber_sending_is_told_once_for_all(data, sandbox, heard):
    numbers = ["79129999999", "79129999998"]
    await data("viber/send", numbers=numbers, sign="MyShop", channel="OFFICIAL", text="hi", callbackUrl=heard.url)
    sandbox.advance(5)
    await sandbox.settled()

    assert [(2, "in work"), (3, "done")] == heard.statuses


async def test_every_sms_of_many_is_told_under_its_own_id(data, sandbox, heard):
    numbers = ["79129999999", "79129999998"]
    sent = await data("sms/send", numbers=numbers, sign="SMS Aero", text="hello", callbackUrl=heard.url)
    sandbox.advance(5)
    await sandbox.settled()

    assert {str(sms["id"]) for sms in sent} == {body["id"] for *_, body in heard.calls}


async def test_a_test_sms_calls_nobody(data, sandbox, heard):
    await data("sms/testsend", number="79129999999", sign="SMS Aero", text="hello", callbackUrl=heard.url)
    sandbox.advance(5)
    await sandbox.settled()

    assert [] == heard.calls


async def test_a_sandbox_stops_while_callbacks_are_to_come_or_hang(send, sandbox, heard):
    heard.hold.clear()
    await send(callbackUrl=heard.url)
    sandbox.advance(1.1)
    await asyncio.sleep(0.05)
    began = time.monotonic()
    await sandbox.stop()

    assert time.monotonic() - began < 2


async def test_a_deferred_sms_waits_for_its_time(data, sandbox, heard):
    when = int(time.time()) + 3600
    sms = await data(
        "sms/send", number="79129999999", sign="SMS Aero", text="hello", dateSend=when, callbackUrl=heard.url
    )
    sandbox.advance(3000)
    await sandbox.settled()
    early = (await data("sms/status", id=sms["id"]))["status"], len(heard.calls)
    sandbox.advance(700)
    await sandbox.settled()

    assert (when, (0, 0), 2) == (sms["dateSend"], early, len(heard.calls))
