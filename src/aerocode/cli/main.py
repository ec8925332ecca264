"""`aerocode`: all commands on one page, and what becomes of an error."""

import sys

import click

from aerocode.cli import applications
from aerocode.cli import connector
from aerocode.cli import house
from aerocode.cli import serve
from aerocode.cli import verify
from aerocode.client import Refused
from aerocode.client import Unreachable
from aerocode.errors import AerocodeError


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Verify phone numbers with codes sent through SMS Aero."""


for command in (
    serve.serve,
    verify.verify,
    verify.send,
    connector.connector,
    applications.apps,
    applications.keys,
    house.check_config,
    house.secret,
    house.purge,
    house.backup,
    house.version,
):
    commands.add_command(command)


def main() -> None:
    """The entry point. A refusal is one sentence on standard error."""
    try:
        commands.main(prog_name="aerocode", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        click.echo("Stopped.", err=True)
        sys.exit(1)
    except (AerocodeError, Unreachable) as error:
        click.echo(f"aerocode: {error}", err=True)
        sys.exit(2)
    except Refused as error:
        click.echo(f"aerocode: {error} [{error.code}]", err=True)
        for line in filter(None, [*error.details.splitlines(), error.data.get("message")]):
            click.echo(f"  {line}", err=True)
        sys.exit(1)
