import aiohttp
import pytest

pytestmark = pytest.mark.anyio

SMS = {"number": "79129999999", "sign": "SMS Aero", "text": "482913 is your code"}
INVALID = {"success": False, "data": None, "message": "Your request was made with invalid credentials."}


async def test_an_accepted_sms_is_described_as_the_provider_does(send, sandbox):
    reply = await send()
    sms = reply["data"]

    assert (reply["success"], reply["message"]) == (True, None)
    assert sms == {
        "id": sandbox.messages()[0].id,
        "from": "SMS Aero",
        "number": "79129999999",
        "text": "482913 is your code",
        "status": 0,
        "extendStatus": "queue",
        "channel": "FREE SIGN",
        "cost": 4.19,
        "dateCreate": sms["dateCreate"],
        "dateSend": sms["dateCreate"],
    }


async def test_many_numbers_are_answered_by_an_array(http, sandbox):
    numbers = ["79120000100", "79120000101"]
    async with http.post("/v2/sms/send", json={"numbers": numbers, "sign": "SMS Aero", "text": "hello"}) as reply:
        assert [sms["number"] for sms in (await reply.json())["data"]] == numbers

    assert sandbox.accepted == 2


@pytest.mark.parametrize("keys", [("numbers[]", "numbers[]"), ("numbers[0]", "numbers[1]")])
async def test_a_form_names_many_numbers_as_php_does(http, keys):
    form = [(keys[0], "79120000100"), (keys[1], "79120000101"), ("sign", "SMS Aero"), ("text", "hello")]
    async with http.post("/v2/sms/send", data=form) as reply:
        assert len((await reply.json())["data"]) == 2


async def test_a_form_is_read(http, sandbox):
    async with http.post("/v2/sms/send", data=SMS) as reply:
        assert (await reply.json())["success"]


async def test_a_form_in_parts_is_read(http, sandbox):
    with aiohttp.MultipartWriter("form-data") as parts:
        for name, value in SMS.items():
            parts.append(value).set_content_disposition("form-data", name=name)
        async with http.post("/v2/sms/send", data=parts) as reply:
            assert (await reply.json())["success"]

    assert 1 == sandbox.accepted


@pytest.mark.parametrize("kind", ["multipart/form-data", "application/x-www-form-urlencoded; charset=pigeon"])
async def test_a_form_that_cannot_be_read_is_400(http, kind):
    async with http.post("/v2/sms/send", data=b"number=\xff", headers={"Content-Type": kind}) as reply:
        assert (400, False) == (reply.status, (await reply.json())["success"])


async def test_a_query_is_read(http, sandbox):
    async with http.get("/v2/sms/send", params=SMS) as reply:
        assert (await reply.json())["success"]


async def test_a_number_may_be_an_integer(send):
    assert (await send(number=79129999999))["data"]["number"] == "79129999999"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "+79129999999"}, "number"),
        ({"number": "12"}, "number"),
        ({"number": None}, "number"),
        ({"number": True}, "number"),
        ({"number": {}}, "number"),
        ({"number": None, "numbers": []}, "numbers"),
        ({"number": None, "numbers": "79129999999"}, "numbers"),
        ({"number": None, "numbers": ["79129999999", "x"]}, "numbers"),
        ({"number": None, "numbers": ["79129999999"] * 51}, "numbers"),
        ({"sign": ""}, "sign"),
        ({"sign": None}, "sign"),
        ({"text": "x"}, "text"),
        ({"text": "x" * 641}, "text"),
    ],
)
async def test_a_bad_field_is_named(send, sandbox, changes, field):
    refusal = {"success": False, "data": {field: ["incorrect"]}, "message": "Validation error."}

    assert (await send(**changes), sandbox.accepted) == (refusal, 0)


async def test_every_bad_field_is_named_at_once(send):
    assert set((await send(number="1", sign="", text=""))["data"]) == {"number", "sign", "text"}


async def test_a_validation_error_is_400(http):
    async with http.post("/v2/sms/send", json={}) as reply:
        assert reply.status == 400


@pytest.mark.parametrize("body", [b"{", b"[]", b"[" * 5000])
async def test_a_body_that_is_no_json_object_is_400(http, body):
    async with http.post("/v2/sms/send", data=body, headers={"Content-Type": "application/json"}) as reply:
        assert (reply.status, (await reply.json())["success"]) == (400, False)


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !", "Basic Og==", "Basic bWU6", "Basic OmtleQ==", "Bearer bWU6a2V5", "Basic /w=="]
)
@pytest.mark.parametrize("path", ["auth", "balance", "sms/send", "sms/status", "nothing"])
async def test_empty_credentials_are_refused_everywhere(http, path, header):
    async with http.post(f"/v2/{path}", json=SMS, headers={"Authorization": header}) as reply:
        assert (reply.status, await reply.json()) == (401, INVALID)


