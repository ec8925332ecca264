"""What holds a message back besides guesses: who is told what, what is counted, and what the log says."""

import asyncio
import logging
from datetime import UTC
from datetime import datetime
from decimal import Decimal

import pytest
from engine_parts import PHONE
from engine_parts import an_application

from aerocode import errors
from aerocode.crypto import Secret
from aerocode.model import lists
from aerocode.model.decision import ById
from aerocode.model.decision import Request
from aerocode.model.policy import Cap
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy
from aerocode.phone import Phone

pytestmark = pytest.mark.anyio

THEN = datetime(2026, 1, 1, tzinfo=UTC)
MASKED = Phone(PHONE).masked
ASKED = Request(key="order 1", route="start", body="{}")


@pytest.fixture
def said(caplog):
    """What the engine logged, without the ids."""
    caplog.set_level(logging.INFO, "aerocode.verify.engine")
    return lambda: [record.getMessage() for record in caplog.records]


def under(house, **limits):
    house.settings.now = (Policy(), Limits(**{"ladder": (), **limits}))


def listed(house, verdict, kind, value):
    entry = lists.ListEntry(
        id="x", verdict=lists.Verdict(verdict), kind=lists.Kind(kind), value=value, reason="", created_at=THEN
    )
    house.settings.entries = lists.Lists([entry])


def refusals(house):
    return [line for line in house.meter.lines if line[0] not in {"started", "sent"}]


async def test_a_cap_is_named_counted_and_logged_with_the_phone_masked(house, said):
    under(house, phone_hour=Cap(1))
    await house.start()
    with pytest.raises(errors.SendTooSoon) as refused:
        await house.start()
    assert ("phone_hour", [("refused", "phone_hour")]) == (refused.value.data["limit"], refusals(house))
    assert f"no message for phone {MASKED}: phone_hour" == said()[-1]


async def test_the_ladder_has_a_name_in_the_log_and_none_in_the_answer(house, said):
    under(house, ladder=(Limits().ladder))
    await house.start()
    with pytest.raises(errors.SendTooSoon) as refused:
        await house.start()
    assert "limit" not in refused.value.data
    assert ([("refused", "ladder")], f"no message for phone {MASKED}: ladder") == (refusals(house), said()[-1])


async def test_a_refused_resend_is_logged_by_the_verification(house, engine, said):
    under(house, phone_hour=Cap(1))
    sent = await house.start()
    with pytest.raises(errors.SendTooSoon):
        await engine.resend(an_application(), ById("default", sent.verification.id))
    assert f"no message for verification {sent.verification.id}: phone_hour" == said()[-1]


async def test_what_a_limit_in_monitor_would_have_refused_is_counted_and_logged(house, said):
    under(house, phone_hour=Cap(1, Mode.MONITOR))
    await house.start()
    sent = await house.start()
    assert [("watched", "phone_hour")] == refusals(house)
    assert f"limit phone_hour would have refused message {sent.message.id}" in said()


async def test_starts_are_counted_for_the_network_of_the_address(house):
    under(house, ip_hour=Cap(1))
    await house.start("+79161000001", ip="2001:db8::1")
    await house.start("+79161000002", ip="2001:db8:0:1::1")
    with pytest.raises(errors.SendTooSoon) as refused:
        await house.start("+79161000003", ip="2001:db8::2")
    assert "ip_hour" == refused.value.data["limit"]


async def test_an_address_that_is_none_is_refused_before_anything_is_recorded(house):
    with pytest.raises(errors.InvalidInput):
        await house.start(ip="somewhere")
    assert (0, 0, 0) == house.recorded()


async def test_a_blocked_phone_is_refused_counted_and_logged(house, said):
    listed(house, "block", "phone", PHONE)
    with pytest.raises(errors.PhoneNotAllowed) as refused:
        await house.start()
    assert ({"reason": "list"}, [("refused", "list")]) == (refused.value.data, refusals(house))
    assert ([f"no message for phone {MASKED}: list"], (0, 0, 0)) == (said(), house.recorded())


async def test_a_phone_blocked_meanwhile_gets_no_resend(house, engine):
    under(house)
    sent = await house.start()
    listed(house, "block", "prefix", "+7")
    with pytest.raises(errors.PhoneNotAllowed):
        await engine.resend(an_application(), ById("default", sent.verification.id))


