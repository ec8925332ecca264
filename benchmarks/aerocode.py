"""Aerocode itself, as an operator runs it."""

import json
import secrets
import sys
from pathlib import Path
from urllib.parse import urlsplit

from aerocode.model.policy import Policy
from benchmarks import smsaero
from benchmarks.adapter import Answer
from benchmarks.adapter import Ask
from benchmarks.adapter import Launch

USAGE = "SignIn"


class Aerocode:
    """Implements `adapter.Adapter`."""

    health = "/healthz"
    wrong_checks = Policy().attempts - 1
    delivered = staticmethod(smsaero.delivered)

    def __init__(self, name: str = "aerocode", data: Path | None = None, url: str | None = None) -> None:
        """With `data`, that data directory serves every launch; without it, each has an empty one.

        `url` is the address of a PostgreSQL to keep everything in.
        """
        self.name = name
        self._data = data
        self._url = url
        self._key = secrets.token_urlsafe(32)
        self.headers = {"authorization": f"Bearer {self._key}", "content-type": "application/json"}

    def launch(self, folder: Path, gate: str) -> Launch:
        connector = folder / "connector.json"
        connector.write_text(json.dumps(smsaero.CONFIG), "utf-8")
        settings = {
            "PORT": "0",
            "DATA_DIR": str(self._data or folder / "data"),
            "API_KEY": self._key,
            "CONNECTOR_FILE": str(connector),
            "GATES": gate,
            "LIMITS": "monitor",
            "LOG_LEVEL": "warning",
        }
        if self._url is not None:
            settings |= {"DATABASE_URL": self._url, "SECRET_KEY": secrets.token_urlsafe(32)}
        return Launch(
            command=(sys.executable, "-m", "aerocode", "serve", "--live", "--json"),
            environment={f"AEROCODE_{name}": value for name, value in settings.items()},
            address=_address,
        )

    def start(self, phone: str) -> Ask:
        return Ask("/api/verifications", json.dumps({"phone": f"+{phone}", "usageType": USAGE}).encode())

    def check(self, phone: str, started: Answer, code: str) -> Ask:  # noqa: ARG002 - others check by an id in it
        body = {"phone": f"+{phone}", "usageType": USAGE, "code": code}
        return Ask("/api/verifications/check", json.dumps(body).encode())

    def cancel(self, started: Answer) -> Ask:
        return Ask(f"/api/verifications/{json.loads(started.body)['id']}/cancel", b"{}")

    def is_started(self, answer: Answer) -> bool:
        # A send whose outcome is unknown answers 201 too, but is not what is to be measured.
        return answer.status == 201 and json.loads(answer.body)["message"]["status"] == "queued"

    def is_approved(self, answer: Answer) -> bool:
        return answer.status == 200 and json.loads(answer.body)["status"] == "approved"

    def is_refused(self, answer: Answer) -> bool:
        return answer.status == 400 and json.loads(answer.body)["code"] == "verification_code.code_mismatch"


def _address(line: bytes) -> tuple[str, int] | None:
    if not line.startswith(b"{"):
        return None
    parts = urlsplit(json.loads(line)["address"])
    return (parts.hostname, parts.port) if parts.hostname and parts.port else None
