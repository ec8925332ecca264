"""A replica that races: `racer.py URL NUMBER`. Each line it reads is one race: a word of `RACES`, how often, the rest.

It stands ready, says so, starts all of them at once when it is told to, and says what they were answered. Between every
two statements of a transaction it stops for a moment, so that whatever is not kept apart meets.
"""

import asyncio
import random
import sys
from collections import Counter
from decimal import Decimal

from store_words import KEYRING
from store_words import RIGHT
from store_words import WRONG
from store_words import a_resend
from store_words import an_issue
from store_words import only
from store_words import subject
from store_words import typed

from aerocode.errors import StoreUnavailable
from aerocode.model.decision import ById
from aerocode.model.decision import Request
from aerocode.model.policy import Cap
from aerocode.phone import Phone
from aerocode.store.postgres.session import Session
from aerocode.store.postgres.store import open_store

#: Seconds at most.
MOMENT = 0.003
BLOCK = only(block_hour=Cap(20))
MONEY = only(daily_budget=Decimal(30))
NAMED = Request(key="k", route="POST /api/verifications", body="b")


def another(number, count):
    """A phone of its own for each of all replicas, all in one block."""
    return subject(phone=Phone(f"+7912345{number * 1000 + count:04}"))


RACES = {
    "start": lambda store, *_: store.issue(an_issue()),
    "named": lambda store, *_: store.issue(an_issue(limits=only(), request=NAMED)),
    "block": lambda store, number, count, _: store.issue(an_issue(another(number, count), limits=BLOCK)),
    "money": lambda store, number, count, _: store.issue(an_issue(another(number, count), limits=MONEY)),
    "resend": lambda store, number, count, rest: store.resend(a_resend(ById("default", rest))),
    "wrong": lambda store, number, count, rest: store.check(ById("default", rest), typed(WRONG)),
    "right": lambda store, number, count, rest: store.check(ById("default", rest), typed(RIGHT)),
    "cancel": lambda store, number, count, rest: store.cancel(ById("default", rest)),
}


def slow_down(name):
    real = getattr(Session, name)

    async def slow(*args):
        await asyncio.sleep(random.random() * MOMENT)
        answer = await real(*args)
        await asyncio.sleep(random.random() * MOMENT)
        return answer

    setattr(Session, name, slow)


async def line():
    return (await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)).split()


def tell(words):
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


async def one(asking, gate):
    await gate.wait()
    while True:
        try:
            return type(await asking()).__name__
        except StoreUnavailable:  # too much at once is refused, and may be asked again
            await asyncio.sleep(random.random() / 10)


async def race(store, number, words, count, rest):
    gate = asyncio.Event()

    def asking(word, place):
        return lambda: RACES[word](store.verifications, number, place, rest)

    tasks = [asyncio.ensure_future(one(asking(words[n % len(words)], n), gate)) for n in range(count)]
    await asyncio.sleep(0)
    tell("ready")
    await line()
    gate.set()
    answers = Counter(await asyncio.gather(*tasks))
    tell(" ".join(f"{name}={times}" for name, times in answers.items()))


async def main(url, number):
    store = await open_store(url, KEYRING)
    tell("open")
    while words := await line():
        await race(store, int(number), words[0].split("+"), int(words[1]), words[2] if len(words) > 2 else "")
    await store.close()


if __name__ == "__main__":
    for name in ("all", "one", "do", "each"):
        slow_down(name)
    asyncio.run(main(*sys.argv[1:]))
