"""Limits as an operator sees and changes them, and what the changed ones do to the next start."""

import asyncio
from decimal import Decimal

import pytest
from app_words import EVERY_STORE
from app_words import fresh_phone
from app_words import opened

pytestmark = pytest.mark.anyio

STORES = EVERY_STORE

DEFAULTS = {
    "ladder": {"steps": [30, 60, 120, 300], "memory": 3600, "mode": "enforce"},
    "sendsPerVerification": {"most": 5, "mode": "enforce"},
    "sendsPerPhoneHour": {"most": 5, "mode": "enforce"},
    "sendsPerPhoneDay": {"most": 10, "mode": "enforce"},
    "startsPerIpHour": {"most": 20, "mode": "enforce"},
    "sendsPerBlockHour": {"most": 30, "mode": "monitor"},
    "sendsPerApplicationDay": {"most": None, "mode": "enforce"},
    "testsPerCallerMinute": 5,
    "testsPerPhoneHour": 5,
    "dailyBudget": None,
    "countries": {},
}
RATE_LIMITED = (429, "request.message_rate_limited")


@pytest.fixture
async def fresh(tmp_path):
    """A house of one's own: limits are everybody's."""
    async with opened(tmp_path / "data", allowed_countries=frozenset({"RU", "KZ"})) as house:
        yield house


async def patch(house, body, caller=None):
    return await (caller or house.owner).ask("PATCH", "/api/limits", body)


async def audit(house):
    def look(database, _):
        return [
            tuple(row)
            for row in database.execute("select actor, action, subject, reason from audit where action = 'limits'")
        ]

    return await house.services.store._writer.run(look)


async def test_the_limits_are_shown_as_they_stand(fresh):
    assert (200, DEFAULTS) == ((answer := await fresh.owner.get("/api/limits")).status, answer.body)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"sendsPerPhoneHour": {"most": 3}}, {"sendsPerPhoneHour": {"most": 3, "mode": "enforce"}}),
        ({"sendsPerBlockHour": {"mode": "enforce"}}, {"sendsPerBlockHour": {"most": 30, "mode": "enforce"}}),
        ({"sendsPerPhoneDay": {"most": None}}, {"sendsPerPhoneDay": {"most": None, "mode": "enforce"}}),
        ({"ladder": {"steps": [5, 7.5]}}, {"ladder": {"steps": [5, 7.5], "memory": 3600, "mode": "enforce"}}),
        ({"ladder": {"memory": 60, "mode": "monitor"}},
         {"ladder": {"steps": [30, 60, 120, 300], "memory": 60, "mode": "monitor"}}),
        ({"sendsPerVerification": {"most": 2}}, {"sendsPerVerification": {"most": 2, "mode": "enforce"}}),
        ({"testsPerPhoneHour": 1, "testsPerCallerMinute": 2}, {"testsPerPhoneHour": 1, "testsPerCallerMinute": 2}),
        ({"dailyBudget": "99.50"}, {"dailyBudget": "99.50"}),
        ({"countries": {"KZ": "block"}}, {"countries": {"KZ": "block"}}),
    ],
)  # fmt: skip
async def test_a_change_touches_what_it_names_and_nothing_else(fresh, change, expected):
    changed = await patch(fresh, change)
    shown = await fresh.owner.get("/api/limits")

    assert (200, DEFAULTS | expected, changed.body) == (changed.status, changed.body, shown.body)


