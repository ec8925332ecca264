#!/bin/sh
# Make or refresh the virtual environment: venv.sh PYTHON FOLDER run|dev
set -eu
export DEBIAN_FRONTEND=noninteractive
python=$1 folder=$2 what=$3

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Aerocode needs Python 3.11 or newer; '$python' is not. Try: make PYTHON=python3.11 ..." >&2
    exit 2
fi
if [ ! -x "$folder/bin/pip" ]; then
    echo "Making $folder ..."
    rm -rf "$folder"
    if ! "$python" -m venv "$folder" >/dev/null 2>&1; then
        # Debian keeps venv in a package of its own.
        if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
            echo "Installing python3-venv ..."
            said=$(mktemp)
            if ! { apt-get update && apt-get install -y python3-venv; } >"$said" 2>&1; then
                cat "$said" >&2
                exit 2
            fi
            rm -rf "$folder" "$said"
            "$python" -m venv "$folder"
        else
            echo "Python's venv module is missing. On Debian: sudo apt-get install python3-venv" >&2
            exit 2
        fi
    fi
fi
echo "Installing the pinned dependencies ($what) ..."
set -- -r requirements/build.txt
if [ "$what" = dev ]; then set -- "$@" -r requirements/dev.txt; else set -- "$@" -r requirements/run.txt; fi
"$folder/bin/pip" install -q --disable-pip-version-check --no-deps --require-hashes "$@"
"$folder/bin/pip" install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
