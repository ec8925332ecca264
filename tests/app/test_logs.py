"""A line of the log: when it was, to the millisecond, and never two lines for one event."""

import io
import json
import logging
from datetime import UTC
from datetime import datetime

import pytest

from aerocode.app import logs


@pytest.fixture
def written(monkeypatch):
    """Log something and get what was written; everything global is put back."""
    root, ours = logging.getLogger(), logging.getLogger("aerocode")
    before = root.handlers[:], root.level, ours.level
    told = {name: getattr(logging, name) for name in ("_srcfile", "logThreads", "logProcesses", "logMultiprocessing")}

    def write(form, *said, level=logging.INFO, at=None):
        stream = io.StringIO()
        monkeypatch.setattr("sys.stderr", stream)
        logs.set_up(form=form, level="info")
        if at is not None:
            monkeypatch.setattr("time.time", lambda: at)
        logging.getLogger("aerocode.access").log(level, *said)
        monkeypatch.undo()
        return stream.getvalue()

    yield write
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    for handler in before[0]:
        root.addHandler(handler)
    root.setLevel(before[1])
    ours.setLevel(before[2])
    for name, value in told.items():
        setattr(logging, name, value)


@pytest.mark.parametrize("at", [1_700_000_000.0, 1_700_000_000.25, 1_700_000_000.999, 1_700_000_001.001])
def test_a_line_begins_with_its_moment_in_utc(written, at):
    expected = datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").removesuffix("+00:00")

    assert f"{expected}Z info    access: said 1\n" == written("text", "said %d", 1, at=at)


def test_a_line_of_json_holds_the_same(written):
    line = json.loads(written("json", "said %d", 1, at=1_700_000_000.5))

    assert {
        "time": "2023-11-14T22:13:20.500Z", "level": "info", "logger": "aerocode.access", "message": "said 1",
    } == line  # fmt: skip


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_line_break_in_what_was_said_begins_no_line(written, form):
    assert 1 == written(form, "one\ntwo\r\nthree").count("\n")


def test_what_is_below_the_level_is_not_written(written):
    assert "" == written("text", "quiet", level=logging.DEBUG)
