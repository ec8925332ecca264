"""`Idempotency-Key`: asked again, a start or a resend is answered as before and nothing is sent."""

import asyncio

import pytest
from app_words import EVERY_STORE
from app_words import fresh_phone
from app_words import opened

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE


async def start(caller, phone, key, **more):
    body = {"phone": phone, **more}
    return await caller.ask("POST", "/api/verifications", body, headers={"Idempotency-Key": key})


async def resend(caller, verification_id, key, **more):
    path = f"/api/verifications/{verification_id}/resend"
    return await caller.ask("POST", path, more, headers={"Idempotency-Key": key})


async def test_a_start_asked_again_is_answered_as_before_and_sends_nothing(house, owner, phone):
    first, again = await start(owner, phone, "order 1"), await start(owner, phone, "order 1")

    assert (201, 201, first.raw) == (first.status, again.status, again.raw)
    assert 1 == len(house.sandbox.messages(phone))


async def test_it_is_answered_as_before_after_the_verification_went_on(house, owner, phone):
    first = await start(owner, phone, "order 2")
    await owner.check(first.body["id"], house.code(phone))

    assert first.raw == (await start(owner, phone, "order 2")).raw


async def test_it_is_answered_as_before_by_the_next_process(tmp_path, phone):
    async with opened(tmp_path / "data") as house:
        first = await start(house.owner, phone, "order 3")
    async with opened(tmp_path / "data") as house:
        again = await start(house.owner, phone, "order 3")

        assert (first.raw, []) == (again.raw, house.sandbox.messages(phone))


async def test_it_is_answered_as_before_after_the_connector_was_removed(tmp_path, phone):
    async with opened(tmp_path / "data") as house:
        first = await start(house.owner, phone, "order 3")
        (saved,) = (await house.owner.get("/api/connectors")).body
        await house.owner.ask("DELETE", f"/api/connectors/{saved['id']}")

        assert (first.raw, 501) == (
            (await start(house.owner, phone, "order 3")).raw,
            (await start(house.owner, phone, "order 3b")).status,
        )


async def test_without_a_key_a_start_is_a_start(owner, phone):
    await start(owner, phone, "order 4")

    assert 429 == (await owner.start(phone)).status


async def test_the_same_body_written_otherwise_is_the_same_request(owner, phone):
    first = await start(owner, phone, "order 5", metadata={"a": "1", "b": "2"})
    again = await start(owner, phone, "order 5", metadata={"b": "2", "a": "1"}, usageType="Generic", session="")

    assert (201, first.raw) == (again.status, again.raw)


async def test_another_body_under_the_same_key_is_refused(house, owner, phone):
    await start(owner, phone, "order 6")
    refused = await start(owner, other := fresh_phone(), "order 6")

    assert (409, "request.idempotency_key_reused") == refused.brief
    assert [] == house.sandbox.messages(other)


async def test_of_fifty_at_once_one_sends_and_the_others_are_told_to_wait_or_the_same(house, owner, phone):
    answers = await asyncio.gather(*(start(owner, phone, "order 7") for _ in range(50)))
    waiting = [answer for answer in answers if answer.status == 409]

    assert {(201, None), (409, "request.in_progress")} >= {
        (answer.status, answer.body.get("code")) for answer in answers
    }
    assert {"1"} >= {answer.headers["retry-after"] for answer in waiting}
    assert (1, 1) == (
        len(house.sandbox.messages(phone)), len({answer.raw for answer in answers if answer.status == 201}),
    )  # fmt: skip


async def test_while_the_gate_is_asked_the_request_is_in_progress(house, owner, sandbox, phone):
    sandbox.fault("hang")
    first = asyncio.create_task(start(owner, phone, "order 8"))
    await asyncio.sleep(0.3)
    meanwhile = await start(owner, phone, "order 8")
    answer = await first

    assert (409, "request.in_progress", "1") == (*meanwhile.brief, meanwhile.headers["retry-after"])
    assert ("unknown", answer.raw) == (answer.body["message"]["status"], (await start(owner, phone, "order 8")).raw)


