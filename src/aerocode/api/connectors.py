"""Connectors over Logto's routes: factories, the saved connector, and the tester."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aerocode import errors
from aerocode.api import bodies
from aerocode.api import render
from aerocode.api.exchange import Answer
from aerocode.api.exchange import Ask
from aerocode.api.exchange import Parameter
from aerocode.connectors.kit import Factory
from aerocode.connectors.kit import factories
from aerocode.crypto import new_short_id
from aerocode.delivery.checker import Checker
from aerocode.delivery.tester import Tester
from aerocode.delivery.tester import Trial
from aerocode.model.audit import By
from aerocode.model.connector import ConnectorVersion
from aerocode.model.connector import SavedConnector
from aerocode.model.sign_in import SignIn
from aerocode.ports import Clock
from aerocode.ports import Connectors
from aerocode.verify.sign_in import let_go

FORCE = Parameter(name="force", description="`true` removes it though people sign in with its codes.")


@dataclass(frozen=True, slots=True)
class ConnectorHandlers:
    connectors: Connectors
    tester: Tester
    clock: Clock
    checker: Checker

    async def factories(self, ask: Ask[None]) -> Answer:  # noqa: ARG002 - every handler has the same shape
        return Answer(200, [render.factory(factory) for factory in factories.values()])

    async def factory(self, ask: Ask[None]) -> Answer:
        if ask.path["id"] not in factories:
            raise errors.EntityNotFound
        return Answer(200, render.factory(factories[ask.path["id"]]))

    async def many(self, ask: Ask[None]) -> Answer:
        live = await self.connectors.live()
        shown = [] if live is None or live.factory not in factories else [_shown(live)]
        target = ask.query.get("target")
        return Answer(200, [row for row in shown if target is None or row["target"] == target])

    async def one(self, ask: Ask[None]) -> Answer:
        return Answer(200, _shown(await self._known(ask.path["id"])))

    async def add(self, ask: Ask[bodies.ConnectorBody]) -> Answer:
        body = ask.body
        factory = factories.get(body.connector_id)
        if factory is None:
            raise errors.UnknownFactory
        _refuse_extras(sync_profile=body.sync_profile, token_storage=body.enable_token_storage)
        new = SavedConnector(
            id=body.id or new_short_id(),
            factory=factory.id,
            config=_valid(factory, body.config),
            metadata=body.metadata,
            created_at=await self.clock.now(),
        )
        saved = await self.connectors.replace(new, by=_by(ask))
        self.checker.saved(saved.factory, saved.config)
        return Answer(200, _shown(saved))

    async def change(self, ask: Ask[bodies.ConnectorChangeBody]) -> Answer:
        body, saved = ask.body, await self._known(ask.path["id"])
        if not body.model_fields_set:
            raise errors.EntityInvalid
        if body.metadata is not None:
            raise errors.MetadataFixed
        _refuse_extras(sync_profile=bool(body.sync_profile), token_storage=bool(body.enable_token_storage))
        if body.config is None:
            return Answer(200, _shown(saved))
        factory = factories[saved.factory]
        config = _valid(factory, factory.with_secret_kept(body.config, saved.config))
        changed = await self.connectors.change(saved.id, config, by=_by(ask))
        self.checker.saved(changed.factory, changed.config)
        return Answer(200, _shown(changed))

    async def remove(self, ask: Ask[None]) -> Answer:
        """Codes for sign-in would stop silently, so that takes `?force=true`."""
        forced = ask.query.get("force") == "true"

        def allow(sign_in: SignIn) -> None:
            let_go(sign_in, forced=forced)

        await self.connectors.remove(ask.path["id"], allow, by=_by(ask))
        return Answer(204)

    async def check(self, ask: Ask[bodies.ConnectorCheckBody]) -> Answer:
        """What is wrong with a config and what will surprise; nothing is sent or saved."""
        config = await self._with_secret(ask.path["id"], ask.body.config)
        checked = await self.checker.check(ask.path["id"], config)
        told = {"faults": checked.faults, "warnings": checked.warnings, "account": checked.account}
        return Answer(200, {name: [render.fault(fault) for fault in faults] for name, faults in told.items()})

    async def versions(self, ask: Ask[None]) -> Answer:  # noqa: ARG002 - every handler has the same shape
        kept = await self.connectors.versions()
        return Answer(200, {"versions": [_version(one) for one in kept if one.connector.factory in factories]})

    async def restore(self, ask: Ask[bodies.RestoreBody]) -> Answer:
        restored = await self.connectors.restore(ask.path["id"], ask.body.version, _admit, by=_by(ask))
        return Answer(200, _shown(restored))

    async def test(self, ask: Ask[bodies.ConnectorTestBody]) -> Answer:
        """204 with the address of the message, which tells what the gate answers from then on."""
        body = ask.body
        if ask.path["id"] in factories and body.phone is None:
            if body.email is not None:
                raise errors.WrongConnectorType
            raise errors.InvalidInput([errors.Fault(("phone",), "custom", "Give the phone to send the test to.")])
        message = await self.tester.test(
            Trial(
                factory=ask.path["id"],
                config=await self._with_secret(ask.path["id"], body.config),
                phone=body.phone or "",
                application=ask.caller.application,
                caller=ask.caller.key,
                locale=body.locale,
            )
        )
        return Answer(204, headers={"location": f"/api/messages/{message.id}"})

    async def _with_secret(self, factory_id: str, config: Mapping[str, Any]) -> Mapping[str, Any]:
        """A config read back with its key masked can be tested as it is, if it is about the same account."""
        live = await self.connectors.live()
        if live is None or live.factory != factory_id:
            return config
        return factories[factory_id].with_secret_kept(config, live.config)

    async def _known(self, connector_id: str) -> SavedConnector:
        found = await self.connectors.connector(connector_id)
        if found is None or found.factory not in factories:
            raise errors.EntityNotFound
        return found


def _by(ask: Ask[Any]) -> By:
    return By(actor=ask.caller.key)


def _admit(saved: SavedConnector) -> None:
    """What was fit to send with once may be refused by a later guard."""
    if saved.factory not in factories:
        raise errors.UnknownFactory
    _valid(factories[saved.factory], saved.config)


def _version(value: ConnectorVersion) -> dict[str, Any]:
    return render.version(value, factories[value.connector.factory])


def _valid(factory: Factory, config: Mapping[str, Any]) -> Mapping[str, Any]:
    faults = factory.faults(config)
    if faults:
        raise errors.InvalidConfig(faults)
    return factory.clean(config)


def _refuse_extras(*, sync_profile: bool, token_storage: bool) -> None:
    if sync_profile:
        raise errors.ProfileSyncUnsupported
    if token_storage:
        raise errors.TokenStorageUnsupported


def _shown(saved: SavedConnector) -> dict[str, Any]:
    return render.connector(saved, factories[saved.factory])
