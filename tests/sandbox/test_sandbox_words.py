"""The page that describes the sandbox is true."""

import re
from pathlib import Path

from aerocode.sandbox import FAULTS
from aerocode.sandbox import Sandbox
from aerocode.sandbox.control import KNOWN

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "sandbox.md").read_text()


def test_every_fault_is_described():
    rows = re.findall(r"^\| (\d{4}) \| `(\w+)` \|", PAGE, re.MULTILINE)

    assert [(fault.suffix, fault.name) for fault in FAULTS] == rows


def test_every_field_of_control_is_described():
    table = PAGE.split("## Control")[1].split("```")[0]

    assert set(KNOWN) == {
        name for row in re.findall(r"^\| (`[^|]*) \|", table, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }


def test_what_no_client_calls_is_marked_untested():
    marked = PAGE.split("**untested**:")[1].split(". What")[0]

    assert Sandbox().untested == set(re.findall(r"`([a-z/-]+)`", marked))
