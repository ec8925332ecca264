import pytest

pytestmark = pytest.mark.anyio


async def test_a_fault_is_set_for_all(control, send):
    await control({"fault": "no_money"})

    assert (await send())["message"] == "Not enough money"


async def test_a_fault_is_set_for_a_phone_in_any_form(control, send):
    await control({"fault": "no_money", "phone": "8 (912) 999-99-99"})

    assert not (await send())["success"]


async def test_a_fault_ends_after_its_times(control, send):
    await control({"fault": "no_money", "times": 1})

    assert [(await send())["success"] for _ in range(2)] == [False, True]


async def test_null_clears(control, send):
    await control({"fault": "no_money"})
    await control({"fault": None})

    assert (await send())["success"]


async def test_the_clock_moves(control, http, send):
    sms_id = (await send())["data"]["id"]
    await control({"advance": 2.5})
    async with http.post("/v2/sms/status", json={"id": sms_id}) as reply:
        assert (await reply.json())["data"]["status"] == 1


async def test_the_inbox_empties_but_the_gate_remembers(control, http, send, sandbox):
    sms_id = (await send())["data"]["id"]
    await control({"clear": True})
    async with http.post("/v2/sms/status", json={"id": sms_id}) as reply:
        assert (reply.status, sandbox.messages(), sandbox.accepted) == (200, [], 1)


async def test_everything_may_be_ordered_at_once(control):
    _, report = await control({"fault": "hang", "phone": "79120000000", "times": 2, "advance": 5, "clear": True})

    assert (report["set"], report["advanced"]) == ([{"phone": "79120000000", "fault": "hang", "times": 2}], 5)


async def test_the_report_counts_what_came_and_what_was_taken(control, http, send):
    await send()
    await control({"fault": "no_money"})
    await send()
    async with http.get("/control") as reply:
        report = await reply.json()

    assert (report["requests"], report["accepted"], report["redirectsFollowed"]) == (2, 1, 0)


async def test_the_report_lists_every_fault_with_its_suffix(http):
    async with http.get("/control") as reply:
        faults = (await reply.json())["faults"]

    assert (faults["no_money"], faults["rejected"], len(faults)) == ("0001", "0021", 25)


@pytest.mark.parametrize(
    "order",
    [
        [],
        "hang",
        {"faults": "hang"},
        {"fault": "earthquake"},
        {"fault": 1},
        {"fault": ["hang"]},
        {"phone": "79120000000"},
        {"times": 1},
        {"path": "sms/status"},
        {"fault": "hang", "path": "sms/statuses"},
        {"fault": "hang", "path": "sms/status", "phone": "79120000000"},
        {"fault": "hang", "path": ["sms/status"]},
        {"fault": "hang", "drift": "yes"},
        {"fault": "hang", "drift": None},
        {"fault": "hang", "balance": -1},
        {"fault": "hang", "balance": None},
        {"fault": "hang", "advance": None},
        {"fault": "hang", "times": 0},
        {"fault": "hang", "times": True},
        {"fault": "hang", "times": "2"},
        {"fault": "hang", "phone": ""},
        {"fault": "hang", "phone": 79120000000},
        {"fault": "hang", "advance": -1},
        {"fault": "hang", "advance": True},
        {"fault": "hang", "advance": "5"},
        {"fault": "hang", "advance": 1e12},
        {"fault": "hang", "clear": False},
        {"fault": "hang", "surprise": 1},
    ],
)
async def test_an_order_that_makes_no_sense_is_refused_whole(control, http, order):
    status, answer = await control(order)
    async with http.get("/control") as reply:
        report = await reply.json()

    assert (status, answer["known"]) == (
        400,
        ["advance", "balance", "clear", "drift", "fault", "path", "phone", "times"],
    )
    assert (report["set"], report["advanced"]) == ([], 0)


@pytest.mark.parametrize("body", [b"", b"{", b'{"advance": NaN}', b'{"advance": Infinity}', b"[" * 5000, b"\xff"])
async def test_a_body_that_is_no_json_is_refused(http, body):
    async with http.post("/control", data=body, headers={"Content-Type": "application/json"}) as reply:
        assert reply.status == 400


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
async def test_what_a_stranger_s_web_page_can_post_is_refused(http, kind):
    async with http.post("/control", data=b'{"clear": true}', headers={"Content-Type": kind}) as reply:
        assert reply.status == 415


async def test_a_preflight_is_not_answered(http):
    async with http.options("/control", headers={"Access-Control-Request-Method": "POST"}) as reply:
        assert reply.status == 405
