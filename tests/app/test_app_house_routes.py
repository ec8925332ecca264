"""The house's own routes: is it up, what does it offer, what has it counted; and addresses there are none of."""

import base64
import hashlib
import re
import sqlite3
from datetime import timedelta

import jsonschema_rs
import pytest
from app_words import CONTROL

pytestmark = pytest.mark.anyio

OPEN = ["/healthz", "/readyz", "/openapi.json", "/docs"]
#: Every route in the design's table.
PROMISED = {
    "/api/verifications": {"get", "post"},
    "/api/verifications/check": {"post"},
    "/api/verifications/{id}": {"get"},
    "/api/verifications/{id}/check": {"post"},
    "/api/verifications/{id}/resend": {"post"},
    "/api/verifications/{id}/cancel": {"post"},
    "/api/verification-codes": {"post"},
    "/api/verification-codes/verify": {"post"},
    "/api/connector-factories": {"get"},
    "/api/connector-factories/{id}": {"get"},
    "/api/connectors": {"get", "post"},
    "/api/connectors/{id}": {"get", "patch", "delete"},
    "/api/connectors/{id}/test": {"post"},
    "/api/messages/{id}": {"get"},
    "/api/applications": {"get", "post"},
    "/api/applications/{id}": {"get", "patch", "delete"},
    "/api/applications/{id}/keys": {"get", "post"},
    "/api/limits": {"get", "patch"},
    "/api/lists": {"get", "post"},
    "/api/lists/{id}": {"get", "delete"},
    "/api/test-numbers": {"get", "post"},
    "/api/test-numbers/{phone}": {"get", "delete"},
    "/api/unlocks": {"post"},
    "/api/sentinel-activities/delete": {"post"},
    "/healthz": {"get"},
    "/readyz": {"get"},
    "/openapi.json": {"get"},
    "/docs": {"get"},
    "/metrics": {"get"},
}


@pytest.fixture(scope="module")
async def document(house):
    return (await house.caller().get("/openapi.json")).body


@pytest.mark.parametrize("path", OPEN)
async def test_what_is_for_everybody_needs_no_key(house, path):
    assert 200 == (await house.caller().get(path)).status


async def test_health_tells_strangers_no_reasons(house):
    stranger = house.caller()

    assert {"status": "ok"} == (await stranger.get("/healthz")).body
    assert {"status": "ready"} == (await stranger.get("/readyz")).body


async def test_a_database_that_takes_no_decision_is_not_ready_and_soon_is_again(house):
    stranger = house.caller()
    house.services.store.shift_clock(timedelta(seconds=2))  # past the second in which the last answer stands
    blocker = sqlite3.connect(house.services.settings.database, isolation_level=None)
    blocker.execute("begin immediate")
    locked = await stranger.get("/readyz")
    blocker.execute("rollback")
    blocker.close()

    assert (503, "service.unavailable") == locked.brief
    assert int(locked.headers["retry-after"]) > 0
    assert 200 == (await stranger.get("/readyz")).status


async def test_the_document_holds_every_route(document):
    missing = {
        path: methods for path, methods in PROMISED.items() if not methods <= set(document["paths"].get(path, {}))
    }

    assert {} == missing


async def test_the_document_hides_what_only_our_command_line_calls(document):
    assert not [path for path in document["paths"] if path.startswith("/control")]


async def test_the_document_is_openapi_3_1_in_shape(document):
    assert "3.1.0" == document["openapi"]
    assert {"title", "version"} <= set(document["info"])
    operations = [operation for path in document["paths"].values() for operation in path.values()]
    assert all(operation["responses"] and operation["operationId"] for operation in operations)
    ids = [operation["operationId"] for operation in operations]
    assert len(ids) == len(set(ids))


async def test_every_parameter_in_a_path_is_declared(document):
    for path, item in document["paths"].items():
        for operation in item.values():
            declared = {p["name"] for p in operation.get("parameters", []) if p["in"] == "path" and p["required"]}
            assert set(re.findall(r"{(\w+)}", path)) == declared, path


async def test_every_reference_in_the_document_leads_somewhere(document):
    schemas = document["components"]["schemas"]
    names = re.findall(r"#/components/schemas/(\w+)", str(document))

    assert set(names) - set(schemas) == set()


