"""The other types, and faults set for one method."""

import pytest

pytestmark = pytest.mark.anyio

PHONE = "79129999999"


@pytest.fixture
async def drifting(control):
    await control({"drift": True})


async def test_one_sms_is_an_array_of_one_with_a_cost_that_is_a_string(send, drifting):
    (sms,) = (await send())["data"]

    assert ("4.19", PHONE) == (sms["cost"], sms["number"])


async def test_a_status_has_the_types_of_a_send(send, data, drifting):
    sms_id = (await send())["data"][0]["id"]
    sms = await data("sms/status", id=sms_id)

    assert (PHONE, 4.19) == (sms["number"], sms["cost"])


async def test_a_list_counts_with_an_integer(send, data, drifting):
    await send()
    told = await data("sms/list")

    assert (1, PHONE, 4.19) == (told["totalCount"], told["0"]["number"], told["0"]["cost"])


@pytest.mark.parametrize("path", ["sms/list", "group/list", "contact/list", "blacklist/list"])
async def test_an_empty_list_is_an_empty_array(data, drifting, path):
    assert [] == await data(path)


@pytest.mark.parametrize("path", ["cards", "viber/sign/list"])
async def test_a_list_without_links_is_an_array(data, drifting, path):
    assert isinstance(await data(path), list)


async def test_ids_and_numbers_of_the_book_change_places(data, drifting):
    await data("group/add", name="friends")
    await data("contact/add", number=PHONE)
    group, contact = (await data("group/list"))["0"], (await data("contact/list"))["0"]

    assert (int, int, str, str) == tuple(
        map(type, (group["id"], group["countContacts"], contact["id"], contact["number"]))
    )


async def test_a_price_is_a_number(data, drifting):
    assert 8.99 == (await data("tariffs"))["FREE SIGN"]["MEGAFON"]


async def test_what_is_null_stays_null(data, drifting):
    assert await data("auth") is None


async def test_the_usual_types_come_back(control, send, drifting):
    _, report = await control({"drift": False})

    assert (False, 4.19) == (report["drift"], (await send())["data"]["cost"])


async def test_drift_is_set_in_the_same_process_too(send, sandbox):
    sandbox.drift(on=True)

    assert isinstance((await send())["data"], list)


async def test_a_fault_for_a_method_befalls_a_read(control, ask, send):
    await control({"fault": "rate_limited", "path": "sms/list"})

    assert [True, 429] == [(await send())["success"], (await ask("sms/list"))[0]]


async def test_a_fault_for_a_method_ends_after_its_times(control, ask):
    _, report = await control({"fault": "rate_limited", "path": "balance", "times": 1})

    assert [{"path": "balance", "fault": "rate_limited", "times": 1}] == report["set"]
    assert [429, 200] == [(await ask("balance"))[0] for _ in range(2)]


async def test_a_fault_for_a_method_goes_before_one_for_a_phone(ask, sandbox):
    sandbox.fault("no_money", phone=PHONE)
    sandbox.fault("rate_limited", path="sms/send")

    assert 429 == (await ask("sms/send", number=PHONE, sign="SMS Aero", text="hello"))[0]


async def test_a_fate_for_a_method_is_the_fate_of_what_it_sends(data, sandbox):
    sandbox.fault("undelivered", path="sms/send")
    sms = await data("sms/send", number=PHONE, sign="SMS Aero", text="hello")
    sandbox.advance(10)

    assert 2 == (await data("sms/status", id=sms["id"]))["status"]


@pytest.mark.parametrize("clear", [{"path": "balance"}, {}])
async def test_a_fault_for_a_method_is_cleared(control, ask, clear):
    await control({"fault": "rate_limited", "path": "balance"})
    await control({"fault": None, **clear})

    assert 200 == (await ask("balance"))[0]


async def test_a_write_behind_a_lost_answer_has_happened(http, data, sandbox):
    sandbox.fault("reset_after_accept", path="group/add")
    with pytest.raises(OSError, match="reset"):
        await http.post("/v2/group/add", json={"name": "friends"})

    assert "1" == (await data("group/list"))["totalCount"]


async def test_the_report_counts_calls_by_method(control, data, ask):
    await data("auth")
    await data("balance")
    await ask("pigeon/send")
    _, report = await control({})

    assert {"auth": 1, "balance": 1, "unknown": 1} == report["calls"]
