"""Requests that a running Logto was asked, asked of us: equal status, code and issue paths, or the better answer.

`exchanges.json` holds both. `before` is what has to have happened: the other requests of that run, as far as this one
depends on them.
"""

import json
from pathlib import Path

import pytest
from app_words import FACTORY
from world import CONNECTORS

pytestmark = pytest.mark.anyio

EXCHANGES = json.loads(Path(__file__).with_name("exchanges.json").read_text())
AERO = {
    "email": "user@example.com",
    "apiKey": "secret-key",
    "senderName": "SMS Aero",
    "templates": [
        {"usageType": usage, "content": f"{usage} code {{{{code}}}}"}
        for usage in ("SignIn", "Register", "ForgotPassword", "Generic")
    ],
}


class Stage:
    """One step before an exchange, by its name."""

    def __init__(self, world):
        self.world = world

    async def remove(self):
        await self.world.remove()

    async def save(self):
        await self.world.owner.post(CONNECTORS, {"connectorId": FACTORY, "config": AERO})

    async def send(self):
        assert 204 == (await self.world.send()).status

    async def sends(self, count):
        for _ in range(int(count)):
            await self.world.send()

    async def right(self):
        assert 204 == (await self.world.verify(self.world.code())).status

    async def wrong(self, count):
        for _ in range(int(count)):
            assert 400 == (await self.world.verify(self.world.wrong())).status

    async def policy(self, attempts):
        policy = {"maxRetryAttempts": int(attempts), "expirationDuration": 60}
        assert 200 == (await self.world.set(verificationCodePolicy=policy)).status

    async def fault(self, name):
        self.world.sandbox.fault(name)

    async def pass_(self, seconds):
        self.world.house.pass_time(int(seconds))


async def staged(world, steps):
    for step in steps:
        name, *words = step.split()
        await getattr(Stage(world), "pass_" if name == "pass" else name)(*words)


async def filled(world, text):
    """With what this run has in place of what that one had."""
    words = {"{phone}": world.phone[1:]}
    if world.messages():
        words |= {"{code}": world.code(), "{wrong}": world.wrong(), "{first code}": world.messages()[0].code}
    if "{connector}" in text:
        words["{connector}"] = (await world.saved())["id"]
    for word, value in words.items():
        text = text.replace(word, value)
    return text.replace('"AERO"', json.dumps(AERO))


async def asked(world, exchange):
    raw = exchange.get("body")
    if raw is not None and not isinstance(raw, str):
        raw = json.dumps(raw)
    data = None if raw is None else (await filled(world, raw)).encode()
    path = await filled(world, exchange["path"])
    caller = await world.somebody() if path.endswith("/test") else world.owner
    return await caller.ask(exchange["method"], path, raw=data, headers=exchange.get("headers"))


@pytest.mark.parametrize("exchange", EXCHANGES, ids=[exchange["name"] for exchange in EXCHANGES])
async def test_an_exchange_ends_as_with_logto_or_better(world, exchange):
    await staged(world, exchange.get("before", []))
    answer = await asked(world, exchange)
    expected = exchange.get("better", exchange["logto"])
    refused = isinstance(answer.body, dict) and "code" in answer.body
    issues = [issue["path"] for issue in answer.body.get("data", {}).get("issues", [])] if refused else []

    assert (expected["status"], expected["code"], sorted(expected["issues"])) == (
        answer.status,
        answer.body["code"] if refused else None,
        sorted(issues),
    )


def test_a_better_answer_is_another_answer_and_says_what_is_gained():
    for exchange in EXCHANGES:
        if "better" in exchange:
            better = dict(exchange["better"])
            assert better.pop("gain").endswith(".")
            assert better != exchange["logto"], exchange["name"]


def test_the_page_tells_how_many_there_are():
    page = (Path(__file__).parents[2] / "docs" / "reference" / "logto.md").read_text()
    better = sum("better" in exchange for exchange in EXCHANGES)
    assert f"holds {len(EXCHANGES)} requests" in page
    assert f"{len(EXCHANGES) - better} are answered with the same status" in page
    assert f"the other {better}\n" in page
