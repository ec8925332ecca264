"""How a command gets at the data: through the server that owns them or, when there is none, as one for a moment.

Either way it speaks the API over loopback, so that a command can do nothing the API does not decide.
"""

import asyncio
import queue
import threading
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass

from aerocode.app.datadir import DataDir
from aerocode.app.datadir import DataMode
from aerocode.app.services import open_services
from aerocode.app.serving import Server
from aerocode.app.serving import address
from aerocode.app.serving import listening
from aerocode.app.serving import loop_factory
from aerocode.app.settings import Settings
from aerocode.crypto import new_token
from aerocode.errors import InUse


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """`inbox` is the address of a sandbox that lives only as long as this."""

    address: str
    token: str
    inbox: str | None = None


@contextmanager
def reached(settings: Settings, asked: DataMode | None) -> Generator[Reached]:
    """Raises CannotStart."""
    data = DataDir(settings)
    mode = data.mode(asked)
    data.make()
    try:
        with data.lock(), _served(settings, mode, data) as own:
            yield own
    except InUse:
        control = data.control()
        yield Reached(address=control.address, token=control.token)


@contextmanager
def _served(settings: Settings, mode: DataMode, data: DataDir) -> Generator[Reached]:
    answers: queue.SimpleQueue[tuple[Reached, Server, asyncio.AbstractEventLoop] | BaseException] = queue.SimpleQueue()

    async def live() -> None:
        token = new_token()
        with listening("127.0.0.1", 0) as listener:
            async with open_services(settings, mode, data, token, sandbox_port=0) as services:
                server = Server(services)
                inbox = f"{services.sandbox.url}/inbox" if services.sandbox is not None else None
                own = Reached(address=address(listener), token=token, inbox=inbox)
                answers.put((own, server, asyncio.get_running_loop()))
                await server.serve(sockets=[listener])

    def run() -> None:
        try:
            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                runner.run(live())
        except BaseException as error:  # noqa: BLE001 - it is raised in the thread that waits for it
            answers.put(error)

    thread = threading.Thread(target=run, name="aerocode-server")
    thread.start()
    answer = answers.get()
    if isinstance(answer, BaseException):
        thread.join()
        raise answer
    own, server, loop = answer
    try:
        yield own
    finally:
        loop.call_soon_threadsafe(server.leave)
        thread.join()
