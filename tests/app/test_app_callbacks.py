"""Delivery reports: an address for each message, statuses that only move forward, nothing that invites a repeat."""

import asyncio
import json
import logging
from urllib.parse import urlsplit

import pytest
from app_words import EVERY_STORE
from app_words import fresh_phone
from app_words import kept_in
from app_words import opened

from aerocode.phone import Phone

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
async def house(request, anyio_backend, tmp_path_factory):
    place = tmp_path_factory.mktemp("house") / "data"
    async with opened(place, public=True, **kept_in(request.param)) as house:
        yield house


@pytest.fixture
def stranger(house):
    """The gate has no key of ours."""
    return house.caller()


@pytest.fixture
async def started(house, owner, phone):
    """A message that the gate took, and the path of its callback address."""
    return await begun(house, phone)


async def begun(house, phone, fault=None):
    house.sandbox.fault(fault, phone=phone)
    seen = []
    follow = house.sandbox._state.callbacks.follow
    house.sandbox._state.callbacks.follow = lambda target, *rest: seen.append(target) or follow(None, *rest)
    answer = await house.owner.start(phone)
    house.sandbox._state.callbacks.follow = follow
    return answer.body, urlsplit(seen[0].url).path if seen else None


def statuses(message):
    return [(line["status"], line["source"]) for line in message["timeline"]]


async def test_a_message_is_delivered_by_the_gates_own_callbacks(house, owner, phone):
    message_id = (await owner.start(phone)).body["message"]["id"]
    await house.wait(10)
    message = await house.message(message_id)

    assert "delivered" == message["status"]
    assert [("queued", "reply"), ("sent", "callback"), ("delivered", "callback")] == statuses(message)[2:]


async def test_each_message_has_an_address_of_its_own(house):
    paths = {(await begun(house, fresh_phone()))[1] for _ in range(3)}

    assert 3 == len(paths)
    assert all(path.startswith("/callbacks/smsaero/") for path in paths)


@pytest.mark.parametrize("shape", ["form", "json"])
async def test_a_report_comes_as_a_form_or_as_json(house, stranger, started, shape):
    answer, path = started
    gate_id = (await house.message(answer["message"]["id"]))["gateId"]
    fields = {"id": gate_id, "status": "1", "extendStatus": "delivery"}
    body = json.dumps(fields) if shape == "json" else "&".join(f"{name}={value}" for name, value in fields.items())
    told = await stranger.ask("POST", path, raw=body.encode(), headers=FORM if shape == "form" else {})
    line = (await house.message(answer["message"]["id"]))["timeline"][-1]

    assert (200, "delivered", "callback", "delivery") == (told.status, line["status"], line["source"], line["detail"])


async def test_the_same_report_again_changes_nothing(house, stranger, started):
    answer, path = started
    for _ in range(3):
        await stranger.ask("POST", path, raw=b"status=1&extendStatus=delivery")
    first = await house.message(answer["message"]["id"])
    await stranger.ask("POST", path, raw=b"status=1&extendStatus=delivery")

    assert [("delivered", "callback")] == statuses(first)[3:]
    assert first == await house.message(answer["message"]["id"])


async def test_reports_out_of_order_are_noted_and_move_nothing_back(house, stranger, started):
    answer, path = started
    for body in (b"status=1", b"status=3", b"status=0", b"status=3"):
        await stranger.ask("POST", path, raw=body)
    message = await house.message(answer["message"]["id"])

    assert "delivered" == message["status"]
    assert ["delivered", "sent", "queued"] == [line["status"] for line in message["timeline"][3:]]


@pytest.mark.parametrize("fault", ["callbacks_twice", "callbacks_shuffled"])
async def test_a_gate_that_repeats_itself_or_mixes_things_up_ends_alike(house, owner, sandbox, phone, fault):
    sandbox.fault(fault, phone=phone)
    message_id = (await owner.start(phone)).body["message"]["id"]
    await house.wait(10)
    message = await house.message(message_id)

    assert "delivered" == message["status"]
    assert 1 == [line["status"] for line in message["timeline"]].count("delivered")


async def test_the_first_report_settles_an_uncertain_send_and_gives_the_gates_id(house, stranger, phone):
    answer, path = await begun(house, phone, "reset_after_accept")
    before = await house.message(answer["message"]["id"])
    await stranger.ask("POST", path, raw=b"id=4711&status=0&extendStatus=queue")
    after = await house.message(answer["message"]["id"])

    assert ("unknown", None) == (before["status"], before["gateId"])
    assert ("queued", "4711", None) == (after["status"], after["gateId"], after["reason"])
    assert "4711" == after["timeline"][-1]["gateId"]


