"""A server of several processes on one machine: what the parent does before, between and after its workers."""

import asyncio
import gc
import os
import signal
import socket
import tempfile
from collections.abc import Callable
from pathlib import Path

from aerocode.app import beginnings
from aerocode.app.datadir import Control
from aerocode.app.datadir import DataDir
from aerocode.app.datadir import DataMode
from aerocode.app.services import Services
from aerocode.app.services import open_services
from aerocode.app.serving import Ready
from aerocode.app.serving import Server
from aerocode.app.serving import address
from aerocode.app.serving import loop_factory
from aerocode.app.settings import Settings
from aerocode.app.shared_metrics import Shelf
from aerocode.app.workers import Workers
from aerocode.crypto import new_token


def serve_by_many(
    settings: Settings, mode: DataMode, data: DataDir, listeners: list[socket.socket], ready: Ready
) -> None:
    """Until SIGTERM or SIGINT. The caller holds the lock; commands reach any of the workers. Raises CannotStart."""
    token = new_token()
    with tempfile.TemporaryDirectory(prefix="aerocode-") as shelf:

        def work(number: int, serving: Callable[[], None], parent: int) -> None:
            with asyncio.Runner(loop_factory=loop_factory()) as runner:
                runner.run(_work(settings, mode, data, token, listeners, Path(shelf), number, serving, parent))

        def leave() -> None:
            for listener in listeners:
                listener.close()

        # Once, before they all would at the same moment: the schema, the seeds, the connector's file.
        services = asyncio.run(_begin(settings, mode, data, token))
        gc.freeze()
        data.leave_control(Control(address=address(listeners[-1]), token=token, pid=os.getpid(), sandbox=False))
        try:
            workers = Workers(settings.workers, work, leave)
            workers.run(lambda: ready(services, address(listeners[0]), _first_key(settings, data)))
        finally:
            data.remove_control()


async def _begin(settings: Settings, mode: DataMode, data: DataDir, token: str) -> Services:
    async with open_services(settings, mode, data, token, sandbox_port=0) as services:
        return services


def _first_key(settings: Settings, data: DataDir) -> str | None:
    """Last of all: what is shown once must not be made by a start that then fails."""
    return None if settings.api_key is not None else asyncio.run(_make_first_key(data))


async def _make_first_key(data: DataDir) -> str | None:
    store = await data.database.open(data.keyring())
    try:
        return await beginnings.first_key(store)
    finally:
        await store.close()


async def _work(
    settings: Settings,
    mode: DataMode,
    data: DataDir,
    token: str,
    listeners: list[socket.socket],
    shelf: Path,
    number: int,
    serving: Callable[[], None],
    parent: int,
) -> None:
    async with open_services(settings, mode, data, token, sandbox_port=0) as services:
        # One door for all their counters, behind the first.
        port = settings.metrics_port if number == 0 else None
        async with Shelf(shelf, number, services.metrics).kept():
            with services.metrics.listening(port):
                server = Server(services)
                loop = asyncio.get_running_loop()

                def leave() -> None:
                    loop.remove_reader(parent)
                    server.leave()

                for signal_number in (signal.SIGTERM, signal.SIGINT):
                    loop.add_signal_handler(signal_number, leave)
                loop.add_reader(parent, leave)
                gc.freeze()
                serving()
                await server.serve(sockets=listeners)
