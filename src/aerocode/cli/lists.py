"""`aerocode lists` and `aerocode testnumbers`."""

from collections.abc import Mapping
from typing import Any

import click

from aerocode.cli.options import api
from aerocode.cli.options import as_json
from aerocode.cli.options import say
from aerocode.cli.options import with_mode

_reason = click.option("--reason", default="", help="Kept in the audit.")
_expires = click.option("--expires", help="As in 2030-01-31T12:00:00Z.")


@click.group()
def lists() -> None:
    """Whom codes are sent to although, or not sent to."""


@lists.command("add")
@click.option("--phone", help="In any form.")
@click.option("--prefix", help="The beginning of phones, such as +7900.")
@click.option("--network", help="Such as 203.0.113.0/24.")
@click.option("--block", is_flag=True, help="Nothing is sent.")
@click.option("--allow", is_flag=True, help="Exempt from country rules and IP counts.")
@click.option("--reason", required=True, help="Kept with the entry and in the audit.")
@_expires
@with_mode
@as_json
def add_entry(
    phone: str | None,
    prefix: str | None,
    network: str | None,
    block: bool,
    allow: bool,
    reason: str,
    expires: str | None,
    mode: str | None,
    as_json: bool,
) -> None:
    """Block or allow one phone, the beginning of phones, or a network. The most specific entry decides."""
    named = {"phone": phone, "prefix": prefix, "network": network}
    given = [(kind, value) for kind, value in named.items() if value is not None]
    if len(given) != 1:
        raise click.UsageError("Give one of --phone, --prefix, --network.")
    if block is allow:
        raise click.UsageError("Give one of --block, --allow.")
    ((kind, value),) = given
    with api(mode) as client:
        added = client.add_list_entry("block" if block else "allow", kind, value, reason, expires)
        say(added, added["id"], as_json=as_json)


@lists.command("remove")
@click.argument("entry_id")
@_reason
@with_mode
@as_json
def remove_entry(entry_id: str, reason: str, mode: str | None, as_json: bool) -> None:
    """Remove the entry ENTRY_ID; `aerocode lists show` has the ids."""
    with api(mode) as client:
        client.remove_list_entry(entry_id, reason)
        say({"id": entry_id, "removed": True}, f"Entry {entry_id} is removed.", as_json=as_json)


@lists.command("show")
@with_mode
@as_json
def show_entries(mode: str | None, as_json: bool) -> None:
    """Show every entry that stands."""
    with api(mode) as client:
        found = client.list_entries()
        say(found, "\n".join(map(_entry, found)), as_json=as_json)


@click.group()
def testnumbers() -> None:
    """Numbers that get no SMS: each has a code that is always right."""


@testnumbers.command("add")
@click.argument("phone")
@click.option("--code", prompt=True, help="4 to 10 digits; asked for when left out.")
@click.option("--expires", help="As in 2030-01-31T12:00:00Z, within 30 days; only a sandbox may do without.")
@_reason
@with_mode
@as_json
def add_number(phone: str, code: str, expires: str | None, reason: str, mode: str | None, as_json: bool) -> None:
    """Make PHONE a test number, at most 20 of them. Its approvals say so: they prove nothing."""
    with api(mode) as client:
        added = client.add_test_number(phone, code, expires, reason)
        say(added, f"{added['phone']} is a test number until {_end(added)}.", as_json=as_json)


@testnumbers.command("list")
@with_mode
@as_json
def list_numbers(mode: str | None, as_json: bool) -> None:
    """List the test numbers, without their codes."""
    with api(mode) as client:
        found = client.test_numbers()
        say(found, "\n".join(f"{row['phone']}\tuntil {_end(row)}" for row in found), as_json=as_json)


@testnumbers.command("remove")
@click.argument("phone")
@_reason
@with_mode
@as_json
def remove_number(phone: str, reason: str, mode: str | None, as_json: bool) -> None:
    """Make PHONE an ordinary number again."""
    with api(mode) as client:
        client.remove_test_number(phone, reason)
        say({"phone": phone, "removed": True}, f"{phone} is an ordinary number now.", as_json=as_json)


def _entry(row: Mapping[str, Any]) -> str:
    return f"{row['id']}\t{row['verdict']}\t{row['kind']}\t{row['value']}\tuntil {_end(row)}\t{row['reason']}"


def _end(row: Mapping[str, Any]) -> str:
    return row["expiresAt"] or "it is removed"
