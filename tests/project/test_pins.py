"""The pins are what the ranges were resolved to."""

import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from importlib.metadata import requires, version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def lines(file: str) -> list[str]:
    """Without remarks; what goes on in the next line is one."""
    text = (ROOT / file).read_text(encoding="utf-8").replace("\\\n", "")
    return [line for line in text.splitlines() if not line.startswith("#")]


def pins(file: str) -> Mapping[str, str]:
    """Of this system and this Python."""
    found: dict[str, str] = {}
    for line in lines(file):
        if line.startswith("-r"):
            continue
        pinned = Requirement(line.partition(" --hash")[0])
        [specifier] = pinned.specifier
        if pinned.marker is None or pinned.marker.evaluate():
            found[canonicalize_name(pinned.name)] = specifier.version
    return found


OWN = "southbound["
EXTRAS = PROJECT["optional-dependencies"]


@pytest.mark.parametrize("text", [*PROJECT["dependencies"], *EXTRAS["embedded"], *EXTRAS["sign-in"]])
def test_each_dependency_is_pinned_within_its_range(text: str) -> None:
    wanted = Requirement(text)

    assert wanted.specifier.contains(pins("requirements.txt")[canonicalize_name(wanted.name)])


@pytest.mark.parametrize(
    "text", [text for text in [*EXTRAS["demo"], *EXTRAS["dev"]] if not text.startswith(OWN)]
)
def test_each_tool_is_pinned_within_its_range(text: str) -> None:
    wanted = Requirement(text)
    pinned = {**pins("requirements.txt"), **pins("requirements-dev.txt")}

    assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)])


PRODUCT = pins("requirements.txt")
ALL = {**PRODUCT, **pins("requirements-dev.txt")}


@pytest.mark.parametrize("file", ["requirements.txt", "requirements-dev.txt", "requirements-tools.txt"])
def test_each_line_pins_one_version_by_its_hashes_and_names_no_index(file: str) -> None:
    pin = r"[a-z0-9-]+==[a-z0-9.+!]+( ; [^/\\]+?)?( +--hash=sha256:[0-9a-f]{64})+"

    odd = [line for line in lines(file) if not re.fullmatch(pin, line)]

    assert odd == (["-r requirements.txt"] if "dev" in file else [])
    assert len(lines(file)) > 20


def test_the_set_up_takes_nothing_without_a_hash() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    [packages, ours] = [line for line in makefile.splitlines() if "pip install" in line]

    assert "--require-hashes -r requirements-dev.txt" in packages
    # Ours is built by what is pinned, too.
    assert "--no-deps --no-build-isolation --editable ." in ours


@pytest.mark.parametrize("name", ALL)
def test_the_pin_is_what_is_tested(name: str) -> None:
    assert ALL[name] == version(name)


@pytest.mark.parametrize("name", ALL)
def test_what_a_pinned_package_needs_is_pinned_too(name: str) -> None:
    # Without those whose marker is false here, or belongs to an extra which nobody asked for.
    needed = [
        need
        for need in map(Requirement, requires(name) or [])
        if need.marker is None or need.marker.evaluate({"extra": ""})
    ]
    there = PRODUCT if name in PRODUCT else ALL

    assert {canonicalize_name(need.name) for need in needed} <= there.keys()
    for need in needed:
        assert need.specifier.contains(there[canonicalize_name(need.name)], prereleases=True)


@pytest.mark.parametrize(
    ("script", "says"),
    [
        ("audit", "nothing was audited: pip-audit is out of reach"),
        ("wheels", "nothing was checked: uv is out"),
    ],
)
def test_a_check_that_cannot_be_made_says_so_and_is_no_pass(script: str, says: str) -> None:
    ended = subprocess.run(
        [
            "sh",
            "-c",
            (ROOT / "tools" / "scripts" / f"{script}.sh").read_text(encoding="utf-8"),
            script,
            sys.executable,
        ],
        cwd=ROOT,
        env={**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.returncode == 2
    assert says in ended.stderr
