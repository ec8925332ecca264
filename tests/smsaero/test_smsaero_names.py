"""Where a gate's name leads: asked anew for each connection, and one dead address does not cost the others' time."""

import contextlib
import socket
import time

import pytest
from raw_gate import OK
from raw_gate import SMS
from raw_gate import talking

from aerocode.smsaero import SmsAero
from aerocode.smsaero import Transport
from aerocode.smsaero.pool import Pool

pytestmark = pytest.mark.anyio


@pytest.fixture
def leads(monkeypatch):
    """Tells where a name leads, without asking a real name server."""
    known, told = socket.getaddrinfo, {}

    def look_up(host, port, *args, **kwargs):
        if host not in told:
            return known(host, port, *args, **kwargs)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", where) for where in told[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return told


def where(address):
    host, port = address.removeprefix("http://").split(":")
    return host, int(port)


@pytest.fixture
def mute():
    """An address that answers no attempt to connect: its queue is full, as if a firewall dropped what comes."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listener.getsockname())
        yield listener.getsockname()


async def test_a_name_is_looked_up_anew_for_each_connection(credentials, leads):
    async with (
        talking([OK]) as (first, one),
        talking([OK]) as (second, other),
        Transport(["http://localhost"], timeout=1.0) as transport,
    ):
        leads["localhost"] = [where(first)]
        await SmsAero(credentials, transport=transport).send(**SMS)
        leads["localhost"] = [where(second)]
        (pool,) = transport._pools.values()
        await pool.close()
        transport._pools = {"http://localhost": Pool("http://localhost")}
        await SmsAero(credentials, transport=transport).send(**SMS)

    assert ([1], [1]) == ([len(requests) for requests in one], [len(requests) for requests in other])


async def test_an_address_that_refuses_gives_way_to_the_next(credentials, leads):
    async with talking([OK]) as (address, _), Transport(["http://localhost"], timeout=1.0) as transport:
        leads["localhost"] = [("127.0.0.1", 1), where(address)]

        assert 1 == (await SmsAero(credentials, transport=transport).send(**SMS)).id


async def test_an_address_that_never_answers_costs_a_quarter_of_a_second(credentials, leads, mute):
    async with talking([OK]) as (address, _), Transport(["http://localhost"], timeout=5.0) as transport:
        leads["localhost"] = [mute, where(address)]
        began = time.monotonic()
        await SmsAero(credentials, transport=transport).send(**SMS)

    assert 0.2 < time.monotonic() - began < 1.0
