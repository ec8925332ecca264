"""The server's life: check, lock, open, listen, serve, finish the sends, close."""

import asyncio
import gc
import os
import signal
import socket
from collections.abc import Callable
from collections.abc import Generator
from contextlib import ExitStack
from contextlib import contextmanager

import uvicorn

from aerocode.app import beginnings
from aerocode.app.datadir import Control
from aerocode.app.datadir import DataDir
from aerocode.app.datadir import DataMode
from aerocode.app.http import protocol
from aerocode.app.services import Services
from aerocode.app.services import open_services
from aerocode.app.settings import Settings
from aerocode.crypto import new_token
from aerocode.errors import CannotStart
from aerocode.smsaero.gates import is_loopback

#: Called once when everything listens: the services, our address, and the text of a key made just now.
Ready = Callable[[Services, str, str | None], None]


def serve(settings: Settings, asked: DataMode | None, ready: Ready) -> None:
    """Serve until SIGTERM or SIGINT. Raises CannotStart."""
    data = DataDir(settings)
    mode = data.mode(asked)
    if mode is DataMode.SANDBOX and not is_loopback(settings.host):
        raise CannotStart(f"A sandbox listens on this machine alone, not on {settings.host}.")
    with ExitStack() as stack:
        listeners = [stack.enter_context(listening(settings.host, settings.port))]
        if not is_loopback(settings.host):
            # Commands on this machine come in here, whatever address the world sees.
            listeners.append(stack.enter_context(listening("127.0.0.1", 0)))
        data.make()
        stack.enter_context(data.lock())
        runner = stack.enter_context(asyncio.Runner(loop_factory=loop_factory()))
        runner.run(_serve(settings, mode, data, listeners, ready))


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    return uvicorn.Config(app="", log_config=None).get_loop_factory() or asyncio.new_event_loop


async def _serve(
    settings: Settings, mode: DataMode, data: DataDir, listeners: list[socket.socket], ready: Ready
) -> None:
    token = new_token()
    async with open_services(settings, mode, data, token, sandbox_port=settings.sandbox_port) as services:
        with services.metrics.listening(settings.metrics_port):
            server = Server(services)
            for number in (signal.SIGTERM, signal.SIGINT):
                asyncio.get_running_loop().add_signal_handler(number, server.leave)
            data.leave_control(
                Control(address=address(listeners[-1]), token=token, pid=os.getpid(), sandbox=mode is DataMode.SANDBOX)
            )
            try:
                # What was built so far lives as long as the process: the collector need not walk it at each pass.
                gc.freeze()
                gc.set_threshold(10_000, 20, 100)
                # The key last of all: what is shown once must not be made by a start that then fails.
                key = await beginnings.first_key(services.store) if settings.api_key is None else None
                ready(services, address(listeners[0]), key)
                await server.serve(sockets=listeners)
            finally:
                data.remove_control()


class Server(uvicorn.Server):
    """uvicorn, with the signals left to us: it ends by returning, so that everything is closed in order."""

    def __init__(self, services: Services) -> None:
        super().__init__(
            uvicorn.Config(
                services.api,
                http=protocol(),
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                # A send that has begun ends within the gate's time limit, and its answer is worth waiting for.
                timeout_graceful_shutdown=int(services.settings.gate_timeout) + 2,
            )
        )

    def leave(self) -> None:
        self.should_exit = True

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@contextmanager
def listening(host: str, port: int) -> Generator[socket.socket]:
    try:
        family, kind, _, _, where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind)
    except OSError as cause:
        raise CannotStart(f"AEROCODE_HOST {host} is not an address: {cause.strerror or cause}.") from cause
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(where)
            listener.listen(2048)
        except OSError as cause:
            raise CannotStart(f"Port {port} of {host} cannot be listened on: {cause.strerror}.") from cause
        yield listener


def address(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
