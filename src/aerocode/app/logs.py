"""Logging: one line an event, as text or as JSON. What is logged is decided where it happens; no secret gets here."""

import json
import logging
import sys
from datetime import UTC
from datetime import datetime
from functools import lru_cache


class _Text(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = f"{_when(record)} {record.levelname.lower():7} {record.name.removeprefix('aerocode.')}: {_said(record)}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info and record.exc_info[1] else line


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "time": _when(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _said(record),
        }
        if record.exc_info and record.exc_info[1]:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def set_up(*, form: str, level: str) -> None:
    """Everything goes to standard error, so that standard output stays for what was asked."""
    # As logging's own documentation has it: our lines tell neither thread nor source line, and finding these costs
    # a third of a line.
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    logging._srcfile = None  # noqa: SLF001 - documented there under this name
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Json() if form == "json" else _Text())
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    logging.getLogger("aerocode").setLevel(level.upper())


def _when(record: logging.LogRecord) -> str:
    second, milli = divmod(int(record.created * 1000), 1000)
    return f"{_second(second)}.{milli:03d}Z"


@lru_cache(maxsize=2)
def _second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().removesuffix("+00:00")


def _said(record: logging.LogRecord) -> str:
    # A line break in what a stranger sent must not begin a line of its own.
    return record.getMessage().replace("\n", "\\n").replace("\r", "\\r")
