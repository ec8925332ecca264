"""Any sequence of decisions, on the store and on the pure model of it: the same answers, the same rows.

The store reads its own clock, so time moves in jumps of whole steps only, and every span that a decision compares with
is half a step off: however slowly a run goes, no decision lands on a boundary.
"""

import asyncio
import json
import tempfile
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
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine
from hypothesis.stateful import initialize
from hypothesis.stateful import invariant
from hypothesis.stateful import precondition
from hypothesis.stateful import rule
from hypothesis.stateful import run_state_machine_as_test
from store_homes import HOMES
from store_words import NO_CAPS
from store_words import OTHER_PHONE
from store_words import PHONE
from store_words import REFUSED
from store_words import SPARED
from store_words import UNKNOWN
from store_words import a_resend
from store_words import an_issue
from store_words import subject
from store_words import typed

from aerocode.model.decision import ById
from aerocode.model.decision import FixedCode
from aerocode.model.decision import Issued
from aerocode.model.decision import Repeated
from aerocode.model.decision import Request
from aerocode.model.decision import ResendAnswer
from aerocode.model.decision import Where
from aerocode.model.lists import NO_LISTS
from aerocode.model.lists import Kind
from aerocode.model.lists import ListEntry
from aerocode.model.lists import Lists
from aerocode.model.lists import Verdict
from aerocode.model.message import Accepted
from aerocode.model.message import Outcome
from aerocode.model.message import Report
from aerocode.model.message import Source
from aerocode.model.policy import Cap
from aerocode.model.policy import CountryRule
from aerocode.model.policy import Limits
from aerocode.model.policy import Mode
from aerocode.model.policy import Policy
from aerocode.model.states import MessageStatus
from aerocode.model.states import UsageType
from aerocode.model.states import VerificationStatus
from aerocode.model.verification import Subject
from aerocode.phone import Phone
from aerocode.verify import reference
from aerocode.verify.reference.world import Asked

STEP = timedelta(seconds=70)
HALF = STEP / 2
#: Far more than a run takes, far less than the distance of any jump from any boundary.
NEAR = timedelta(seconds=25)

#: The hard limit of 600 s is 8.57 steps, and needs no half.
POLICIES = (
    Policy(attempts=2, lifetime=3 * STEP + HALF),
    Policy(attempts=3, lifetime=6 * STEP + HALF),
    Policy(attempts=5, lifetime=STEP + HALF),
)
_LADDER = (HALF, STEP + HALF, 2 * STEP + HALF)
LIMITS = (
    Limits(ladder=_LADDER, ladder_memory=7 * STEP + HALF, sends_per_verification=3, **NO_CAPS),
    Limits(ladder=_LADDER, ladder_memory=7 * STEP + HALF, sends_per_verification=5, ladder_mode=Mode.MONITOR),
    Limits(
        ladder=_LADDER[:1],
        ladder_memory=2 * STEP + HALF,
        sends_per_verification=2,
        sends_per_verification_mode=Mode.MONITOR,
        phone_hour=Cap(4),
        phone_day=Cap(6, Mode.MONITOR),
        ip_hour=Cap(3),
        block_hour=Cap(5),
        daily_budget=Decimal(60),
    ),
    Limits(
        ladder=(),
        phone_hour=Cap(3, Mode.MONITOR),
        phone_day=Cap(5),
        application_day=Cap(7),
        countries={"RU": CountryRule.MONITOR},
        daily_budget=Decimal(40),
    ),
    Limits(ladder=_LADDER, phone_hour=Cap(2), block_hour=Cap(None), countries={"RU": CountryRule.BLOCK}),
)
_SINCE = datetime(2026, 1, 1, tzinfo=UTC)


def entry(verdict: Verdict, kind: Kind, value: str) -> ListEntry:
    return ListEntry(id=value, verdict=verdict, kind=kind, value=value, reason="a test", created_at=_SINCE)