async def test_what_was_set_can_be_taken_away(fresh):
    await patch(fresh, {"dailyBudget": "100", "countries": {"KZ": "block", "RU": "monitor"}})
    changed = await patch(fresh, {"dailyBudget": None, "countries": {"KZ": "allow"}})

    assert (None, {"RU": "monitor"}) == (changed.body["dailyBudget"], changed.body["countries"])


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"sendsPerPhoneHour": {"most": 0}}, "sendsPerPhoneHour.most"),
        ({"sendsPerPhoneHour": {"most": 2.5}}, "sendsPerPhoneHour.most"),
        ({"sendsPerPhoneHour": {"most": 1_000_001}}, "sendsPerPhoneHour.most"),
        ({"sendsPerPhoneHour": {"mode": "off"}}, "sendsPerPhoneHour.mode"),
        ({"sendsPerPhoneHour": {"some": 1}}, "sendsPerPhoneHour"),
        ({"sendsPerPhoneHour": None}, "sendsPerPhoneHour"),
        ({"sendsPerVerification": {"most": None}}, "sendsPerVerification.most"),
        ({"ladder": {"steps": []}}, "ladder.steps"),
        ({"ladder": {"steps": [-1]}}, "ladder.steps.0"),
        ({"ladder": {"memory": 86_401}}, "ladder.memory"),
        ({"testsPerPhoneHour": True}, "testsPerPhoneHour"),
        ({"dailyBudget": "0.00"}, "dailyBudget"),
        ({"dailyBudget": "1e3"}, "dailyBudget"),
        ({"dailyBudget": "-5"}, "dailyBudget"),
        ({"dailyBudget": 100}, "dailyBudget"),
        ({"countries": {"KZ": "deny"}}, "countries.KZ"),
        ({"countries": {"XX": "block"}}, "countries.XX.[key]"),
        ({"countries": {"kz": "block"}}, "countries.kz.[key]"),
        ({"reason": "x" * 257, "testsPerPhoneHour": 1}, "reason"),
        ({"sendsPerMoon": 5}, ""),
    ],
)  # fmt: skip
async def test_what_no_limit_can_be_is_refused_with_its_path_and_changes_nothing(house, owner, change, path):
    refused = await patch(house, change)

    assert (400, [path]) == (refused.status, [one for one, _ in refused.issues])
    assert DEFAULTS == (await owner.get("/api/limits")).body


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"dailyBudget": "0"}, "Write more than 0, or null for no budget."),
        ({"ladder": {"memory": 86_401}}, "Write at most 86400."),
        ({"testsPerPhoneHour": 2.5}, "Expected integer, received float."),
        ({"countries": {"XX": "block"}}, "XX is not an ISO code of a country with phone numbers."),
    ],
)
async def test_it_is_told_in_words_what_may_be_written(house, change, said):
    refused = await patch(house, change)

    assert [said] == [issue["message"] for issue in refused.body["data"]["issues"]]


@pytest.mark.parametrize("change", [{}, {"reason": "nothing to do"}])
async def test_a_change_that_names_nothing_is_refused(house, change):
    assert (422, "entity.invalid_input") == (await patch(house, change)).brief


@pytest.mark.parametrize("method", ["GET", "PATCH"])
async def test_limits_are_for_keys_of_the_installation_that_hold_the_scope(house, method):
    neighbour = await house.neighbour(f"limits-{method.lower()}")
    other = await house.holder("lists:write")

    assert [403, 403] == [(await one.ask(method, "/api/limits", {})).status for one in (neighbour, other)]


async def test_a_change_is_written_down_with_who_and_why(fresh):
    operator = await fresh.holder("settings:write")
    key = next(one for one in (await fresh.owner.get("/api/applications/default/keys")).body)
    await patch(fresh, {"sendsPerPhoneHour": {"most": 3}, "reason": "pumping on Friday"}, operator)

    assert [(key["id"], "limits", '{"sendsPerPhoneHour":{"most":3}}', "pumping on Friday")] == await audit(fresh)


async def test_changes_at_once_all_stay(fresh):
    names = [name for name in DEFAULTS if name.startswith("sends")]
    await asyncio.gather(*(patch(fresh, {name: {"mode": "monitor"}}) for name in names))
    shown = (await fresh.owner.get("/api/limits")).body

    assert {"monitor"} == {shown[name]["mode"] for name in names}


async def test_a_cap_says_its_name_and_how_long_to_wait(fresh, phone):
    await patch(fresh, {"sendsPerPhoneHour": {"most": 1}, "ladder": {"steps": [0]}})
    await fresh.owner.start(phone)
    refused = await fresh.owner.start(phone)

    assert (*RATE_LIMITED, "phone_hour") == (*refused.brief, refused.body["data"]["limit"])
    assert 3590 < int(refused.headers["retry-after"]) <= 3600
    assert 1 == len(fresh.sandbox.messages(phone))


async def test_the_fifth_start_in_an_hour_is_the_last_of_a_phone(house, owner, phone):
    answers = []
    for number in range(6):
        answers.append(await owner.start(phone, session=str(number)))
        house.pass_time(301)

    assert [201] * 5 + [429] == [answer.status for answer in answers]
    assert "phone_hour" == answers[-1].body["data"]["limit"]


