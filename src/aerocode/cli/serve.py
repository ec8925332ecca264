"""`aerocode serve`, and the banner that gets a newcomer to a verified phone in three lines."""

import json

import click

from aerocode import __version__
from aerocode.app import logs
from aerocode.app.datadir import DataMode
from aerocode.app.serve import serve as run
from aerocode.app.services import Services
from aerocode.cli.options import as_json
from aerocode.cli.options import settings
from aerocode.cli.options import with_mode

_PHONE = "79123456789"


@click.command()
@with_mode
@as_json
def serve(mode: str | None, as_json: bool) -> None:
    """Run the server. With --sandbox nothing leaves this machine."""
    known = settings()
    logs.set_up(form=known.log_format, level=known.log_level)

    def ready(services: Services, address: str, key: str | None) -> None:
        click.echo(_facts(services, address, key) if as_json else _banner(services, address, key))

    run(known, DataMode(mode) if mode else None, ready)


def _facts(services: Services, address: str, key: str | None) -> str:
    sandbox = services.sandbox
    facts = {
        "address": address,
        "mode": services.mode,
        "inbox": f"{sandbox.url}/inbox" if sandbox else None,
        "key": key,
    }
    return json.dumps(facts)


def _banner(services: Services, address: str, key: str | None) -> str:
    sandbox = services.sandbox
    lines = [f"Aerocode {__version__} listens at {address} (its API in words: {address}/docs)"]
    if sandbox is not None:
        lines = [f"Aerocode {__version__}, sandbox: nothing leaves this machine.", f"  Address  {address}"]
        lines.append(f"  API      {address}/docs")
        lines.append(f"  Inbox    {sandbox.url}/inbox")
    lines.append(f"  API key  {_key_line(key, given=services.settings.api_key is not None)}")
    if sandbox is not None:
        lines += ["", "Start a verification, read its code from the inbox, check it:", ""]
        lines += [f"  {line}" for line in _curls(address, sandbox.url, key or "$AEROCODE_API_KEY")]
    return "\n".join(["", *lines, ""])


def _key_line(key: str | None, *, given: bool) -> str:
    if given:
        return "$AEROCODE_API_KEY, as set"
    if key is None:
        return "$AEROCODE_API_KEY (shown at the first start; another: aerocode keys add default --name NAME)"
    return f"{key}\n           of the application default, shown this once: export AEROCODE_API_KEY={key}"


def _curls(address: str, inbox: str, key: str) -> list[str]:
    call = f'curl -sS -H "Authorization: Bearer {key}" --json'
    find = r"""sed -n 's/.*"code":"\([0-9]*\)".*/\1/p'"""
    body = '{"phone":"+7 912 345-67-89","usageType":"SignIn"}'
    check = f'{{"phone":"{_PHONE}","usageType":"SignIn","code":"\'$code\'"}}'
    return [
        f"{call} '{body}' {address}/api/verifications; echo",
        f'code=$(curl -sS {inbox}/inbox/{_PHONE} | {find}); echo "$code"',
        f"{call} '{check}' {address}/api/verifications/check; echo",
    ]
