"""What the proofs work with: the whole application in this process, a gate to script, and the words they share."""

import copy
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app_words import CONFIG
from app_words import FACTORY
from app_words import fresh_phone
from app_words import wrong
from recorder import recording

from aerocode.connectors.kit import SMS_AERO
from aerocode.crypto import Secret
from aerocode.model.states import UsageType
from aerocode.phone import Phone
from aerocode.ports import Order
from aerocode.smsaero import Transport

CONNECTORS = "/api/connectors"
TEST = f"{CONNECTORS}/{FACTORY}/test"
SEND, VERIFY = "/api/verification-codes", "/api/verification-codes/verify"
SETTINGS = "/api/sign-in-exp"
PLAIN_SETTINGS = {
    "signInMode": "SignInAndRegister",
    "signUp": {"identifiers": ["username"], "password": True, "verify": False},
    "signIn": {
        "methods": [{"identifier": "username", "password": True, "verificationCode": False, "isPasswordPrimary": True}]
    },
    "forgotPasswordMethods": None,
    "mfa": {"factors": [], "policy": "UserControlled"},
    "passwordExpiration": {"enabled": False},
    "verificationCodePolicy": {},
}
ORDER = Order(
    message_id="m1",
    phone=Phone("+79123456789"),
    usage_type=UsageType.GENERIC,
    code=Secret("482913"),
    life=timedelta(seconds=300),
    locale="",
    app_name="Shop",
    payload={},
)


@dataclass
class World:
    house: Any
    caplog: Any
    phone: str

    @property
    def owner(self):
        return self.house.owner

    @property
    def sandbox(self):
        return self.house.sandbox

    @property
    def config(self):
        return copy.deepcopy(CONFIG)

    def other_phone(self):
        return fresh_phone()

    async def somebody(self):
        """A key of its own, since tests are counted by key."""
        return await self.house.holder("connectors:write", "connectors:read", "messages:read", "verifications:write")

    async def saved(self):
        (row,) = (await self.owner.get(CONNECTORS)).body
        return row

    async def save(self, **changes):
        return await self.owner.post(CONNECTORS, {"connectorId": FACTORY, "config": {**self.config, **changes}})

    async def remove(self):
        return await self.owner.ask("DELETE", f"{CONNECTORS}/{(await self.saved())['id']}")

    async def tried(self, phone=None, **config):
        """The answer of the connector tester, asked by somebody."""
        caller = await self.somebody()
        return await caller.post(TEST, {"phone": phone or self.phone, "config": {**self.config, **config}})

    async def send(self, phone=None):
        return await self.owner.post(SEND, {"phone": (phone or self.phone)[1:]})

    async def verify(self, code, phone=None):
        return await self.owner.post(VERIFY, {"phone": (phone or self.phone)[1:], "verificationCode": code})

    async def set(self, **parts):
        return await self.owner.ask("PATCH", SETTINGS, parts)

    def code(self, phone=None):
        return self.house.code(phone or self.phone)

    def wrong(self, phone=None):
        return wrong(self.code(phone))

    def messages(self, phone=None):
        return self.sandbox.messages(phone or self.phone)

    async def rows(self, question, values=()):
        run = self.house.services.store._writer.run
        return [tuple(row) for row in await run(lambda database, _: database.execute(question, values).fetchall())]

    @asynccontextmanager
    async def gate(self):
        """A line of the SMS Aero connector, and the gate it sends to."""
        async with recording() as recorder, Transport([recorder.url], timeout=1.0) as transport:
            yield SMS_AERO.line(self.config, transport), recorder
