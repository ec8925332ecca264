"""When a key may end: a time to come that every later start can still read."""

import pytest
from app_words import opened

pytestmark = pytest.mark.anyio

AT = "/api/applications/default/keys"
#: Brought to UTC the first would be in the year 10000, which no clock of ours has.
NEVER = [
    "9999-12-31T23:59:59-01:00",
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59",
    "2226-01-01T00:00:00Z",
    "2090-01-01T00:00:00",
    "2001-01-01T00:00:00+03:00",
    "0001-01-01T00:00:00+01:00",
]


def a_key(**more):
    return {"name": "x", "scopes": ["all"], **more}


@pytest.mark.parametrize("moment", NEVER)
async def test_a_key_that_ends_at_no_time_of_ours_is_refused(owner, moment):
    answer = await owner.post(AT, a_key(expiresAt=moment))

    assert ((400, "guard.invalid_input"), {("expiresAt", "custom")}) == (answer.brief, answer.issues)


async def test_after_such_a_refusal_keys_are_added_and_the_house_opens_again(tmp_path):
    async with opened(tmp_path / "data") as house:
        for moment in NEVER:
            await house.owner.post(AT, a_key(expiresAt=moment))
        key = await house.key("all", expiresAt="2090-01-01T00:00:00+14:00")
    async with opened(tmp_path / "data") as house:
        assert 200 == (await house.caller(key).get("/api/verifications")).status
        assert [201, 200] == [(await house.owner.post(AT, a_key())).status, (await house.owner.get(AT)).status]
