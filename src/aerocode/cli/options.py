"""What many commands share: settings, `--json`, `--sandbox|--live`, and the way to the data."""

import json
import sys
from collections.abc import Callable
from collections.abc import Generator
from collections.abc import Mapping
from collections.abc import Sequence
from contextlib import contextmanager
from typing import Any
from typing import TypeVar

import click

from aerocode.app import logs
from aerocode.app.datadir import DataMode
from aerocode.app.reach import reached
from aerocode.app.settings import Settings
from aerocode.app.settings import load
from aerocode.client import Aerocode

Command = TypeVar("Command", bound=Callable[..., Any])

as_json = click.option("--json", "as_json", is_flag=True, help="Answer in JSON.")


def with_mode(command: Command) -> Command:
    """`--sandbox` and `--live`: needed once, as long as the data folder is new."""
    sandbox = click.option("--sandbox", "mode", flag_value="sandbox", help="Nothing leaves this machine.")
    return sandbox(click.option("--live", "mode", flag_value="live", default=None, help="Real SMS.")(command))


def settings() -> Settings:
    """Raises CannotStart."""
    return load()


@contextmanager
def api(mode: str | None) -> Generator[Aerocode]:
    """Our own API, with everything allowed. Raises CannotStart."""
    known = settings()
    logs.set_up(form=known.log_format, level="warning")
    with reached(known, DataMode(mode) if mode else None) as way, Aerocode(way.address, way.token) as client:
        if way.inbox is not None:
            click.echo(f"Sandbox: nothing leaves this machine. Inbox while this runs: {way.inbox}", err=True)
        yield client


def say(answer: Mapping[str, Any] | Sequence[Any], text: str, *, as_json: bool) -> None:
    """The whole answer for programs, or the text for people."""
    if as_json:
        json.dump(answer, sys.stdout, ensure_ascii=False, indent=2)
        click.echo()
    elif text:
        click.echo(text)
