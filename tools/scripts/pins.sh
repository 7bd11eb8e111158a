#!/bin/sh
# Resolves the ranges of pyproject.toml for every system and Python at once, and writes requirements*.txt with the
# hashes of all wheels and sources. Needs the network.
#   pins PYTHON [--upgrade | --upgrade-package NAME]: what is pinned and still fits stays, but for these
set -eu

python=$1
shift
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$python" -m pip install --quiet --require-hashes --target "$folder/tools" -r requirements-tools.txt
# From where pip has its packages; where that is, no file of ours says.
index=${PIP_INDEX_URL:-$("$python" -m pip config get global.index-url 2>"$folder/said" || true)}
[ -z "$index" ] || export UV_DEFAULT_INDEX="$index"

# compile FILE ARGUMENT...: FILE is what was pinned before, and then what is now.
compile() {
    file=$1
    shift
    PYTHONPATH="$folder/tools" "$python" -m uv pip compile --quiet --universal --fork-strategy fewest \
        --python-version 3.11 --generate-hashes --no-annotate --no-header --output-file "$file" "$@"
}

for name in requirements requirements-dev requirements-tools; do
    grep -v '^-r' "$name.txt" >"$folder/$name"
done
compile "$folder/requirements" pyproject.toml --extra embedded --extra sign-in "$@"
compile "$folder/requirements-dev" pyproject.toml --extra dev --constraints "$folder/requirements" "$@"
compile "$folder/requirements-tools" --group tools "$@"

{
    echo "# What the three scripts and \`make run\` need: the ranges of pyproject.toml, resolved by \`make pins\`."
    cat "$folder/requirements"
} >requirements.txt
{
    echo "# The same for \`make demo\` and \`make test\`."
    echo "-r requirements.txt"
    # Each pin with its hashes, unless the same line stands there already.
    awk 'NR == FNR { there[$0]; next } /^[^ ]/ { wanted = !($0 in there) } wanted' \
        requirements.txt "$folder/requirements-dev"
} >requirements-dev.txt
{
    echo "# The same for \`make audit\`, \`make pins\` and \`make wheels\`, which are installed beside everything else."
    cat "$folder/requirements-tools"
} >requirements-tools.txt
