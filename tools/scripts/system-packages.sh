#!/bin/sh
# What no Python package brings: Chromium, its driver, a Chinese font, and Debian's part of venv.
#   install: installs what is missing where apt and root are there
#   check:   says what is still missing, and the way out
#   tests:   both, also for nginx, which the tests put in front of the dashboard
# Whatever cannot be had, the set-up goes on: the status is 0, and only what needs it does not work.
set -u

there() {
    for program; do
        command -v "$program" >/dev/null && return
    done
    return 1
}

# One line for each package that is missing.
missing() {
    [ -n "${CHROME_BINARY:-}" ] || there chromium google-chrome chromium-browser ||
        [ -d "/Applications/Google Chrome.app" ] || echo chromium
    [ -n "${CHROMEDRIVER:-}" ] || there chromedriver || echo chromium-driver
    # A font that has the Chinese characters of stock names, for the charts of the mail.
    [ -n "$(fc-list :lang=zh family 2>/dev/null)" ] || printf '%s\n' fontconfig fonts-wqy-microhei
    "${PYTHON:-python3}" -c 'import ensurepip, venv' 2>/dev/null || echo python3-venv
    [ -z "${for_tests:-}" ] || there nginx /usr/sbin/nginx || echo nginx
}

get() {
    apt-get install -y -qq --no-install-recommends -o DPkg::Lock::Timeout=120 "$@"
}

install() {
    # shellcheck disable=SC2046,SC2086 # a list of packages
    set -- $(missing)
    if [ $# = 0 ] || [ "$(id -u)" != 0 ] || ! there apt-get; then
        return
    fi
    echo "installing $*"
    export DEBIAN_FRONTEND=noninteractive
    said=$(mktemp)
    # Without a network, with packages that were fetched before.
    apt-get update -qq >"$said" 2>&1 </dev/null || tail -n 1 "$said" >&2
    if ! get "$@" >"$said" 2>&1 </dev/null; then
        # One that cannot be had keeps none of the others away.
        for package; do
            get "$package" >"$said" 2>&1 </dev/null || echo "$package: $(tail -n 1 "$said")" >&2
        done
    fi
    rm -f "$said"
}

check() {
    # shellcheck disable=SC2046 # a list of packages
    set -- $(missing)
    [ $# != 0 ] || return
    echo "missing: $*"
    if there apt-get; then
        echo "  on Debian, as root: apt-get install $*"
    fi
    case " $*" in *" chromium"*)
        echo "  Without Chromium and chromedriver only the scraper does not work, and the tests that need them. Where there"
        echo "  is no such package, as on Ubuntu: install Google Chrome, and name it in CHROME_BINARY if it is not found."
        echo "  Selenium fetches what is missing of the two when the scraper starts, if it reaches the internet."
    esac
    case " $*" in *" fonts"*)
        echo "  Without such a font the charts of the mail show boxes in place of Chinese names."
    esac
    case " $*" in *" nginx"*)
        echo "  Without nginx the tests fail that put it in front of the dashboard."
    esac
    case " $*" in *" python3-venv"*)
        echo "  Without venv there is no set-up: install it, or name another Python: make PYTHON=..."
    esac
}

case ${1:-} in
install) install ;;
check) check >&2 ;;
tests)
    for_tests=yes
    install
    check >&2
    ;;
*)
    echo "want install, check or tests, not ${1:-nothing}" >&2
    exit 2
    ;;
esac
exit 0
