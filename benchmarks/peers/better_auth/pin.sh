#!/bin/sh
# The newest releases into package.json and its lock, which names no host: pin.sh FOLDER
set -eu
here=benchmarks/peers/better_auth
sh $here/npm.sh "$1" install --prefix $here --package-lock-only --omit-lockfile-registry-resolved --save-exact \
    --loglevel=error better-auth@latest better-sqlite3@latest
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
