"""An SMS that left and could not be marked: it is told as it is, and not sent again."""

import logging

import pytest
from engine_parts import PHONE
from engine_parts import House
from engine_parts import an_application

from aerocode import errors
from aerocode.model.decision import ById
from aerocode.model.message import Refused
from aerocode.model.states import MessageStatus

pytestmark = pytest.mark.anyio


@pytest.fixture
def unmarked(house, monkeypatch):
    """The next mark meets a database that takes nothing; those after it are made."""
    real, left = house.store.verifications.mark, [errors.StoreUnavailable()]

    async def mark(message_id, outcome):
        if left:
            raise left.pop()
        return await real(message_id, outcome)

    monkeypatch.setattr(house.store.verifications, "mark", mark)
    return left


async def test_a_start_whose_mark_fails_is_told_as_unknown(house: House, unmarked):
    sent = await house.start()

    assert (MessageStatus.UNKNOWN, "not_marked", []) == (sent.message.status, sent.message.reason, unmarked)
    assert (PHONE, sent.verification.id) == (sent.message.phone.e164, sent.message.verification)


async def test_no_second_sms_leaves_for_it(house, unmarked):
    await house.start()
    with pytest.raises(errors.SendTooSoon):
        await house.start()

    assert (1, 1) == (len(house.line.orders), house.recorded()[1])


async def test_its_code_verifies(house, engine, line, unmarked):
    sent = await house.start()
    approved = await engine.check(ById("default", sent.verification.id, ""), line.codes[0])

    assert "approved" == approved.verification.status


async def test_a_resend_whose_mark_fails_is_told_as_unknown_too(house, engine, line, unmarked):
    kept, unmarked[:] = unmarked[:], []
    sent = await house.start()
    house.shift_clock(31)
    unmarked.extend(kept)
    again = await engine.resend(an_application(), ById("default", sent.verification.id, ""))

    assert (MessageStatus.UNKNOWN, 2, 1) == (again.message.status, len(line.orders), len(set(line.codes)))


async def test_a_refusal_that_could_not_be_marked_is_a_refusal_to_the_caller(house, line, unmarked):
    line.outcome = Refused(reason="connector.not_enough_money", detail="no money")
    with pytest.raises(errors.NotEnoughMoney):
        await house.start()


async def test_the_log_tells_what_could_not_be_marked(house, unmarked, caplog):
    with caplog.at_level(logging.ERROR):
        sent = await house.start()

    assert f"message {sent.message.id} could not be marked" in caplog.text
