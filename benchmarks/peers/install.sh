#!/bin/sh
# Install what one peer runs on into a folder of its own: install.sh PYTHON FOLDER NAME
set -eu
python=$1 folder=$2 source=benchmarks/peers/$3

echo "Installing $3 into $folder ..."
rm -rf "$folder"
"$python" -m venv "$folder"
"$folder/bin/pip" install -q --disable-pip-version-check --no-deps --require-hashes -r "$source/requirements.txt"
if [ -f "$source/package-lock.json" ]; then
    cp "$source/package.json" "$source/package-lock.json" "$folder"
    sh "$source/npm.sh" "$folder" ci --prefix "$folder" --loglevel=error
fi
