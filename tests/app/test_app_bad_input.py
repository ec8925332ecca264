"""Bodies that are not what a route takes: every fault with its path, and nothing recorded."""

import asyncio
import json

import pytest

pytestmark = pytest.mark.anyio

GOOD = {"phone": "+79123456789"}
LIMIT = 65_536


@pytest.fixture(scope="module")
async def untouched(house):
    caller = await house.neighbour("untouched")
    yield caller
    assert [] == (await caller.get("/api/verifications")).body["verifications"]


async def refused(caller, body, path="/api/verifications"):
    answer = await caller.post(path, body)
    assert (400, "guard.invalid_input") == answer.brief
    return answer


async def test_an_unknown_usage_type_is_told_what_there_is(untouched):
    answer = await refused(untouched, {**GOOD, "usageType": "Marketing"})

    assert {("usageType", "invalid_enum_value")} == answer.issues
    assert "ForgotPassword" in answer.body["data"]["issues"][0]["options"]


@pytest.mark.parametrize(
    "path",
    [
        "/api/verifications",
        "/api/verifications/check",
        "/api/verifications/x/check",
        "/api/verifications/x/resend",
        "/api/verifications/x/cancel",
    ],
)
async def test_an_unknown_field_is_refused_on_our_own_routes(untouched, path):
    answer = await refused(untouched, {**GOOD, "code": "000000", "sesion": "misspelt"}, path)

    assert "unrecognized_keys" in {code for _, code in answer.issues}


async def test_every_fault_is_told_at_once_with_its_path(untouched):
    body = {
        "phone": 79123456789,
        "usageType": None,
        "session": ["x"],
        "locale": "not a locale!",
        "payload": {"a": 1},
        "metadata": "none",
        "extra": True,
    }
    answer = await refused(untouched, body)

    paths = {path for path, _ in answer.issues}
    assert {"phone", "usageType", "session", "locale", "payload.a", "metadata", ""} == paths
    assert len(answer.body["details"].splitlines()) == 7


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"phone": None}, ("string", "null")),
        ({"phone": 7.5}, ("string", "number")),
        ({"phone": True}, ("string", "boolean")),
        ({"phone": {}}, ("string", "object")),
        ({"phone": []}, ("string", "array")),
        ({}, ("string", "undefined")),
        ([], ("object", "array")),
        ("text", ("object", "string")),
        (None, ("string", "undefined")),
        (5, ("object", "number")),
    ],
)
async def test_a_wrong_type_is_told_as_expected_and_received(untouched, body, expected):
    answer = await refused(untouched, body)
    (issue,) = answer.body["data"]["issues"]

    assert ("invalid_type", *expected) == (issue["code"], issue["expected"], issue["received"])


async def test_a_session_may_have_128_characters_and_no_more(untouched):
    answer = await refused(untouched, {**GOOD, "session": "s" * 129})

    assert {("session", "too_big")} == answer.issues


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({"k" * 65: "v"}, "too_big"),
        ({"": "v"}, "too_small"),
        ({"k\n": "v"}, "invalid_string"),
        ({"k": "v" * 257}, "too_big"),
        ({"k": "\0"}, "invalid_string"),
        ({str(number): "v" for number in range(21)}, "too_big"),
    ],
    ids=["long key", "no key", "control in a key", "long value", "zero", "many"],
)
async def test_metadata_have_their_limits(untouched, metadata, told):
    answer = await refused(untouched, {**GOOD, "metadata": metadata})

    assert {told} == {code for path, code in answer.issues if path.startswith("metadata")}


async def test_metadata_with_keys_of_64_characters_are_taken(owner, phone):
    metadata = {f"{number}{'k' * 62}{number}": "v" * 256 for number in range(10)}
    started = await owner.start(phone, metadata=metadata)
    shown = await owner.get(f"/api/verifications/{started.body['id']}")

    assert (201, metadata) == (started.status, shown.body["metadata"])


async def test_every_unknown_field_is_named_and_the_answer_is_not_many_times_the_body(untouched):
    unknown = [f"field{number}" for number in range(2000)]
    answer = await refused(untouched, {**GOOD, **dict.fromkeys(unknown, 0)})

    assert [unknown] == [issue["keys"] for issue in answer.body["data"]["issues"]]
    assert len(answer.raw) < 3 * 65_536


async def test_every_mistake_of_a_kind_is_listed_with_its_path(untouched):
    answer = await refused(untouched, {**GOOD, "payload": {f"key{number}": 0 for number in range(300)}})

    assert [["payload", f"key{number}"] for number in range(300)] == [
        issue["path"] for issue in answer.body["data"]["issues"]
    ]


@pytest.mark.parametrize(
    "raw",
    [
        b"{",
        b"phone=%2B79123456789",
        b'{"phone": "+79123456789",}',
        b'{"phone": NaN}',
        b'{"phone": "+79123456789"} more',
        b'{"phone": "\xd0"}',
        "{}".encode("utf-16"),
        b'{"phone": "\\ud800"}',
        b"[" * 60_000,
        b"\x00",
    ],
)
async def test_what_is_not_json_in_utf8_is_refused(untouched, raw):
    answer = await untouched.ask("POST", "/api/verifications", raw=raw)

    assert (400, "guard.invalid_input") == answer.brief


async def test_a_body_of_64_kb_is_read(untouched):
    raw = json.dumps({"phone": ""}).encode().ljust(LIMIT)

    assert 400 == (await untouched.ask("POST", "/api/verifications", raw=raw)).status


async def test_a_declared_body_over_64_kb_is_413(untouched):
    answer = await untouched.ask("POST", "/api/verifications", raw=b"x" * (LIMIT + 1))

    assert (413, "request.body_too_large") == answer.brief


async def test_a_body_that_hides_its_length_is_413_too(untouched):
    async def pieces():
        for _ in range(20):
            yield b" " * 8192
            await asyncio.sleep(0)

    answer = await untouched.ask("POST", "/api/verifications", raw=pieces())

    assert (413, "request.body_too_large") == answer.brief


async def test_a_connection_serves_on_after_a_body_that_was_too_large(untouched):
    await untouched.ask("POST", "/api/verifications", raw=b"x" * 500_000)

    assert 200 == (await untouched.get("/api/verifications")).status


async def test_half_a_body_starts_nothing(house, phone):
    reader, writer = await asyncio.open_connection("127.0.0.1", int(house.address.rsplit(":", 1)[1]))
    key = await house.key("verifications:write")
    head = f"POST /api/verifications HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {key}\r\nContent-Length: 99\r\n\r\n"
    writer.write(head.encode() + json.dumps({"phone": phone}).encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    del reader
    await asyncio.sleep(0.1)

    assert [] == house.sandbox.messages(phone)


async def test_without_a_connector_nothing_starts_and_nothing_is_recorded(house, owner, phone):
    (saved,) = (await owner.get("/api/connectors")).body
    config = dict(house.services.store.connectors._live.config)
    await owner.ask("DELETE", f"/api/connectors/{saved['id']}")
    answers = [
        await owner.start(phone),
        await owner.post("/api/verification-codes", {"phone": phone}),
    ]
    listed = await owner.get(f"/api/verifications?phone={phone[1:]}")
    await owner.post("/api/connectors", {"connectorId": saved["connectorId"], "config": config})

    assert [(501, "connector.not_found")] * 2 == [answer.brief for answer in answers]
    assert [] == listed.body["verifications"]
    assert 201 == (await owner.start(phone)).status
