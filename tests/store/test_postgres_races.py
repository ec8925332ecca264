"""Four processes on one PostgreSQL, 500 at once, each stopping between all its steps: what may happen once does."""

import asyncio
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from store_homes import ON_A_SERVER
from store_words import begin

RACER = Path(__file__).with_name("racer.py")
PROCESSES = 4
AT_ONCE = 500

pytestmark = [pytest.mark.anyio, ON_A_SERVER]


class Racers:
    def __init__(self, url):
        self._popens = [
            subprocess.Popen(
                [sys.executable, str(RACER), url, str(number)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for number in range(PROCESSES)
        ]

    def expect(self):
        self._hear()

    async def race(self, what, rest=""):
        """All of them stand ready in every process before any is let go; how often each was answered."""
        return await asyncio.to_thread(self._race, what, rest)

    def end(self):
        for popen in self._popens:
            popen.communicate("\n", timeout=30)

    def _race(self, what, rest):
        self._say(f"{what} {AT_ONCE // PROCESSES} {rest}")
        self._hear()
        self._say("go")
        answers = Counter()
        for heard in self._hear():
            for word in heard.split():
                name, times = word.split("=")
                answers[name] += int(times)
        return answers

    def _say(self, words):
        for popen in self._popens:
            popen.stdin.write(f"{words}\n")
            popen.stdin.flush()

    def _hear(self):
        lines = [popen.stdout.readline() for popen in self._popens]
        assert all(lines)
        return lines


@pytest.fixture
async def racers(home):
    racers = Racers(home.url)
    try:
        await asyncio.to_thread(racers.expect)
        yield racers
    finally:
        await asyncio.to_thread(racers.end)


async def test_of_starts_at_once_one_begins(racers):
    assert {"Issued": 1, "TooSoon": 499} == await racers.race("start")


async def test_of_one_named_request_made_many_times_one_is_sent(racers, home):
    answers = await racers.race("named")
    assert {"Issued": 1, "Unanswered": 499} == answers
    assert [(1,)] == await home.look("select count(*) from messages")


async def test_a_cap_that_phones_share_holds(racers):
    assert {"Issued": 20, "TooSoon": 480} == await racers.race("block")


async def test_money_that_all_share_is_spent_once(racers, home):
    answers = await racers.race("money")
    assert {"Issued", "Spent"} == set(answers)
    assert [(answers["Issued"],)] == await home.look("select count(*) from messages where aside > 0")
    ((aside,),) = await home.look("select sum(aside) from messages")
    assert aside <= 300_000


async def test_of_wrong_guesses_at_once_five_are_looked_at(racers, store):
    begun = await begin(store)
    assert {"Wrong": 5, "Ended": 495} == await racers.race("wrong", begun.verification.id)


async def test_of_right_answers_at_once_one_is_approved(racers, store):
    begun = await begin(store)
    assert {"Approved": 1, "Ended": 499} == await racers.race("right", begun.verification.id)


async def test_right_answers_and_cancellations_at_once_leave_one_end(racers, store):
    begun = await begin(store)
    answers = await racers.race("right+cancel", begun.verification.id)
    assert (1, 499) == (answers["Approved"] + answers["Canceled"], answers["Ended"])


async def test_of_resends_at_once_one_is_sent(racers, home, store):
    begun = await begin(store)
    await home.look("update ladders set next_at = 0 returning 1")
    assert {"Issued": 1, "TooSoon": 499} == await racers.race("resend", begun.verification.id)
