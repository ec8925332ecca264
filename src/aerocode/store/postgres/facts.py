"""What is known of the installation as a whole: policy, limits, the sandbox marker, the last connector file applied."""

import json

from aerocode.model.audit import By
from aerocode.model.policy import Limits
from aerocode.model.policy import Policy
from aerocode.model.sign_in import Experience
from aerocode.model.sign_in import ExperienceChange
from aerocode.model.sign_in import SignIn
from aerocode.ports import LimitsChange
from aerocode.store.postgres.audit import write_down
from aerocode.store.postgres.pool import Pool
from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import statements
from aerocode.store.postgres.watch import Watch
from aerocode.store.rules import from_limits
from aerocode.store.rules import from_policy
from aerocode.store.rules import to_limits
from aerocode.store.rules import to_policy
from aerocode.store.sign_in import from_sign_in
from aerocode.store.sign_in import to_sign_in

SQL = statements("facts")


class PostgresFacts:
    """Implements `ports.Rules`. What was read once stays true until the version moves."""

    def __init__(self, pool: Pool, watch: Watch) -> None:
        self._pool = pool
        self._watch = watch
        self._policy: Policy | None = None
        self._limits: Limits | None = None
        self._sign_in = SignIn()
        watch.remember(self._load)

    async def fact(self, name: str) -> str | None:
        async with self._pool.transaction() as session:
            return await _fact(session, name)

    async def put(self, name: str, value: str) -> None:
        async with self._watch.change() as session:
            await session.do(SQL["put"], {"name": name, "value": value})

    async def seed(self, name: str, value: str) -> str:
        """Write it if it is not there yet; what is there now."""
        found = await self.fact(name)
        if found is not None:
            return found
        async with self._watch.change() as session:
            await session.do(SQL["seed"], {"name": name, "value": value})
            stored = await _fact(session, name)
        return value if stored is None else stored

    async def seed_policy(self, policy: Policy, limits: Limits) -> None:
        """The operator's file speaks once; afterwards the database does."""
        await self.seed("policy", json.dumps(from_policy(policy)))
        await self.seed("limits", json.dumps(from_limits(limits)))

    async def policy(self) -> Policy:
        return self._policy or Policy()

    async def limits(self) -> Limits:
        return self._limits or Limits()

    async def experience(self) -> Experience:
        return Experience(policy=await self.policy(), sign_in=self._sign_in)

    async def change_experience(self, change: ExperienceChange, subject: str, *, by: By) -> Experience:
        async with self._watch.change() as session:
            policy, sign_in = await _fact(session, "policy"), await _fact(session, "sign_in")
            old = Experience(
                policy=to_policy(json.loads(policy)) if policy else Policy(),
                sign_in=to_sign_in(json.loads(sign_in)) if sign_in else SignIn(),
            )
            new = change(old, await session.one(SQL["any_connector"], {"type": "Sms"}) is not None)
            await session.do(SQL["put"], {"name": "policy", "value": json.dumps(from_policy(new.policy))})
            await session.do(SQL["put"], {"name": "sign_in", "value": json.dumps(from_sign_in(new.sign_in))})
            await write_down(session, by, "sign_in_exp", subject)
        return new

    async def change_limits(self, change: LimitsChange, subject: str, *, by: By) -> Limits:
        # One change happens at a time: of two at once, each keeps what the other changed.
        async with self._watch.change() as session:
            stored = await _fact(session, "limits")
            limits = change(to_limits(json.loads(stored)) if stored else Limits())
            await session.do(SQL["put"], {"name": "limits", "value": json.dumps(from_limits(limits))})
            await write_down(session, by, "limits", subject)
        return limits

    async def _load(self, session: Session) -> None:
        policy, limits = await _fact(session, "policy"), await _fact(session, "limits")
        self._policy = to_policy(json.loads(policy)) if policy else None
        self._limits = to_limits(json.loads(limits)) if limits else None
        sign_in = await _fact(session, "sign_in")
        self._sign_in = to_sign_in(json.loads(sign_in)) if sign_in else SignIn()


async def _fact(session: Session, name: str) -> str | None:
    row = await session.one(SQL["fact"], {"name": name})
    return None if row is None else str(row["value"])
