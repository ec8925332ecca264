"""Plans are made once, on tables that may be empty: each must still be a few looks into indexes when they have grown.

What is counted is pages: a plan that goes through a table, or an index of all that is pending, touches hundreds.
"""

import json

import asyncpg
import pytest

from aerocode.store.postgres.session import Session
from aerocode.store.postgres.session import statement
from aerocode.store.postgres.session import statements
from aerocode.store.postgres.store import DECIDING
from postgres_server import ask
from postgres_server import shared
from postgres_server import template

pytestmark = pytest.mark.anyio

ROWS = 8000
#: Pages that one ask may touch: a dozen tables, an index three levels deep for each, a row, and what an update adds.
PAGES = 150
FILL = (
    """
    insert into verifications
    select 'v' || n, 'default', '+79' || 100000000 + n, '~' || n, 'SignIn', '', 'pending', '\\x00', '\\x00', 5, 1,
        n, n + 300000000, n, null, 'm' || n, 'unknown', 0, '', '{}', '{}', 0
    from generate_series(1, $1::integer) as n
    """,
    """
    insert into messages
    select 'm' || n, 'default', 'v' || n, 'c' || n % 7, '+79' || 100000000 + n, 'SignIn', 'created', '', '', '', null,
        null, n, n, null, null, null, 0, '[]', '', '', null, 300000000, n
    from generate_series(1, $1::integer) as n
    """,
    """
    insert into budgets
    select '~' || n, 'default', pool, '[]', 1, 0, null, n
    from generate_series(1, $1::integer) as n, unnest(array['unknown', 'known']) as pool
    """,
    """
    insert into ladders
    select '~' || n, 'default', 'SignIn', 1, n, n, 'm', 0, 0, 0, '' from generate_series(1, $1::integer) as n
    """,
    "insert into sends select 'phone ~' || n, '[]', n from generate_series(1, $1::integer) as n",
    """
    insert into requests
    select 'r' || n, '~' || n, 'b', 'v' || n, 'm' || n, 0, n, null from generate_series(1, $1::integer) as n
    """,
)
ONE = {
    "id": "'v77'", "application": "'default'", "phone": "'+79100000077'", "usage_type": "'SignIn'", "session": "''",
    "name": "'~77'", "phone_sends": "'phone ~77'", "request": "'r77'", "caller": "'c77'", "pool": "'known'",
    "subject": "'phone ~77'", "message_id": "'m77'", "status": "'canceled'", "seal": "'\\x00'", "cipher": "'\\x00'",
    "failures": "'[]'", "marks": "'[]'", "timeline": "'[]'", "locale": "''", "payload": "'{}'", "metadata": "'{}'",
    "gate_id": "''", "sender": "''", "reason": "''", "body": "'b'", "verification": "'v77'", "message": "'m77'",
    "wanted": "true", "operator": "''", "account": "''", "proof": "'\\x00'",
}  # fmt: skip
NULL = {"network_sends", "block_sends", "application_sends", "spending", "cost", "answer", "forgiven_at", "segments",
        "before_expires_at", "before_resend_at", "price"}  # fmt: skip
WRITES = statements("writes")
DECISIONS = statements("decisions")
LOOKS = statements("reading") | {name: statements("chores")[name] for name in ("due", "not_marked")}
LOOKED_FOR = {
    "statuses": "array['created', 'sent']", "limit": "10", "last": "50", "before_at": "77", "before_id": "''",
    "now": "9", "before": "'77'", "until": "600000000",
}  # fmt: skip


@pytest.fixture
async def session(anyio_backend):
    """A connection as decisions have it, on a database where nothing is yet; only that nobody hurries it."""
    url = shared().empty(template())
    patient = {"statement_timeout": "0", "lock_timeout": "0"}
    connection = await asyncpg.connect(url, server_settings={**DECIDING.session, **patient})
    session = Session(connection, 0)
    session.url = url
    yield session
    await connection.close()
    shared().drop(url)


def value(name, array):
    text = "null" if name in NULL else ONE.get(name, "0")
    return f"array[{text}]" if array else text


async def pages(session, known, *, array, fresh=()):
    """Pages touched for one ask by a plan made before there were any rows."""
    await session.script(f"prepare one as {known.text}")
    values = ", ".join("'new'" if name in fresh else value(name, array) for name in known.names)
    await session.all(statement(f"explain execute one ({values})"))
    for line in FILL:
        ask(session.url, line, ROWS)
    asked = statement(f"explain (analyze, buffers, format json) execute one ({values})")
    text = (await session.all(asked))[0][0]
    plan = json.loads(text)[0]["Plan"]
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


@pytest.mark.parametrize("name", DECISIONS)
async def test_a_decision_looks_into_indexes_however_much_there_is(session, name):
    assert await pages(session, DECISIONS[name], array=True) <= PAGES


@pytest.mark.parametrize("name", LOOKS)
async def test_a_look_goes_along_an_index(session, name):
    """Planned for what is there, as whoever only reads has it."""
    for line in FILL:
        ask(session.url, line, ROWS)
    ask(session.url, "analyze")
    await session.script("set plan_cache_mode = auto; set enable_seqscan = on; set enable_bitmapscan = on")
    known = LOOKS[name]
    await session.script(f"prepare one as {known.text}")
    values = ", ".join(LOOKED_FOR.get(name, value(name, array=False)) for name in known.names)
    asked = statement(f"explain (analyze, buffers, format json) execute one ({values})")
    plan = json.loads((await session.all(asked))[0][0])[0]["Plan"]
    assert plan["Shared Hit Blocks"] + plan["Shared Read Blocks"] <= PAGES


@pytest.mark.parametrize("name", WRITES)
async def test_a_write_touches_its_row_however_much_there_is(session, name):
    fresh = ("id", "session") if name in {"begin", "record", "remember"} else ()
    assert await pages(session, WRITES[name], array=False, fresh=fresh) <= PAGES
