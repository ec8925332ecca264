"""Applications and their keys. A key's text leaves here once, in the answer that made it."""

from dataclasses import dataclass

from aerocode import errors
from aerocode.api import bodies
from aerocode.api import render
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Ask
from aerocode.api.expiry import refuse_past
from aerocode.crypto import fingerprint
from aerocode.crypto import new_id
from aerocode.crypto import new_token
from aerocode.model.application import DEFAULT_APPLICATION
from aerocode.model.application import INSTALLATION_SCOPES
from aerocode.model.application import ApiKey
from aerocode.ports import Applications
from aerocode.ports import Clock


@dataclass(frozen=True, slots=True)
class ApplicationHandlers:
    applications: Applications
    clock: Clock

    async def many(self, ask: Ask[None]) -> Answer:  # noqa: ARG002 - every handler has the same shape
        return Answer(200, [render.application(row) for row in await self.applications.applications()])

    async def one(self, ask: Ask[None]) -> Answer:
        found = await self.applications.application(ask.path["id"])
        if found is None:
            raise errors.EntityNotFound
        return Answer(200, render.application(found))

    async def add(self, ask: Ask[bodies.ApplicationBody]) -> Answer:
        added = await self.applications.add_application(ask.body.id, ask.body.product)
        return Answer(201, render.application(added))

    async def change(self, ask: Ask[bodies.ApplicationChangeBody]) -> Answer:
        changed = await self.applications.change_application(ask.path["id"], ask.body.product)
        return Answer(200, render.application(changed))

    async def remove(self, ask: Ask[None]) -> Answer:
        if ask.path["id"] == DEFAULT_APPLICATION:
            raise errors.EntityInvalid("The application default cannot be removed.")
        await self.applications.remove_application(ask.path["id"])
        return Answer(204)

    async def keys(self, ask: Ask[None]) -> Answer:
        return Answer(200, [render.key(row) for row in await self.applications.keys(ask.path["id"])])

    async def add_key(self, ask: Ask[bodies.KeyBody]) -> Answer:
        body, application = ask.body, ask.path["id"]
        _refuse_useless(application, body)
        token, now = new_token(), await self.clock.now()
        refuse_past(body.expires_at, now)
        key = ApiKey(
            id=new_id(),
            application=application,
            name=body.name,
            scopes=frozenset(body.scopes),
            created_at=now,
            expires_at=body.expires_at,
        )
        added = await self.applications.add_key(key, fingerprint(token))
        return Answer(201, {**render.key(added), "key": token})

    async def revoke_key(self, ask: Ask[None]) -> Answer:
        await self.applications.revoke_key(ask.path["id"], ask.path["key"])
        return Answer(204)


def _refuse_useless(application: str, body: bodies.KeyBody) -> None:
    wasted = sorted(INSTALLATION_SCOPES & set(body.scopes))
    if application != DEFAULT_APPLICATION and wasted:
        message = f"Only keys of the application default open {', '.join(wasted)}."
        raise errors.InvalidInput([errors.Fault(("scopes",), "custom", message)])
