"""The server's life: check, lock, open, listen, serve, finish the sends, close."""

import asyncio
import gc
import os
import signal
import socket
from contextlib import ExitStack

from aerocode.app import beginnings
from aerocode.app.datadir import Control
from aerocode.app.datadir import DataDir
from aerocode.app.datadir import DataMode
from aerocode.app.many import serve_by_many
from aerocode.app.services import open_services
from aerocode.app.serving import Ready
from aerocode.app.serving import Server
from aerocode.app.serving import address
from aerocode.app.serving import listening
from aerocode.app.serving import loop_factory
from aerocode.app.settings import Settings
from aerocode.crypto import new_token
from aerocode.errors import CannotStart
from aerocode.smsaero.gates import is_loopback


def serve(settings: Settings, asked: DataMode | None, ready: Ready) -> None:
    """Serve until SIGTERM or SIGINT. Raises CannotStart."""
    data = DataDir(settings)
    mode = data.mode(asked)
    if mode is DataMode.SANDBOX and not is_loopback(settings.host):
        raise CannotStart(f"A sandbox listens on this machine alone, not on {settings.host}.")
    if mode is DataMode.SANDBOX and settings.workers > 1:
        raise CannotStart("A sandbox is one process: AEROCODE_WORKERS is for a live server.")
    with ExitStack() as stack:
        listeners = [stack.enter_context(listening(settings.host, settings.port))]
        if not is_loopback(settings.host):
            # Commands on this machine come in here, whatever address the world sees.
            listeners.append(stack.enter_context(listening("127.0.0.1", 0)))
        data.make()
        stack.enter_context(data.lock())
        if settings.workers > 1:
            serve_by_many(settings, mode, data, listeners, ready)
            return
        runner = stack.enter_context(asyncio.Runner(loop_factory=loop_factory()))
        runner.run(_serve(settings, mode, data, listeners, ready))


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
