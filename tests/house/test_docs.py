"""What is written for people is true: every setting, command and error of the code is there, and nothing else."""

import re
from pathlib import Path

import click
import pytest

from aerocode.app.settings import PREFIX
from aerocode.app.settings import described
from aerocode.app.settings import load
from aerocode.cli.main import commands

ROOT = Path(__file__).parents[2]
DOCS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])


def leaves(group, prefix=""):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, f"{prefix}{name} ")
        else:
            yield f"{prefix}{name}"


def test_every_setting_is_described_and_nothing_else(tmp_path):
    text = (ROOT / "docs" / "reference" / "settings.md").read_text()
    table = set(re.findall(rf"^\| `({PREFIX}\w+)`", text, re.MULTILINE))
    assert set(described(load({}, tmp_path / "none.toml"))) == table


@pytest.mark.parametrize("command", list(leaves(commands)))
def test_every_command_is_described(command):
    text = (ROOT / "docs" / "reference" / "commands.md").read_text()
    first, *rest = command.split()
    row = next(line for line in text.splitlines() if f"`aerocode {first} " in line or f"`aerocode {first}`" in line)
    rows = "\n".join(line for line in text.splitlines() if f"aerocode {first}" in line)
    assert all(f" {word}" in rows or f"`{word}" in rows for word in rest), row


@pytest.mark.parametrize("command", [*leaves(commands)])
def test_every_command_can_answer_in_json(command):
    group = commands
    for word in command.split():
        group = group.commands[word]
    assert "as_json" in {parameter.name for parameter in group.params}


@pytest.mark.parametrize("page", DOCS, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_between_pages_lead_somewhere(page):
    targets = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
    assert [] == [target for target in targets if not (page.parent / target).exists()]
