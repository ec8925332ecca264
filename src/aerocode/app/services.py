"""Everything the house runs on, opened in order and closed in reverse. The one place where the hands are filled."""

from collections.abc import AsyncIterator
from collections.abc import Mapping
from contextlib import AsyncExitStack
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aerocode.api.applications import ApplicationHandlers
from aerocode.api.connectors import ConnectorHandlers
from aerocode.api.delivery import DeliveryHandlers
from aerocode.api.house import HouseHandlers
from aerocode.api.limits import LimitHandlers
from aerocode.api.lists import ListHandlers
from aerocode.api.lists import TestNumberHandlers
from aerocode.api.messages import MessageHandlers
from aerocode.api.routes import Api
from aerocode.api.routes import Handlers
from aerocode.api.routes import routes
from aerocode.api.sign_in_exp import SignInExpHandlers
from aerocode.api.unlocks import UnlockHandlers
from aerocode.api.verifications import VerificationHandlers
from aerocode.api.who import CONTROL
from aerocode.api.who import Who
from aerocode.app import beginnings
from aerocode.app.chores import Chores
from aerocode.app.datadir import DataDir
from aerocode.app.datadir import DataMode
from aerocode.app.delivering import Delivering
from aerocode.app.delivering import delivering
from aerocode.app.housekeeping import Housekeeper
from aerocode.app.metrics import Metrics
from aerocode.app.rules import Bounded
from aerocode.app.settings import Settings
from aerocode.app.store import Store
from aerocode.crypto import fingerprint
from aerocode.errors import CannotStart
from aerocode.phone import Countries
from aerocode.smsaero import Transport
from aerocode.verify.engine import Engine

if TYPE_CHECKING:
    from aerocode.sandbox import Sandbox
_PORTS = {"https": 443, "http": 80}


@dataclass(frozen=True, slots=True)
class Services:
    settings: Settings
    mode: DataMode
    api: Api
    store: Store
    metrics: Metrics
    sandbox: "Sandbox | None"
    chores: Chores
    post: Delivering


@asynccontextmanager
async def open_services(
    settings: Settings, mode: DataMode, data: DataDir, control_token: str, *, sandbox_port: int
) -> AsyncIterator[Services]:
    """The caller holds the database's lock. Raises CannotStart, with everything opened so far closed again."""
    async with AsyncExitStack() as stack:
        sandbox = await _sandbox(sandbox_port, settings.public_url, stack) if mode is DataMode.SANDBOX else None
        keyring = data.keyring()
        store = await data.database.open(keyring)
        stack.push_async_callback(store.close)
        await beginnings.mark(store, data, mode)
        gates = (sandbox.url,) if sandbox is not None else settings.gates_in_order
        transport = await stack.enter_async_context(Transport(gates, timeout=settings.gate_timeout))
        await beginnings.seed(store, settings, mode)
        metrics, rules = Metrics(), _rules(store, settings)
        post = await stack.enter_async_context(delivering(settings, store, rules, keyring, transport, metrics))
        countries = Countries(settings.default_region, settings.allowed_countries)
        engine = Engine(
            verifications=store.verifications,
            settings=rules,
            delivery=post.live,
            keyring=keyring,
            countries=countries,
            meter=metrics,
        )
        stack.push_async_callback(engine.finish)
        chores = Chores(store, post, retention=settings.retention, gate_timeout=settings.gate_timeout)
        stack.push_async_callback(chores.stop)
        chores.start()
        housekeeper = Housekeeper(store, data, keyring, settings.retention)
        hands = _hands(settings, mode, store, engine, post, countries, housekeeper, metrics)
        api = await _api(hands, store, _fixed_keys(settings, control_token))
        yield Services(settings, mode, api, store, metrics, sandbox, chores, post)


def _hands(
    settings: Settings,
    mode: DataMode,
    store: Store,
    engine: Engine,
    post: Delivering,
    countries: Countries,
    housekeeper: Housekeeper,
    metrics: Metrics,
) -> Handlers:
    """What each handler may touch, and nothing else."""
    return Handlers(
        verifications=VerificationHandlers(engine, store.reader, countries),
        messages=MessageHandlers(store.reader, countries),
        connectors=ConnectorHandlers(store.connectors, post.tester, store, post.checker),
        sign_in_exp=SignInExpHandlers(store.settings),
        applications=ApplicationHandlers(store.applications, store),
        unlocks=UnlockHandlers(store.budgets, countries),
        limits=LimitHandlers(store.settings, settings.daily_budget),
        lists=ListHandlers(store.lists, countries, store),
        test_numbers=TestNumberHandlers(store.test_numbers, countries, store, endless=mode is DataMode.SANDBOX),
        delivery=DeliveryHandlers(post.reports, post.watch.asked),
        house=HouseHandlers(store, housekeeper, countries, metrics.text),
    )


async def _api(hands: Handlers, store: Store, fixed: Mapping[bytes, str]) -> Api:
    table = routes(hands)
    hands.house.describe(table)
    nobody = await beginnings.default_application(store)
    return Api(table, Who(store.applications, fixed), nobody)


def _rules(store: Store, settings: Settings) -> Bounded:
    return Bounded(
        store.settings,
        store.lists,
        store.test_numbers,
        mode=settings.limits,
        daily_budget=settings.daily_budget,
    )


def _fixed_keys(settings: Settings, control_token: str) -> dict[bytes, str]:
    fixed = {fingerprint(control_token): CONTROL}
    if settings.api_key is not None:
        fixed[fingerprint(settings.api_key.reveal())] = "settings"
    return fixed


async def _sandbox(port: int, public_url: str | None, stack: AsyncExitStack) -> "Sandbox":
    # Its server library would be a fifth of the memory of a live server, which has no use for it.
    from aerocode.sandbox import Sandbox  # noqa: PLC0415

    # It calls back to us and to nobody else.
    ours = urlsplit(public_url or "")
    sandbox = Sandbox(callback_ports=() if ours.hostname is None else (ours.port or _PORTS[ours.scheme],))
    try:
        await sandbox.start(port=port)
    except OSError as cause:
        raise CannotStart(f"The sandbox's port {port} is taken; set AEROCODE_SANDBOX_PORT.") from cause
    stack.push_async_callback(sandbox.stop)
    return sandbox
