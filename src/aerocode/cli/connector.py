"""`aerocode connector`: check, test, save, show and restore the connector JSON."""

import json
import sys
import time
from collections.abc import Mapping
from collections.abc import Sequence
from typing import Any

import click

from aerocode.app import connector_files
from aerocode.app.connector_files import FACTORY
from aerocode.cli.options import api
from aerocode.cli.options import as_json
from aerocode.cli.options import say
from aerocode.cli.options import settings
from aerocode.cli.options import with_mode
from aerocode.client import Aerocode
from aerocode.client import Message
from aerocode.errors import Fault

#: Seconds a test message is followed, and between two looks at it.
_FOLLOW = 60
_LOOK = 0.5

_WORDS = {
    "created": "being handed over",
    "unknown": "the gate gave no usable answer: the SMS may or may not arrive",
    "accepted": "taken by the gate",
    "queued": "in the gate's queue",
    "moderation": "in moderation: a person at SMS Aero reads it first, which can take 5 to 10 minutes",
    "sent": "passed to the operator",
    "delivered": "delivered",
    "undelivered": "not delivered",
    "rejected": "rejected by the gate",
    "failed": "not sent",
}


@click.group()
def connector() -> None:
    """The connector JSON: check, test, save, show, restore."""


@connector.command()
@click.argument("file")
@click.option("--online", is_flag=True, help="Ask the account about its sender name, too.")
@with_mode
@as_json
def check(file: str, online: bool, mode: str | None, as_json: bool) -> None:
    """Tell every fault of FILE (- for standard input) with its place. Exit code 1 if there is one; warnings pass."""
    found = connector_files.checked(file, settings())
    report, lines = _report(found), _lines(file, found)
    if online and found.config is not None:
        with api(mode) as client:
            report["account"] = client.check_connector(FACTORY, found.config)["account"]
        lines = "\n".join([*_account_lines(report["account"]), lines])
    say(report, lines, as_json=as_json)
    sys.exit(1 if found.config is None else 0)


@connector.command()
@click.argument("file")
@click.option("--to", "phone", required=True, help="The phone that gets the test message, in any form.")
@with_mode
@as_json
def test(file: str, phone: str, mode: str | None, as_json: bool) -> None:
    """Send the Generic template with code 000000, before anything is saved, and follow it for up to a minute."""
    config = _faultless(file)
    with api(mode) as client:
        _warn(client, config)
        message = client.message(client.test_connector(FACTORY, config, phone))
        message = _follow(client, message, quiet=as_json)
        say(message.raw, _told(message), as_json=as_json)
    sys.exit(1 if message.status in {"undelivered", "rejected", "failed"} else 0)


@connector.command()
@click.argument("file")
@with_mode
@as_json
def save(file: str, mode: str | None, as_json: bool) -> None:
    """Save FILE as the live connector, encrypted; it replaces the one before."""
    config = _faultless(file)
    with api(mode) as client:
        _warn(client, config)
        saved = client.save_connector(FACTORY, config)
        say(saved, f"Saved as connector {saved['id']}; codes are sent through it from now on.", as_json=as_json)


@connector.command()
@with_mode
@as_json
def show(mode: str | None, as_json: bool) -> None:
    """Print the saved connector's JSON, its API key masked."""
    with api(mode) as client:
        saved = client.connectors()
        config = saved[0]["config"] if saved else {}
        say(saved if as_json else config, _pretty(config) if saved else "No connector is saved.", as_json=as_json)


@connector.command()
@with_mode
@as_json
def versions(mode: str | None, as_json: bool) -> None:
    """List the last ten configs that were live before the one that is, newest first."""
    with api(mode) as client:
        kept = client.connector_versions()
        lines = [f"{one['id']}  {one['endedAt']}  {one['connector']}  {one['config']['senderName']}" for one in kept]
        say(list(kept), "\n".join(lines) or "No earlier config is kept.", as_json=as_json)


@connector.command()
@click.argument("version", required=False)
@with_mode
@as_json
def restore(version: str | None, mode: str | None, as_json: bool) -> None:
    """Make a config live again that was once: VERSION, or the last one. What was live meanwhile is kept."""
    with api(mode) as client:
        kept = [one for one in client.connector_versions() if version in (None, one["id"])]
        # Where there is none the server says so.
        wanted = kept[0] if kept else {"connector": "none", "id": version or "none"}
        restored = client.restore_connector(wanted["connector"], wanted["id"])
        say(restored, f"Codes are sent through connector {restored['id']} from now on.", as_json=as_json)


@connector.command()
@as_json
def schema(as_json: bool) -> None:  # noqa: ARG001 - a schema is JSON either way
    """Print the JSON Schema of the connector JSON."""
    click.echo(_pretty(connector_files.schema()))


def _faultless(file: str) -> Mapping[str, Any]:
    found = connector_files.checked(file, settings())
    if found.config is None or found.warnings:
        click.echo(_lines(file, found), err=True)
    if found.config is None:
        sys.exit(1)
    return found.config


def _warn(client: Aerocode, config: Mapping[str, Any]) -> None:
    for line in _account_lines(client.check_connector(FACTORY, config)["account"]):
        click.echo(line, err=True)


def _account_lines(warnings: Sequence[Mapping[str, Any]]) -> list[str]:
    return [f"the account: warning: {_path(tuple(each['path']))}: {each['message']}" for each in warnings]


def _follow(client: Aerocode, message: Message, *, quiet: bool) -> Message:
    deadline, told = time.monotonic() + _FOLLOW, ""
    while True:
        if message.status != told and not quiet:
            click.echo(f"{message.timeline[-1]['at']}  {_WORDS[message.status]}", err=True)
        told = message.status
        if message.final or time.monotonic() >= deadline:
            return message
        time.sleep(_LOOK)
        message = client.message(message.id)


def _told(message: Message) -> str:
    return "\n".join(
        [
            f"status    {message.status}: {_WORDS[message.status]}",
            f"gate id   {message.gate_id or 'none'}",
            f"sender    {message.sender or 'unknown'}",
            f"cost      {f'{message.cost} roubles' if message.cost is not None else 'not told'}",
            f"segments  {message.segments}",
        ]
    )


def _lines(file: str, found: connector_files.Checked) -> str:
    name = "standard input" if file == "-" else file
    lines = [
        f"{name}:{place.line}:{place.column}: {kind}: {_path(place.fault.path)}: {_sentence(place.fault)}"
        for kind, places in (("fault", found.faults), ("warning", found.warnings))
        for place in places
    ]
    faults, warnings = len(found.faults), len(found.warnings)
    lines.append(f"{name}: {_count(faults, 'fault')}, {_count(warnings, 'warning')}.")
    return "\n".join(lines)


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"


def _report(found: connector_files.Checked) -> dict[str, Any]:
    return {
        name: [
            {
                "path": list(place.fault.path),
                "line": place.line,
                "column": place.column,
                "code": place.fault.code,
                "message": _sentence(place.fault),
            }
            for place in places
        ]
        for name, places in (("faults", found.faults), ("warnings", found.warnings))
    }


def _sentence(fault: Fault) -> str:
    return f"{fault.message}{'' if fault.message.endswith(('.', '!')) else '.'} {fault.advice}".rstrip()


def _path(path: tuple[str | int, ...]) -> str:
    written = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return written.lstrip(".") or "the whole file"


def _pretty(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
