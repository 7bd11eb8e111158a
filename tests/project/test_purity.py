"""What is called pure reads no clock, no settings and nothing else from outside; nor does what it imports."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache

import pytest

from tests.conftest import ROOT

PACKAGES = ("southbound", "replay", "tools")
ARCHITECTURE = ROOT / "docs" / "architecture.md"
READS_OUTSIDE = {
    "asyncio", "builtins", "ctypes", "fcntl", "fileinput", "getpass", "glob", "http", "importlib", "io",
    "locale", "logging", "matplotlib", "mmap", "multiprocessing", "os", "pathlib", "platform", "redis",
    "requests", "resource", "select", "selectors", "selenium", "shelve", "shutil", "signal", "smtplib",
    "socket", "sqlite3", "ssl", "starlette", "streamlit", "subprocess", "sys", "tempfile", "threading",
    "time", "urllib3", "uuid", "webbrowser",
}  # fmt: skip
ALLOWED = {("southbound.market.daily_holdings", "sys"), ("southbound.market.trading_calendar", "threading")}
"""What is imported of it is harmless: holdings interns its names, and one thread alone makes the calendar."""
READING = {
    "open", "print", "input", "exec", "eval", "__import__",
    "now", "today", "utcnow", "getenv", "read_text", "read_bytes", "write_text", "write_bytes", "from_url",
    "urlopen", "default_rng", "read_csv", "read_json",
}  # fmt: skip
SEEDED = {"default_rng"}
LIGHT = (
    "southbound.config.validators",
    "southbound.config.access",
    "southbound.config.oidc_validators",
    "southbound.common.host_names",
)
"""Not pure, since they look at files or names, but loaded by processes that need no store and no browser."""


@cache
def modules() -> dict[str, ast.Module]:
    """All modules of the packages, by name."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def claimed() -> list[str]:
    """Every module that says of itself that it is pure, or of which the architecture says so."""
    said = {
        name
        for name, tree in modules().items()
        if re.search(r"\bPure[.,;](?!\w)", ast.get_docstring(tree) or "")
    }
    return sorted(said | set(_of_the_architecture()))


def _of_the_architecture() -> Iterator[str]:
    for line in ARCHITECTURE.read_text(encoding="utf-8").splitlines():
        if line.startswith("| ") and line.endswith("Pure. |"):
            files = re.findall(r"`([\w/]+)\.py`", line.split(" | ")[1])
            room = files[0].rpartition("/")[0]  # named for the first of a room alone
            for file in files:
                path = file if "/" in file or not room else f"{room}/{file}"
                yield f"southbound.{path.replace('/', '.')}"


def imported(name: str) -> Iterator[str]:
    """The full names of what a module imports, also within its functions."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            within = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (full if full in modules() else node.module for full in within)


def faults(name: str) -> list[str]:
    """What a module reads from outside."""
    found = [
        f"{name} imports {other}"
        for other in imported(name)
        if other.partition(".")[0] in READS_OUTSIDE and (name, other) not in ALLOWED
    ]
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if called in READING and not (called in SEEDED and node.args):
                found.append(f"{name}:{node.lineno} calls {called}")
    return found


def reached(name: str) -> set[str]:
    """A module of ours and all of ours that it imports, however far."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in modules() and current not in seen:
            seen.add(current)
            waiting.extend(imported(current))
    return seen


@pytest.mark.parametrize("name", claimed())
def test_what_is_called_pure_reads_nothing_from_outside_and_knows_nobody_who_does(name: str) -> None:
    assert name in modules()
    assert [fault for other in sorted(reached(name)) for fault in faults(other)] == []


def test_the_figures_are_pure() -> None:
    named = {
        "market.daily_holdings",
        "market.history",
        "market.trading_calendar",
        "market.settlement",
        "market.changes",
        "market.signals",
        "presentation.formatting",
        "hkexnews.table_parser",
    }

    assert {f"southbound.{name}" for name in named} <= set(claimed())


@pytest.mark.parametrize(
    "text",
    [
        "import time",
        "def f():\n    from os import environ",
        "from datetime import date\nx = date.today()",
        "from pathlib import Path",
        "import urllib3.util",
        "open('x')",
        "import numpy as np\nrng = np.random.default_rng()",
    ],
)
def test_what_is_not_pure_is_seen(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(modules(), "southbound.market.daily_holdings", ast.parse(text))

    assert faults("southbound.market.daily_holdings") != []


def test_what_is_called_pure_loads_no_library_that_reads_from_outside() -> None:
    """Also by way of other packages."""
    names = [*(name for name in claimed() if name.startswith("southbound.")), *LIGHT]
    program = f"import sys, {', '.join(names)}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert not {"redis", "selenium", "streamlit", "smtplib"} & set(done.stdout.split())
    assert "southbound" in done.stdout.split()
