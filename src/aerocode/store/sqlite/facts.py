"""What is known of the installation as a whole: policy, limits, the sandbox marker, the last connector file applied."""

import json
import sqlite3

from aerocode.model.audit import By
from aerocode.model.policy import Limits
from aerocode.model.policy import Policy
from aerocode.model.sign_in import Experience
from aerocode.model.sign_in import ExperienceChange
from aerocode.model.sign_in import SignIn
from aerocode.ports import LimitsChange
from aerocode.store.rules import from_limits
from aerocode.store.rules import from_policy
from aerocode.store.rules import to_limits
from aerocode.store.rules import to_policy
from aerocode.store.sign_in import from_sign_in
from aerocode.store.sign_in import to_sign_in
from aerocode.store.sql import statements
from aerocode.store.sqlite.audit import write_down
from aerocode.store.sqlite.writer import Writer

SQL = statements("sqlite", "facts")


class SqliteFacts:
    """Implements `ports.Rules`. One process owns the database, so what was read once stays true until it writes."""

    def __init__(self, writer: Writer) -> None:
        self._writer = writer
        self._policy: Policy | None = None
        self._limits: Limits | None = None
        self._sign_in = SignIn()

    async def load(self) -> None:
        """What the operator decided before; nothing in a new database."""
        policy, limits = await self.fact("policy"), await self.fact("limits")
        self._policy = to_policy(json.loads(policy)) if policy else None
        self._limits = to_limits(json.loads(limits)) if limits else None
        sign_in = await self.fact("sign_in")
        self._sign_in = to_sign_in(json.loads(sign_in)) if sign_in else SignIn()

    async def fact(self, name: str) -> str | None:
        return await self._writer.run(lambda database, _: _fact(database, name))

    async def put(self, name: str, value: str) -> None:
        await self._writer.run(lambda database, _: database.execute(SQL["put"], {"name": name, "value": value}))

    async def seed(self, name: str, value: str) -> str:
        """Write it if it is not there yet; what is there now."""
        return await self._writer.run(lambda database, _: _seed(database, name, value))

    async def seed_policy(self, policy: Policy, limits: Limits) -> None:
        """The operator's file speaks once; afterwards the database does."""
        self._policy = to_policy(json.loads(await self.seed("policy", json.dumps(from_policy(policy)))))
        self._limits = to_limits(json.loads(await self.seed("limits", json.dumps(from_limits(limits)))))

    async def policy(self) -> Policy:
        return self._policy or Policy()

    async def limits(self) -> Limits:
        return self._limits or Limits()

    async def experience(self) -> Experience:
        return Experience(policy=await self.policy(), sign_in=self._sign_in)

    async def change_experience(self, change: ExperienceChange, subject: str, *, by: By) -> Experience:
        new = await self._writer.run(lambda database, now: _change_experience(database, now, change, subject, by))
        self._policy, self._sign_in = new.policy, new.sign_in
        return new

    async def change_limits(self, change: LimitsChange, subject: str, *, by: By) -> Limits:
        self._limits = await self._writer.run(lambda database, now: _change_limits(database, now, change, subject, by))
        return self._limits


def _fact(database: sqlite3.Connection, name: str) -> str | None:
    row = database.execute(SQL["fact"], {"name": name}).fetchone()
    return None if row is None else row["value"]


def _change_experience(
    database: sqlite3.Connection, now: int, change: ExperienceChange, subject: str, by: By
) -> Experience:
    """Read and written in one transaction: of two changes at once, each keeps what the other changed."""
    policy, sign_in = _fact(database, "policy"), _fact(database, "sign_in")
    old = Experience(
        policy=to_policy(json.loads(policy)) if policy else Policy(),
        sign_in=to_sign_in(json.loads(sign_in)) if sign_in else SignIn(),
    )
    new = change(old, database.execute(SQL["any_connector"], {"type": "Sms"}).fetchone() is not None)
    database.execute(SQL["put"], {"name": "policy", "value": json.dumps(from_policy(new.policy))})
    database.execute(SQL["put"], {"name": "sign_in", "value": json.dumps(from_sign_in(new.sign_in))})
    write_down(database, now, by, "sign_in_exp", subject)
    return new


def _change_limits(database: sqlite3.Connection, now: int, change: LimitsChange, subject: str, by: By) -> Limits:
    """Read and written in one transaction: of two changes at once, each keeps what the other changed."""
    stored = _fact(database, "limits")
    limits = change(to_limits(json.loads(stored)) if stored else Limits())
    database.execute(SQL["put"], {"name": "limits", "value": json.dumps(from_limits(limits))})
    write_down(database, now, by, "limits", subject)
    return limits


def _seed(database: sqlite3.Connection, name: str, value: str) -> str:
    database.execute(SQL["seed"], {"name": name, "value": value})
    stored = _fact(database, name)
    return value if stored is None else stored
