"""The 210 lines of behaviour that an application written for Logto counts on, and what became of each.

A proof is a function that takes a `World` and asserts; it is registered under the lines it proves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

ALL = range(1, 211)


class Verdict(StrEnum):
    """`OURS`: our own rules say otherwise, or the line is about a part we lack; docs/reference/logto.md says why."""

    MET = "met"
    BETTERED = "bettered"
    OURS = "not applicable"


@dataclass(frozen=True)
class Proof:
    verdict: Verdict
    run: Callable


PROOFS: dict[int, Proof] = {}


def proves(*lines, verdict=Verdict.MET):
    def register(run):
        for line in lines:
            assert line not in PROOFS, f"line {line} is proven twice"
            PROOFS[line] = Proof(verdict, run)
        return run

    return register


def betters(*lines):
    return proves(*lines, verdict=Verdict.BETTERED)


def ours(*lines):
    return proves(*lines, verdict=Verdict.OURS)


#: What a line waits for, and an address that is not there until then: its coming fails the test of the line.
EXPERIENCE = ("the sign-in experience", "/api/experience")
ACCOUNT = ("the account API", "/api/my-account")
USERS = ("users", "/api/users")
CONSOLE = ("the console", "/console")
HOOKS = ("outgoing hooks", "/api/hooks")

WAITING = {
    148: USERS,
    **dict.fromkeys((159, 160, 166, 167, 168, 201, 204), EXPERIENCE),
    **dict.fromkeys(range(109, 132), EXPERIENCE),  # section I
    **dict.fromkeys(range(132, 144), ACCOUNT),  # section J
    **dict.fromkeys(range(176, 189), CONSOLE),  # section O
    **dict.fromkeys(range(189, 201), EXPERIENCE),  # section P
    **dict.fromkeys((155, 162, 202, 203), HOOKS),  # section Q
}


def counts():
    """How many lines have each verdict, and how many wait for what."""
    found = {str(verdict): 0 for verdict in Verdict}
    for proof in PROOFS.values():
        found[proof.verdict] += 1
    for what, _ in WAITING.values():
        found[f"waiting for {what}"] = found.get(f"waiting for {what}", 0) + 1
    return found
