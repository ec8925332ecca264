"""A config looked at with the account's help, before it is saved or without saving it at all."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aerocode import errors
from aerocode.connectors.kit import factories
from aerocode.ports import Settings
from aerocode.smsaero import Transport

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """`warnings` are those of the texts, `account` those that only the account can give."""

    faults: list[errors.Fault]
    warnings: list[errors.Fault]
    account: list[errors.Fault]


class Checker:
    def __init__(self, settings: Settings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport
        self._tasks: set[asyncio.Task[None]] = set()

    async def check(self, factory_id: str, config: Mapping[str, Any]) -> Checked:
        """Raises UnknownTestFactory. The account is asked only about a config without faults."""
        factory = factories.get(factory_id)
        if factory is None:
            raise errors.UnknownTestFactory
        policy = await self._settings.policy()
        faults = factory.faults(config)
        account = [] if faults else await factory.account_warnings(config, self._transport)
        return Checked(faults=faults, warnings=factory.warnings(config, life=policy.lifetime), account=account)

    def saved(self, factory_id: str, config: Mapping[str, Any]) -> None:
        """Ask the account about a config that was just saved, without keeping whoever saved it waiting."""
        task = asyncio.ensure_future(self._warn(factory_id, config))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _warn(self, factory_id: str, config: Mapping[str, Any]) -> None:
        for warning in await factories[factory_id].account_warnings(config, self._transport):
            log.warning("the saved connector: %s", warning.message)
