"""Any sequence of decisions, on the store and on the pure model of it: the same answers, the same rows.

`machine_words.py` has what is drawn from, and why time moves as it does.
"""

import asyncio
import json
import tempfile
from collections import Counter
from collections.abc import Coroutine
from dataclasses import fields
from dataclasses import is_dataclass
from dataclasses import replace
from datetime import UTC
from datetime import datetime
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import Phase
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import initialize
from hypothesis.stateful import invariant
from hypothesis.stateful import precondition
from hypothesis.stateful import rule
from hypothesis.stateful import run_state_machine_as_test
from machine_words import FAR_AHEAD
from machine_words import HALF
from machine_words import HOUSES
from machine_words import LONG_AGO
from machine_words import NAMED
from machine_words import NEIGHBOUR
from machine_words import NETWORKS
from machine_words import NEWS
from machine_words import OUTCOMES
from machine_words import POLICIES
from machine_words import RECENT
from machine_words import REQUESTS
from machine_words import SOON
from machine_words import STEP
from machine_words import TENTHS
from machine_words import WHOM
from machine_words import House
from store_homes import HOMES
from store_words import OTHER_PHONE
from store_words import PHONE
from store_words import REFUSED
from store_words import a_resend
from store_words import an_issue
from store_words import sealed
from store_words import subject
from store_words import typed

from aerocode.model.decision import ById
from aerocode.model.decision import FixedCode
from aerocode.model.decision import Issue
from aerocode.model.decision import Issued
from aerocode.model.decision import Repeated
from aerocode.model.decision import Request
from aerocode.model.decision import ResendAnswer
from aerocode.model.decision import Where
from aerocode.model.lists import NO_LISTS
from aerocode.model.message import Outcome
from aerocode.model.message import Report
from aerocode.model.message import Source
from aerocode.model.policy import Policy
from aerocode.model.states import MessageStatus
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.phone import Phone
from aerocode.verify import reference
from aerocode.verify.reference import repeating
from aerocode.verify.reference.world import Asked
from aerocode.verify.reference.world import find

#: Far more than a run takes, far less than the distance of any jump from any boundary.
NEAR = timedelta(seconds=15)
DAY = timedelta(days=1)
#: Rows are compared every so many steps: what is wrong in them stays wrong.
LOOKED_AT = 4
#: What the code of a test number begins with.
FIXED = "42"


def begun(machine: "StoreAgainstModel") -> bool:
    return bool(machine.codes)


def alike(expected: Any, found: Any) -> bool:
    if isinstance(expected, datetime) and isinstance(found, datetime):
        return abs(expected - found) < NEAR
    if is_dataclass(expected):
        return type(expected) is type(found) and all(
            alike(getattr(expected, each.name), getattr(found, each.name)) for each in fields(expected)
        )
    return bool(expected == found)


