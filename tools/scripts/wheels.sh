#!/bin/sh
# Whether every pin has a wheel for each system and Python that is supported, so that nobody needs a compiler.
# Asks the package index, and needs the network.
#   0: every one has    1: these have none    2: it cannot be told from here
set -eu

PYTHONS="3.11 3.12 3.13 3.14"
SYSTEMS="x86_64-pc-windows-msvc aarch64-apple-darwin x86_64-manylinux_2_28 aarch64-manylinux_2_28"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cannot_tell() {
    echo "nothing was checked: $1 is out of reach from here" >&2
    tail -n 1 "$folder/said" >&2
    exit 2
}

python=$1
"$python" -m pip install --quiet --retries 1 --timeout 15 --require-hashes --target "$folder/tools" \
    -r requirements-tools.txt 2>"$folder/said" || cannot_tell uv
index=${PIP_INDEX_URL:-$("$python" -m pip config get global.index-url 2>"$folder/said" || true)}
[ -z "$index" ] || export UV_DEFAULT_INDEX="$index"

# look FILE ARGUMENT...: whether there is a file for each pin in FILE, of the kind that the arguments say.
look() {
    PYTHONPATH="$folder/tools" "$python" -m uv pip compile --quiet --no-deps "$@" >"$folder/found" 2>"$folder/said"
}

cat requirements.txt requirements-dev.txt | grep -E '^[A-Za-z0-9]' | sed 's/ *\\$//' >"$folder/pins"
look "$folder/pins" || cannot_tell "the package index"

status=0
for system in $SYSTEMS; do
    for version in $PYTHONS; do
        set -- --only-binary :all: --python-platform "$system" --python-version "$version"
        if look "$folder/pins" "$@"; then
            echo "$system, Python $version: all $(grep -c == "$folder/found") pins have a wheel"
            continue
        fi
        status=1
        while read -r pin; do
            echo "$pin" >"$folder/pin"
            look "$folder/pin" "$@" || echo "$system, Python $version: no wheel of $pin"
        done <"$folder/pins"
    done
done
exit $status
