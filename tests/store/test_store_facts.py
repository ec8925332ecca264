"""Facts of the installation, policy and limits: the file speaks once, then the database does."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from store_words import seconds

from aerocode.errors import EntityInvalid
from aerocode.model.audit import By
from aerocode.model.policy import Cap
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy

pytestmark = pytest.mark.anyio

ANN = By(actor="ann", reason="a quiet month")

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


async def test_changed_limits_survive_a_restart(home, store):
    await store.settings.seed_policy(POLICY, LIMITS)
    changed = await store.settings.change_limits(lambda was: replace(was, phone_hour=Cap(3)), "{}", by=ANN)
    store = await home.reopen()
    assert replace(LIMITS, phone_hour=Cap(3)) == changed == await store.settings.limits()


async def test_changes_at_once_each_keep_what_the_others_changed(store):
    names = ("phone_hour", "phone_day", "ip_hour", "block_hour", "application_day")
    changes = [partial(replace, **{name: Cap(number, Mode.MONITOR)}) for number, name in enumerate(names, 1)]
    await asyncio.gather(*(store.settings.change_limits(change, "{}", by=ANN) for change in changes))
    limits = await store.settings.limits()
    assert [Cap(number, Mode.MONITOR) for number in range(1, 6)] == [getattr(limits, name) for name in names]


async def test_a_change_of_limits_is_written_down(home, store):
    await store.settings.change_limits(lambda was: was, '{"dailyBudget":"100"}', by=ANN)
    assert [("ann", "limits", '{"dailyBudget":"100"}', "a quiet month")] == await home.look(
        "select actor, action, subject, reason from audit"
    )


async def test_a_change_that_fails_changes_nothing(home, store):
    def fails(_):
        raise EntityInvalid

    with pytest.raises(EntityInvalid):
        await store.settings.change_limits(fails, "{}", by=ANN)
    assert (Limits(), [(0,)]) == (await store.settings.limits(), await home.look("select count(*) from audit"))