async def test_what_an_uncertain_send_cost_is_asked_for_when_its_reports_are_through(house, owner, phone):
    await house.services.chores.stop()
    house.sandbox.fault("reset_after_accept", phone=phone, times=1)
    message_id = (await owner.start(phone)).body["message"]["id"]
    await house.wait(10)
    reported = await house.message(message_id)
    await house.wait(20)
    await house.reconcile()
    priced = await house.message(message_id)

    assert ("delivered", None, 1) == (reported["status"], reported["cost"], reported["segments"])
    assert ("delivered", "4.19", reported["timeline"]) == (priced["status"], priced["cost"], priced["timeline"])


@pytest.mark.parametrize("name", ["extendStatus", "extendOperator"])
@pytest.mark.parametrize("odd", ["\ud800", "\0"])
async def test_a_report_with_a_word_that_no_database_takes_is_noted(house, stranger, started, name, odd):
    answer, path = started
    told = await stranger.ask("POST", path, raw=json.dumps({"status": 1, name: f"MTS{odd}"}).encode())
    message = await house.message(answer["message"]["id"])

    assert (200, "delivered") == (told.status, message["status"])
    assert "MTS?" in (message["operator"], message["timeline"][-1].get("detail"))


async def test_a_report_about_another_of_the_gates_messages_is_passed_over(house, stranger, started):
    answer, path = started
    before = await house.message(answer["message"]["id"])
    told = await stranger.ask("POST", path, raw=b"id=1&status=1")

    assert (200, before) == (told.status, await house.message(answer["message"]["id"]))


async def test_a_report_that_it_failed_leaves_the_code_good(house, owner, stranger, phone):
    answer, path = await begun(house, phone)
    await stranger.ask("POST", path, raw=b"status=2&extendStatus=undelivered")

    assert "undelivered" == (await house.message(answer["message"]["id"]))["status"]
    assert 200 == (await owner.check(answer["id"], house.code(phone))).status


@pytest.mark.parametrize("change", [lambda path: path[:-1], lambda path: f"{path}0", lambda path: path.upper(),
                                    lambda path: path[:-1] + ("0" if path[-1] != "0" else "1")])  # fmt: skip
async def test_an_address_that_we_did_not_make_is_not_there(house, stranger, started, change):
    answer, path = started
    prefix, token = path.rsplit("/", 1)
    told = await stranger.ask("POST", f"{prefix}/{change(token)}", raw=b"status=1")

    assert 404 == told.status
    assert "queued" == (await house.message(answer["message"]["id"]))["status"]


async def test_the_address_of_one_message_is_not_good_for_another(house, stranger):
    (first, path), (second, _) = await begun(house, fresh_phone()), await begun(house, fresh_phone())
    forged = path.replace(first["message"]["id"], second["message"]["id"])

    assert 404 == (await stranger.ask("POST", forged, raw=b"status=1")).status


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"null", b"nothing=here", b"status=delivered", b"\xff\xfe", b"x" * 70_000, b"status=99",
     b'{"status": {"a": 1}}'],
    ids=["empty", "cut json", "list", "null", "other fields", "a word", "no text", "too large", "unknown", "object"],
)  # fmt: skip
async def test_what_can_not_be_used_is_answered_so_that_nobody_repeats_it(house, stranger, started, body):
    answer, path = started
    told = await stranger.ask("POST", path, raw=body)

    assert (200, b"") == (told.status, told.raw)
    assert "queued" == (await house.message(answer["message"]["id"]))["status"]


async def test_a_report_after_the_phone_was_erased_is_answered_all_the_same(house, stranger, phone):
    _, path = await begun(house, phone)
    await house.services.store.chores.erase(Phone(phone), actor="a test", reason="a test")

    assert 200 == (await stranger.ask("POST", path, raw=b"status=1")).status


async def test_the_log_shows_no_token(house, stranger, started, caplog):
    _, path = started
    with caplog.at_level(logging.INFO, logger="aerocode"):
        await stranger.ask("POST", path, raw=b"status=1")

    assert "POST /callbacks/smsaero/… 200" in caplog.text
    assert path.rsplit("/", 1)[1] not in caplog.text


async def test_reports_and_the_reply_at_the_same_moment_lose_nothing(house, stranger):
    runs = [await begun(house, fresh_phone()) for _ in range(5)]
    bodies = [b"status=0", b"status=3", b"status=4", b"status=1", b"status=3"]
    await asyncio.gather(*(stranger.ask("POST", path, raw=body) for _, path in runs for body in bodies))

    for answer, _ in runs:
        assert "delivered" == (await house.message(answer["message"]["id"]))["status"]
