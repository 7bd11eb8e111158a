"""The pins are what the ranges were resolved to."""

import tomllib
from collections.abc import Mapping
from importlib.metadata import version

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def pins(file: str) -> Mapping[str, str]:
    lines = (ROOT / file).read_text(encoding="utf-8").splitlines()
    parted = (line.partition("==") for line in lines)
    return {canonicalize_name(name): pinned for name, equal, pinned in parted if equal}


@pytest.mark.parametrize("text", PROJECT["dependencies"])
def test_each_dependency_is_pinned_within_its_range(text: str) -> None:
    wanted = Requirement(text)

    assert wanted.specifier.contains(pins("requirements.txt")[canonicalize_name(wanted.name)])


@pytest.mark.parametrize("text", PROJECT["optional-dependencies"]["dev"])
def test_each_tool_is_pinned_within_its_range(text: str) -> None:
    wanted = Requirement(text)
    pinned = {**pins("requirements.txt"), **pins("requirements-dev.txt")}

    assert wanted.specifier.contains(pinned[canonicalize_name(wanted.name)])


@pytest.mark.parametrize("name", ["selenium", "streamlit", "pandas", "redis"])
def test_the_pins_are_what_is_tested(name: str) -> None:
    assert pins("requirements.txt")[name] == version(name)
