"""Connectors over Logto's routes: factories, one live connector, a key nobody reads back."""

import copy
import json

import pytest
from app_words import CONFIG
from app_words import FACTORY

pytestmark = pytest.mark.anyio

MASK = "••••••••"
AT = "/api/connectors"


@pytest.fixture
async def saved(owner):
    answer = await owner.post(AT, {"connectorId": FACTORY, "config": CONFIG})
    assert answer.status == 200, answer.body
    return answer.body


async def live_config(house):
    return (await house.services.store.connectors.live()).config


def without(name, **changes):
    return {**{key: value for key, value in CONFIG.items() if key != name}, **changes}


async def test_there_is_one_factory_with_what_a_console_needs(owner):
    (factory,) = (await owner.get("/api/connector-factories")).body

    assert (FACTORY, "Sms", "smsaero-sms") == (factory["id"], factory["type"], factory["target"])
    assert ["email", "apiKey", "senderName", "templates"] == [item["key"] for item in factory["formItems"]]
    assert factory == (await owner.get(f"/api/connector-factories/{FACTORY}")).body


async def test_an_unknown_factory_is_404(owner):
    assert (404, "entity.not_found") == (await owner.get("/api/connector-factories/twilio")).brief


async def test_a_saved_connector_is_shown_with_its_key_masked(owner, saved):
    shown = await owner.get(f"{AT}/{saved['id']}")

    assert {**CONFIG, "apiKey": MASK} == saved["config"] == shown.body["config"]
    assert CONFIG["apiKey"].encode() not in shown.raw


async def test_saving_one_replaces_the_one_before(owner, saved):
    second = (await owner.post(AT, {"connectorId": FACTORY, "config": CONFIG})).body

    assert [second["id"]] == [row["id"] for row in (await owner.get(AT)).body]
    assert (404, "entity.not_found") == (await owner.get(f"{AT}/{saved['id']}")).brief


async def test_codes_are_sent_with_what_was_saved_last(house, owner, saved, phone):
    await owner.post(AT, {"connectorId": FACTORY, "config": {**CONFIG, "senderName": "OTHER"}})
    await owner.start(phone, "SignIn")
    (message,) = house.sandbox.messages(phone)

    assert ("OTHER", True) == (message.sign, message.text.startswith("SignIn of Aerocode: "))


async def test_a_list_can_be_about_one_target(owner, saved):
    assert [saved["id"]] == [row["id"] for row in (await owner.get(f"{AT}?target=smsaero-sms")).body]
    assert [] == (await owner.get(f"{AT}?target=twilio-sms")).body


async def test_an_id_may_be_chosen_once(owner):
    body = {"connectorId": FACTORY, "config": CONFIG, "id": "chosen"}
    first, second = await owner.post(AT, body), await owner.post(AT, body)

    assert ("chosen", 409) == (first.body["id"], second.status)


@pytest.mark.parametrize("bad", ["a/b", "/", "../x", "a?b", "a#b", "a b", "a\n", "é/"])
async def test_an_id_that_would_not_fit_an_address_is_refused(owner, saved, bad):
    answer = await owner.post(AT, {"connectorId": FACTORY, "config": CONFIG, "id": bad})

    assert (400, {("id", "invalid_string")}) == (answer.status, answer.issues)
    assert [saved["id"]] == [row["id"] for row in (await owner.get(AT)).body]


@pytest.mark.parametrize("number", ["1e999", "-1e999"])
@pytest.mark.parametrize("part", ['{"x": %s}', '{"x": {"y": [0, %s]}}'], ids=["flat", "deep"])
async def test_a_number_no_file_could_hold_is_refused(house, owner, saved, number, part):
    odd = json.dumps(CONFIG)[:-1] + ', "odd": ' + part % number + "}"
    asked = [
        ("POST", AT, f'{{"connectorId": "{FACTORY}", "config": {odd}}}'),
        ("POST", AT, f'{{"connectorId": "{FACTORY}", "config": {{}}, "metadata": {part % number}}}'),
        ("PATCH", f"{AT}/{saved['id']}", f'{{"config": {odd}}}'),
        ("POST", f"{AT}/{FACTORY}/test", f'{{"phone": "+79161234567", "config": {odd}}}'),
    ]
    answers = [await owner.ask(method, path, raw=raw.encode()) for method, path, raw in asked]

    assert [(400, "guard.invalid_input")] * 4 == [answer.brief for answer in answers]
    assert CONFIG == await live_config(house)


