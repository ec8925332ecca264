"""Two applications beside each other, and what each key opens."""

from datetime import UTC
from datetime import datetime
from datetime import timedelta

import pytest
from app_words import CONFIG
from app_words import EVERY_STORE
from app_words import FACTORY

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE

SCOPED = [
    ("POST", "/api/verifications", "verifications:write"),
    ("POST", "/api/verifications/check", "verifications:write"),
    ("POST", "/api/verifications/x/check", "verifications:write"),
    ("POST", "/api/verifications/x/resend", "verifications:write"),
    ("POST", "/api/verifications/x/cancel", "verifications:write"),
    ("POST", "/api/verification-codes", "verifications:write"),
    ("POST", "/api/verification-codes/verify", "verifications:write"),
    ("GET", "/api/verifications", "verifications:read"),
    ("GET", "/api/verifications/x", "verifications:read"),
    ("GET", "/api/messages", "messages:read"),
    ("GET", "/api/messages/x", "messages:read"),
    ("GET", "/api/connector-factories", "connectors:read"),
    ("GET", f"/api/connector-factories/{FACTORY}", "connectors:read"),
    ("GET", "/api/connectors", "connectors:read"),
    ("GET", "/api/connectors/x", "connectors:read"),
    ("POST", "/api/connectors", "connectors:write"),
    ("PATCH", "/api/connectors/x", "connectors:write"),
    ("DELETE", "/api/connectors/x", "connectors:write"),
    ("POST", f"/api/connectors/{FACTORY}/test", "connectors:write"),
    ("POST", f"/api/connectors/{FACTORY}/check", "connectors:write"),
    ("GET", "/metrics", "metrics:read"),
    ("GET", "/api/applications", "all"),
    ("POST", "/api/applications", "all"),
    ("GET", "/api/applications/x", "all"),
    ("PATCH", "/api/applications/x", "all"),
    ("DELETE", "/api/applications/x", "all"),
    ("GET", "/api/applications/x/keys", "all"),
    ("POST", "/api/applications/x/keys", "all"),
    ("DELETE", "/api/applications/x/keys/y", "all"),
    ("POST", "/control/purge", "all"),
    ("POST", "/control/backup", "all"),
    ("POST", "/control/rotate", "all"),
    ("POST", "/control/balance", "all"),
]
INSTALLATION = [(method, path) for method, path, scope in SCOPED if not scope.startswith(("verif", "messages"))]
OTHER_SCOPE = {"verifications:write": "verifications:read"}


@pytest.fixture(scope="module")
async def shop(house):
    return await house.neighbour("shop")


@pytest.fixture(scope="module")
async def held(house):
    """Callers of `default`, each with one scope."""
    return {scope: await house.holder(scope) for scope in {scope for _, _, scope in SCOPED}}


async def test_the_same_phone_has_a_verification_in_each_application(owner, shop, phone):
    mine, theirs = await owner.start(phone), await shop.start(phone)

    assert (201, 201) == (mine.status, theirs.status)
    assert mine.body["id"] != theirs.body["id"]


async def test_anothers_verification_is_not_found_whatever_is_asked(house, owner, shop, phone):
    started = (await owner.start(phone)).body
    at = f"/api/verifications/{started['id']}"
    answers = [
        await shop.check(started["id"], house.code(phone)),
        await shop.post(f"{at}/resend"),
        await shop.post(f"{at}/cancel"),
        await shop.get(at),
    ]

    assert [(404, "verification_code.not_found")] * 4 == [answer.brief for answer in answers]


async def test_anothers_code_by_phone_is_not_found(house, owner, shop, phone):
    await owner.start(phone)
    body = {"phone": phone, "code": house.code(phone)}

    assert (404, "verification_code.not_found") == (await shop.post("/api/verifications/check", body)).brief


async def test_a_code_of_one_application_is_wrong_in_another(house, owner, shop, phone):
    await owner.start(phone)
    code = house.code(phone)
    theirs = (await shop.start(phone)).body
    # One time in a million both are the same code; then there is nothing to tell apart.
    assert code == house.code(phone) or (await shop.check(theirs["id"], code)).status == 400


