"""No list and no question of a chore walks over a table: SQLite says along which index it goes."""

import pytest
from store_homes import ON_A_FILE
from store_words import PHONE

from aerocode.store.sql import statements

pytestmark = [pytest.mark.anyio, ON_A_FILE]

TIMES = {"since": 0, "before_at": 9, "before_id": "", "limit": 20}
ASKED = {
    ("reading", "messages_of_status"): {"application": "a", "status": "unknown", **TIMES},
    ("reading", "messages_of_phone"): {"application": "a", "phone": PHONE.e164, **TIMES},
    ("reading", "messages_of_verification"): {"phone": PHONE.e164, "verification": "v", "since": 0, "until": 9},
    ("decisions", "due"): {"now": 9, "limit": 8},
    ("decisions", "others_in_moderation"): {"phone": PHONE.e164, "verification": "v", "since": 0, "id": "m"},
    ("decisions", "claimed"): {"phone": PHONE.e164, "since": 0, "id": "m", "gate_id": "7", "proof": b"", "at": 1,
                               "created_at": 1},
    ("chores", "not_marked"): {"before": 9, "limit": 8},
}  # fmt: skip


@pytest.fixture
async def plan(store):
    async def explained(subject, name):
        key = ASKED[subject, name]
        question = f"explain query plan {statements('sqlite', subject)[name]}"
        return await store._writer.run(lambda database, _: [row[3] for row in database.execute(question, key)])

    return explained


@pytest.mark.parametrize(("subject", "name"), ASKED, ids=lambda word: word)
async def test_it_goes_along_an_index(plan, subject, name):
    steps = await plan(subject, name)

    assert [] == [step for step in steps if step.startswith("SCAN") and "SCAN CONSTANT" not in step], steps
    assert any("USING INDEX messages_" in step or "USING COVERING INDEX messages_" in step for step in steps), steps


@pytest.mark.parametrize(("subject", "name"), [key for key in ASKED if key[1] != "claimed"], ids=lambda word: word)
async def test_it_sorts_nothing(plan, subject, name):
    assert [] == [step for step in await plan(subject, name) if "TEMP B-TREE" in step]


async def test_the_last_messages_are_found_without_walking_over_the_others(store):
    question = f"explain query plan {statements('sqlite', 'reading')['moderated']}"
    steps = await store._writer.run(lambda database, _: [row[3] for row in database.execute(question, {"last": 50})])

    assert [] == [step for step in steps if "TEMP B-TREE" in step]
