"""Applications and their keys over HTTP."""

import pytest
from app_words import EVERY_STORE

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE

AT = "/api/applications"


@pytest.fixture(scope="module")
async def shop(house):
    return (await house.owner.post(AT, {"id": "shop", "product": "Corner shop"})).body


async def test_the_application_default_is_always_there(owner):
    assert "default" in [row["id"] for row in (await owner.get(AT)).body]


async def test_an_application_is_added_shown_and_renamed(owner, shop):
    renamed = await owner.ask("PATCH", f"{AT}/shop", {"product": "  Big shop "})
    shown = await owner.get(f"{AT}/shop")

    assert ("shop", "Corner shop") == (shop["id"], shop["product"])
    assert "Big shop" == renamed.body["product"] == shown.body["product"]


async def test_an_id_is_taken_once(owner, shop):
    assert (409, "entity.already_exists") == (await owner.post(AT, {"id": "shop", "product": "x"})).brief


@pytest.mark.parametrize("bad", ["", "Shop", "shop two", "-shop", "s" * 64, "магазин", "../x"])
async def test_an_id_that_would_not_fit_an_address_is_refused(owner, bad):
    assert {("id", "invalid_string")} == (await owner.post(AT, {"id": bad, "product": "x"})).issues


async def test_a_product_without_a_name_is_refused(owner):
    assert {("product", "too_small")} == (await owner.post(AT, {"id": "x", "product": "   "})).issues


@pytest.mark.parametrize("letter", [*"\n\0\x1b\x7f\x85\u200b\u202e\u2066\ufeff"], ids=ascii)
async def test_a_name_that_does_not_read_as_it_is_written_is_refused(owner, shop, letter):
    name = f"Sho{letter}p"
    answers = [
        await owner.post(AT, {"id": "odd", "product": name}),
        await owner.ask("PATCH", f"{AT}/shop", {"product": name}),
    ]

    assert [(400, {("product", "invalid_string")})] * 2 == [(answer.status, answer.issues) for answer in answers]


async def test_the_application_default_cannot_be_removed(owner):
    assert (422, "entity.invalid_input") == (await owner.ask("DELETE", f"{AT}/default")).brief


async def test_a_removed_application_is_not_there(owner):
    await owner.post(AT, {"id": "brief", "product": "x"})
    removed = await owner.ask("DELETE", f"{AT}/brief")

    assert 204 == removed.status
    assert (404, "entity.not_found") == (await owner.get(f"{AT}/brief")).brief


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "/keys"), ("POST", "/keys"), ("DELETE", "/keys/x")],
)
async def test_an_application_that_is_not_there_is_404(owner, method, path):
    body = {"PATCH": {"product": "x"}, "POST": {"name": "x", "scopes": ["verifications:read"]}}.get(method)

    assert (404, "entity.not_found") == (await owner.ask(method, f"{AT}/nobody{path}", body)).brief


async def test_a_keys_text_is_in_the_answer_that_made_it_and_nowhere_else(owner, shop):
    made = await owner.post(f"{AT}/shop/keys", {"name": "once", "scopes": ["verifications:write"]})
    listed = await owner.get(f"{AT}/shop/keys")

    assert 201 == made.status
    assert len(made.body["key"]) >= 43
    assert made.body["key"].encode() not in listed.raw
    assert made.body["id"] in [row["id"] for row in listed.body]


async def test_a_key_remembers_when_it_was_used_last(house, owner):
    made = (await owner.post(f"{AT}/default/keys", {"name": "used", "scopes": ["verifications:read"]})).body
    await house.caller(made["key"]).get("/api/verifications")
    (listed,) = [row for row in (await owner.get(f"{AT}/default/keys")).body if row["id"] == made["id"]]

    assert (None, True) == (made["lastUsedAt"], listed["lastUsedAt"] is not None)


async def test_a_revoked_key_stays_in_the_list_with_its_time(owner, shop):
    made = (await owner.post(f"{AT}/shop/keys", {"name": "revoked", "scopes": ["all"]})).body
    revoked = await owner.ask("DELETE", f"{AT}/shop/keys/{made['id']}")
    (listed,) = [row for row in (await owner.get(f"{AT}/shop/keys")).body if row["id"] == made["id"]]

    assert (204, True) == (revoked.status, listed["revokedAt"] is not None)


async def test_a_key_of_another_application_cannot_be_revoked_under_ours(owner, shop):
    made = (await owner.post(f"{AT}/default/keys", {"name": "mine", "scopes": ["verifications:read"]})).body

    assert (404, "entity.not_found") == (await owner.ask("DELETE", f"{AT}/shop/keys/{made['id']}")).brief


@pytest.mark.parametrize(
    ("body", "issues"),
    [
        ({"name": "x", "scopes": []}, {("scopes", "too_small")}),
        ({"name": "x", "scopes": ["everything"]}, {("scopes.0", "invalid_enum_value")}),
        ({"name": "", "scopes": ["all"]}, {("name", "too_small")}),
        ({}, {("name", "invalid_type"), ("scopes", "invalid_type")}),
        ({"name": "x", "scopes": ["all"], "expiresAt": "2001-01-01T00:00:00Z"}, {("expiresAt", "custom")}),
        ({"name": "x", "scopes": ["all"], "expiresAt": "2101-01-01T00:00:00"}, {("expiresAt", "custom")}),
        ({"name": "x", "scopes": ["all"], "expiresAt": "soon"}, {("expiresAt", "invalid_string")}),
    ],
)
async def test_a_senseless_key_is_refused(owner, body, issues):
    answer = await owner.post(f"{AT}/default/keys", body)

    assert (400, issues) == (answer.status, answer.issues)
