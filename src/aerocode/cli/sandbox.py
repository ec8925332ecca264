"""`aerocode sandbox`: the double of SMS Aero alone, for any client of the gate."""

import asyncio
import json
import signal
from contextlib import ExitStack
from pathlib import Path

import click

from aerocode.cli.options import as_json
from aerocode.errors import CannotStart
from aerocode.sandbox import Sandbox
from aerocode.sandbox import ThrowAway


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8081, show_default=True, help="0 takes any free one.")
@click.option("--tls", is_flag=True, help="Speak https, with a certificate of a throw-away authority.")
@as_json
def sandbox(port: int, tls: bool, as_json: bool) -> None:
    """Run the double of SMS Aero alone, on this machine only, with any e-mail and any API key."""
    with ExitStack() as stack:
        throw_away = stack.enter_context(ThrowAway.made()) if tls else None
        asyncio.run(_run(port, throw_away, as_json=as_json))


async def _run(port: int, throw_away: ThrowAway | None, *, as_json: bool) -> None:
    """Raises CannotStart."""
    leave = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, leave.set)
    double = Sandbox()
    try:
        await double.start(port=port, tls=throw_away.context if throw_away else None)
    except OSError as cause:
        raise CannotStart(f"Port {port} cannot be listened on: {cause.strerror}.") from cause
    try:
        ca_file = throw_away.ca_file if throw_away else None
        click.echo(_facts(double.url, ca_file) if as_json else _banner(double.url, ca_file))
        await leave.wait()
    finally:
        await double.stop()


def _facts(url: str, ca_file: Path | None) -> str:
    facts = {"gate": url, "inbox": f"{url}/inbox", "control": f"{url}/control"}
    return json.dumps({**facts, "caFile": str(ca_file) if ca_file else None})


def _banner(url: str, ca_file: Path | None) -> str:
    lines = [
        "",
        "The double of SMS Aero: nothing leaves this machine.",
        f"  Gate     {url}/v2/ (any e-mail, any API key)",
        f"  Inbox    {url}/inbox",
        f"  Control  {url}/control",
    ]
    if ca_file is not None:
        lines.append(f"  CA file  {ca_file} (trust it in the client; it is gone when this stops)")
    return "\n".join([*lines, ""])
