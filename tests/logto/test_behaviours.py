"""Logto's 210 lines of behaviour, one test a line: its list is the report.

`docs/reference/logto.md` tells the counts, and of each line where our own rules stand instead the difference and what
is gained by it.
"""

import inspect
import re
from pathlib import Path

import pytest
from lines import ALL
from lines import PROOFS
from lines import WAITING
from lines import Verdict
from lines import counts

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "logto.md").read_text()


def told(line):
    if line in PROOFS:
        proof = PROOFS[line]
        return f"{line:03d} {proof.verdict}: {proof.run.__name__.replace('_', ' ')}"
    return f"{line:03d} waits for {WAITING.get(line, ['nobody knows what'])[0]}"


@pytest.mark.anyio
@pytest.mark.parametrize("line", ALL, ids=told)
async def test_line(world, line):
    if line in WAITING:
        _, address = WAITING[line]
        assert (404, "entity.not_found") == (await world.owner.get(address)).brief
    else:
        proven = PROOFS[line].run(world)
        if inspect.isawaitable(proven):
            await proven


def test_every_line_is_proven_or_waits_for_a_part_we_have_not_built():
    assert set(ALL) == set(PROOFS) | set(WAITING)
    assert set() == set(PROOFS) & set(WAITING)


def test_a_line_where_our_own_rules_stand_is_listed_with_difference_and_gain_and_no_other_is():
    rows = re.findall(r"^\| (\d+) \| ([^|]{10,}) \| ([^|]{10,}) \|$", PAGE, re.MULTILINE)
    listed = [int(line) for line, _, _ in rows]
    assert sorted(line for line, proof in PROOFS.items() if proof.verdict is Verdict.OURS) == listed
    assert len(listed) <= 25


def test_the_page_tells_the_counts():
    for what, count in counts().items():
        assert f"| {what} | {count} |" in PAGE
