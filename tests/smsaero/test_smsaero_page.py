"""The client's page is true: every block runs in both colours against the sandbox, and the replies are as shown."""

import asyncio
import re
from contextlib import contextmanager

import pytest
from client_page import TEXT
from client_page import alike
from client_page import blocks
from client_page import value_of

import aerocode.smsaero
from aerocode.sandbox import Sandbox
from aerocode.smsaero import Credentials
from aerocode.smsaero import SmsAero
from aerocode.smsaero import SmsAeroError
from aerocode.smsaero import SyncSmsAero
from aerocode.smsaero import SyncTransport
from aerocode.smsaero import Transport
from aerocode.smsaero.methods import Listing
from aerocode.smsaero.methods import Method
from aerocode.smsaero.methods import Methods

BLOCKS = blocks()
OPENING = [block for block in BLOCKS if re.search(r"^(async )?with ", block.code, re.MULTILINE)]
CALLS = [block for block in BLOCKS if block not in OPENING]
METHODS = [name for name, value in vars(Methods).items() if isinstance(value, Method | Listing)]
ENVIRONMENT = {"SMSAERO_EMAIL": "me@example.com", "SMSAERO_API_KEY": "not-a-real-api-key"}


@contextmanager
def environment():
    with pytest.MonkeyPatch.context() as patch:
        for name, value in ENVIRONMENT.items():
            patch.setenv(name, value)
        yield


async def outcomes(client, colour):
    """What came of each block: its value or its error. A blocking call runs in a thread, since the loop serves."""
    names = {"client": client}
    ended = {}
    for block in CALLS:
        try:
            code = block.colours()[colour]
            ended[block.line] = await (
                value_of(code, names) if colour == 0 else asyncio.to_thread(blocking, code, names)
            )
        except (SmsAeroError, LookupError, NameError, AttributeError) as error:
            ended[block.line] = error
    return ended


def blocking(code, names):
    return asyncio.run(value_of(code, names))


async def run_page(colour):
    sandbox = Sandbox(deliver_after=600)  # nothing changes while the page runs, however slow the machine
    await sandbox.start(port=0)
    credentials = Credentials(email="me@example.com", api_key="not-a-real-api-key")
    try:
        if colour == 0:
            async with Transport([sandbox.url]) as transport:
                return await outcomes(SmsAero(credentials, transport=transport), colour)
        with SyncTransport([sandbox.url]) as transport:
            return await outcomes(SyncSmsAero(credentials, transport=transport), colour)
    finally:
        await sandbox.stop()


@pytest.fixture(scope="module")
def page():
    """The outcomes of the whole page by line, for each colour."""
    with environment():
        return [asyncio.run(run_page(colour)) for colour in (0, 1)]


@pytest.mark.parametrize("colour", [0, 1], ids=["awaited", "blocking"])
@pytest.mark.parametrize("block", CALLS, ids=lambda block: f"line {block.line}")
def test_a_block_does_what_the_page_shows(page, block, colour):
    ended = page[colour][block.line]

    assert not isinstance(ended, Exception), ended
    assert block.expected is None or alike(block.expected) == alike(repr(ended))


@pytest.mark.parametrize("block", OPENING, ids=lambda block: f"line {block.line}")
def test_a_client_is_opened_as_the_page_shows(block):
    """Run as written, but that the gates are the sandbox: no real one may be asked."""

    async def run():
        sandbox = Sandbox()
        await sandbox.start(port=0)
        code = block.code.replace("SmsAero(credentials)", "SmsAero(credentials, transport=transport)")
        code = re.sub(r"\[\"https://gate[^]]*\]", f'["{sandbox.url}"]', code)
        assert "gate.smsaero" not in code
        awaited, blocked = code.split("\n\n")
        names = vars(aerocode.smsaero) | {"credentials": Credentials(email="me@example.com", api_key="key")}
        try:
            async with Transport([sandbox.url]) as transport:
                await value_of(awaited, names | {"transport": transport})
            with SyncTransport([sandbox.url]) as transport:
                await asyncio.to_thread(blocking, blocked, names | {"transport": transport})
        finally:
            await sandbox.stop()

    asyncio.run(run())


@pytest.mark.parametrize("name", METHODS)
def test_every_method_is_shown_in_both_colours_with_its_reply(name):
    shown = [block for block in CALLS if f"client.{name}(" in block.code and block.expected is not None]

    assert any(block.colours()[0] != block.colours()[1] for block in shown)


@pytest.mark.parametrize(
    "block", [block for block in CALLS if block.code.count("\n") == 1], ids=lambda b: f"line {b.line}"
)
def test_the_two_colours_of_a_call_differ_in_nothing_else(block):
    awaited, blocked = block.colours()

    assert re.sub(r"\b(await|async) ", "", awaited) == blocked


def test_the_table_of_errors_has_every_kind_and_says_what_the_classes_say():
    rows = re.findall(r"^\| `(\w+)` \|.*\| (yes|no) \| (yes|no) \|$", TEXT, re.MULTILINE)
    public = [value for value in vars(aerocode.smsaero).values() if isinstance(value, type)]
    kinds = [kind for kind in public if issubclass(kind, SmsAeroError) and not kind.__subclasses__()]
    words = {True: "yes", False: "no"}

    assert sorted(rows) == sorted((kind.__name__, words[kind.permanent], words[kind.uncertain]) for kind in kinds)