class StoreAgainstModel(RuleBasedStateMachine):
    home_type: type
    house: House
    #: What was answered, over all runs.
    met: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.home = self.home_type(Path(self.folder.name))
        self.do(self.home.open())
        self.world = reference.World()
        self.now = datetime.now(UTC)
        self.serial = 0
        self.steps = 0
        self.codes: dict[str, str] = {}

    def do(self, what: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(what)

    def teardown(self) -> None:
        try:
            self.look()
        finally:
            self.do(self.home.close())
            self.do(self.loop.shutdown_default_executor())
            self.loop.close()
            self.folder.cleanup()

    def tick(self) -> datetime:
        """The model's time: no two decisions share a moment, as on a real clock."""
        self.now += timedelta(microseconds=1)
        return self.now

    def known_since(self, whom: Subject) -> datetime | None:
        """When this phone was last proved to this application, as a token would say."""
        proofs = [
            row.ended_at
            for row in self.world.verifications.values()
            if (row.application, row.phone) == (whom.application, whom.phone)
            and row.status is VerificationStatus.APPROVED
        ]
        return max(filter(None, proofs), default=None)

    def compare(self, expected: Any, found: Any) -> None:
        self.note(expected)
        if isinstance(expected, Asked):
            self.compare_repeated(expected, found)
            return
        assert alike(expected, found), f"the model says {expected}, the store says {found}"

    def note(self, answer: Any) -> None:
        """What was met: each answer by its name, and by the name with what it says."""
        said = [*getattr(answer, "over", ()), getattr(answer, "limit", None), getattr(answer, "reason", None)]
        said += [flag for flag in ("nearly_spent", "again", "stopped") if getattr(answer, flag, False)]
        said += ["test"] if getattr(getattr(answer, "verification", None), "test", False) else []
        name = type(answer).__name__
        self.met.update([name, *(f"{name} {word}" for word in said if word is not None)])

    def compare_repeated(self, expected: Asked, found: Any) -> None:
        """Told as it was told, or, when the first one was never told, as it stands now."""
        sent = self.world.messages[expected.message_id]
        verification, status = expected.answer or (self.world.verifications[sent.verification], sent.status)
        assert isinstance(found, Repeated)
        assert (expected.message_id, status, expected.again) == (found.message.id, found.message.status, found.again)
        self.met[f"Asked {'again' if expected.again else 'first'} {status}"] += 1
        moved = ("id", "status", "attempts_left", "sends", "expires_at", "resend_at", "message_id")
        for name in moved:
            assert alike(getattr(verification, name), getattr(found.verification, name)), name

    @initialize(policy=st.sampled_from(POLICIES))
    def choose_policy(self, policy: Policy) -> None:
        self.policy = policy

    # Starts.

    @rule(whom=WHOM, outcome=SOON, device=st.booleans(), network=NETWORKS, request=REQUESTS, odds=TENTHS)
    def issue(
        self, whom: Subject, outcome: Outcome | None, network: str | None, request: Request, odds: int, *, device: bool
    ) -> None:
        self.start(whom, outcome, network, request, odds, device=device)

    @rule(
        whom=WHOM,
        outcomes=st.lists(SOON, min_size=2, max_size=5),
        network=NETWORKS,
        request=REQUESTS,
        odds=TENTHS,
        steps=st.sampled_from((0, 0, 1, 3)),
    )
    def issue_and_issue(
        self,
        whom: Subject,
        outcomes: list[Outcome | None],
        network: str | None,
        request: Request,
        odds: int,
        steps: int,
    ) -> None:
        for outcome in outcomes:
            self.start(whom, outcome, network, request, odds)
            self.wait(steps)

    @rule(phones=st.permutations((PHONE, OTHER_PHONE, NEIGHBOUR)), network=NETWORKS, outcome=SOON)
    def issue_to_many(self, phones: list[Phone], network: str | None, outcome: Outcome | None) -> None:
        for phone in phones:
            self.start(subject(phone=phone), outcome, network)

    @rule(whom=WHOM, stranger=st.booleans(), owner=st.booleans())
    def a_known_device_comes_back(self, whom: Subject, *, stranger: bool, owner: bool) -> None:
        """It proves the phone; a stranger starts for it; it starts again; the stranger does."""
        if self.known_since(whom) is None:
            self.start(whom, None, None)
            self.check(whom, self.code_of(whom))
        if stranger:
            self.start(whom, None, None)
        if owner:
            self.start(whom, None, None, device=True)
            self.met["taken over" if stranger else "known"] += 1
        self.start(whom, None, None)
        self.check(whom, "999999")

    def start(
        self,
        whom: Subject,
        outcome: Outcome | None,
        network: str | None,
        request: Request | None = None,
        odds: int = 9,
        *,
        device: bool = False,
    ) -> None:
        self.serial += 1
        code = f"{self.serial:06}"
        ask = an_issue(
            whom,
            code=code,
            policy=self.policy,
            limits=self.house.limits,
            device_since=self.known_since(whom) if device else None,
            network=network,
            # Now and then an entry is made only after the start, so that what is pending gets barred.
            lists=self.house.lists if odds else NO_LISTS,
            request=request if odds < self.house.requests else None,
        )
        if odds >= 10 - self.house.tests:
            ask = replace(ask, fixed=self.fixed_code(ask, code))
        self.world, expected = reference.issue(self.world, self.tick(), ask)
        self.compare(expected, self.do(self.home.store.verifications.issue(ask)))
        if isinstance(expected, Issued) and not expected.again:
            self.codes[ask.verification_id] = f"{FIXED}{code}" if expected.verification.test else code
        if isinstance(expected, Issued) and outcome is not None:
            self.mark(0, outcome)

    def fixed_code(self, ask: Issue, code: str) -> FixedCode:
        """A code that no other verification has; every third is no longer fixed."""
        until = (None, FAR_AHEAD, LONG_AGO)[self.serial % 3]
        return FixedCode(code=sealed(ask.subject, ask.verification_id, f"{FIXED}{code}"), until=until)

    # Resends.

    @precondition(begun)
    @rule(which=RECENT, by=NAMED, steps=st.sampled_from((0, 1, 1, 2, 3)), outcome=SOON, request=REQUESTS, odds=TENTHS)
    def wait_and_resend(
        self, which: int, by: str, steps: int, outcome: Outcome | None, request: Request, odds: int
    ) -> None:
        self.wait(steps)
        named = request if odds < self.house.requests else None
        expected = self.send_again(self.named(which, by), named)
        if isinstance(expected, Issued) and outcome is not None:
            self.mark(0, outcome)

    @precondition(lambda machine: bool(machine.house.requests))
    @rule(
        whom=WHOM,
        request=REQUESTS,
        outcome=SOON,
        between=st.sampled_from(("nothing", "nothing", "check", "reopen")),
        resends=st.booleans(),
    )
    def ask_twice(
        self, whom: Subject, request: Request, outcome: Outcome | None, between: str, *, resends: bool
    ) -> None:
        """The same request once more, after whatever happened to the verification or to the house."""
        for last in (False, True):
            if resends:
                answer = self.send_again(whom, request)
                if isinstance(answer, Issued) and outcome is not None:
                    self.mark(0, outcome)
            else:
                self.start(whom, outcome, None, request, 0)
            if not last and between == "check":
                self.check(whom, self.code_of(whom))
            elif not last and between == "reopen":
                self.reopen()

    # Checks.

    @precondition(begun)
    @rule(which=RECENT, by=NAMED, other=st.sampled_from((None, None, None, 0, 1)))
    def check_right(self, which: int, by: str, other: int | None) -> None:
        """Right, unless the code is that of another verification."""
        self.check(self.named(which, by), self.codes[self.recent(which if other is None else other)])

    @precondition(begun)
    @rule(which=RECENT, by=NAMED, count=st.sampled_from((1, 1, 2, 6, 6)))
    def check_wrong(self, which: int, by: str, count: int) -> None:
        for _ in range(count):
            self.check(self.named(which, by), "999999")

    @rule(whom=WHOM, count=st.sampled_from((4, 8, 12)))
    def guess(self, whom: Subject, count: int) -> None:
        """Start and type wrong codes, again and again."""
        for _ in range(count):
            self.start(whom, None, None)
            for _ in range(2):
                self.check(whom, "999999")

    @rule(whom=WHOM, sends=st.booleans())
    def ask_for_somebody(self, whom: Subject, *, sends: bool) -> None:
        if sends:
            self.send_again(whom)
        else:
            self.check(whom, "999999")

    # The rest.

    @precondition(begun)
    @rule(which=RECENT, by=st.sampled_from(("id", "id", "stranger")))
    def cancel(self, which: int, by: str) -> None:
        where = self.named(which, by)
        self.world, expected = reference.cancel(self.world, self.tick(), where)
        self.compare(expected, self.do(self.home.store.verifications.cancel(where)))

    @precondition(begun)
    @rule(which=RECENT, outcome=st.one_of(st.just(REFUSED), OUTCOMES))
    def mark(self, which: int, outcome: Outcome) -> None:
        messages = list(self.world.messages)
        message_id = messages[-1 - which % len(messages)]
        self.world = reference.mark(self.world, self.tick(), message_id, outcome)
        marked = self.do(self.home.store.verifications.mark(message_id, outcome))
        sent = self.world.messages[message_id]
        assert sent.status is marked.message.status
        verification = self.world.verifications[sent.verification]
        if marked.verification is not None:
            self.compare(verification, marked.verification)
        else:  # it need not be told when it is as the start left it
            assert verification.status is VerificationStatus.PENDING

    @precondition(lambda self: begun(self) and self.house.reports)
    @rule(which=RECENT, status=NEWS)
    def hear_of_a_message(self, which: int, status: MessageStatus) -> None:
        messages = list(self.world.messages)
        message_id = messages[-1 - which % len(messages)]
        self.world = reference.note(self.world, self.tick(), message_id, status)
        noted = self.do(self.home.store.messages.note(message_id, Report(status=status, source=Source.POLL)))
        assert self.world.messages[message_id].status is noted.status
        self.met[f"Heard {noted.status}"] += 1

    @rule(steps=st.sampled_from((1, 1, 2, 3, 5, 9, 11, 52, 52, 52, 1240)))
    def wait(self, steps: int) -> None:
        self.now += steps * STEP
        self.home.shift_clock(steps * STEP)

    @rule(
        what=st.sampled_from(("unlock", "unlock one", "expire", "forget", "reopen")),
        phone=st.sampled_from((PHONE, OTHER_PHONE)),
    )
    def keep_house(self, what: str, phone: Phone) -> None:
        if what == "reopen":
            self.reopen()
        elif what in ("expire", "forget"):
            self.expire(forget=what == "forget")
        else:
            application = "default" if what == "unlock one" else None
            self.world = reference.unlock(self.world, application, phone)
            self.do(self.home.store.budgets.unlock(phone, application=application, actor="a key", reason="a test"))

    def expire(self, *, forget: bool) -> None:
        """Forgetting sweeps what counts no more: no decision and no row but those may notice."""
        overdue = [
            row.id for row in self.world.verifications.values() if not row.ended_at and row.expires_at < self.now
        ]
        for verification_id in overdue:
            where = self.where(verification_id)
            self.world, _ = reference.check(self.world, self.now, where, typed("999999"))
        chores = self.home.store.chores
        if forget:
            self.do(chores.forget(timedelta(days=3650)))
        else:
            assert len(overdue) == self.do(chores.expire())

    def reopen(self) -> None:
        self.do(self.home.reopen())
        # A file has one owner and gives up as it opens; of replicas, one does when it is time.
        self.do(self.home.store.messages.give_up_unmarked(timedelta(0)))
        for message_id, message in self.world.messages.items():
            if message.status is MessageStatus.CREATED:
                self.world = replace(
                    self.world,
                    messages={**self.world.messages, message_id: replace(message, status=MessageStatus.UNKNOWN)},
                )
                self.world = repeating.answer(self.world, message_id)

    # What must hold in the rows.

    @invariant()
    def now_and_then_rows_are_looked_at(self) -> None:
        self.steps += 1
        if self.steps % LOOKED_AT == 0:
            self.look()

    def look(self) -> None:
        self.rows_are_as_the_model_says()
        self.budgets_are_as_the_model_says()
        self.codes_rest_exactly_as_long_as_they_may_be_used()
        self.messages_are_as_the_model_says()
        self.ladders_are_as_the_model_says()
        self.money_is_as_the_model_says()

    def rows_are_as_the_model_says(self) -> None:
        found = {}
        for application in ("default", "shop"):
            reading = self.home.store.reader.verifications(application, phone=None, before=None, limit=1000)
            found |= {row.id: row for row in self.do(reading)}
        assert self.world.verifications.keys() == found.keys()
        for verification_id, expected in self.world.verifications.items():
            self.compare(expected, found[verification_id])

    def budgets_are_as_the_model_says(self) -> None:
        question = "select application, name, pool, in_a_row, stopped from budgets where in_a_row > 0 or stopped = 1"
        expected = {
            (application, self.name_of(phone), pool, budget.row, int(budget.stopped))
            for (application, phone, pool), budget in self.world.budgets.items()
            if budget.row or budget.stopped
        }
        assert expected == set(self.do(self.home.look(question)))

    def codes_rest_exactly_as_long_as_they_may_be_used(self) -> None:
        question = "select id, seal, cipher from verifications where seal is not null or cipher is not null"
        kept = {row[0]: row[1:] for row in self.do(self.home.look(question))}
        assert {name: (code.seal, code.cipher) for name, code in self.world.codes.items()} == kept

    def messages_are_as_the_model_says(self) -> None:
        expected = {name: (str(sent.status), sent.verification) for name, sent in self.world.messages.items()}
        found = self.do(self.home.look("select id, status, verification from messages"))
        assert expected == {name: (status, verification) for name, status, verification in found}

    def ladders_are_as_the_model_says(self) -> None:
        """All that may still say something; older ones may have been swept."""
        rungs = {
            (application, self.name_of(phone), str(usage_type)): rung
            for (application, phone, usage_type), rung in self.world.ladders.items()
        }
        question = "select application, name, usage_type, step, message_id from ladders"
        found = {row[:3]: row[3:] for row in self.do(self.home.look(question))}
        assert found == {key: (rungs[key].step, rungs[key].message_id) for key in found}
        assert {key for key, rung in rungs.items() if rung.next_at > self.now - DAY + HALF} <= set(found)

    def money_is_as_the_model_says(self) -> None:
        expected = sum((much for _, much in self.world.money.spent), start=Decimal(0))
        rows = self.do(self.home.look("select marks, price from spending"))
        if all(at > self.now - DAY + HALF for at, _ in self.world.money.spent):
            found = sum(much for marks, _ in rows for _, much in json.loads(marks))
            assert expected * 10_000 == found

    def name_of(self, phone: str) -> str:
        return self.home.store.budgets._names.of(phone)

    def check(self, where: Where, code: str) -> None:
        self.world, expected = reference.check(self.world, self.tick(), where, typed(code))
        self.compare(expected, self.do(self.home.store.verifications.check(where, typed(code))))

    def send_again(self, where: Where, request: Request | None = None) -> ResendAnswer:
        request = request and replace(request, route="resend")
        ask = a_resend(where, policy=self.policy, limits=self.house.limits, lists=self.house.lists, request=request)
        self.world, expected = reference.resend(self.world, self.tick(), ask)
        self.compare(expected, self.do(self.home.store.verifications.resend(ask)))
        return expected

    def code_of(self, whom: Subject) -> str:
        """The code of the newest verification of this subject, or a wrong one."""
        found = find(self.world, whom)
        return "999999" if found is None else self.codes[found.id]

    def recent(self, which: int) -> str:
        """The id of a verification that began lately, 0 for the newest."""
        return list(self.codes)[-1 - which % len(self.codes)]

    def named(self, which: int, by: str) -> Where:
        where = self.where(self.recent(which))
        if by == "subject":
            found = self.world.verifications[where.verification_id]
            return Subject(found.application, found.phone, found.usage_type, found.session)
        return replace(where, session=f"{where.session}?") if by == "stranger" else where

    def where(self, verification_id: str) -> ById:
        found = self.world.verifications[verification_id]
        return ById(found.application, verification_id, found.session)


#: How often each of what a house `meets` is to be met.
OFTEN = 4
#: A database server takes several times as long over the same steps, and is given so many times fewer.
FEWER = {"sqlite": 1, "postgres": 4}


@pytest.mark.parametrize("what", sorted(HOUSES))
@pytest.mark.parametrize("name", sorted(HOMES))
def test_the_store_decides_as_the_model_does(name, what):
    house = HOUSES[what]
    machine = type("Machine", (StoreAgainstModel,), {"home_type": HOMES[name], "house": house, "met": Counter()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=house.examples // FEWER[name],
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            database=None,
            print_blob=False,
            phases=[Phase.explicit, Phase.generate],  # shrinking forty steps on a disk takes minutes
            suppress_health_check=list(HealthCheck),
        ),
    )
    if FEWER[name] == 1:  # fewer meet less
        assert {} == {answer: machine.met[answer] for answer in house.meets if machine.met[answer] < OFTEN}
