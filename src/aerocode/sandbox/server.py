"""The sandbox as a server on the running event loop, for this machine only."""

from collections.abc import Awaitable
from collections.abc import Callable
from collections.abc import Collection
from collections.abc import Mapping
from ssl import SSLContext
from typing import Self
from urllib.parse import urlsplit

from aiohttp import web

from aerocode.sandbox.control import Control
from aerocode.sandbox.faults import BY_NAME
from aerocode.sandbox.gate import Gate
from aerocode.sandbox.inbox import Message
from aerocode.sandbox.inbox import digits
from aerocode.sandbox.methods.endpoint import WITH_IMAGE
from aerocode.sandbox.pages import Pages
from aerocode.sandbox.state import State
from aerocode.smsaero.gates import GATES
from aerocode.smsaero.gates import is_loopback

_GATES = frozenset(urlsplit(gate).hostname for gate in GATES)
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Sandbox:
    """A double of the gate: `async with Sandbox()` for port 8081, or `start` and `stop` by hand.

    `deliver_after` is seconds until an ordinary message is delivered, `slow_after` seconds the fault `slow` waits.
    `callback_ports` are the ports of this machine that a `callbackUrl` may name; None is all of them.
    What `/control` does over HTTP the methods here do in the same process.
    """

    def __init__(
        self, *, deliver_after: float = 2.0, slow_after: float = 2.0, callback_ports: Collection[int] | None = None
    ) -> None:
        self._state = State(deliver_after=deliver_after, slow_after=slow_after, callback_ports=callback_ports)
        self._gate = Gate(self._state)
        self._runner: web.AppRunner | None = None
        self._secure = False

    async def start(self, host: str = "127.0.0.1", port: int = 8081, *, tls: SSLContext | None = None) -> None:
        """Listen; port 0 takes any free one. With `tls` it speaks https.

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
        app = web.Application(middlewares=[_known_hosts_only], client_max_size=WITH_IMAGE)
        paths = [endpoint.path for endpoint in self._gate.endpoints]
        for part in (self._gate, Control(self._state, paths), Pages(self._state)):
            app.add_routes(part.routes())
        runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port, ssl_context=tls).start()
        except OSError:
            await runner.cleanup()
            raise
        await self._state.callbacks.start()
        self._runner = runner
        self._secure = tls is not None

    async def stop(self) -> None:
        """Drop every connection, hanging ones too. Messages and faults stay for the next `start`, callbacks do not."""
        self._state.stopping.set()
        if self._runner is not None:
            await self._runner.cleanup()
            await self._state.callbacks.stop()
            self._runner = None

    async def listen(self, host: str = "127.0.0.1", port: int = 0, *, tls: SSLContext | None = None) -> int:
        """Take another address beside the first, over the same account; its port.

        Raises:
            ValueError: the host is not an address of this machine alone.
            OSError: the port is taken.
            RuntimeError: it does not run.

        """
        if not is_loopback(host):
            raise ValueError("the sandbox listens on loopback only")
        if self._runner is None:
            raise RuntimeError("the sandbox does not run")
        await web.TCPSite(self._runner, host, port, ssl_context=tls).start()
        return int(self._runner.addresses[-1][1])

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
        return f"http{'s' * self._secure}://{f'[{host}]' if ':' in host else host}:{port}"

    @property
    def accepted(self) -> int:
        """SMS taken since the beginning, forgotten ones too."""
        return self._state.accepted

    @property
    def requests(self) -> int:
        """Requests that reached `sms/send`, refused ones too."""
        return self._state.calls["sms/send"]

    @property
    def calls(self) -> Mapping[str, int]:
        """Requests by method, such as `sms/status`, refused ones too."""
        return self._state.calls

    @property
    def methods(self) -> frozenset[str]:
        """All that the gate can do, such as `sms/send`."""
        return frozenset(endpoint.path for endpoint in self._gate.endpoints)

    @property
    def untested(self) -> frozenset[str]:
        """The methods that no official client calls, so that nobody's code but ours says whether they are right."""
        return frozenset(endpoint.path for endpoint in self._gate.endpoints if endpoint.untested)

    @property
    def callbacks(self) -> Mapping[str, int]:
        """Callbacks `answered` by 200, those that `failed`, and messages whose `callbackUrl` was `refused`."""
        return self._state.callbacks.counts

    @property
    def redirects_followed(self) -> int:
        return self._state.followed

    def messages(self, phone: str | None = None) -> list[Message]:
        """The inbox, oldest first; `phone` in any form."""
        return list(self._state.inbox.read(None if phone is None else digits(phone)))

    def fault(
        self, name: str | None, *, phone: str | None = None, path: str | None = None, times: int | None = None
    ) -> None:
        """Set a fault of the table for one phone, for one method or for all sends, for `times` or until cleared.

        None clears what was set for the phone or the method; without either, everything.

        Raises:
            KeyError: no fault has that name.

        """
        number = None if phone is None else digits(phone)
        if name is None:
            self._state.script.clear(phone=number, path=path)
        else:
            self._state.script.set(BY_NAME[name], phone=number, path=path, times=times)

    def advance(self, seconds: float) -> None:
        """Move the sandbox's clock forward. Callbacks that fall due are made soon; `settled` waits for them."""
        self._state.clock.advance(seconds)

    async def settled(self) -> None:
        """Wait until every callback that is due by now has been answered or has failed."""
        await self._state.callbacks.settled()

    def drift(self, *, on: bool) -> None:
        """Answer with the other type wherever public clients saw a field with two."""
        self._state.drift = on

    def clear(self) -> None:
        """Empty the inbox; `sms/status` still knows what was in it."""
        self._state.inbox.clear()

    def _address(self) -> tuple[str, int]:
        if self._runner is None:
            raise RuntimeError("the sandbox does not run")
        host, port, *_ = self._runner.addresses[0]
        return host, port


@web.middleware
async def _known_hosts_only(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Refuse other Host names: a page whose name is rebound to 127.0.0.1 would otherwise read the codes.

    The gate's own names are welcome where the gate answers: a client whose resolver was turned to us speaks so.
    """
    try:
        host = urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
    except ValueError:
        host = ""
    if is_loopback(host) or (host in _GATES and request.path.startswith("/v2/")):
        return await handler(request)
    return web.Response(status=403, text="The sandbox answers to loopback names only.")