async def test_a_blocked_country_is_refused_unless_the_phone_is_allowed_by_name(house):
    under(house, countries={"RU": CountryRule.BLOCK})
    with pytest.raises(errors.PhoneNotAllowed) as refused:
        await house.start()
    listed(house, "allow", "phone", PHONE)
    assert {"reason": "country"} == refused.value.data
    assert 1 == (await house.start()).verification.sends


async def test_spent_money_is_refused_with_a_wait_and_counted(house):
    under(house, daily_budget=Decimal("0.01"))
    await house.start("+79161000001")
    with pytest.raises(errors.DailyBudgetSpent) as refused:
        await house.start("+79161000002")
    assert [("refused", "daily_budget")] == refusals(house)
    assert 0 < refused.value.wait <= 86_400


async def test_four_fifths_of_the_days_money_are_a_warning(house, said):
    under(house, daily_budget=Decimal("0.01"))
    await house.start()
    assert "four fifths of the day's budget for messages are spent" in said()


async def test_no_guess_left_is_counted_as_guesses(house, engine):
    under(house)
    for session in ("a", "b"):
        sent = await house.start(session=session)
        for _ in range(5):
            with pytest.raises(errors.CodeMismatch):
                await engine.check(ById("default", sent.verification.id, session), "wrong")
    with pytest.raises(errors.GuessesSpent):
        await house.start(session="c")
    assert ("refused", "guesses") == refusals(house)[-1]


async def test_a_request_asked_again_is_told_the_same_and_counted(house, line, said):
    first = await house.start(request=ASKED)
    again = await house.start(request=ASKED)
    assert (first.verification, first.message.status, 1) == (again.verification, again.message.status, len(line.orders))
    assert ([("repeated",)], f"verification {first.verification.id} is told again, nothing is sent") == (
        refusals(house),
        said()[-1],
    )


async def test_a_resend_asked_again_is_told_the_same(house, engine, line):
    under(house)
    sent = await house.start()
    where, asked = ById("default", sent.verification.id), Request(key="k", route="resend", body="{}")
    first, again = [await engine.resend(an_application(), where, asked) for _ in range(2)]
    assert (first.verification, True, 2) == (again.verification, again.again, len(line.orders))


async def test_a_request_asked_again_needs_no_connector(house, line):
    first = await house.start(request=ASKED)
    house.delivery.saved = None
    again = await house.start(request=ASKED)
    assert (first.verification.id, first.message.status, 1) == (
        again.verification.id,
        again.message.status,
        len(line.orders),
    )


async def test_a_request_that_is_new_needs_one_before_anything_is_recorded(house):
    house.delivery.saved = None
    with pytest.raises(errors.NoConnector):
        await house.start(request=ASKED)
    assert (0, 0, 0) == house.recorded()


async def test_a_request_in_progress_is_refused_and_so_is_another_body(house, line):
    line.gate.clear()
    first = asyncio.ensure_future(house.start(request=ASKED))
    await line.taken.wait()
    with pytest.raises(errors.RequestInProgress):
        await house.start(request=ASKED)
    line.gate.set()
    await first
    with pytest.raises(errors.RequestUnlike):
        await house.start(request=Request(key="order 1", route="start", body="{ }"))
    assert [("refused", "in_progress"), ("refused", "key_reused")] == refusals(house)


async def test_a_test_number_is_verified_with_its_own_code_and_nothing_is_sent(house, engine, line):
    house.settings.numbers[PHONE] = lists.TestNumber(phone=Phone(PHONE), code=Secret("135790"), created_at=THEN)
    sent = await house.start()
    proof = await engine.check(ById("default", sent.verification.id), "135790")
    assert (True, True, []) == (sent.verification.test, proof.verification.test, line.orders)


async def test_a_test_number_that_ran_out_is_an_ordinary_one(house, line):
    house.settings.numbers[PHONE] = lists.TestNumber(
        phone=Phone(PHONE), code=Secret("135790"), created_at=THEN, expires_at=THEN
    )
    sent = await house.start()
    assert (False, 1) == (sent.verification.test, len(line.orders))
    assert ["135790"] != line.codes


async def test_the_log_says_that_the_approval_of_a_test_number_is_no_proof(house, engine, caplog):
    house.settings.numbers[PHONE] = lists.TestNumber(phone=Phone(PHONE), code=Secret("135790"), created_at=THEN)
    sent = await house.start()
    with caplog.at_level(logging.INFO):
        await engine.check(ById("default", sent.verification.id), "135790")
    assert caplog.messages[-1].endswith("approved for +7912•••••89 (a test number: no proof)")
