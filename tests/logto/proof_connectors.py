"""Section E: connectors over the API. Section F: the tester."""

import sqlite3

from app_words import CONFIG
from app_words import FACTORY
from lines import betters
from lines import ours
from lines import proves
from world import CONNECTORS
from world import TEST

BY_CODE = {"identifier": "phone", "password": False, "verificationCode": True, "isPasswordPrimary": False}
SIGN_UP = {"identifiers": ["phone"], "password": False, "verify": True}


async def live_config(world):
    return dict((await world.house.services.store.connectors.live()).config)


@proves(57)
async def a_saved_connector_is_answered_with_its_config(world):
    answer = await world.save(senderName="NEW")
    assert (200, FACTORY, "NEW") == (answer.status, answer.body["connectorId"], answer.body["config"]["senderName"])


@proves(58)
async def an_unknown_factory_is_422(world):
    answer = await world.owner.post(CONNECTORS, {"connectorId": "nope", "config": {}})
    assert (422, "connector.not_found_with_connector_id") == answer.brief


@proves(59)
async def an_invalid_config_saves_and_removes_nothing(world):
    before = await world.saved()
    assert (400, "connector.invalid_config") == (await world.save(email="x")).brief
    assert before == await world.saved()


@proves(60)
async def a_further_connector_takes_the_place_of_the_one_before(world):
    before, new = await world.saved(), (await world.save(senderName="OTHER")).body
    assert new["id"] == (await world.saved())["id"] != before["id"]
    assert [(new["id"],)] == await world.rows("select id from connectors")


@proves(61)
async def the_same_factory_again_has_a_new_id(world):
    first, second = (await world.save()).body, (await world.save()).body
    assert second["id"] == (await world.saved())["id"] != first["id"]


@betters(62)
async def a_connector_without_a_config_is_refused(world):
    answer = await world.owner.post(CONNECTORS, {"connectorId": FACTORY})
    assert (400, "connector.invalid_config") == answer.brief


@betters(63)
async def an_empty_text_is_refused_rather_than_dropped(world):
    assert {("senderName", "too_small")} == (await world.save(senderName="")).issues
    saved = (await world.save(extra=1, nothing=None, empty="")).body
    assert ({*CONFIG, "extra"}, set()) == (set(saved["config"]), {"nothing", "empty"} & set(saved["config"]))


@proves(64)
async def an_invalid_change_leaves_the_old_config(world):
    row = await world.saved()
    answer = await world.owner.ask("PATCH", f"{CONNECTORS}/{row['id']}", {"config": {**world.config, "email": "x"}})
    assert (400, "connector.invalid_config", CONFIG) == (*answer.brief, await live_config(world))


@proves(65)
async def a_change_replaces_the_whole_config(world):
    row = (await world.save(extra=1)).body
    answer = await world.owner.ask("PATCH", f"{CONNECTORS}/{row['id']}", {"config": world.config})
    assert (200, set(CONFIG), CONFIG) == (answer.status, set(answer.body["config"]), await live_config(world))


@proves(66)
async def neither_profile_sync_nor_metadata_is_for_sms(world):
    at = f"{CONNECTORS}/{(await world.saved())['id']}"
    sync = await world.owner.ask("PATCH", at, {"syncProfile": True})
    metadata = await world.owner.ask("PATCH", at, {"metadata": {"target": "x"}})
    assert ((422, "connector.invalid_type_for_syncing_profile"), 400) == (sync.brief, metadata.status)


@proves(67)
async def an_unknown_connector_is_404(world):
    assert (404, "entity.not_found") == (await world.owner.get(f"{CONNECTORS}/nobody")).brief


@proves(68)
async def two_live_sms_connectors_cannot_be(world):
    copy = "insert into connectors select 'second', type, factory, config, metadata, created_at from connectors"

    def second(database, _):
        try:
            database.execute(copy)
        except sqlite3.IntegrityError as refused:
            return str(refused)
        return "two"

    assert "type" in await world.house.services.store._writer.run(second)
    assert 200 == (await world.owner.get(CONNECTORS)).status


@betters(69)
async def the_key_is_masked_wherever_it_is_shown(world):
    row = await world.saved()
    for path in (CONNECTORS, f"{CONNECTORS}/{row['id']}"):
        assert CONFIG["apiKey"].encode() not in (await world.owner.get(path)).raw


@proves(70)
async def a_removed_connector_is_404_afterwards(world):
    row = await world.saved()
    assert 204 == (await world.remove()).status
    assert 404 == (await world.owner.get(f"{CONNECTORS}/{row['id']}")).status