LISTS = (
    NO_LISTS,
    NO_LISTS,
    Lists([entry(Verdict.ALLOW, Kind.PHONE, PHONE.e164), entry(Verdict.BLOCK, Kind.PREFIX, OTHER_PHONE.e164[:5])]),
    Lists([entry(Verdict.ALLOW, Kind.NETWORK, "192.0.2.0/24"), entry(Verdict.BLOCK, Kind.NETWORK, "198.51.100.0/24")]),
)
NETWORKS = st.sampled_from((None, "192.0.2.1/32", "192.0.2.1/32", "198.51.100.7/32", "2001:db8::/64"))
REQUESTS = st.sampled_from(
    (None, None, *(Request(key=key, route="start", body=body) for key in ("one", "two") for body in ("a", "b")))
)

SUBJECTS = st.builds(
    subject,
    application=st.sampled_from(("default", "shop")),
    phone=st.sampled_from((PHONE, OTHER_PHONE)),
    usage_type=st.sampled_from((UsageType.GENERIC, UsageType.SIGN_IN)),
    session=st.sampled_from(("", "s")),
)
#: Most of what happens, happens to one subject, or runs would rarely meet a resend or a refusal.
WHOM = st.one_of(st.just(subject()), st.just(subject()), st.just(subject(session="s")), SUBJECTS)
OUTCOMES = st.sampled_from(
    (
        REFUSED,
        UNKNOWN,
        Accepted(gate_id="1", status=MessageStatus.ACCEPTED),
        Accepted(gate_id="1", status=MessageStatus.QUEUED),
        Accepted(gate_id="1", status=MessageStatus.MODERATION),
        Accepted(gate_id="1", status=MessageStatus.SENT, cost=Decimal("7.5")),
        SPARED,
    )
)

