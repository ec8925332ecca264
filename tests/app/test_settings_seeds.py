"""`[policy]` and `[limits]` of aerocode.toml: what a new database starts with, and what an old one no longer hears."""

from datetime import timedelta
from decimal import Decimal

import pytest
from app_words import opened

from aerocode.app.settings import load
from aerocode.errors import CannotStart
from aerocode.model.policy import Cap
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy


@pytest.fixture
def seeds(tmp_path):
    def seeds(text, **environment):
        (tmp_path / "aerocode.toml").write_text(text)
        return load(
            {f"AEROCODE_{name}": value for name, value in environment.items()}, tmp_path / "aerocode.toml"
        ).seeds

    return seeds


def test_without_tables_the_defaults_are_sown(seeds):
    assert (Policy(), Limits()) == (seeds("").policy, seeds("").limits)


def test_the_policy_is_read_in_seconds_digits_and_wrong_codes(seeds):
    policy = seeds("[policy]\ncode_length = 8\nlifetime = 120\nattempts = 3\n").policy

    assert Policy(code_length=8, lifetime=timedelta(seconds=120), attempts=3) == policy


def test_the_limits_are_read(seeds):
    limits = seeds('[limits]\nladder = [5, 10.5]\nladder_mode = "monitor"\nsends_per_verification = 9\n').limits

    assert ((timedelta(seconds=5), timedelta(seconds=10.5)), Mode.MONITOR, 9) == (
        limits.ladder, limits.ladder_mode, limits.sends_per_verification,
    )  # fmt: skip


def test_a_table_of_limits_and_the_setting_limits_get_along(seeds):
    assert 9 == seeds("[limits]\nsends_per_verification = 9\n", LIMITS="monitor").limits.sends_per_verification


@pytest.mark.parametrize(
    "line",
    [
        "code_length = 3", "code_length = 11", "lifetime = 59", "lifetime = 601", "attempts = 0", "attempts = 11",
        'code_length = "long"', "length = 6",
    ],
)  # fmt: skip
def test_a_policy_out_of_bounds_is_refused_by_name(seeds, line):
    with pytest.raises(CannotStart, match=rf"\[policy\] {line.split()[0]} in aerocode\.toml"):
        seeds(f"[policy]\n{line}\n")


@pytest.mark.parametrize(
    "line",
    ["ladder = []", "ladder = [-1]", "ladder = 30", 'ladder_mode = "off"', "tests_per_phone_hour = 0", "steps = 1"],
)
def test_limits_out_of_bounds_are_refused_by_name(seeds, line):
    with pytest.raises(CannotStart, match=rf"\[limits\] {line.split()[0]}.* in aerocode\.toml"):
        seeds(f"[limits]\n{line}\n")


def test_everything_wrong_in_both_tables_is_told_at_once(seeds):
    with pytest.raises(CannotStart, match=r"\[policy\] attempts.*; \[limits\] ladder"):
        seeds("[policy]\nattempts = 0\n[limits]\nladder = []\n")


@pytest.mark.anyio
async def test_the_seeds_rule_a_new_house(seeds, tmp_path, phone):
    sown = seeds("[policy]\ncode_length = 8\nattempts = 2\n[limits]\nladder = [7]\n")
    async with opened(tmp_path / "data", seeds=sown) as house:
        started = await house.owner.start(phone, "SignIn")
        again = await house.owner.start(phone, "SignIn")

        assert (8, 2) == (len(house.code(phone)), started.body["attemptsLeft"])
        assert 1 <= int(again.headers["retry-after"]) <= 7


@pytest.mark.anyio
async def test_seeds_are_sown_once(seeds, tmp_path, phone):
    async with opened(tmp_path / "data", seeds=seeds("[policy]\ncode_length = 8\n")):
        pass
    async with opened(tmp_path / "data", seeds=seeds("[policy]\ncode_length = 10\n[limits]\nladder = [1]\n")) as house:
        await house.owner.start(phone)

        assert 8 == len(house.code(phone))
        assert Limits() == await house.services.store.settings.limits()


@pytest.mark.anyio
async def test_codes_under_six_digits_are_for_what_nobody_signs_in_with(seeds, tmp_path, phone):
    async with opened(tmp_path / "data", seeds=seeds("[policy]\ncode_length = 4\n")) as house:
        lengths = {}
        for usage_type in ("Generic", "OrganizationInvitation", "SignIn", "Register", "ForgotPassword"):
            await house.owner.start(phone, usage_type)
            lengths[usage_type] = len(house.code(phone))

    assert {"Generic": 4, "OrganizationInvitation": 4, "SignIn": 6, "Register": 6, "ForgotPassword": 6} == lengths


@pytest.mark.anyio
async def test_in_monitor_the_ladder_counts_and_does_not_refuse(tmp_path, phone):
    async with opened(tmp_path / "data", limits=Mode.MONITOR) as house:
        answers = [await house.owner.start(phone) for _ in range(7)]
        guesses = [await house.owner.check(answers[0].body["id"], "x") for _ in range(6)]

    assert [201] + [200] * 6 == [answer.status for answer in answers]
    assert [400] * 5 + [410] == [answer.status for answer in guesses]


def test_caps_money_and_countries_are_read_by_the_names_in_the_limits(seeds):
    limits = seeds(
        "[limits]\nphone_hour = { most = 3 }\nip_hour = { mode = 'monitor' }\nblock_hour = { most = 'none' }\n"
        "application_day = { most = 1000, mode = 'monitor' }\nladder_memory = 60\ndaily_budget = 1500.5\n"
        "countries = { KZ = 'block', RU = 'allow' }\n"
    ).limits

    assert limits == Limits(
        phone_hour=Cap(3),
        ip_hour=Cap(20, Mode.MONITOR),
        block_hour=Cap(None, Mode.MONITOR),
        application_day=Cap(1000, Mode.MONITOR),
        ladder_memory=timedelta(seconds=60),
        daily_budget=Decimal("1500.5"),
        countries={"KZ": CountryRule.BLOCK},
    )


@pytest.mark.parametrize(
    "line",
    [
        "phone_hour = { most = 0 }", "phone_hour = 5", "phone_day = { many = 5 }", "ip_hour = { mode = 'off' }",
        "daily_budget = 0", "daily_budget = 'all'", "countries = { XX = 'block' }", "countries = { KZ = 'deny' }",
        "ladder_memory = 86401",
    ],
)  # fmt: skip
def test_caps_out_of_bounds_are_refused_by_name(seeds, line):
    with pytest.raises(CannotStart, match=rf"\[limits\] {line.split()[0]}.* in aerocode\.toml"):
        seeds(f"[limits]\n{line}\n")
