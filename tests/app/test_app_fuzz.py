"""Requests made up from our own /openapi.json: none is answered by a fault of ours, or otherwise than described."""

import subprocess
import sys
from pathlib import Path

from app_processes import serving
from app_words import KEY

CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance"


def test_no_made_up_request_is_answered_by_a_fault_of_ours(tmp_path):
    fuzzer = Path(sys.executable).with_name("schemathesis")
    with serving(tmp_path, "--sandbox", limits="monitor", log_level="warning") as server:
        done = subprocess.run(
            [
                fuzzer, "run", f"{server.address}/openapi.json", "--header", f"Authorization: Bearer {KEY}",
                "--checks", CHECKS, "--max-examples", "25", "--seed", "1", "--no-color",
            ],
            cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert 0 == done.returncode, done.stdout[-3000:]
        assert "Traceback" not in server.said
