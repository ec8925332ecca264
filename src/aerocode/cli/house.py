"""The house's own commands: settings, the secret key, copies, forgetting, version."""

import platform
import sqlite3
from pathlib import Path

import click

from aerocode import __version__
from aerocode.app.settings import described
from aerocode.cli.options import api
from aerocode.cli.options import as_json
from aerocode.cli.options import say
from aerocode.cli.options import settings
from aerocode.cli.options import with_mode


@click.command("check-config")
@as_json
def check_config(as_json: bool) -> None:
    """Read the settings, say what each one is (secrets only that they are set), or what is wrong."""
    found = described(settings())
    width = max(map(len, found))
    say(found, "\n".join(f"{name:{width}}  {value}" for name, value in found.items()), as_json=as_json)


@click.group()
def secret() -> None:
    """The installation's secret key."""


@secret.command()
@with_mode
@as_json
def rotate(mode: str | None, as_json: bool) -> None:
    """Put everything at rest under a new key. With AEROCODE_SECRET_KEY set, that one is the new key."""
    with api(mode) as client:
        done = client.control("rotate")
        text = (
            f"{done['connectors']} connectors, {done['codes']} pending codes and {done['testNumbers']} test numbers"
            " are under the new key now."
        )
        say(done, text, as_json=as_json)


@click.command()
@click.option("--phone", required=True, help="In any form.")
@click.option("--reason", required=True, help="Kept in the audit.")
@click.option("--application", help="Without it, for every application.")
@with_mode
@as_json
def unlock(phone: str, reason: str, application: str | None, mode: str | None, as_json: bool) -> None:
    """End the stop of a phone after too many wrong codes. The hour's and the day's guesses stay spent."""
    with api(mode) as client:
        done = client.unlock(phone, reason, application)
        say(done, f"{done['unlocked']} pools of guesses are open again.", as_json=as_json)


@click.command()
@with_mode
@as_json
def purge(mode: str | None, as_json: bool) -> None:
    """Wipe codes that ran out, and forget phones whose retention is over. The server does it by itself, too."""
    with api(mode) as client:
        done = client.control("purge")
        text = f"{done['expired']} verifications expired, {done['forgotten']} rows without their phone now."
        say(done, text, as_json=as_json)


@click.command()
@click.option("--phone", required=True, help="In any form.")
@click.option("--reason", required=True, help="Kept in the audit, without the phone.")
@with_mode
@as_json
def erase(phone: str, reason: str, mode: str | None, as_json: bool) -> None:
    """Delete what is kept about a phone. What counts its guesses and sends stays under a pseudonym until its time."""
    with api(mode) as client:
        done = client.control("erase", {"phone": phone, "reason": reason})
        text = ", ".join(f"{many} {_words(what)}" for what, many in done.items())
        say(done, f"Erased: {text}.", as_json=as_json)


@click.command()
@click.argument("file")
@with_mode
@as_json
def backup(file: str, mode: str | None, as_json: bool) -> None:
    """Copy the database into a new FILE while the server runs. The secret key is not in it: keep that apart."""
    if not file:
        raise click.BadParameter("name a new file", param_hint="FILE")
    with api(mode) as client:
        done = client.control("backup", {"path": str(Path.cwd() / file)})
        say(done, f"{done['path']} written. It opens only with this installation's secret key.", as_json=as_json)


@click.command()
@as_json
def version(as_json: bool) -> None:
    """Print the versions of Aerocode, Python and SQLite."""
    found = {"aerocode": __version__, "python": platform.python_version(), "sqlite": sqlite3.sqlite_version}
    say(found, " ".join(f"{name} {value}" for name, value in found.items()), as_json=as_json)


def _words(name: str) -> str:
    return {"testNumbers": "test numbers", "audit": "audit entries", "lists": "list entries"}.get(name, name)