async def test_in_monitor_a_cap_lets_through_and_is_counted(fresh, phone):
    await patch(fresh, {"sendsPerPhoneHour": {"most": 1, "mode": "monitor"}, "ladder": {"steps": [0]}})
    statuses = [(await fresh.owner.start(phone)).status for _ in range(3)]
    text = (await fresh.owner.get("/metrics")).raw.decode()

    assert [201, 200, 200] == statuses
    assert 'aerocode_watched_total{limit="phone_hour"} 2.0' in text


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("203.0.113.7", "::ffff:203.0.113.7", True),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
    ],
)
async def test_starts_are_counted_for_the_network_of_the_visitor_they_are_made_for(fresh, first, second, together):
    await patch(fresh, {"startsPerIpHour": {"most": 1}})
    await fresh.owner.start(fresh_phone(), ip=first)
    answer = await fresh.owner.start(fresh_phone(), ip=second)

    assert (429 if together else 201) == answer.status
    assert not together or "ip_hour" == answer.body["data"]["limit"]


async def test_the_callers_own_address_is_never_counted(fresh):
    await patch(fresh, {"startsPerIpHour": {"most": 1}})

    assert [201] * 3 == [(await fresh.owner.start(fresh_phone())).status for _ in range(3)]


@pytest.mark.parametrize("ip", ["localhost", "203.0.113", "203.0.113.7/24", "fe80::1%eth0", "203.0.113.07", " "])
async def test_what_is_no_address_is_refused_at_ip(owner, phone, ip):
    refused = await owner.start(phone, ip=ip)

    assert (400, {("ip", "invalid_string")}) == (refused.status, refused.issues)


async def test_a_blocked_country_is_refused_and_says_so(fresh):
    await patch(fresh, {"countries": {"KZ": "block"}})
    refused = await fresh.owner.start("+77012345678")

    assert (422, "phone.not_allowed", {"reason": "country"}) == (*refused.brief, refused.body["data"])


async def test_the_settings_stay_the_outer_bound_of_countries(house, owner):
    refused = await owner.start("+77012345678")

    assert (422, {"reason": "country"}) == (refused.status, refused.body["data"])


async def test_the_days_budget_stops_what_it_cannot_pay_for(tmp_path):
    async with opened(tmp_path / "data", daily_budget=Decimal(15)) as house:
        answers = [await house.owner.start(fresh_phone()) for _ in range(10)]
        refused = next(answer for answer in answers if answer.status != 201)
        counted = (await house.owner.get("/metrics")).raw.decode()

        assert (503, "connector.daily_budget_spent") == refused.brief
        assert 0 < int(refused.headers["retry-after"]) <= 86_400
        assert 'aerocode_refused_total{limit="daily_budget"}' in counted


async def test_logtos_route_says_the_spent_budget_as_400(tmp_path):
    async with opened(tmp_path / "data", daily_budget=Decimal("0.01")) as house:
        await house.owner.start(fresh_phone())
        answer = await house.owner.post("/api/verification-codes", {"phone": fresh_phone()})

        assert (400, "connector.daily_budget_spent") == answer.brief


async def test_the_database_may_be_stricter_about_money_than_the_settings_never_wider(tmp_path):
    async with opened(tmp_path / "data", daily_budget=Decimal(100)) as house:
        wider, stricter = await patch(house, {"dailyBudget": "101"}), await patch(house, {"dailyBudget": "0.01"})
        await house.owner.start(fresh_phone())

        assert (400, {("dailyBudget", "custom")}) == (wider.status, wider.issues)
        assert (200, 503) == (stricter.status, (await house.owner.start(fresh_phone())).status)


async def test_a_budget_of_the_settings_holds_where_the_database_has_a_wider_one(tmp_path):
    async with opened(tmp_path / "data") as house:
        await patch(house, {"dailyBudget": "1000"})
    async with opened(tmp_path / "data", daily_budget=Decimal("0.01")) as house:
        await house.owner.start(fresh_phone())

        assert 503 == (await house.owner.start(fresh_phone())).status


async def test_refusals_are_counted_by_limit_and_hold_no_phone(fresh, phone):
    await fresh.owner.start(phone)
    await fresh.owner.start(phone)
    text = (await fresh.owner.get("/metrics")).raw.decode()

    assert 'aerocode_refused_total{limit="ladder"} 1.0' in text
    assert phone[1:] not in text
