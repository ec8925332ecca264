"""The sandbox as a server on the running event loop, for this machine only."""

from collections.abc import Awaitable
from collections.abc import Callable
from typing import Self
from urllib.parse import urlsplit

from aiohttp import web

from aerocode.sandbox.control import Control
from aerocode.sandbox.faults import BY_NAME
from aerocode.sandbox.gate import Gate
from aerocode.sandbox.inbox import Message
from aerocode.sandbox.inbox import digits
from aerocode.sandbox.pages import Pages
from aerocode.sandbox.state import State
from aerocode.smsaero.gates import is_loopback

_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Sandbox:
    """A double of the gate: `async with Sandbox()` for port 8081, or `start` and `stop` by hand.

    `deliver_after` is seconds until an ordinary message is delivered, `slow_after` seconds the fault `slow` waits.
    What `/control` does over HTTP the methods here do in the same process.
    """

    def __init__(self, *, deliver_after: float = 2.0, slow_after: float = 2.0) -> None:
        self._state = State(deliver_after=deliver_after, slow_after=slow_after)
        self._runner: web.AppRunner | None = None

    async def start(self, host: str = "127.0.0.1", port: int = 8081) -> None:
        """Listen; port 0 takes any free one.

        Raises:
            ValueError: the host is not an address of this machine alone.
            OSError: the port is taken.
            RuntimeError: it runs already.

        """
        if not is_loopback(host):
            # It takes any credentials and shows every code: nobody else may reach it.
            raise ValueError("the sandbox listens on loopback only")
        if self._runner is not None:
            raise RuntimeError("the sandbox runs already")
        self._state.stopping.clear()
        app = web.Application(middlewares=[_loopback_only], client_max_size=65_536)
        for part in (Gate(self._state), Control(self._state), Pages(self._state)):
            app.add_routes(part.routes())
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError:
            await runner.cleanup()
            raise
        self._runner = runner

    async def stop(self) -> None:
        """Drop every connection, hanging ones too. Messages and faults stay for the next `start`."""
        self._state.stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def port(self) -> int:
        return int(self._address()[1])

    @property
    def url(self) -> str:
        """Base address, fit to be a gate: `http://127.0.0.1:8081`."""
        host, port = self._address()
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    @property
    def accepted(self) -> int:
        """SMS taken since the beginning, forgotten ones too."""
        return self._state.accepted

    @property
    def requests(self) -> int:
        """Requests that reached `sms/send`, refused ones too."""
        return self._state.requests

    @property
    def redirects_followed(self) -> int:
        return self._state.followed

    def messages(self, phone: str | None = None) -> list[Message]:
        """The inbox, oldest first; `phone` in any form."""
        return list(self._state.inbox.read(None if phone is None else digits(phone)))

    def fault(self, name: str | None, *, phone: str | None = None, times: int | None = None) -> None:
        """Set a fault of the table for one phone or for all, for `times` sends or until cleared; None clears.

        Raises:
            KeyError: no fault has that name.

        """
        number = None if phone is None else digits(phone)
        if name is None:
            self._state.script.clear(number)
        else:
            self._state.script.set(BY_NAME[name], phone=number, times=times)

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock forward."""
        self._state.advanced += seconds

    def clear(self) -> None:
        """Empty the inbox; `sms/status` still knows what was in it."""
        self._state.inbox.clear()

    def _address(self) -> tuple[str, int]:
        if self._runner is None:
            raise RuntimeError("the sandbox does not run")
        host, port, *_ = self._runner.addresses[0]
        return host, port


@web.middleware
async def _loopback_only(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuse other Host names: a page whose name is rebound to 127.0.0.1 would otherwise read the codes."""
    try:
        host = urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    except ValueError:
        host = ""
    if not is_loopback(host):
        return web.Response(status=403, text="The sandbox answers to loopback names only.")
    return await handler(request)
