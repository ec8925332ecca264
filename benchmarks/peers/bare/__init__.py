"""FastAPI and pyotp without storage, run as uvicorn's own guide says: uvloop, httptools, one process or one a CPU.

aiohttp makes the outgoing call: it costs a third of what httpx costs. The request log is off, as ours is.
"""

import json
from pathlib import Path

from benchmarks import smsaero
from benchmarks.adapter import Answer
from benchmarks.adapter import Ask
from benchmarks.adapter import Launch
from benchmarks.child import free_port
from benchmarks.peers import installed


class Bare:
    """Implements `adapter.Adapter`."""

    name = "bare FastAPI + pyotp"
    health = "/health"
    wrong_checks = 4
    workers = 1
    delivered = staticmethod(smsaero.delivered)

    def __init__(self) -> None:
        self.headers = {"content-type": "application/json"}

    def launch(self, folder: Path, gate: str) -> Launch:  # noqa: ARG002 - it keeps nothing
        port = free_port()
        options = (
            "--workers",
            str(self.workers),
            "--loop",
            "uvloop",
            "--http",
            "httptools",
            "--no-access-log",
            "--log-level",
            "warning",
        )
        return Launch(
            command=(
                str(installed("bare") / "bin" / "uvicorn"),
                "app:app",
                *("--app-dir", str(Path(__file__).parent)),
                *("--host", "127.0.0.1", "--port", str(port)),
                *options,
            ),
            environment={"GATE": gate},
            address=("127.0.0.1", port),
        )

    def start(self, phone: str) -> Ask:
        return Ask("/start", json.dumps({"phone": f"+{phone}"}).encode())

    def check(self, phone: str, started: Answer, code: str) -> Ask:  # noqa: ARG002 - others check by an id in it
        return Ask("/check", json.dumps({"phone": f"+{phone}", "code": code}).encode())

    def is_started(self, answer: Answer) -> bool:
        return answer.status == 201

    def is_approved(self, answer: Answer) -> bool:
        return answer.status == 200 and json.loads(answer.body)["status"] == "approved"

    def is_refused(self, answer: Answer) -> bool:
        return answer.status == 400


class BareTwice(Bare):
    """As two CPUs ask for it."""

    name = "the same, 2 processes"
    workers = 2
