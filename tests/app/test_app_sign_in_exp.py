"""The sign-in settings: what may be said, what it does, and who said it."""

import asyncio
import json

import pytest
from app_words import CONFIG
from app_words import FACTORY
from app_words import opened
from app_words import wrong

pytestmark = pytest.mark.anyio

AT = "/api/sign-in-exp"
BY_PHONE = {"identifier": "phone", "password": False, "verificationCode": True, "isPasswordPrimary": False}
WITH_PASSWORD = {"identifier": "phone", "password": True, "verificationCode": False, "isPasswordPrimary": True}
SIGN_UP = {"identifiers": ["phone"], "password": False, "verify": True}
PLAIN = {
    "signInMode": "SignInAndRegister",
    "signUp": {"identifiers": ["username"], "password": True, "verify": False, "secondaryIdentifiers": []},
    "signIn": {"methods": [{**WITH_PASSWORD, "identifier": "username"}]},
    "forgotPasswordMethods": None,
    "mfa": {"factors": [], "policy": "UserControlled"},
    "passwordExpiration": {"enabled": False},
    "verificationCodePolicy": {"expirationDuration": 300, "maxRetryAttempts": 5},
}


@pytest.fixture(autouse=True)
async def plain(owner):
    """As a new installation has it, before and after."""
    await owner.ask("PATCH", AT, PLAIN)
    yield
    await owner.ask("PATCH", AT, PLAIN)


async def changed(caller, **parts):
    return await caller.ask("PATCH", AT, parts)


async def test_a_new_installation_shows_what_stands(owner):
    assert {"tenantId": "default", "id": "default", **PLAIN} == (await owner.get(AT)).body


async def test_only_the_part_that_is_named_changes(owner):
    answer = await changed(owner, signInMode="SignIn")

    assert (200, {**PLAIN, "signInMode": "SignIn"}.items() <= answer.body.items()) == (answer.status, True)


async def test_a_change_survives_a_restart(tmp_path):
    async with opened(tmp_path / "data") as house:
        parts = {"signUp": SIGN_UP, "signIn": {"methods": [BY_PHONE]}, "forgotPasswordMethods": []}
        said = (await changed(house.owner, **parts)).body
    async with opened(tmp_path / "data") as house:
        assert said == (await house.owner.get(AT)).body


async def test_what_was_changed_is_written_down_with_the_key_that_did_it(house, owner):
    await changed(owner, verificationCodePolicy={"expirationDuration": 60, "maxRetryAttempts": 3})
    writer = house.services.store.settings._writer
    row = await writer.run(lambda database, _: database.execute("select * from audit order by id desc").fetchone())

    assert ("sign_in_exp", "settings") == (row["action"], row["actor"])
    assert {"verificationCodePolicy": {"expirationDuration": 60, "maxRetryAttempts": 3}} == json.loads(row["subject"])


async def test_attempts_and_lifetime_are_those_of_the_policy(house, owner, phone):
    await changed(owner, verificationCodePolicy={"expirationDuration": 60, "maxRetryAttempts": 1})
    started = (await owner.start(phone)).body
    answer = await owner.check(started["id"], wrong(house.code(phone)))

    assert (1, 400, 0) == (started["attemptsLeft"], answer.status, answer.body["data"]["attemptsLeft"])


async def test_a_policy_replaces_the_one_before_whole(owner):
    await changed(owner, verificationCodePolicy={"expirationDuration": 60, "maxRetryAttempts": 3})
    answer = await changed(owner, verificationCodePolicy={"maxRetryAttempts": 4})

    assert {"expirationDuration": 300, "maxRetryAttempts": 4} == answer.body["verificationCodePolicy"]


@pytest.mark.parametrize(
    ("policy", "issue"),
    [
        ({"expirationDuration": 59}, {"code": "too_small", "minimum": 60}),
        ({"expirationDuration": 601}, {"code": "too_big", "maximum": 600}),
        ({"expirationDuration": 60.5}, {"code": "invalid_type", "expected": "integer", "received": "float"}),
        ({"maxRetryAttempts": 0}, {"code": "too_small", "minimum": 1}),
        ({"maxRetryAttempts": 11}, {"code": "too_big", "maximum": 10}),
        ({"maxRetryAttempts": "3"}, {"code": "invalid_type", "expected": "number", "received": "string"}),
    ],
)
async def test_a_policy_out_of_bounds_is_refused_with_the_bound(owner, policy, issue):
    answer = await changed(owner, verificationCodePolicy=policy)
    (told,) = answer.body["data"]["issues"]

    assert (400, "guard.invalid_input") == answer.brief
    assert issue.items() <= told.items()
    assert ["verificationCodePolicy", *policy] == told["path"]


async def test_a_missing_field_is_told_with_its_whole_path_and_kind(owner):
    answer = await changed(owner, signUp={"identifiers": ["phone"]}, signIn={"methods": [{"identifier": "phone"}]})
    told = {tuple(issue["path"]): issue["expected"] for issue in answer.body["data"]["issues"]}

    assert ("boolean", "boolean") == (told["signUp", "password"], told["signIn", "methods", 0, "verificationCode"])


@pytest.mark.parametrize(
    "parts",
    [
        {"sentinelPolicy": {"maxAttempts": 5}},
        {"captchaPolicy": {"enabled": True}},
        {"signUp": {**SIGN_UP, "identifiers": ["emailOrPhone"]}},
        {"signInMode": "Whatever"},
        {"passwordExpiration": {"enabled": True}},
    ],
)
async def test_what_would_be_without_effect_or_sense_is_refused(owner, parts):
    assert (400, "guard.invalid_input") == (await changed(owner, **parts)).brief


@pytest.mark.parametrize("parts", [{}, {"color": {"primaryColor": "#000"}}, {"captchaPolicy": {"enabled": False}}])
async def test_a_change_of_nothing_we_have_is_422(owner, parts):
    assert (422, "entity.invalid_input") == (await changed(owner, **parts)).brief


async def test_settings_take_a_key_of_their_scope(house):
    other = await house.holder("connectors:write", "verifications:write")
    allowed = await house.holder("settings:write")

    assert (403, 403, 200, 200) == (
        (await other.get(AT)).status,
        (await changed(other, signInMode="SignIn")).status,
        (await allowed.get(AT)).status,
        (await changed(allowed, signInMode="SignIn")).status,
    )


async def test_a_connector_that_signs_people_in_is_removed_only_by_force(owner):
    await changed(owner, signUp=SIGN_UP, signIn={"methods": [BY_PHONE]})
    (saved,) = (await owner.get("/api/connectors")).body
    refused = await owner.ask("DELETE", f"/api/connectors/{saved['id']}")
    forced = await owner.ask("DELETE", f"/api/connectors/{saved['id']}?force=true")
    await owner.post("/api/connectors", {"connectorId": FACTORY, "config": CONFIG})

    assert ((422, "connector.in_use"), 204) == (refused.brief, forced.status)
    assert ["signUp", "signIn"] == refused.body["data"]["usedBy"]


async def test_a_removal_beside_a_change_never_leaves_sign_in_without_a_connector(owner):
    for _ in range(8):
        (saved,) = (await owner.get("/api/connectors")).body
        removed, told = await asyncio.gather(
            owner.ask("DELETE", f"/api/connectors/{saved['id']}"), changed(owner, signIn={"methods": [BY_PHONE]})
        )
        assert (removed.status, told.status) in {(204, 400), (422, 200)}
        await owner.ask("PATCH", AT, PLAIN)
        if removed.status == 204:
            await owner.post("/api/connectors", {"connectorId": FACTORY, "config": CONFIG})
