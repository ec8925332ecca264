"""Block and allow lists over HTTP: what an entry may say, and what it does to the next start."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from app_words import EVERY_STORE
from app_words import fresh_phone

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE

BARRED = (422, "phone.not_allowed", {"reason": "list"})


async def add(caller, kind, value, verdict="block", **more):
    body = {"verdict": verdict, "kind": kind, "value": value, "reason": "of the test", **more}
    return await caller.post("/api/lists", body)


def told(answer):
    return *answer.brief, answer.body["data"]


def in_days(days):
    return (datetime.now(UTC) + timedelta(days=days)).isoformat()


async def test_a_blocked_phone_gets_nothing(house, owner, phone):
    await add(owner, "phone", phone)
    refused = await owner.start(phone)

    assert (BARRED, []) == (told(refused), house.sandbox.messages(phone))


async def test_a_phone_blocked_after_its_start_gets_no_resend(house, owner, phone):
    started = (await owner.start(phone)).body
    await add(owner, "phone", phone)
    house.pass_time(31)

    assert BARRED == told(await owner.post(f"/api/verifications/{started['id']}/resend", {}))


async def test_the_most_specific_entry_decides(owner):
    blocked, allowed = "+79171111101", "+79171111102"
    await add(owner, "prefix", "+7 917-111")
    await add(owner, "phone", allowed, "allow")

    assert (BARRED, 201) == (told(await owner.start(blocked)), (await owner.start(allowed)).status)


async def test_a_blocked_network_starts_nothing(owner):
    await add(owner, "network", "198.51.100.0/24")

    assert BARRED == told(await owner.start(fresh_phone(), ip="198.51.100.7"))
    assert 201 == (await owner.start(fresh_phone(), ip="198.51.101.7")).status


async def test_an_allowed_network_is_not_counted(owner):
    await add(owner, "network", "192.0.2.1", "allow")
    statuses = {(await owner.start(fresh_phone(), ip="192.0.2.1")).status for _ in range(25)}

    assert {201} == statuses


async def test_an_entry_is_shown_as_it_is_compared(owner):
    added = await add(owner, "phone", "8 (917) 222-00-01", expiresAt="2099-01-31T12:00:00+03:00")
    shown = await owner.get(f"/api/lists/{added.body['id']}")
    entries = (await owner.get("/api/lists")).body

    assert ("+79172220001", "2099-01-31T09:00:00.000Z", "of the test") == (
        shown.body["value"], shown.body["expiresAt"], shown.body["reason"],
    )  # fmt: skip
    assert (201, added.body, True) == (added.status, shown.body, added.body in entries)


@pytest.mark.parametrize("written", ["::ffff:198.18.7.0/120", "::ffff:c612:700/120"])
async def test_a_network_of_ipv4_written_as_ipv6_is_the_ipv4_one(owner, phone, written):
    added = (await add(owner, "network", written)).body
    refused = await owner.start(phone, ip="198.18.7.9")
    await owner.ask("DELETE", f"/api/lists/{added['id']}")

    assert ("198.18.7.0/24", BARRED) == (added["value"], told(refused))


async def test_a_removed_entry_holds_nobody_back(owner, phone):
    added = (await add(owner, "phone", phone)).body
    removed = await owner.ask("DELETE", f"/api/lists/{added['id']}?reason=a%20mistake")
    gone = await owner.ask("DELETE", f"/api/lists/{added['id']}")

    assert (204, 404, 201) == (removed.status, gone.status, (await owner.start(phone)).status)


async def test_the_reason_of_a_removal_is_kept(house, owner, phone):
    added = (await add(owner, "phone", phone)).body
    await owner.ask("DELETE", f"/api/lists/{added['id']}?reason=a%20mistake")

    found = await house.look("select actor, reason from audit where action = 'unlist' order by id desc")

    assert ("settings", "a mistake") == found[0]


async def test_an_entry_ends_when_it_says(house, owner, phone):
    added = await add(owner, "phone", phone, expiresAt=in_days(1))
    before = await owner.start(phone)
    house.pass_time(86_400)

    assert (201, 422, 201) == (added.status, before.status, (await owner.start(phone)).status)
    assert 404 == (await owner.get(f"/api/lists/{added.body['id']}")).status


async def test_what_is_on_a_list_is_not_put_on_one_again(owner, phone):
    await add(owner, "phone", phone)

    assert (409, "entity.already_exists") == (await add(owner, "phone", phone, "allow")).brief


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("prefix", "7900"), ("prefix", "+"), ("prefix", "+0"), ("prefix", "+7x"), ("prefix", "+123456789012345"),
        ("network", "203.0.113.7/24"), ("network", "everywhere"), ("network", "2001:db8::1"),
        ("network", "2001:db8::/65"), ("network", "203.0.113.0/33"),
    ],
)  # fmt: skip
async def test_what_would_never_be_met_is_refused_at_value(owner, kind, value):
    refused = await add(owner, kind, value)

    assert (400, {("value", "custom")}) == (refused.status, refused.issues)


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"kind": "ip"}, "kind"), ({"verdict": "deny"}, "verdict"), ({"reason": ""}, "reason"),
        ({"value": ""}, "value"), ({"expiresAt": "2020-01-01T00:00:00Z"}, "expiresAt"),
        ({"expiresAt": "2090-01-01T00:00:00"}, "expiresAt"), ({"expires": None}, ""),
    ],
)  # fmt: skip
async def test_an_entry_that_is_not_written_right_is_refused_with_its_path(owner, change, path):
    refused = await add(owner, **{"kind": "prefix", "value": "+7999", **change})

    assert (400, [path]) == (refused.status, [one for one, _ in refused.issues])


async def test_a_reason_that_cannot_be_seen_is_refused(owner, phone):
    added = (await add(owner, "phone", phone)).body

    assert 400 == (await owner.ask("DELETE", f"/api/lists/{added['id']}?reason=a%0Ab")).status
    assert 400 == (await owner.ask("DELETE", f"/api/lists/{added['id']}?reason={'x' * 257}")).status


@pytest.mark.parametrize("path", ["/api/lists", "/api/test-numbers"])
async def test_lists_are_for_keys_of_the_installation_that_hold_the_scope(house, path):
    neighbour = await house.neighbour(f"n{path.replace('/', '-')}")
    others = [neighbour, await house.holder("settings:write")]
    mine = await house.holder("lists:write")

    assert [403, 403, 200] == [(await one.get(path)).status for one in (*others, mine)]


async def test_refusals_by_lists_are_counted(house, owner, phone):
    await add(owner, "phone", phone)
    await owner.start(phone)
    text = (await owner.get("/metrics")).raw.decode()

    assert 'aerocode_refused_total{limit="list"}' in text
