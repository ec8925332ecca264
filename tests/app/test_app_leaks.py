"""Codes, keys and phones are where they must be and nowhere else: files, logs, counters, answers and copies searched.

Codes have ten digits here, so that none is found by chance.
"""

import base64
import binascii
import json
import sqlite3
import urllib.parse
from dataclasses import dataclass
from dataclasses import field

import aiohttp
import anyio
import pytest
from app_processes import live
from app_processes import run
from app_processes import serving
from app_words import CONFIG
from app_words import KEY
from app_words import Caller
from app_words import fresh_phone
from app_words import wrong
from leak_search import disguises
from leak_search import files
from leak_search import found

from aerocode.sandbox import Sandbox

pytestmark = pytest.mark.anyio

ENDS = ("pending", "approved", "canceled", "guessed", "spent", "refused", "arrived", "lost", "expired")


@dataclass
class Life:
    """Everything a server left behind; `codes` are all that were ever drawn."""

    codes: list[str] = field(default_factory=list)
    phones: dict[str, str] = field(default_factory=lambda: {end: fresh_phone() for end in ENDS})
    keys: list[str] = field(default_factory=lambda: [KEY])
    places: dict[str, bytes] = field(default_factory=dict)
    logs: dict[str, bytes] = field(default_factory=dict)
    statuses: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
async def gate(anyio_backend):
    sandbox = Sandbox()
    await sandbox.start(port=0)
    yield sandbox
    await sandbox.stop()


async def lived(caller, gate, life):
    """One verification for each end, and some guesses."""
    for name, fault in {"refused": "bad_sender", "arrived": "reset_after_accept", "lost": "error_500"}.items():
        gate.fault(fault, phone=life.phones[name])
    ids = {}
    for name, phone in life.phones.items():
        answer = await caller.start(phone, "SignIn")
        life.places[f"start {name}"] = answer.raw
        ids[name] = answer.body.get("id")
    made = (await caller.post("/api/applications/default/keys", {"name": "k", "scopes": ["verifications:read"]})).body
    life.keys.append(made["key"])
    await Caller(caller._session, caller.base, made["key"]).get("/api/verifications")

    def code(name):
        return gate.messages(life.phones[name])[-1].code

    await caller.check(ids["approved"], code("approved"))
    await caller.check(ids["guessed"], wrong(code("guessed")))
    for _ in range(5):
        await caller.check(ids["spent"], wrong(code("spent")))
    await caller.post(f"/api/verifications/{ids['canceled']}/cancel")
    test = await caller.post(
        "/api/connectors/smsaero-short-message-service/test", {"phone": fresh_phone(), "config": CONFIG}
    )
    paths = (
        "/metrics",
        "/openapi.json",
        "/docs",
        "/api/verifications?limit=100",
        f"/api/verifications/{ids['guessed']}",
        "/api/connectors",
        "/api/applications/default/keys",
        test.headers["location"],
    )
    for path in paths:
        life.places[path] = (await caller.get(path)).raw


async def purged(caller, life):
    await caller.post("/control/purge")
    page = (await caller.get("/api/verifications?limit=100")).body["verifications"]
    life.statuses |= {row["status"] for row in page}


@pytest.fixture(scope="module")
async def life(gate, tmp_path_factory):
    folder = tmp_path_factory.mktemp("leaks")
    book = tmp_path_factory.mktemp("book") / "codes"
    (folder / "aerocode.toml").write_text("[policy]\ncode_length = 10\n")
    settings = {**live(folder, gate.url), "log_level": "debug"}
    data, life = folder / "aerocode-data", Life()
    async with aiohttp.ClientSession() as session:
        with serving(folder, "--live", stage=("tell", book), **settings) as process:
            await lived(Caller(session, process.address, KEY), gate, life)
            life.places |= {f"alive {name}": content for name, content in files(data).items()}
            copy = await anyio.to_thread.run_sync(lambda: run(folder, "backup", "copy.db", api_key=KEY))
            assert copy.returncode == 0, copy.stderr
            process.kill()
        life.places |= {f"killed {name}": content for name, content in files(data).items()}
        with serving(folder, "--live", stage=("late", 301), **settings) as process:
            token = json.loads((data / "control.json").read_text())["token"]
            await purged(Caller(session, process.address, token), life)
            life.places |= {f"purged {name}": content for name, content in files(data).items()}
    life.places |= {f"closed {name}": content for name, content in files(data).items()}
    life.places["backup"] = (folder / "copy.db").read_bytes()
    life.logs = {path.name: path.read_bytes() for path in folder.glob("stderr-*")}
    life.places |= life.logs
    life.codes = book.read_text().split()
    return life


def test_every_end_of_a_verification_was_there(life):
    assert {"approved", "canceled", "max_attempts_reached", "failed", "expired"} == life.statuses
    assert len(ENDS) == len(life.codes) == len([code for code in life.codes if len(code) == 10])


def test_the_places_searched_are_those_that_matter(life):
    names = " ".join(life.places)
    for name in ("alive aerocode.db-wal", "killed aerocode.db-wal", "closed aerocode.db", "backup", "control.json",
                 "/metrics", "/openapi.json", "stderr-0", "start pending"):  # fmt: skip
        assert name in names
    assert b"verification" in life.logs["stderr-0"]


def test_no_code_is_anywhere(life):
    assert [] == found(life.codes, life.places)


def test_the_key_of_the_gate_is_nowhere(life):
    assert [] == found([CONFIG["apiKey"]], life.places)


def test_the_keys_of_applications_are_nowhere(life):
    assert [] == found(life.keys, life.places)


def test_no_log_and_no_counter_holds_a_full_phone(life):
    places = {**life.logs, "/metrics": life.places["/metrics"]}

    assert [] == found([phone[2:] for phone in life.phones.values()], places)


def test_the_log_tells_masked_phones(life):
    assert "+7916•••••".encode() in life.logs["stderr-0"]


def test_no_address_in_the_log_holds_an_id_of_a_verification(life):
    assert b"/api/verifications/{id}/check" in life.logs["stderr-0"]


PLANTED = "4820917364"


@pytest.mark.parametrize("name", list(disguises(PLANTED)))
def test_a_planted_code_is_found_in_every_disguise(tmp_path, name):
    (tmp_path / "planted").write_bytes(b"before" + disguises(PLANTED)[name] + b"after")

    assert ("planted", PLANTED, name) in found([PLANTED], files(tmp_path))


@pytest.mark.parametrize(
    ("encode", "kind"),
    [
        (lambda text: base64.b64encode(text.encode()), "base64"),
        (lambda text: binascii.hexlify(text.encode()), "hex"),
        (lambda text: urllib.parse.quote(text).encode(), "text"),
    ],
)
@pytest.mark.parametrize("before", ["", "x", "xy", "xyz", '{"code":"'])
def test_a_code_inside_something_longer_is_found_once_that_is_encoded(encode, kind, before):
    hidden = encode(f'{before}{PLANTED}","more":1}}')

    assert any(name.startswith(kind) for _, _, name in found([PLANTED], {"place": hidden}))


def test_a_code_planted_in_a_database_is_found(tmp_path):
    database = sqlite3.connect(tmp_path / "planted.db")
    database.execute("create table t (c text)")
    database.execute("insert into t values (?)", (f"code {PLANTED}",))
    database.commit()
    database.close()

    assert [("planted.db", PLANTED, "text")] == found([PLANTED], files(tmp_path))
