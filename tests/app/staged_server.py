"""`aerocode` with one step made odd, as a process of its own: `staged_server.py STAGE [ARGUMENT] serve …`.

die-after OWNER.STEP    kill -9 at the very moment that step has returned
die-before OWNER.STEP   kill -9 at the very moment it is called
late SECONDS            the store's clock is ahead by that
tell FILE               every code that is drawn is written there, too
grown DIALECT           as the next Aerocode, whose schema has one table more
"""

import functools
import os
import signal
import sys
from datetime import timedelta
from pathlib import Path

import aerocode.app.database
import aerocode.app.services
import aerocode.store.postgres.store
import aerocode.store.sql
import aerocode.verify.codes
from aerocode.cli import main
from aerocode.connectors.smsaero import SmsAeroLine
from aerocode.store.postgres.verifications import PostgresVerifications
from aerocode.store.sqlite.verifications import SqliteVerifications

OWNERS = {"store": (SqliteVerifications, PostgresVerifications), "line": (SmsAeroLine,)}


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def die_after(step):
    owners, name = found(step)
    for owner in owners:
        make_odd(owner, name, getattr(owner, name))


def make_odd(owner, name, real):
    async def dying(*args):
        await real(*args)
        die()

    setattr(owner, name, dying)


def die_before(step):
    async def dying(*args):
        die()

    owners, name = found(step)
    for owner in owners:
        setattr(owner, name, dying)


def found(step):
    owner, _, name = step.partition(".")
    return OWNERS[owner], name


def late(seconds):
    for room, name in ((aerocode.app.database, "open_file"), (aerocode.store.postgres.store, "open_store")):
        real = getattr(room, name)
        setattr(room, name, functools.partial(real, offset=timedelta(seconds=float(seconds))))


def tell(file):
    real = aerocode.verify.codes.new_code

    def telling(length):
        code = real(length)
        with Path(file).open("a") as book:
            book.write(f"{code}\n")
        return code

    aerocode.verify.codes.new_code = telling


def grown(dialect):
    steps = {name: aerocode.store.sql.migrations(name) for name in ("sqlite", "postgres")}
    steps[dialect] += ("create table later (id text primary key);",)
    aerocode.store.sql.migrations = steps.get


STAGES = {"die-after": die_after, "die-before": die_before, "late": late, "tell": tell, "grown": grown}

if __name__ == "__main__":
    words = sys.argv[1:]
    while words[0] in STAGES:
        STAGES[words[0]](words[1])
        words = words[2:]
    sys.argv = ["aerocode", *words]
    main()