#: What becomes of a message at once; often nothing yet, often a refusal, which has the most to undo.
SOON = st.sampled_from(
    (
        None,
        None,
        REFUSED,
        REFUSED,
        UNKNOWN,
        Accepted(gate_id="1", status=MessageStatus.QUEUED, cost=Decimal(9)),
        Accepted(gate_id="1", status=MessageStatus.MODERATION, cost=Decimal(9)),
    )
)
NEWS = st.sampled_from(
    (
        MessageStatus.MODERATION,
        MessageStatus.MODERATION,
        MessageStatus.QUEUED,
        MessageStatus.QUEUED,
        MessageStatus.DELIVERED,
        MessageStatus.REJECTED,
        MessageStatus.FAILED,
    )
)
RECENT = st.sampled_from((0, 0, 0, 1, 1, 2, 5))
NAMED = st.sampled_from(("id", "id", "subject", "subject", "stranger"))


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

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.folder = tempfile.TemporaryDirectory()
        self.home = self.home_type(Path(self.folder.name))
        self.do(self.home.open())
        self.world = reference.World()
        self.now = datetime.now(UTC)
        self.serial = 0
        self.codes: dict[str, str] = {}

    def do(self, what: Coroutine[Any, Any, Any]) -> Any:
        return self.loop.run_until_complete(what)

    def teardown(self) -> None:
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
        if isinstance(expected, Asked):
            self.compare_repeated(expected, found)
            return
        assert alike(expected, found), f"the model says {expected}, the store says {found}"

    def compare_repeated(self, expected: Asked, found: Any) -> None:
        """Told as it was told, or, when the first one was never told, as it stands now."""
        sent = self.world.messages[expected.message_id]
        verification, status = expected.answer or (self.world.verifications[sent.verification], sent.status)
        assert isinstance(found, Repeated)
        assert (expected.message_id, status, expected.again) == (found.message.id, found.message.status, found.again)
        moved = ("id", "status", "attempts_left", "sends", "expires_at", "resend_at", "message_id")
        for name in moved:
            assert alike(getattr(verification, name), getattr(found.verification, name)), name

    @initialize(policy=st.sampled_from(POLICIES), limits=st.sampled_from(LIMITS), lists=st.sampled_from(LISTS))
    def choose_rules(self, policy: Policy, limits: Limits, lists: Lists) -> None:
        self.policy, self.limits, self.lists = policy, limits, lists

    @rule(
        whom=WHOM,
        outcome=SOON,
        device=st.sampled_from((False, False, True)),
        network=NETWORKS,
        request=REQUESTS,
        fixed=st.sampled_from((False, False, False, True)),
    )
    def issue(
        self,
        whom: Subject,
        outcome: Outcome | None,
        network: str | None,
        request: Request | None,
        *,
        device: bool,
        fixed: bool,
    ) -> None:
        self.serial += 1
        code = f"{self.serial:06}"
        ask = an_issue(
            whom,
            code=code,
            policy=self.policy,
            limits=self.limits,
            device_since=self.known_since(whom) if device else None,
            network=network,
            lists=self.lists,
            request=request,
        )
        if fixed:
            ask = replace(ask, fixed=FixedCode(code=ask.code, until=_SINCE + 400 * timedelta(days=365)))
        self.world, expected = reference.issue(self.world, self.tick(), ask)
        self.compare(expected, self.do(self.home.store.verifications.issue(ask)))
        if isinstance(expected, Issued) and not expected.again:
            self.codes[ask.verification_id] = code
        if isinstance(expected, Issued) and outcome is not None:
            self.mark(0, outcome)

    @precondition(begun)
    @rule(which=RECENT, by=NAMED)
    def resend(self, which: int, by: str) -> None:
        self.send_again(self.named(which, by))

    @precondition(begun)
    @rule(which=RECENT, steps=st.sampled_from((1, 1, 2, 3)), outcome=SOON)
    def wait_and_resend(self, which: int, steps: int, outcome: Outcome | None) -> None:
        self.wait(steps)
        expected = self.send_again(self.named(which, "id"))
        if isinstance(expected, Issued) and outcome is not None:
            self.mark(0, outcome)

    @precondition(begun)
    @rule(which=RECENT, by=NAMED)
    def check_right(self, which: int, by: str) -> None:
        self.check(self.named(which, by), self.codes[self.recent(which)])

    @precondition(begun)
    @rule(which=RECENT, by=NAMED)
    def check_wrong(self, which: int, by: str) -> None:
        self.check(self.named(which, by), "999999")

    @precondition(begun)
    @rule(which=RECENT)
    def check_wrong_to_the_end(self, which: int) -> None:
        for _ in range(self.policy.attempts + 1):
            self.check(self.named(which, "id"), "999999")

    @precondition(begun)
    @rule(which=RECENT, other=RECENT)
    def check_with_the_code_of_another(self, which: int, other: int) -> None:
        self.check(self.named(which, "id"), self.codes[self.recent(other)])

    @rule(whom=WHOM, sends=st.booleans())
    def ask_for_somebody(self, whom: Subject, *, sends: bool) -> None:
        if sends:
            self.send_again(whom)
        else:
            self.check(whom, "999999")

    @precondition(begun)
    @rule(which=RECENT, by=st.sampled_from(("id", "id", "stranger")))
    def cancel(self, which: int, by: str) -> None:
        where = self.named(which, by)
        self.world, expected = reference.cancel(self.world, self.tick(), where)
        self.compare(expected, self.do(self.home.store.verifications.cancel(where)))

    @precondition(begun)
    @rule(which=RECENT, outcome=OUTCOMES)
    def mark(self, which: int, outcome: Outcome) -> None:
        messages = list(self.world.messages)
        message_id = messages[-1 - which % len(messages)]
        self.world = reference.mark(self.world, self.tick(), message_id, outcome)
        marked = self.do(self.home.store.verifications.mark(message_id, outcome))
        sent = self.world.messages[message_id]
        assert sent.status is marked.message.status
        self.compare(self.world.verifications[sent.verification], marked.verification)

    @precondition(begun)
    @rule(which=RECENT, status=NEWS)
    def hear_of_a_message(self, which: int, status: MessageStatus) -> None:
        messages = list(self.world.messages)
        message_id = messages[-1 - which % len(messages)]
        self.world = reference.note(self.world, self.tick(), message_id, status)
        noted = self.do(self.home.store.messages.note(message_id, Report(status=status, source=Source.POLL)))
        assert self.world.messages[message_id].status is noted.status

    @precondition(begun)
    @rule(which=st.sampled_from((1, 1, 2)))
    def hear_late_of_a_refusal(self, which: int) -> None:
        self.mark(which, REFUSED)

    @rule(phone=st.sampled_from((PHONE, OTHER_PHONE)), application=st.sampled_from((None, "default", "shop")))
    def unlock(self, phone: Phone, application: str | None) -> None:
        self.world = reference.unlock(self.world, application, phone)
        self.do(self.home.store.budgets.unlock(phone, application=application, actor="a key", reason="a test"))

    @rule()
    def expire(self) -> None:
        overdue = [
            row.id for row in self.world.verifications.values() if not row.ended_at and row.expires_at < self.now
        ]
        for verification_id in overdue:
            where = self.where(verification_id)
            self.world, _ = reference.check(self.world, self.now, where, typed("999999"))
        assert len(overdue) == self.do(self.home.store.chores.expire())

    @rule(steps=st.sampled_from((1, 1, 1, 2, 3, 5, 9, 11, 52, 1240)))
    def wait(self, steps: int) -> None:
        self.now += steps * STEP
        self.home.shift_clock(steps * STEP)

    @rule()
    def reopen(self) -> None:
        self.do(self.home.reopen())
        for message_id, message in self.world.messages.items():
            if message.status is MessageStatus.CREATED:
                self.world = reference.mark(self.world, self.now, message_id, UNKNOWN)

    @invariant()
    def rows_are_as_the_model_says(self) -> None:
        found = {}
        for application in ("default", "shop"):
            reading = self.home.store.reader.verifications(application, phone=None, before=None, limit=1000)
            found |= {row.id: row for row in self.do(reading)}
        assert self.world.verifications.keys() == found.keys()
        for verification_id, expected in self.world.verifications.items():
            self.compare(expected, found[verification_id])

    @invariant()
    def budgets_are_as_the_model_says(self) -> None:
        question = "select application, name, pool, in_a_row, stopped from budgets where in_a_row > 0 or stopped"
        expected = {
            (application, self.name_of(phone), pool, budget.row, int(budget.stopped))
            for (application, phone, pool), budget in self.world.budgets.items()
            if budget.row or budget.stopped
        }
        assert expected == set(self.do(self.home.look(question)))

    @invariant()
    def codes_rest_exactly_as_long_as_they_may_be_used(self) -> None:
        question = "select id, seal, cipher from verifications where seal is not null or cipher is not null"
        kept = {row[0]: row[1:] for row in self.do(self.home.look(question))}
        assert {name: (code.seal, code.cipher) for name, code in self.world.codes.items()} == kept

    @invariant()
    def messages_are_as_the_model_says(self) -> None:
        expected = {name: (str(sent.status), sent.verification) for name, sent in self.world.messages.items()}
        found = self.do(self.home.look("select id, status, verification from messages"))
        assert expected == {name: (status, verification) for name, status, verification in found}

    @invariant()
    def ladders_are_as_the_model_says(self) -> None:
        expected = {
            (application, self.name_of(phone), str(usage_type)): (rung.step, rung.message_id)
            for (application, phone, usage_type), rung in self.world.ladders.items()
        }
        question = "select application, name, usage_type, step, message_id from ladders"
        assert expected == {row[:3]: row[3:] for row in self.do(self.home.look(question))}

    @invariant()
    def money_is_as_the_model_says(self) -> None:
        expected = sum((much for _, much in self.world.money.spent), start=Decimal(0))
        rows = self.do(self.home.look("select marks, price from spending"))
        day = timedelta(days=1)
        if all(at > self.now - day + HALF for at, _ in self.world.money.spent):
            found = sum(much for marks, _ in rows for _, much in json.loads(marks))
            assert expected * 10_000 == found

    def name_of(self, phone: str) -> str:
        return self.home.store.budgets._names.of(phone)

    def check(self, where: Where, code: str) -> None:
        self.world, expected = reference.check(self.world, self.tick(), where, typed(code))
        self.compare(expected, self.do(self.home.store.verifications.check(where, typed(code))))

    def send_again(self, where: Where) -> ResendAnswer:
        ask = replace(a_resend(where, policy=self.policy, limits=self.limits), lists=self.lists)
        self.world, expected = reference.resend(self.world, self.tick(), ask)
        self.compare(expected, self.do(self.home.store.verifications.resend(ask)))
        return expected

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


@pytest.mark.parametrize("name", sorted(HOMES))
def test_the_store_decides_as_the_model_does(name):
    machine = type("Machine", (StoreAgainstModel,), {"home_type": HOMES[name]})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=150,
            stateful_step_count=50,
            deadline=None,
            derandomize=True,
            database=None,
            print_blob=False,
            suppress_health_check=list(HealthCheck),
        ),
    )