async def test_anothers_message_is_not_found(owner, shop, phone):
    started = (await owner.start(phone)).body

    assert (404, "entity.not_found") == (await shop.get(f"/api/messages/{started['message']['id']}")).brief


async def test_a_list_shows_nothing_of_another_application(owner, shop, phone):
    await owner.start(phone)

    assert [] == (await shop.get(f"/api/verifications?phone={phone[1:]}")).body["verifications"]


@pytest.mark.parametrize(("method", "path", "scope"), SCOPED)
async def test_a_stranger_is_asked_for_a_key(house, method, path, scope):
    answer = await house.caller().ask(method, path)

    assert (401, "auth.authorization_header_missing") == answer.brief
    assert "Bearer" == answer.headers["www-authenticate"]


@pytest.mark.parametrize(("method", "path", "scope"), SCOPED)
async def test_a_key_without_the_scope_does_not_open_the_route(held, method, path, scope):
    caller = held[OTHER_SCOPE.get(scope, "verifications:write")]

    assert (403, "auth.forbidden") == (await caller.ask(method, path)).brief


@pytest.mark.parametrize(("method", "path", "scope"), [row for row in SCOPED if not row[1].startswith("/control")])
async def test_a_key_with_just_the_scope_opens_the_route(held, method, path, scope):
    assert (await held[scope].ask(method, path)).status not in {401, 403}


@pytest.mark.parametrize("path", ["/control/purge", "/control/backup", "/control/rotate"])
async def test_no_api_key_opens_what_only_a_command_on_this_machine_may_ask(owner, path):
    assert (403, "auth.forbidden") == (await owner.post(path, {"path": "/tmp/copy.db"})).brief


@pytest.mark.parametrize(("method", "path"), INSTALLATION)
async def test_what_is_the_installations_is_closed_to_other_applications(shop, method, path):
    assert (403, "auth.forbidden") == (await shop.ask(method, path, CONFIG)).brief


@pytest.mark.parametrize("scope", ["connectors:read", "connectors:write", "metrics:read"])
async def test_no_key_of_another_application_can_hold_a_scope_of_the_installation(owner, shop, scope):
    made = await owner.post("/api/applications/shop/keys", {"name": "greedy", "scopes": [scope]})

    assert {("scopes", "custom")} == made.issues


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer  ", "Bearer nobodys-key", "bearer é"])
async def test_a_key_that_does_not_exist_is_refused(house, authorization):
    answer = await house.caller().ask("GET", "/api/verifications", headers={"authorization": authorization})

    assert (401, "auth.unauthorized") == answer.brief


async def test_another_scheme_than_bearer_is_refused(house):
    answer = await house.caller().ask("GET", "/api/verifications", headers={"authorization": "Basic YTpi"})

    assert (401, "auth.authorization_token_type_not_supported") == answer.brief


async def test_an_expired_key_opens_nothing(house):
    soon = (datetime.now(UTC) + timedelta(seconds=3600)).isoformat()
    caller = house.caller(await house.key("verifications:read", expiresAt=soon))
    before = await caller.get("/api/verifications")
    house.pass_time(3601)

    assert (200, (401, "auth.unauthorized")) == (before.status, (await caller.get("/api/verifications")).brief)


async def test_a_revoked_key_opens_nothing(house, owner):
    made = (await owner.post("/api/applications/default/keys", {"name": "x", "scopes": ["all"]})).body
    caller = house.caller(made["key"])
    await owner.ask("DELETE", f"/api/applications/default/keys/{made['id']}")

    assert (401, "auth.unauthorized") == (await caller.get("/api/verifications")).brief


async def test_a_removed_application_opens_nothing(house, owner):
    caller = await house.neighbour("gone")
    await owner.ask("DELETE", "/api/applications/gone")

    assert (401, "auth.unauthorized") == (await caller.get("/api/verifications")).brief
