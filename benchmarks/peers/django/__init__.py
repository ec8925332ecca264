"""Two Django packages on SQLite (write-ahead log, synchronous=NORMAL), served by gunicorn: one worker per CPU, threads.

gunicorn keeps no connection alive without threads, and its manual asks for a worker or two per CPU.
"""

import itertools
import json
import os
import secrets
import subprocess
from collections.abc import Mapping
from pathlib import Path

from benchmarks import smsaero
from benchmarks.adapter import Answer
from benchmarks.adapter import Ask
from benchmarks.adapter import Launch
from benchmarks.child import free_port
from benchmarks.peers import installed
from benchmarks.phones import phones

_SITE = Path(__file__).parent / "site"
#: How many of the phones of a run are people's whom django-allauth knows; a run that asks for more fails and says so.
_PEOPLE = 20_000


class _Django:
    """What of `adapter.Adapter` is alike in both."""

    health = "/health"
    settings = ""
    delivered = staticmethod(smsaero.delivered)

    def __init__(self) -> None:
        self.headers = {"content-type": "application/json"}

    def launch(self, folder: Path, gate: str) -> Launch:
        environment = {
            "DJANGO_SETTINGS_MODULE": self.settings,
            "PYTHONPATH": str(_SITE),
            "PYTHONDONTWRITEBYTECODE": "1",
            "DATABASE": str(folder / "site.db"),
            "SITE_SECRET": secrets.token_urlsafe(50),
            "GATE": gate,
        }
        binaries, port = installed("django") / "bin", free_port()
        self.fill(str(binaries / "python"), environment)
        workers = len(os.sched_getaffinity(0))
        return Launch(
            command=(
                str(binaries / "gunicorn"),
                "django.core.wsgi:get_wsgi_application()",
                *("--bind", f"127.0.0.1:{port}", "--workers", str(workers), "--worker-class", "gthread"),
                *("--threads", "16", "--keep-alive", "75", "--log-level", "error"),
            ),
            environment=environment,
            address=("127.0.0.1", port),
        )

    def fill(self, python: str, environment: Mapping[str, str]) -> None:
        """Make the tables. Not measured."""
        _run((python, "-m", "django", "migrate", "--run-syncdb", "--verbosity", "0"), environment)


class DjangoPhoneVerify(_Django):
    """Implements `adapter.Adapter`."""

    name = "django-phone-verify"
    settings = "phone_verify_settings"
    wrong_checks = 4

    def start(self, phone: str) -> Ask:
        return Ask("/api/phone/register", json.dumps({"phone_number": f"+{phone}"}).encode())

    def check(self, phone: str, started: Answer, code: str) -> Ask:
        token = json.loads(started.body)["session_token"]
        body = {"phone_number": f"+{phone}", "session_token": token, "security_code": code}
        return Ask("/api/phone/verify", json.dumps(body).encode())

    def is_started(self, answer: Answer) -> bool:
        return answer.status == 200

    def is_approved(self, answer: Answer) -> bool:
        return answer.status == 200

    def is_refused(self, answer: Answer) -> bool:
        return answer.status == 400 and b"Security code is not valid" in answer.body


class DjangoAllauth(_Django):
    """Implements `adapter.Adapter`. A sign-in by code: who is right gets a session, which is what a check is there."""

    name = "django-allauth"
    settings = "allauth_settings"
    # Three are allowed; the third ends the sign-in.
    wrong_checks = 2

    def fill(self, python: str, environment: Mapping[str, str]) -> None:
        super().fill(python, environment)
        people = "\n".join(f"+{phone}" for phone in itertools.islice(phones(), _PEOPLE))
        _run((python, "-m", "people.fill"), environment, people)

    def start(self, phone: str) -> Ask:
        return Ask("/_allauth/app/v1/auth/code/request", json.dumps({"phone": f"+{phone}"}).encode())

    def check(self, phone: str, started: Answer, code: str) -> Ask:  # noqa: ARG002 - the session says whose it is
        token = json.loads(started.body)["meta"]["session_token"]
        return Ask(
            "/_allauth/app/v1/auth/code/confirm", json.dumps({"code": code}).encode(), {"x-session-token": token}
        )

    def is_started(self, answer: Answer) -> bool:
        # 401: not yet signed in, and the way on.
        return answer.status == 401 and "session_token" in json.loads(answer.body)["meta"]

    def is_approved(self, answer: Answer) -> bool:
        return answer.status == 200 and json.loads(answer.body)["meta"]["is_authenticated"] is True

    def is_refused(self, answer: Answer) -> bool:
        return answer.status == 400 and json.loads(answer.body)["errors"][0]["code"] == "incorrect_code"


def _run(command: tuple[str, ...], environment: Mapping[str, str], text: str = "") -> None:
    subprocess.run(command, env={**os.environ, **environment}, input=text, text=True, check=True)
