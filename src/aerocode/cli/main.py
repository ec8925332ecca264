"""`aerocode`: all commands on one page, and what becomes of an error."""

import io
import json
import sys
from collections.abc import Mapping
from typing import Any

import click

from aerocode import __version__
from aerocode.cli import applications
from aerocode.cli import connector
from aerocode.cli import house
from aerocode.cli import lists
from aerocode.cli import serve
from aerocode.cli import verify
from aerocode.client import Refused
from aerocode.client import Unreachable
from aerocode.errors import AerocodeError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="aerocode")
def commands() -> None:
    """Verify phone numbers with codes sent through SMS Aero."""


for command in (
    serve.serve,
    verify.verify,
    verify.send,
    connector.connector,
    applications.apps,
    applications.keys,
    lists.lists,
    lists.testnumbers,
    house.check_config,
    house.secret,
    house.purge,
    house.erase,
    house.unlock,
    house.backup,
    house.version,
):
    commands.add_command(command)


#: Refusals that mean that nothing could begin, whoever says so: we ourselves or the server we asked.
_NOT_BEGUN = frozenset({"service.unavailable", "start.refused"})


def main() -> None:
    """The entry point. A refusal is a sentence on standard error, and with --json also a problem on standard output."""
    for stream in (sys.stdout, sys.stderr):
        # A terminal that can't show a character shows its number; it is no reason to end in the middle.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        commands.main(prog_name="aerocode", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except AerocodeError as error:
        _refuse(str(error), error.code, str(error), error.data, [])
        sys.exit(2)
    except Unreachable as error:
        _refuse(str(error), "service.unreachable", str(error), {}, [])
        sys.exit(2)
    except Refused as error:
        lines = [*error.details.splitlines(), *filter(None, [error.data.get("message")])]
        said = str(error) if error.code == "start.refused" else f"{error} [{error.code}]"
        _refuse(said, error.code, str(error), error.data, lines)
        sys.exit(2 if error.code in _NOT_BEGUN else 1)


def _refuse(said: str, code: str, message: str, data: Mapping[str, Any], lines: list[str]) -> None:
    click.echo("\n".join([f"aerocode: {said}", *(f"  {line}" for line in lines)]), err=True)
    if "--json" in sys.argv[1:]:
        click.echo(json.dumps({"code": code, "message": message, "data": dict(data)}, ensure_ascii=False, default=str))
