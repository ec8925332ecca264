"""Facts of the installation, policy and limits: the file speaks once, then the database does."""

from datetime import timedelta

import pytest
from store_words import seconds

from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy

pytestmark = pytest.mark.anyio

POLICY = Policy(code_length=8, lifetime=seconds(120), attempts=3)
LIMITS = Limits(
    ladder=(seconds(5), seconds(7.5)),
    ladder_mode=Mode.MONITOR,
    ladder_memory=timedelta(minutes=5),
    sends_per_verification=2,
    sends_per_verification_mode=Mode.MONITOR,
    tests_per_caller_minute=1,
    tests_per_phone_hour=9,
)


async def test_a_fact_nobody_wrote_is_not_there(store):
    assert await store.settings.fact("born") is None


async def test_a_fact_is_kept(home, store):
    await store.settings.put("born", "live")
    store = await home.reopen()
    assert "live" == await store.settings.fact("born")


async def test_a_fact_can_be_written_over(store):
    await store.settings.put("file", "1")
    await store.settings.put("file", "2")
    assert "2" == await store.settings.fact("file")


async def test_a_seed_is_sown_once(store):
    assert ["live", "live"] == [await store.settings.seed("born", word) for word in ("live", "sandbox")]


async def test_a_seed_answers_what_is_there_even_when_it_is_empty(store):
    await store.settings.put("note", "")
    assert await store.settings.seed("note", "other") == ""


async def test_policy_and_limits_have_their_defaults(store):
    assert (Policy(), Limits()) == (await store.settings.policy(), await store.settings.limits())


async def test_the_first_policy_and_limits_are_taken_from_the_file(store):
    await store.settings.seed_policy(POLICY, LIMITS)
    assert (POLICY, LIMITS) == (await store.settings.policy(), await store.settings.limits())


async def test_a_later_file_changes_nothing(home, store):
    await store.settings.seed_policy(POLICY, LIMITS)
    store = await home.reopen()
    await store.settings.seed_policy(Policy(attempts=10), Limits(sends_per_verification=50))
    assert (POLICY, LIMITS) == (await store.settings.policy(), await store.settings.limits())
