"""How many wrong codes a phone has left; `model/budget.py` has the rules."""

import json

from aerocode.model.budget import Budget
from aerocode.model.budget import Failure
from aerocode.model.budget import Pool
from aerocode.model.decision import Blocked
from aerocode.model.decision import Issue
from aerocode.model.states import UsageType
from aerocode.store import rows
from aerocode.store.decisions.case import Case
from aerocode.store.rows import to_json

_NONE = Budget()


def budget_of(case: Case, pool: Pool) -> Budget:
    row = case.row
    failures = row[f"{pool}_failures"]
    if failures is None:
        return _NONE
    return Budget(
        failures=tuple(Failure(UsageType(kind), rows.to_time(at)) for kind, at in json.loads(failures)),
        row=row[f"{pool}_in_a_row"],
        stopped=bool(row[f"{pool}_stopped"]),
        forgiven_at=rows.to_optional_time(row[f"{pool}_forgiven_at"]),
    )


def open_budget(case: Case, pool: Pool, usage_type: UsageType) -> Blocked | Budget:
    """The budget to go on with, or that there is none."""
    budget = budget_of(case, pool)
    if budget is _NONE:
        return budget
    moment = rows.to_time(case.now)
    if budget.left(usage_type, moment):
        return budget
    return Blocked(until=budget.free_at(usage_type, moment), now=moment)


def attempts_left(budget: Budget, ask: Issue, now: int) -> int:
    """Of a new verification: the policy's, or what the phone has left."""
    if budget is _NONE:
        return ask.policy.attempts
    return min(ask.policy.attempts, budget.left(ask.subject.usage_type, rows.to_time(now)))


def keep(case: Case, name: str, application: str, pool: Pool, budget: Budget) -> None:
    case.write(
        "keep_budget",
        name=name,
        application=application,
        pool=str(pool),
        failures=to_json([[failure.usage_type, rows.from_time(failure.at)] for failure in budget.failures]),
        in_a_row=budget.row,
        stopped=int(budget.stopped),
        forgiven_at=None if budget.forgiven_at is None else rows.from_time(budget.forgiven_at),
        now=case.now,
    )


def forgive(case: Case, pool: Pool, budget: Budget) -> None:
    """After a success; the owner's device also ends the stop that strangers caused."""
    name, application = case.row["name"], case.row["application"]
    if budget != _NONE:
        keep(case, name, application, pool, budget.succeeded(rows.to_time(case.now)))
    if pool is Pool.KNOWN:
        strangers = budget_of(case, Pool.UNKNOWN)
        if strangers != strangers.freed():
            keep(case, name, application, Pool.UNKNOWN, strangers.freed())
