"""What is done in the background goes on, whatever one round met."""

import asyncio
import logging

import pytest

from aerocode.app import chores
from aerocode.errors import StoreUnavailable

pytestmark = pytest.mark.anyio


class Chore:
    """Fails as often as there are errors for it, then does its work."""

    def __init__(self, *errors):
        self._errors = list(errors)
        self.done = asyncio.Event()

    async def __call__(self):
        if self._errors:
            raise self._errors.pop(0)
        self.done.set()


async def after(*errors):
    chore = Chore(*errors)
    task = asyncio.ensure_future(chores._every(0.01, chore))
    try:
        await asyncio.wait_for(chore.done.wait(), 5)
        return not task.done()
    finally:
        task.cancel()


async def test_a_chore_that_met_an_unexpected_error_is_tried_again_and_the_error_logged(caplog):
    with caplog.at_level(logging.WARNING, logger=chores.__name__):
        going_on = await after(LookupError("one bad row"))
    (record,) = caplog.records

    assert (True, "ERROR", "a chore failed") == (going_on, record.levelname, record.message)
    assert "one bad row" in caplog.text


async def test_a_chore_without_its_database_waits_for_it_and_logs_no_error(caplog):
    with caplog.at_level(logging.WARNING, logger=chores.__name__):
        going_on = await after(StoreUnavailable(), StoreUnavailable())

    assert (True, {"WARNING"}) == (going_on, {record.levelname for record in caplog.records})


async def test_a_chore_that_is_to_wait_waits():
    chore = Chore()
    task = asyncio.ensure_future(chores._every(0.01, chore, after=60))
    await asyncio.sleep(0.05)
    task.cancel()

    assert not chore.done.is_set()


async def test_a_chore_that_is_stopped_stops():
    task = asyncio.ensure_future(chores._every(0.01, Chore()))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
