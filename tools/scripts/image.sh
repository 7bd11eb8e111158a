#!/bin/sh
# Builds the image `southbound`, also tagged by its version, with docker, podman or buildah, whichever works here.
#   image [OPTION OF THE BUILD...]     BASE: another image than Debian's to begin with
set -eu

version=$(sed -n 's/^version = "\(.*\)"$/\1/p' pyproject.toml)
set -- --tag southbound --tag "southbound:$version" ${BASE:+--build-arg "BASE=$BASE"} "$@" .

if docker info >/dev/null 2>&1; then
    exec docker build "$@"
elif podman info >/dev/null 2>&1; then
    # Only this format has health checks.
    exec podman build --format docker "$@"
elif command -v buildah >/dev/null; then
    exec buildah bud --format docker "$@"
fi
echo "no image was built: neither docker, podman nor buildah works here" >&2
exit 2
