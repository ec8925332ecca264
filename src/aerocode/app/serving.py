"""What one process serves with: its socket, its event loop, its HTTP server."""

import asyncio
import socket
from collections.abc import Callable
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn

from aerocode.app.http import protocol
from aerocode.app.services import Services
from aerocode.errors import CannotStart

#: Called once when everything listens: the services, our address, and the text of a key made just now.
Ready = Callable[[Services, str, str | None], None]


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop]:
    return uvicorn.Config(app="", log_config=None).get_loop_factory() or asyncio.new_event_loop


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
