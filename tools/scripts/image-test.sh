#!/bin/sh
# Builds the image where there is neither a daemon nor a registry of images, and tries it: debootstrap makes what stands
# in for Debian's image, buildah builds and runs in a chroot. As root on Debian, with the network for packages.
#   image-test PYTHON
#   0: it works    1: it does not    2: it cannot be tried here
set -eu

python=$1
for program in debootstrap buildah; do
    command -v $program >/dev/null && continue
    echo "nothing was tried: $program is not here (apt-get install debootstrap buildah)" >&2
    exit 2
done
[ "$(id -u)" = 0 ] || {
    echo "nothing was tried: it takes root" >&2
    exit 2
}

export BUILDAH_ISOLATION=chroot
folder=$(mktemp -d)
container=
child=

# All processes below one.
below() {
    # shellcheck disable=SC2013 # they are numbers
    for one in $(cat /proc/"$1"/task/*/children 2>/dev/null); do
        echo "$one"
        below "$one"
    done
}

# What takes long runs beside this shell, which so hears a signal at once.
step() {
    "$@" &
    child=$!
    status=0
    wait "$child" || status=$?
    child=
    return $status
}

finish() {
    trap - EXIT
    trap '' HUP INT TERM
    if [ -n "$child" ]; then
        # It ends in order what it has started, if it can; whoever is left by then is named by his id.
        left=$(below "$child")
        kill "$child" 2>/dev/null || true
        wait "$child" || true
        # shellcheck disable=SC2086 # one word for each
        [ -z "$left" ] || kill -KILL $left 2>/dev/null || true
    fi
    [ -z "$container" ] || buildah rm "$container" >/dev/null
    rm -rf "$folder"
}
trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

if ! buildah inspect --type image southbound-base >/dev/null 2>&1; then
    echo "making a base like Debian's own image"
    # From where this machine has its packages.
    mirror=$(sed -n 's/^URIs: *//p; s/^deb \([^ ]*\) bookworm main.*/\1/p' \
        /etc/apt/sources.list /etc/apt/sources.list.d/*.sources 2>"$folder/said" | head -n 1)
    # shellcheck disable=SC2086 # none, or one
    step debootstrap --variant=minbase bookworm "$folder/base" $mirror >"$folder/said" 2>&1 || {
        tail -n 5 "$folder/said" >&2
        exit 2
    }
    rm -rf "$folder"/base/var/cache/apt/archives/*.deb
    container=$(buildah from scratch)
    buildah copy -q "$container" "$folder/base" / >/dev/null
    buildah commit -q "$container" southbound-base >/dev/null
    buildah rm "$container" >/dev/null
    container=
fi

# Pip asks whom it asks on this machine, and trusts whom it trusts here. Neither is in the image.
mkdir "$folder/pip"
authorities=${PIP_CERT:-/etc/ssl/certs/ca-certificates.crt}
index=${PIP_INDEX_URL:-$("$python" -m pip config get global.index-url 2>"$folder/said" || true)}
{
    echo "[global]"
    [ -z "$index" ] || echo "index-url = $index"
    [ ! -f "$authorities" ] || echo "cert = /pip/authorities"
} >"$folder/pip.conf"
[ ! -f "$authorities" ] || cp "$authorities" "$folder/pip/authorities"

export BASE=localhost/southbound-base
step sh tools/scripts/image.sh \
    --volume "$folder/pip:/pip:ro" --volume "$folder/pip.conf:/etc/pip.conf:ro"
buildah images --format "{{.Name}}:{{.Tag}} {{.Size}}" | grep southbound

container=$(buildah from southbound)
step "$python" -m tools.image_trial "$container"