async def test_keys_are_each_applications_own(house, owner, phone):
    neighbour = await house.neighbour("idempotent")
    mine = await start(owner, phone, "order 9")
    theirs = await start(neighbour, phone, "order 9")

    assert (201, True) == (theirs.status, mine.body["id"] != theirs.body["id"])


async def test_a_refusal_before_anything_is_recorded_is_not_remembered(house, owner, phone):
    await owner.start(phone)
    refused = await start(owner, phone, "order 10")
    house.pass_time(31)

    assert (429, 200) == (refused.status, (await start(owner, phone, "order 10")).status)


async def test_a_refusal_of_the_gate_is_told_again_and_nothing_is_sent(house, owner, sandbox, phone):
    sandbox.fault("no_money")
    first = await start(owner, phone, "order 11")
    sandbox.fault(None)
    again = await start(owner, phone, "order 11")

    assert (503, "connector.not_enough_money", first.brief) == (*first.brief, again.brief)
    assert [] == house.sandbox.messages(phone)


async def test_a_day_later_the_key_is_a_new_one(house, owner, phone):
    first = await start(owner, phone, "order 12")
    house.pass_time(86_400)
    later = await start(owner, phone, "order 12")

    assert (201, True) == (later.status, first.body["id"] != later.body["id"])


async def test_a_resend_asked_again_is_answered_as_before(house, owner, phone):
    started = (await owner.start(phone)).body
    house.pass_time(31)
    first, again = [await resend(owner, started["id"], "again") for _ in range(2)]

    assert (200, first.raw) == (first.status, again.raw)
    assert 2 == len(house.sandbox.messages(phone))


async def test_a_resend_and_a_start_may_have_the_same_key(house, owner, phone):
    started = (await start(owner, phone, "both")).body
    house.pass_time(31)

    assert 200 == (await resend(owner, started["id"], "both")).status


@pytest.mark.parametrize("key", ["", "x" * 256, "ключ", "tab\there"])
async def test_a_key_is_printable_ascii_of_at_most_255(owner, phone, key):
    refused = await start(owner, phone, key)

    assert (400, {("Idempotency-Key", "invalid_string")}) == (refused.status, refused.issues)


async def test_the_longest_key_there_may_be_is_taken(owner, phone):
    assert 201 == (await start(owner, phone, "~" * 255)).status


async def test_other_routes_do_not_look_at_it(house, owner, phone):
    started = (await owner.start(phone)).body
    path, headers = f"/api/verifications/{started['id']}/check", {"Idempotency-Key": "x" * 300}

    assert 200 == (await owner.ask("POST", path, {"code": house.code(phone)}, headers=headers)).status


async def test_the_document_and_the_page_tell_of_the_header(house):
    document = (await house.caller().get("/openapi.json")).body
    for path in ("/api/verifications", "/api/verifications/{id}/resend"):
        parameters = document["paths"][path]["post"]["parameters"]
        assert ["Idempotency-Key"] == [one["name"] for one in parameters if one["in"] == "header"]
    assert "Idempotency-Key" in (await house.caller().get("/docs")).raw.decode()


async def test_repeated_requests_are_counted(tmp_path, phone):
    async with opened(tmp_path / "data") as house:
        for _ in range(3):
            await start(house.owner, phone, "counted")

        assert "aerocode_repeated_total 2.0" in (await house.owner.get("/metrics")).raw.decode()


async def test_neither_the_key_nor_the_body_can_be_read_from_the_database(tmp_path, phone):
    async with opened(tmp_path / "data") as house:
        await start(house.owner, phone, "key-to-look-for", metadata={"note": "x"})

        def look(database, _):
            return [tuple(row) for row in database.execute("select * from requests")]

        ((*row,),) = await house.services.store._writer.run(look)
    assert not [value for value in row if "key-to-look-for" in str(value) or phone in str(value)]