async def test_any_credentials_that_are_not_empty_are_good(http):
    async with http.post("/v2/auth") as reply:
        assert await reply.json() == {"success": True, "data": None, "message": "Successful authorization."}


async def test_an_unknown_method_is_404(http):
    async with http.post("/v2/pigeon/send", json={}) as reply:
        assert (reply.status, (await reply.json())["success"]) == (404, False)


async def test_the_balance_falls_with_every_sms(http, send):
    await send()
    async with http.post("/v2/balance") as reply:
        assert (await reply.json())["data"] == {"balance": 999_995.81}


@pytest.mark.parametrize(
    ("text", "cost"), [("x" * 160, 4.19), ("x" * 161, 8.38), ("я" * 70, 4.19), ("я" * 71, 8.38), ("я" * 135, 12.57)]
)
async def test_a_longer_text_costs_more_segments(send, text, cost):
    assert (await send(text=text))["data"]["cost"] == cost


@pytest.mark.parametrize(
    ("fault", "life"),
    [
        (None, [(0, "queue"), (3, "sent"), (1, "delivery")]),
        ("undelivered", [(0, "queue"), (3, "sent"), (2, "undelivered")]),
        ("rejected", [(0, "queue"), (0, "queue"), (6, "reject")]),
        ("moderation", [(8, "moderation"), (8, "moderation"), (8, "moderation")]),
        ("moderated", [(8, "moderation"), (8, "moderation"), (1, "delivery")]),
    ],
)
async def test_a_status_ages_with_the_sandbox_s_clock(http, send, sandbox, fault, life):
    sandbox.fault(fault)
    sms_id = (await send())["data"]["id"]
    seen = []
    for step in (0, 1.2, 1.2):
        sandbox.advance(step)
        async with http.post("/v2/sms/status", json={"id": sms_id}) as reply:
            sms = (await reply.json())["data"]
            seen.append((sms["status"], sms["extendStatus"]))

    assert seen == life


async def test_a_status_has_the_types_the_provider_has_there(http, send, sandbox):
    sms_id = (await send())["data"]["id"]
    sandbox.advance(10)
    async with http.post("/v2/sms/status", json={"id": str(sms_id)}) as reply:
        sms = (await reply.json())["data"]

    assert (sms["number"], sms["cost"], sms["dateAnswer"] - sms["dateCreate"]) == (79129999999, "4.19", 2)


@pytest.mark.parametrize("path", ["sms/status", "sms/teststatus"])
@pytest.mark.parametrize("bad", [1, "x", None, 10**30])
async def test_an_id_nobody_got_is_a_validation_error(http, path, bad):
    async with http.post(f"/v2/{path}", json={"id": bad}) as reply:
        assert (reply.status, (await reply.json())["data"]) == (400, {"id": ["incorrect"]})


async def test_a_test_sms_is_delivered_at_once_and_reaches_nobody(http, sandbox):
    async with http.post("/v2/sms/testsend", json=SMS) as reply:
        sms = (await reply.json())["data"]
    async with http.post("/v2/sms/teststatus", json={"id": sms["id"]}) as reply:
        status = (await reply.json())["data"]

    assert (sms["status"], status["status"]) == (1, 1)
    assert (sandbox.messages(), sandbox.accepted, sandbox.requests) == ([], 0, 0)


async def test_no_reply_lets_another_site_read_it(http):
    async with http.post("/v2/auth", headers={"Origin": "https://evil.example"}) as reply:
        assert [name for name in reply.headers if name.lower().startswith("access-control")] == []


@pytest.mark.parametrize("path", ["/v2/auth", "/inbox", "/control", "/", "/nothing"])
@pytest.mark.parametrize("host", ["evil.example", "evil.example:8081", "10.0.0.1", "127.0.0.1.evil.example", "[::", ""])
async def test_another_host_name_is_refused_everywhere(http, path, host):
    async with http.get(path, headers={"Host": host}, allow_redirects=False) as reply:
        assert reply.status == 403


@pytest.mark.parametrize("host", ["localhost", "localhost:8081", "127.0.0.1", "127.1.2.3:80", "[::1]:8081"])
async def test_a_loopback_host_name_is_welcome(http, host):
    async with http.get("/inbox", headers={"Host": host}) as reply:
        assert reply.status == 200


async def test_a_body_beyond_64_kilobytes_is_refused(http):
    async with http.post("/v2/sms/send", json={"text": "x" * 70_000}) as reply:
        assert reply.status == 413


async def test_a_request_without_credentials_in_time_of_need_is_counted(sandbox):
    async with aiohttp.ClientSession(sandbox.url) as stranger, stranger.post("/v2/sms/send") as reply:
        assert (reply.status, sandbox.requests) == (401, 1)
