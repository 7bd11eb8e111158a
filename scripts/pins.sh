#!/bin/sh
# Resolves the ranges of pyproject.toml in a fresh environment and writes requirements*.txt.
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$1" -m venv "$folder"
"$folder/bin/pip" install --quiet .
{
    echo "# What the three processes run on: the ranges of pyproject.toml, resolved by \`make pins\`."
    "$folder/bin/pip" freeze --exclude southbound
} >requirements.txt
"$folder/bin/pip" install --quiet --constraint requirements.txt '.[dev]'
{
    echo "# The same for \`make demo\` and \`make test\`."
    echo "-r requirements.txt"
    "$folder/bin/pip" freeze --exclude southbound | grep -vxFf requirements.txt
} >requirements-dev.txt
