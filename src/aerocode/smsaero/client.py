"""SMS Aero for callers, in both colours: `SmsAero` is awaited, `SyncSmsAero` blocks. Their methods are in `methods`."""

from collections.abc import AsyncIterator
from collections.abc import Iterator
from typing import Self
from typing import TypeVar

from aerocode.smsaero.methods import Awaited
from aerocode.smsaero.methods import Blocking
from aerocode.smsaero.model import Credentials
from aerocode.smsaero.model import Page
from aerocode.smsaero.paging import Walk
from aerocode.smsaero.sync_transport import SyncTransport
from aerocode.smsaero.transport import Transport
from aerocode.smsaero.wire import Request

T = TypeVar("T")


class SmsAero(Awaited):
    """An account at SMS Aero. Cheap to build: make one per set of credentials and share the transport.

    Without a transport it has one of its own, which `async with` opens and closes.

    Every method raises `SmsAeroError` in one of its kinds, and ValueError for an argument that can't be sent. After a
    send whose error is `uncertain` the SMS may arrive; nothing here repeats it, and a caller must not either.
    """

    def __init__(self, credentials: Credentials, *, transport: Transport | None = None) -> None:
        self.credentials = credentials
        self._owns = transport is None
        self.transport = transport or Transport()

    async def __aenter__(self) -> Self:
        if self._owns:
            await self.transport.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._owns:
            await self.transport.close()

    async def perform(self, request: Request[T]) -> T:
        """Perform any request made by a function of `endpoints`."""
        return await self.transport.perform(request, self.credentials)

    async def walk(self, request: Request[Page[T]]) -> AsyncIterator[T]:
        """Iterate over the items of every page of a list."""
        walk = Walk(request)
        while walk.wanted is not None:
            for item in walk.take(await self.perform(walk.wanted)):
                yield item


class SyncSmsAero(Blocking):
    """As `SmsAero`, for code that does not await. May be shared between threads."""

    def __init__(self, credentials: Credentials, *, transport: SyncTransport | None = None) -> None:
        self.credentials = credentials
        self._owns = transport is None
        self.transport = transport or SyncTransport()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._owns:
            self.transport.close()

    def perform(self, request: Request[T]) -> T:
        """Perform any request made by a function of `endpoints`."""
        return self.transport.perform(request, self.credentials)

    def walk(self, request: Request[Page[T]]) -> Iterator[T]:
        """Iterate over the items of every page of a list."""
        walk = Walk(request)
        while walk.wanted is not None:
            yield from walk.take(self.perform(walk.wanted))
