"""What the set-up does on machines that are not ours: it gets what can be had, and names what cannot."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

TOOLS = ["sh", "cat", "tail", "mktemp", "rm", "tr", "touch", "mkdir", "cp"]
PACKAGES = ["chromium", "chromium-driver", "fontconfig", "fonts-wqy-microhei", "python3-venv"]
PYTHON_WITHOUT_VENV = "exit 1"

# apt-get of a system that lacks the packages named in $LACKS; one that is installed is a file in $HAS.
APT = """
case $1 in
update) [ -z "${OFFLINE:-}" ] || { echo "E: Failed to fetch" >&2; exit 100; } ;;
install)
    echo "$*" >>"$HAS/asked"
    for package; do
        case " $LACKS " in *" $package "*) echo "E: Package $package has no candidate" >&2; exit 100 ;; esac
    done
    for package; do
        case $package in install | -* | *::*) ;; *) echo >"$HAS/$package" ;; esac
    done ;;
esac
"""


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A PATH with the tools of every system, root's id, and a Python that has no venv."""
    folder = tmp_path / "machine"
    folder.mkdir()
    (tmp_path / "has").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (folder / tool).symlink_to(found)
    put(folder, "id", "echo 0")
    put(folder, "python3", PYTHON_WITHOUT_VENV)
    return folder


def put(machine: Path, name: str, code: str) -> None:
    (machine / name).write_text(f"#!/bin/sh\n{code}\n", encoding="utf-8")
    (machine / name).chmod(0o755)


def run(machine: Path, what: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    script = (ROOT / "tools" / "scripts" / "system-packages.sh").read_text(encoding="utf-8")
    return subprocess.run(
        [machine / "sh", "-c", script, "system-packages", what],
        env={"PATH": str(machine), "HAS": str(machine.parent / "has"), "LACKS": "", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def installed(machine: Path) -> list[str]:
    return sorted(file.name for file in (machine.parent / "has").iterdir() if file.name != "asked")


def test_what_is_missing_is_installed_in_one_go(machine: Path) -> None:
    put(machine, "apt-get", APT)

    result = run(machine, "install")

    assert (result.returncode, result.stderr) == (0, "")
    assert installed(machine) == PACKAGES
    assert len((machine.parent / "has" / "asked").read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "lacks",
    ["chromium", "chromium-driver", "fonts-wqy-microhei", "chromium chromium-driver", " ".join(PACKAGES)],
)
def test_a_package_that_cannot_be_had_keeps_none_of_the_others_away(machine: Path, lacks: str) -> None:
    put(machine, "apt-get", APT)

    result = run(machine, "install", LACKS=lacks)

    assert result.returncode == 0
    assert installed(machine) == sorted({*PACKAGES} - {*lacks.split()})
    assert result.stderr.splitlines() == [
        f"{package}: E: Package {package} has no candidate"
        for package in PACKAGES
        if package in lacks.split()
    ]


def test_without_a_network_what_was_fetched_before_is_installed(machine: Path) -> None:
    put(machine, "apt-get", APT)

    result = run(machine, "install", OFFLINE="yes")

    assert (result.returncode, result.stderr) == (0, "E: Failed to fetch\n")
    assert installed(machine) == PACKAGES


@pytest.mark.parametrize("lacking", ["root", "apt-get"])
def test_without_the_right_or_the_means_nothing_is_installed_and_nothing_fails(
    machine: Path, lacking: str
) -> None:
    if lacking == "root":
        put(machine, "apt-get", APT)
        put(machine, "id", "echo 1000")

    result = run(machine, "install")

    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")
    assert installed(machine) == []


@pytest.mark.parametrize("has_apt", [True, False])
def test_what_is_lacking_is_named_with_the_way_out(machine: Path, *, has_apt: bool) -> None:
    if has_apt:
        put(machine, "apt-get", APT)

    result = run(machine, "check")

    assert result.returncode == 0
    assert f"missing: {' '.join(PACKAGES)}\n" in result.stderr
    assert (f"on Debian, as root: apt-get install {' '.join(PACKAGES)}" in result.stderr) is has_apt
    for way_out in ("CHROME_BINARY", "make PYTHON=", "boxes in place of Chinese names"):
        assert way_out in result.stderr


@pytest.mark.parametrize("browser", ["chromium", "google-chrome", "chromium-browser"])
def test_any_browser_that_the_scraper_finds_will_do(machine: Path, browser: str) -> None:
    for program in (browser, "chromedriver"):
        put(machine, program, "")
    put(machine, "fc-list", "echo some font")
    put(machine, "python3", "")

    assert run(machine, "check").stderr == ""


def test_a_browser_that_the_environment_names_will_do(machine: Path) -> None:
    result = run(machine, "check", CHROME_BINARY="/opt/chrome", CHROMEDRIVER="/opt/chromedriver")

    assert "chromium" not in result.stderr.lower()


def test_a_checkout_whose_lines_end_in_crlf_is_set_up(machine: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for name in (
        "requirements.txt",
        "requirements-dev.txt",
        "pyproject.toml",
        "tools/scripts/system-packages.sh",
    ):
        _copy_with_crlf(name, checkout)
    _copy_with_crlf("Makefile", checkout)
    put(
        machine, "python3", 'echo "python $1" >>"$HAS/asked"; mkdir -p .venv/bin; cp "$HAS/../pip" .venv/bin/'
    )
    put(tmp_path, "pip", "exit 0")
    make = shutil.which("make")
    assert make is not None

    result = subprocess.run(
        [make, "setup"],
        cwd=checkout,
        env={"PATH": str(machine), "HAS": str(tmp_path / "has")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert result.returncode == 0, result.stderr
    assert (checkout / ".venv" / ".ready").is_file()
    assert "python -m" in (tmp_path / "has" / "asked").read_text(encoding="utf-8").splitlines()
    assert "missing: chromium chromium-driver" in result.stderr
    assert not list(checkout.rglob("*\r*"))


def _copy_with_crlf(name: str, folder: Path) -> None:
    lines = (ROOT / name).read_text(encoding="utf-8")
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(lines, encoding="utf-8", newline="\r\n")


def test_git_is_told_to_check_out_lf() -> None:
    told = subprocess.run(
        ["git", "check-attr", "eol", "text", "--", "Makefile", "tools/scripts/audit.sh", ".ci/run", "app.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert {line.rpartition(": ")[2] for line in told if ": eol: " in line} == {"lf"}
