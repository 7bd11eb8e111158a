#!/bin/sh
# Whether a pinned package has a known hole. Asks pip-audit, which is installed beside everything else.
#   0: none has    1: these have    2: it cannot be told from here
set -eu

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cannot_tell() {
    echo "nothing was audited: $1 is out of reach from here" >&2
    tail -n 1 "$folder/said" >&2
    exit 2
}

"$1" -m pip install --quiet --retries 1 --timeout 15 --require-hashes --target "$folder/tools" \
    -r requirements-tools.txt 2>"$folder/said" || cannot_tell pip-audit

# Each file, since it does not follow one into the other; strictly, since it takes a package that it could not
# look up for a sound one; and without pip, since the pins are complete.
if PYTHONPATH="$folder/tools" timeout 300 "$1" -m pip_audit --strict --no-deps --disable-pip --timeout 15 \
    --progress-spinner off --output "$folder/report" \
    -r requirements.txt -r requirements-dev.txt -r requirements-tools.txt 2>"$folder/said"
then
    echo "no pinned package has a known hole"
elif [ -s "$folder/report" ]; then
    cat "$folder/report"
    exit 1
else
    cannot_tell "the database of known holes"
fi
