"""No list and no question of a chore walks over a table: SQLite says along which index it goes."""

import re

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


#: What a request waits for, and what the writer does between two of them.
IN_THE_WAY = [
    (subject, name)
    for subject in ("decisions", "writes", "chores", "budgets")
    for name in statements("sqlite", subject)
    if (subject, name) != ("chores", "copy")  # a backup is a whole copy, on a connection of its own
]
#: Not tables: the one row that decisions are joined to.
ROWS = {"SCAN CONSTANT ROW", "SCAN (subquery-1)"}


async def explained(store, question):
    values = dict.fromkeys(re.findall(r":(\w+)", question), 1)
    return await store._writer.run(
        lambda database, _: [row[3] for row in database.execute(f"explain query plan {question}", values)]
    )


def walks(steps):
    return [step for step in steps if step.startswith("SCAN") and step not in ROWS]


@pytest.mark.parametrize(("subject", "name"), IN_THE_WAY, ids=lambda word: word)
async def test_no_decision_and_no_step_of_a_chore_walks_over_a_table(store, subject, name):
    steps = await explained(store, statements("sqlite", subject)[name])

    assert [] == walks(steps)
    assert [] == [step for step in steps if "TEMP B-TREE" in step]


@pytest.mark.parametrize("name", ["to_issue", "to_issue_plainly", "to_resend", "to_check", "to_mark"])
async def test_what_a_decision_looks_at_it_finds_by_whole_keys(store, name):
    steps = await explained(store, statements("sqlite", "decisions")[name])
    looks = [step for step in steps if step.startswith("SEARCH")]

    assert len(looks) == len(re.findall(r"\b(?:from|join) (?!\()\w+", statements("sqlite", "decisions")[name]))
    assert [] == [step for step in looks if "PRIMARY KEY" not in step and "one_pending_verification" not in step]
    assert [] == [step for step in looks if re.search(r"[<>]", step)]


async def test_a_walk_would_be_found(store):
    assert ["SCAN messages"] == walks(await explained(store, "select * from messages where gate_id = :gate_id"))


async def test_a_page_of_verifications_is_read_without_the_rest_of_its_application(store):
    (step,) = await explained(store, statements("sqlite", "reading")["verifications"])

    assert "verifications_of_application (application=? AND id<?)" in step


async def test_the_verifications_of_a_phone_are_read_without_those_of_others(store):
    steps = await explained(store, statements("sqlite", "reading")["verifications_of_phone"])

    assert "verifications_of_subject (application=? AND phone=?)" in steps[0]


async def test_of_a_removed_application_only_what_is_pending_is_looked_at(store):
    (step,) = await explained(store, statements("sqlite", "applications")["remove_pending"])

    assert "one_pending_verification (application=?)" in step


async def test_a_step_of_a_rotation_looks_at_so_many_rows_however_few_are_pending(store):
    (step,) = await explained(store, statements("sqlite", "chores")["sealed"])

    assert "PRIMARY KEY (id>? AND id<?)" in step
