"""`aerocode apps` and `aerocode keys`."""

import click

from aerocode.cli.options import api
from aerocode.cli.options import as_json
from aerocode.cli.options import say
from aerocode.cli.options import with_mode


@click.group()
def apps() -> None:
    """Applications that call Aerocode."""


@apps.command("add")
@click.argument("application")
@click.option("--product", required=True, help="The name people read in a message.")
@with_mode
@as_json
def add_app(application: str, product: str, mode: str | None, as_json: bool) -> None:
    """Add an APPLICATION; make a key for it with `aerocode keys add`."""
    with api(mode) as client:
        added = client.add_application(application, product)
        say(added, f"Application {added['id']} added.", as_json=as_json)


@apps.command("list")
@with_mode
@as_json
def list_apps(mode: str | None, as_json: bool) -> None:
    """List the applications."""
    with api(mode) as client:
        found = client.applications()
        say(found, "\n".join(f"{row['id']}\t{row['product']}" for row in found), as_json=as_json)


@apps.command("show")
@click.argument("application")
@with_mode
@as_json
def show_app(application: str, mode: str | None, as_json: bool) -> None:
    """Show one APPLICATION and its keys."""
    with api(mode) as client:
        found, held = client.application(application), client.keys(application)
        lines = [f"{found['id']}\t{found['product']}", *(_line(key) for key in held)]
        say({**found, "keys": held}, "\n".join(lines), as_json=as_json)


@click.group()
def keys() -> None:
    """API keys of applications."""


@keys.command("add")
@click.argument("application")
@click.option("--name", required=True, help="What the key is for.")
@click.option("--scope", "scopes", multiple=True, default=["verifications:write"], show_default=True)
@click.option("--expires-at", help="As in 2030-01-31T12:00:00Z.")
@with_mode
@as_json
def add_key(
    application: str, name: str, scopes: tuple[str, ...], expires_at: str | None, mode: str | None, as_json: bool
) -> None:
    """Make a key of APPLICATION. Its text is shown this once."""
    with api(mode) as client:
        made = client.add_key(application, name, scopes, expires_at)
        say(made, made["key"], as_json=as_json)


@keys.command("list")
@click.argument("application")
@with_mode
@as_json
def list_keys(application: str, mode: str | None, as_json: bool) -> None:
    """List the keys of APPLICATION."""
    with api(mode) as client:
        found = client.keys(application)
        say(found, "\n".join(_line(key) for key in found), as_json=as_json)


@keys.command("revoke")
@click.argument("application")
@click.argument("key_id")
@with_mode
@as_json
def revoke_key(application: str, key_id: str, mode: str | None, as_json: bool) -> None:
    """Revoke the key KEY_ID of APPLICATION; it opens nothing from now on."""
    with api(mode) as client:
        client.revoke_key(application, key_id)
        say({"id": key_id, "revoked": True}, f"Key {key_id} is revoked.", as_json=as_json)


def _line(key: object) -> str:
    row = dict(key) if isinstance(key, dict) else {}
    state = "revoked" if row["revokedAt"] else f"last used {row['lastUsedAt'] or 'never'}"
    return f"{row['id']}\t{row['name']}\t{','.join(row['scopes'])}\t{state}"
