"""The delivery room, furnished: all of its parts over one transport and one store."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aerocode.app.settings import Settings
from aerocode.app.store import Store
from aerocode.connectors.traces import Traces
from aerocode.crypto import Keyring
from aerocode.delivery.checker import Checker
from aerocode.delivery.follow import Follower
from aerocode.delivery.recall import Recall
from aerocode.delivery.reconciler import Reconciler
from aerocode.delivery.reports import Reports
from aerocode.delivery.sending import LiveDelivery
from aerocode.delivery.tester import Tester
from aerocode.delivery.watch import Watch
from aerocode.phone import Countries
from aerocode.ports import Meter
from aerocode.ports import Settings as Rules
from aerocode.smsaero import Transport
from aerocode.verify.codes import Codes


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivering:
    live: LiveDelivery
    tester: Tester
    checker: Checker
    reports: Reports
    reconciler: Reconciler
    watch: Watch


@asynccontextmanager
async def delivering(
    settings: Settings, store: Store, rules: Rules, keyring: Keyring, transport: Transport, meter: Meter
) -> AsyncIterator[Delivering]:
    traces = Traces(keyring, settings.public_url)
    live = LiveDelivery(store.connectors, transport, traces)
    countries = Countries(settings.default_region, settings.allowed_countries)
    recall = Recall(store.messages, store.applications, Codes(keyring).take_up)
    async with AsyncExitStack() as stack:
        follower, checker = Follower(store.messages), Checker(rules, transport)
        for part in (follower, checker):
            stack.push_async_callback(part.close)
        yield Delivering(
            live=live,
            tester=Tester(store.messages, rules, transport, countries, follower, traces),
            checker=checker,
            reports=Reports(store.messages, traces),
            reconciler=Reconciler(store.messages, live, recall),
            watch=Watch(store.reader, live, meter, settings.balance_warning),
        )
