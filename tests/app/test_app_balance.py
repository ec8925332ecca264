"""The account's money: asked for, counted, and warned of once."""

import logging
from decimal import Decimal

import pytest
from app_processes import born
from app_processes import run
from app_words import opened

pytestmark = pytest.mark.anyio


@pytest.fixture
async def house(anyio_backend, tmp_path):
    async with opened(tmp_path / "data", balance_warning=Decimal(500)) as house:
        await house.services.chores.stop()
        yield house


async def told(house, balance, caplog):
    house.sandbox._state.balance = balance
    caplog.clear()
    with caplog.at_level(logging.WARNING, logger="aerocode.delivery.watch"):
        await house.services.post.watch.balance()
    return [record.getMessage() for record in caplog.records]


async def test_the_balance_is_a_gauge(house, owner, caplog):
    await told(house, 1389.26, caplog)

    assert b"aerocode_balance_roubles 1389.26" in (await owner.get("/metrics")).raw


async def test_a_low_balance_is_warned_of_once_and_again_after_it_was_filled_up(house, caplog):
    warnings = [len(await told(house, balance, caplog)) for balance in (500, 499.99, 400, 600, 100)]

    assert [0, 1, 0, 0, 1] == warnings


async def test_a_gate_that_does_not_tell_is_no_warning(house, caplog):
    house.sandbox.fault("error_500", path="balance")

    assert [] == await told(house, 1.0, caplog)


async def test_without_a_connector_nobody_is_asked(house, owner, caplog):
    (saved,) = (await owner.get("/api/connectors")).body
    await owner.ask("DELETE", f"/api/connectors/{saved['id']}")

    assert [] == await told(house, 1.0, caplog)


async def test_only_the_servers_own_command_line_may_ask(owner):
    assert 403 == (await owner.post("/control/balance")).status


def test_the_command_asks_the_gate(tmp_path):
    ended = run(born(tmp_path, "--sandbox"), "balance", "--json", sandbox_port=0)

    assert (0, {"balance": "1000000.0"}) == (ended.returncode, ended.json), ended.stderr