async def test_an_unknown_factory_cannot_be_saved(owner):
    answer = await owner.post(AT, {"connectorId": "twilio-short-message-service", "config": {}})

    assert (422, "connector.not_found_with_connector_id") == answer.brief


async def test_an_invalid_config_is_told_fault_by_fault_and_saves_nothing(house, owner, saved):
    config = {"email": "nobody", "apiKey": "", "senderName": 5, "templates": [CONFIG["templates"][3]]}
    answer = await owner.post(AT, {"connectorId": FACTORY, "config": config})

    assert (400, "connector.invalid_config") == answer.brief
    assert {"email", "apiKey", "senderName", "templates"} == {path for path, _ in answer.issues}
    missing = "Template with UsageType (Register, SignIn, ForgotPassword) should be provided!"
    assert missing in [issue["message"] for issue in answer.body["data"]["issues"]]
    assert CONFIG == await live_config(house)


@pytest.mark.parametrize("shown", [without("apiKey"), {**CONFIG, "apiKey": MASK}], ids=["left out", "masked"])
async def test_a_change_that_does_not_touch_the_key_keeps_it(house, owner, saved, shown):
    answer = await owner.ask("PATCH", f"{AT}/{saved['id']}", {"config": {**shown, "senderName": "CHANGED"}})

    assert (200, "CHANGED", MASK) == (
        answer.status, answer.body["config"]["senderName"], answer.body["config"]["apiKey"],
    )  # fmt: skip
    assert {**CONFIG, "senderName": "CHANGED"} == await live_config(house)


@pytest.mark.parametrize("shown", [without("apiKey"), {**CONFIG, "apiKey": MASK}], ids=["left out", "masked"])
async def test_a_key_is_not_kept_for_another_account(house, owner, saved, shown):
    answer = await owner.ask("PATCH", f"{AT}/{saved['id']}", {"config": {**shown, "email": "thief@example.com"}})

    assert (400, "connector.invalid_config") == answer.brief
    assert {"apiKey"} == {path for path, _ in answer.issues}
    assert CONFIG == await live_config(house)


async def test_a_new_key_may_come_with_a_new_account(house, owner, saved):
    changed = {**CONFIG, "email": "new@example.com", "apiKey": "another key"}
    answer = await owner.ask("PATCH", f"{AT}/{saved['id']}", {"config": changed})

    assert (200, changed) == (answer.status, await live_config(house))


async def test_an_invalid_change_leaves_what_is_saved(house, owner, saved):
    answer = await owner.ask("PATCH", f"{AT}/{saved['id']}", {"config": {**CONFIG, "templates": []}})

    assert (400, "connector.invalid_config") == answer.brief
    assert CONFIG == await live_config(house)


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 422, "entity.invalid_input"),
        ({"metadata": {"target": "x"}}, 400, "connector.cannot_overwrite_metadata_for_non_standard_connector"),
        ({"syncProfile": True}, 422, "connector.invalid_type_for_syncing_profile"),
        ({"enableTokenStorage": True}, 422, "request.feature_not_supported"),
        ({"config": "text"}, 400, "guard.invalid_input"),
    ],
)
async def test_a_change_of_what_cannot_be_changed_is_refused(owner, saved, body, status, code):
    assert (status, code) == (await owner.ask("PATCH", f"{AT}/{saved['id']}", body)).brief


@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_a_connector_that_is_not_there_is_404(owner, method):
    assert (404, "entity.not_found") == (await owner.ask(method, f"{AT}/nobody", {"config": CONFIG})).brief


async def test_a_removed_connector_sends_nothing_more(owner, saved, phone):
    removed = await owner.ask("DELETE", f"{AT}/{saved['id']}")

    assert 204 == removed.status
    assert [] == (await owner.get(AT)).body
    assert (501, "connector.not_found") == (await owner.start(phone)).brief


async def test_a_key_of_someone_elses_making_is_not_in_any_refusal(owner):
    config = copy.deepcopy(CONFIG) | {"templates": "none"}
    answer = await owner.post(AT, {"connectorId": FACTORY, "config": config})

    assert CONFIG["apiKey"].encode() not in answer.raw
