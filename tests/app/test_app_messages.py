"""Messages over HTTP: whole timelines, lists with filters and pages, and a verification that shows its own."""

import itertools
from urllib.parse import quote

import pytest
from app_words import EVERY_STORE
from app_words import fresh_phone

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE

_shops = itertools.count()


@pytest.fixture
async def shop(house):
    """An application of its own for each test, so that its list is the test's."""
    return await house.neighbour(f"shop-{next(_shops)}")


async def sent(house, shop, *faults):
    """One message for each fault, oldest first; their ids."""
    ids = []
    for fault in faults:
        phone = fresh_phone()
        house.sandbox.fault(fault, phone=phone)
        answer = await shop.start(phone)
        body = answer.body
        ids.append(body["message"]["id"] if answer.status == 201 else body["data"]["messageId"])
        house.pass_time(1)
    return ids


async def listed(shop, query=""):
    answer = await shop.get(f"/api/messages{query}")
    assert 200 == answer.status, answer.body
    return [message["id"] for message in answer.body["messages"]]


async def test_a_timeline_is_whole(house, owner, phone):
    started = (await owner.start(phone)).body
    message = await house.message(started["message"]["id"])
    (received,) = house.sandbox.messages(phone)

    assert (started["id"], phone, str(received.id), "SMS Aero", 1, "4.19", None) == tuple(
        message[name] for name in ("verificationId", "phone", "gateId", "sender", "segments", "cost", "operator")
    )
    assert [
        ("created", "own", None, None),
        ("created", "own", "handed_over", None),
        ("queued", "reply", None, str(received.id)),
    ] == [(line["status"], line["source"], line.get("reason"), line.get("gateId")) for line in message["timeline"]]
    assert sorted(line["at"] for line in message["timeline"]) == [line["at"] for line in message["timeline"]]


async def test_what_never_reached_a_gate_was_never_handed_over(house, owner, phone):
    port = house.sandbox.port
    await house.sandbox.stop()
    refused = await owner.start(phone)
    await house.sandbox.start(port=port)
    message = await house.message(refused.body["data"]["messageId"])

    assert ["created", "failed"] == [line["status"] for line in message["timeline"]]


async def test_a_verification_shows_its_messages_with_their_timelines(house, owner, phone):
    started = (await owner.start(phone)).body
    house.pass_time(31)
    await owner.post(f"/api/verifications/{started['id']}/resend")
    shown = (await owner.get(f"/api/verifications/{started['id']}")).body

    assert 2 == len(shown["messages"])
    assert [await house.message(message["id"]) for message in shown["messages"]] == shown["messages"]
    assert {"id": shown["messages"][1]["id"], "status": "queued"} == shown["message"]


async def test_messages_are_listed_newest_first_by_page(house, shop):
    ids = await sent(house, shop, *["delivered"] * 5)
    seen, cursor = [], ""
    while cursor is not None:
        page = (await shop.get(f"/api/messages?limit=2{cursor and f'&cursor={cursor}'}")).body
        seen.append([message["id"] for message in page["messages"]])
        cursor = page["nextCursor"]

    assert [ids[4:2:-1], ids[2:0:-1], ids[:1]] == seen


async def test_messages_are_listed_by_status(house, shop):
    ids = await sent(house, shop, "delivered", "reset", "no_money", "moderation")

    assert ids[1:2] == await listed(shop, "?status=unknown")
    assert [ids[3], ids[2]] == await listed(shop, "?status=failed,moderation")
    assert [] == await listed(shop, "?status=rejected")


async def test_messages_are_listed_by_phone_in_any_form(house, shop):
    ids = await sent(house, shop, "delivered", "delivered")
    phone = (await shop.get(f"/api/messages/{ids[0]}")).body["phone"]

    assert ids[:1] == await listed(shop, f"?phone=8{phone[2:]}")
    assert [] == await listed(shop, f"?phone={fresh_phone()[1:]}")


async def test_messages_are_listed_by_time(house, shop):
    ids = await sent(house, shop, "delivered", "delivered", "delivered")
    at = [(await shop.get(f"/api/messages/{one}")).body["createdAt"] for one in ids]

    assert ids[:0:-1] == await listed(shop, f"?since={quote(at[1])}")
    assert ids[:1] == await listed(shop, f"?until={quote(at[1])}")
    assert ids[:0:-1] == await listed(shop, f"?since={at[1].replace('Z', '+00:00')}")


async def test_a_list_is_an_applications_own(house, owner, shop):
    (mine,) = await sent(house, shop, "delivered")

    assert [mine] == await listed(shop)
    assert mine not in await listed(owner)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("status=lost", "status"),
        ("status=", "status"),
        ("since=yesterday", "since"),
        ("since=2030-01-31T12:00:00", "since"),
        ("until=9999-12-31T23:59:59-12:00", "until"),
        ("cursor=x", "cursor"),
        ("cursor=ffffffffffffffff-a", "cursor"),
        ("limit=0", "limit"),
        ("limit=101", "limit"),
    ],
)
async def test_a_filter_that_can_not_be_read_is_told(owner, query, name):
    answer = await owner.get(f"/api/messages?{query}")

    assert (400, "guard.invalid_input") == answer.brief
    assert {(name, "custom")} == answer.issues


async def test_a_list_needs_its_scope(house):
    holder = await house.holder("verifications:read")

    assert 403 == (await holder.get("/api/messages")).status
