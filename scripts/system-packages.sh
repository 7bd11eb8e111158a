#!/bin/sh
# What no Python package brings: Chromium, its driver, a Chinese font, and Debian's part of venv.
#   install: installs what is missing where apt and root are there
#   check:   says what is still missing; only the scraper cannot do without
set -eu

missing=
command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing="$missing chromium"
command -v chromedriver >/dev/null || missing="$missing chromium-driver"
# A font that has the Chinese characters of stock names, for the charts of the mail.
[ -n "$(fc-list :lang=zh family 2>/dev/null)" ] || missing="$missing fontconfig fonts-wqy-microhei"
"${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || missing="$missing python3-venv"

[ -n "$missing" ] || exit 0

if [ "$1" = install ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "installing$missing"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq
    # shellcheck disable=SC2086 # a list of packages
    apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    echo "missing:$missing (on Debian, as root: apt-get install$missing)" >&2
fi
