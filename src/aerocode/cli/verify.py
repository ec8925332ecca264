"""`aerocode verify` and `aerocode send`: a verification from the terminal."""

import sys

import click

from aerocode.cli.options import api
from aerocode.cli.options import as_json
from aerocode.cli.options import say
from aerocode.cli.options import with_mode
from aerocode.client import Aerocode
from aerocode.client import Refused
from aerocode.client import Verification

_usage_type = click.option("--usage-type", default="Generic", show_default=True, help="Register, SignIn, …")
_locale = click.option("--locale", default="", help="Language of the message, such as ru.")
_MISMATCH = "verification_code.code_mismatch"


@click.command()
@click.argument("phone")
@_usage_type
@_locale
@with_mode
@as_json
def verify(phone: str, usage_type: str, locale: str, mode: str | None, as_json: bool) -> None:
    """Send a code to PHONE, ask for it, and check it.

    Exit code 0 when the phone is verified, 1 when it is not.
    """
    with api(mode) as client:
        begun = _start(client, phone, usage_type, locale)
        while True:
            code = click.prompt("Code", err=True)
            try:
                approved = client.check(begun.id, code)
            except Refused as error:
                if error.code != _MISMATCH or not error.data["attemptsLeft"]:
                    raise
                click.echo(f"{error} Attempts left: {error.data['attemptsLeft']}.", err=True)
                continue
            proof = " It is a test number: that proves nothing." if approved.get("test") else ""
            say(approved, f"{begun.phone} is verified.{proof}", as_json=as_json)
            return


@click.command()
@click.argument("phone")
@_usage_type
@_locale
@with_mode
@as_json
def send(phone: str, usage_type: str, locale: str, mode: str | None, as_json: bool) -> None:
    """Send a code to PHONE and return; the answer has the verification's id."""
    with api(mode) as client:
        begun = _start(client, phone, usage_type, locale)
        say(begun.raw, begun.id, as_json=as_json)


def _start(client: Aerocode, phone: str, usage_type: str, locale: str) -> Verification:
    begun = client.start(phone, usage_type=usage_type, locale=locale)
    note = "" if begun.message_status != "unknown" else " The gate gave no usable answer; the code may still arrive."
    said = f"A code is on its way to {begun.phone} ({begun.message_status}).{note}"
    if begun.raw.get("test"):
        said = f"{begun.phone} is a test number: nothing was sent, its code is the one it was given."
    click.echo(said, err=True)
    sys.stderr.flush()
    return begun