async def test_every_schema_is_json_schema_2020_12(document):
    for name in document["components"]["schemas"]:
        whole = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        jsonschema_rs.Draft202012Validator(whole)


async def test_what_the_document_says_of_a_start_is_what_a_start_takes(document):
    whole = {"$ref": "#/components/schemas/StartBody", "components": document["components"]}
    schema = jsonschema_rs.Draft202012Validator(whole)

    assert schema.is_valid({"phone": "+79123456789", "usageType": "SignIn", "payload": {"name": "x"}})
    assert not schema.is_valid({"phone": 5})
    assert not schema.is_valid({"phone": "+79123456789", "other": 1})


async def test_the_docs_are_a_page_that_loads_nothing_from_elsewhere(house):
    page = await house.caller().get("/docs")
    text = page.raw.decode()

    assert page.headers["content-type"].startswith("text/html")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert not re.findall(r"(?:src|href)\s*=\s*[\"']?(?:https?:)?//", text)
    assert "<script" not in text
    assert all(path in text for path in PROMISED)


async def test_the_style_of_the_docs_is_the_one_the_policy_allows(house):
    page = await house.caller().get("/docs")
    allowed = re.search(r"style-src 'sha256-([^']+)'", page.headers["content-security-policy"])[1]
    style = re.search(r"<style>(.*)</style>", page.raw.decode(), re.DOTALL)[1]

    assert allowed == base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()


async def test_the_counters_move_and_hold_no_phone(house, owner, phone):
    reader = await house.holder("metrics:read")
    await owner.start(phone, "SignIn")
    await owner.post("/api/verifications/check", {"phone": phone, "usageType": "SignIn", "code": house.code(phone)})
    text = (await reader.get("/metrics")).raw.decode()

    assert 'aerocode_starts_total{again="false",usage_type="SignIn"} 1.0' in text
    assert 'aerocode_sends_total{reason="",status="queued"}' in text
    assert 'aerocode_checks_total{answer="approved"} 1.0' in text
    assert phone[1:] not in text
    assert phone[2:] not in text


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_what_is_told_about_the_house_is_the_same_for_everybody(house, path):
    first, second = [await house.caller().get(path) for _ in range(2)]
    policies = [answer.headers.get("content-security-policy") for answer in (first, second)]

    assert (first.raw, policies[0]) == (second.raw, policies[1])


@pytest.mark.parametrize("path", ["copy.db", "./copy.db", "../copy.db", "", "/tmp/copy\0.db", "\0"])
async def test_a_backup_into_no_whole_path_is_refused(house, path):
    answer = await house.caller(CONTROL).post("/control/backup", {"path": path})

    assert (422, "start.refused") == answer.brief


@pytest.mark.parametrize("path", OPEN)
async def test_head_is_get_without_the_body(house, path):
    stranger = house.caller()
    head, get = await stranger.ask("HEAD", path), await stranger.get(path)

    assert (200, b"", len(get.raw)) == (head.status, head.raw, int(head.headers["content-length"]))


@pytest.mark.parametrize("path", ["/", "/api", "/api/nothing", "/api/verifications/", "/api/verifications/a/b/c", "//"])
async def test_an_address_there_is_nothing_at_is_a_problem_in_json(house, path):
    answer = await house.caller().get(path)

    assert (404, "entity.not_found") == answer.brief
    assert "application/problem+json" == answer.headers["content-type"]


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("DELETE", "/healthz", "GET, HEAD"),
        ("GET", "/api/verifications/x/check", "POST"),
        ("HEAD", "/api/verification-codes", "POST"),
        ("OPTIONS", "/api/connectors/x", "DELETE, GET, HEAD, PATCH"),
        ("PUT", "/api/verifications", "GET, HEAD, POST"),
    ],
)
async def test_another_method_than_the_address_takes_is_told_which_it_takes(house, method, path, allowed):
    answer = await house.caller().ask(method, path)

    assert (405, allowed) == (answer.status, answer.headers["allow"])
    assert method == "HEAD" or "request.method_not_allowed" == answer.code


async def test_no_answer_may_be_kept_by_a_cache_or_guessed_at_by_a_browser(owner):
    answer = await owner.get("/api/verifications")

    assert ("no-store", "nosniff") == (answer.headers["cache-control"], answer.headers["x-content-type-options"])


async def test_no_answer_says_what_serves_it(house):
    assert "server" not in (await house.caller().get("/healthz")).headers
