"""The whole store on one PostgreSQL: opened here, closed here. Replicas are alike, so none of it is anybody's own."""

import time
from datetime import datetime
from datetime import timedelta

from aerocode.crypto import Keyring
from aerocode.crypto import Pseudonyms
from aerocode.crypto import new_master_key
from aerocode.errors import CannotStart
from aerocode.errors import StoreUnavailable
from aerocode.store import rows
from aerocode.store.postgres.applications import PostgresApplications
from aerocode.store.postgres.batcher import Batcher
from aerocode.store.postgres.budgets import PostgresBudgets
from aerocode.store.postgres.chores import PostgresChores
from aerocode.store.postgres.connectors import PostgresConnectors
from aerocode.store.postgres.facts import PostgresFacts
from aerocode.store.postgres.lists import PostgresLists
from aerocode.store.postgres.messages import PostgresMessages
from aerocode.store.postgres.pool import Bounds
from aerocode.store.postgres.pool import Pool
from aerocode.store.postgres.reading import PostgresReader
from aerocode.store.postgres.schema import prepare
from aerocode.store.postgres.schema import shown
from aerocode.store.postgres.session import statements
from aerocode.store.postgres.test_numbers import PostgresTestNumbers
from aerocode.store.postgres.verifications import PostgresVerifications
from aerocode.store.postgres.watch import Watch

#: Connections of one process: as many batches at once, as many other readers and changes, and one for chores.
_LANES, _OTHERS = 3, 3
#: With the batcher's patience under two seconds in all. Plans are made once, and look into indexes whatever the planner
#: thinks of tables that are empty then.
DECIDING = Bounds(
    size=_LANES,
    whole=1.1,
    connect=1.0,
    settings={
        "plan_cache_mode": "force_generic_plan",
        "enable_seqscan": "off",
        "enable_bitmapscan": "off",
    },
)
_HOUSE = Bounds(size=_OTHERS)
_CHORES = Bounds(size=1, whole=20.0, waiting=10)
#: What a batch writes, in this order: what ended makes room for what begins.
_ORDER = (
    "take_over", "spend", "end", "begin", "send_again", "take_back", "renew", "leave_ladder", "forget_rung",
    "step_down", "climb", "keep_budget", "count", "set_aside", "record", "mark", "renew_before", "prove", "ask_later",
    "ask_no_more", "remember", "answer",
)  # fmt: skip
_LAST = {"count": ("subject",), "set_aside": ()}
_NAMES = "pseudonym_key"
#: Anybody may ask whether we are ready; the database is not theirs to keep busy.
_READY_FOR = 1.0


class PostgresStore:
    """Each attribute is one port's worth of it. Made by `open_store`, on the event loop that will use it."""

    def __init__(self, pools: tuple[Pool, Pool, Pool], watch: Watch, keyring: Keyring, names: Pseudonyms) -> None:
        deciding, house, chores = self._pools = pools
        self._watch = watch
        self._keyring = keyring
        self._ready_at: float | None = None
        self._batcher = Batcher(deciding, statements("decisions") | statements("writes"), _ORDER, _LAST, lanes=_LANES)
        self.budgets = PostgresBudgets(house, names)
        self.messages = PostgresMessages(self._batcher, chores, names)
        self.verifications = PostgresVerifications(self._batcher, names, self.messages)
        self.reader = PostgresReader(house)
        self.applications = PostgresApplications(house, watch)
        self.connectors = PostgresConnectors(house, watch, keyring)
        self.settings = PostgresFacts(house, watch)
        self.lists = PostgresLists(watch, names)
        self.test_numbers = PostgresTestNumbers(watch, keyring, names)
        self.chores = PostgresChores(chores, keyring, names)

    async def now(self) -> datetime:
        return rows.to_time(self._watch.now())

    async def ready(self) -> None:
        """Raises StoreUnavailable when nothing can be written; asked of the database once a second at most."""
        if self._ready_at is None or time.monotonic() - self._ready_at >= _READY_FOR:
            if not await self._watch.look():
                raise StoreUnavailable
            self._ready_at = time.monotonic()

    async def rotate_names(self) -> None:
        """Close the key of the pseudonyms with the primary key; from then on the new one alone must do."""
        stored = await self.settings.fact(_NAMES) or ""
        key = self._keyring.decrypt(bytes.fromhex(stored), row=_NAMES)
        await self.settings.put(_NAMES, self._keyring.encrypt(key, row=_NAMES).hex())

    def shift_clock(self, by: timedelta) -> None:
        """Move this replica's idea of the store's clock; for tests and the sandbox's virtual clock alone."""
        for pool in self._pools:
            pool.offset += by // timedelta(microseconds=1)

    async def close(self) -> None:
        await self._batcher.close()
        await self.applications.close()
        await self._watch.close()
        for pool in self._pools:
            await pool.close()


async def open_store(url: str, keyring: Keyring, offset: timedelta = timedelta(0)) -> PostgresStore:
    """Open the database, or make what is needed in an empty one.

    Raises CannotStart, or CannotDecrypt when the secret key is not the one the database was written with.
    """
    await prepare(url)
    pools = (Pool(url, DECIDING, offset), Pool(url, _HOUSE, offset), Pool(url, _CHORES, offset))
    watch = Watch(pools[1])
    try:
        stored = await PostgresFacts(pools[1], Watch(pools[1])).seed(
            _NAMES, keyring.encrypt(new_master_key(), row=_NAMES).hex()
        )
        names = Pseudonyms(keyring.decrypt(bytes.fromhex(stored), row=_NAMES))
        store = PostgresStore(pools, watch, keyring, names)
        await watch.start()
    except StoreUnavailable as cause:
        await _close(pools)
        raise CannotStart(f"The database {shown(url)} cannot be used: {cause.__cause__}.") from cause
    except BaseException:
        await _close(pools)
        raise
    return store


async def _close(pools: tuple[Pool, Pool, Pool]) -> None:
    for pool in pools:
        await pool.close()