@proves(71)
async def while_passwords_run_out_their_only_recovery_stays(world):
    await world.set(passwordExpiration={"enabled": True, "validPeriodDays": 90})
    refused = await world.remove()
    forced = await world.owner.ask("DELETE", f"{CONNECTORS}/{(await world.saved())['id']}?force=true")
    await world.set(passwordExpiration={"enabled": False})
    code = "sign_in_experiences.password_expiration_requires_forgot_password"
    assert ((422, code), (422, code), 204) == (refused.brief, forced.brief, (await world.remove()).status)


@betters(72)
async def a_connector_people_sign_in_with_is_removed_by_force_alone(world):
    await world.set(signUp=SIGN_UP, signIn={"methods": [BY_CODE]})
    refused = await world.remove()
    forced = await world.owner.ask("DELETE", f"{CONNECTORS}/{(await world.saved())['id']}?force=true")
    assert ((422, "connector.in_use"), ["signUp", "signIn"]) == (refused.brief, refused.body["data"]["usedBy"])
    assert 204 == forced.status


@proves(73)
async def factories_are_listed(world):
    assert [FACTORY] == [row["id"] for row in (await world.owner.get("/api/connector-factories")).body]
    assert (404, "entity.not_found") == (await world.owner.get("/api/connector-factories/nope")).brief


@proves(74)
async def a_connector_whose_factory_is_gone_is_skipped(world):
    row = await world.saved()
    store = world.house.services.store
    await store._writer.run(lambda database, _: database.execute("update connectors set factory = 'gone'"))
    await store.connectors.load()
    assert (200, []) == ((listed := await world.owner.get(CONNECTORS)).status, listed.body)
    assert (404, "entity.not_found") == (await world.owner.get(f"{CONNECTORS}/{row['id']}")).brief
    assert (501, "connector.not_found") == (await world.send()).brief


@proves(75)
async def without_scope_403_and_without_key_401(world):
    weak = await world.house.holder("verifications:write")
    for method, path in (
        ("GET", CONNECTORS),
        ("POST", CONNECTORS),
        ("POST", TEST),
        ("GET", "/api/connector-factories"),
    ):
        assert (403, "auth.forbidden") == (await weak.ask(method, path, {})).brief
        assert (401, "auth.authorization_header_missing") == (await world.house.caller().ask(method, path, {})).brief


@proves(76)
async def a_test_sends_six_zeros_with_the_generic_template_of_the_given_config(world):
    templates = [{**one, "content": f"{one['usageType']} given {{{{code}}}}"} for one in CONFIG["templates"]]
    assert 204 == (await world.tried(templates=templates)).status
    assert ["Generic given 000000"] == [message.text for message in world.messages()]


@proves(77)
async def a_test_to_nobody_is_400(world):
    assert (400, "guard.invalid_input") == (await world.owner.post(TEST, {"config": world.config})).brief


@ours(78)
async def a_phone_is_taken_in_any_form_a_person_writes(world):
    digits = world.phone[1:]
    for phone in (world.phone, f"+7 {digits[1:4]} {digits[4:]}"):
        assert 204 == (await world.tried(phone)).status


@proves(79)
async def a_test_of_an_unknown_factory_is_400(world):
    answer = await world.owner.post(f"{CONNECTORS}/nope/test", {"phone": world.phone, "config": world.config})
    assert (400, "connector.not_found") == answer.brief


@ours(80)
async def there_is_no_email_factory_and_an_email_is_of_the_wrong_type(world):
    answer = await world.owner.post(TEST, {"email": "a@example.com", "config": world.config})
    assert (400, "connector.unexpected_type") == answer.brief


@proves(81)
async def a_test_needs_no_saved_connector(world):
    await world.remove()
    assert (204, []) == ((await world.tried()).status, (await world.owner.get(CONNECTORS)).body)


@proves(82)
async def an_empty_config_cannot_be_tested(world):
    answer = await (await world.somebody()).post(TEST, {"phone": world.phone, "config": {}})
    assert (400, "connector.invalid_config") == answer.brief


@betters(83)
async def tests_are_counted_for_caller_and_phone(world):
    caller = await world.somebody()
    body = {"config": world.config}
    by_caller = [await caller.post(TEST, {**body, "phone": world.other_phone()}) for _ in range(6)]
    by_phone = [await world.tried() for _ in range(6)]
    for answers in (by_caller, by_phone):
        assert [204] * 5 + [429] == [answer.status for answer in answers]
