"""Pages of a list: what each shape says of the next, and an end to the walk whatever the gate says."""

import json

import pytest

from aerocode.smsaero import Reply
from aerocode.smsaero import Undecodable
from aerocode.smsaero import endpoints
from aerocode.smsaero import on_page
from aerocode.smsaero import read_reply
from aerocode.smsaero.paging import Walk


def page(data):
    body = json.dumps({"success": True, "data": data, "message": None}).encode()
    return read_reply(endpoints.sms_list(), Reply(status=200, body=body))


def items(*ids, **around):
    return {**{str(position): {"id": given} for position, given in enumerate(ids)}, **around}


def walked(*pages, most=10):
    """The ids of a walk over these pages, the last one again and again; and the paths asked for."""
    walk, ids, paths = Walk(endpoints.sms_list()), [], []
    while walk.wanted is not None and len(paths) < most:
        paths.append(walk.wanted.path)
        ids += [sms.id for sms in walk.take(page(pages[min(len(paths), len(pages)) - 1]))]
    return ids, paths


def links(following):
    return {"self": "/v2/sms/list?page=9", "next": f"/v2/sms/list?page={following}", "last": "/v2/sms/list?page=3"}


@pytest.mark.parametrize(
    "data", [[], {}, {"links": {}, "totalCount": "0"}, {"totalCount": 0}, {"links": []}, {"list": []}]
)
def test_an_empty_list_of_any_shape_is_empty(data):
    assert page(data).items == ()


@pytest.mark.parametrize("data", [None, "nothing", 5, {"error": "odd"}, {"0": {"error": "odd"}}, [{"error": "odd"}]])
def test_what_is_no_list_is_not_taken_for_an_empty_one(data):
    with pytest.raises(Undecodable):
        page(data)


def test_items_come_in_the_order_of_their_keys():
    data = {str(position): {"id": position + 1} for position in (10, 2, 1, 0, 9)}

    assert [1, 2, 3, 10, 11] == [sms.id for sms in page(data).items]


def test_an_item_without_an_id_is_left_out():
    assert [5] == [sms.id for sms in page([{"id": 5}, {"status": 1}, None]).items]


@pytest.mark.parametrize(("said", "total"), [("138", 138), (138, 138), (None, None), ("many", None)])
def test_the_total_is_read_from_any_type(said, total):
    assert total == page(items(1, totalCount=said)).total


@pytest.mark.parametrize(
    ("link", "following"),
    [
        ("/v2/sms/list?page=2", 2),
        ("https://gate.example/v2/sms/list?number=7&page=3", 3),
        ("/v2/sms/list", None),
        ("/v2/sms/list?page=two", None),
        ("http://[", None),
        ("?" + "a=1&" * 100 + "page=2", None),
        (None, None),
        ({"page": 2}, None),
    ],
)
def test_the_next_page_is_read_from_its_link(link, following):
    read = page(items(1, links={"next": link}))

    assert (True, following) == (read.linked, read.next)


def test_a_page_is_asked_for_in_the_query_and_the_filter_stays_in_the_body():
    request = on_page(endpoints.sms_list(number="79990000000"), 7)

    assert ("sms/list?page=7", {"number": "79990000000"}) == (request.path, request.body)


def test_a_walk_follows_the_links_to_the_last_page():
    ids, paths = walked(items(1, 2, links=links(2)), items(3, links=links(3)), items(4, links={"prev": "?page=2"}))

    assert ([1, 2, 3, 4], ["sms/list?page=1", "sms/list?page=2", "sms/list?page=3"]) == (ids, paths)


def test_a_walk_without_links_goes_by_the_total():
    assert [1, 2, 3] == walked(items(1, 2, totalCount="3"), items(3, totalCount="3"))[0]


@pytest.mark.parametrize(
    "again",
    [
        items(1, 2, totalCount=99),
        items(1, 2, links=links(2)),
        items(1, links=links(1)),
        items(links=links(2), totalCount=9),
        items(1, 2),
        [{"id": 1}],
    ],
)
def test_a_gate_that_repeats_itself_does_not_hold_a_walk(again):
    assert 2 >= len(walked(again)[1])
