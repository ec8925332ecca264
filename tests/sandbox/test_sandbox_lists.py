"""`sms/list` and how every list turns its pages."""

import pytest

from aerocode.sandbox.replies import PAGE

pytestmark = pytest.mark.anyio

FIRST = "79129999999"
OTHER = "79129999998"


async def test_the_newest_sms_comes_first(data, send):
    ids = [(await send())["data"]["id"] for _ in range(3)]
    told = await data("sms/list")

    assert ids[::-1] == [told[key]["id"] for key in ("0", "1", "2")]


async def test_a_list_tells_an_sms_as_its_status_does(data, send):
    sms_id = (await send())["data"]["id"]

    assert await data("sms/status", id=sms_id) == (await data("sms/list"))["0"]


async def test_a_list_is_filtered_by_number(data, send):
    await send(number=FIRST)
    await send(number=OTHER)
    told = await data("sms/list", number=OTHER)

    assert (1, "1") == (len([key for key in told if key.isdigit()]), told["totalCount"])


async def test_a_list_is_filtered_by_numbers(data, send):
    for number in (FIRST, OTHER, "79129999997"):
        await send(number=number)

    assert "2" == (await data("sms/list", numbers=[FIRST, OTHER]))["totalCount"]


async def test_a_list_is_filtered_by_the_exact_text(data, send):
    await send(text="hello")
    await send(text="hello you")

    assert "1" == (await data("sms/list", text="hello"))["totalCount"]


async def test_nulls_filter_nothing(data, send):
    await send()

    assert "1" == (await data("sms/list", number=None, text=None))["totalCount"]


async def test_an_empty_list_has_links_and_a_count(data):
    link = "/v2/sms/list?page=1"

    assert {"links": {"self": link, "first": link, "last": link}, "totalCount": "0"} == await data("sms/list")


async def test_a_cleared_inbox_is_still_listed(data, send, sandbox):
    await send()
    sandbox.clear()

    assert "1" == (await data("sms/list"))["totalCount"]


async def test_test_sms_are_listed_apart(data, send):
    await send()
    await data("sms/testsend", number=FIRST, sign="SMS Aero", text="a test")
    told = await data("sms/testlist")

    assert ("a test", "1", "1") == (
        told["0"]["text"],
        told["totalCount"],
        (await data("sms/list"))["totalCount"],
    )


@pytest.fixture
async def many(data):
    """Two pages of groups and one more group."""
    for number in range(2 * PAGE + 1):
        await data("group/add", name=f"group {number}")


@pytest.mark.parametrize(
    ("page", "links", "items"),
    [
        (1, {"self": 1, "first": 1, "next": 2, "last": 3}, PAGE),
        (2, {"self": 2, "first": 1, "prev": 1, "next": 3, "last": 3}, PAGE),
        (3, {"self": 3, "first": 1, "prev": 2, "last": 3}, 1),
        (4, {"self": 4, "first": 1, "prev": 3, "last": 3}, 0),
    ],
)
async def test_a_page_links_to_its_neighbours(data, many, page, links, items):
    told = await data("group/list", page=page)
    keys = [key for key in told if key.isdigit()]

    assert {name: f"/v2/group/list?page={number}" for name, number in links.items()} == told["links"]
    assert ([str(index) for index in range(items)], str(2 * PAGE + 1)) == (keys, told["totalCount"])


async def test_a_page_is_asked_in_the_query_of_a_post(http, many):
    async with http.post("/v2/group/list?page=3", json={}) as reply:
        assert "group 0" == (await reply.json())["data"]["0"]["name"]


@pytest.mark.parametrize("page", [0, -1, "two", 1.5])
@pytest.mark.parametrize(
    "path", ["sms/list", "group/list", "contact/list", "blacklist/list", "sign/list", "viber/list"]
)
async def test_a_page_that_is_none_is_refused(wrong, path, page):
    assert ["page"] == await wrong(path, page=page)
