"""What is pure reads no clock, no settings and nothing else from outside; nor does what it imports."""

import ast
import re
import subprocess
import sys

import pytest

from tests.project.sources import imported, modules, reached

ROOMS = ("southbound.market", "southbound.presentation")
"""Pure as a whole. Elsewhere a module says "Pure." of itself."""
READS_OUTSIDE = {
    "asyncio", "builtins", "ctypes", "fcntl", "fileinput", "getpass", "glob", "http", "importlib", "io",
    "locale", "logging", "matplotlib", "mmap", "multiprocessing", "os", "pathlib", "platform", "redis",
    "requests", "resource", "select", "selectors", "selenium", "shelve", "shutil", "signal", "smtplib",
    "socket", "sqlite3", "ssl", "starlette", "streamlit", "subprocess", "sys", "tempfile", "threading",
    "time", "urllib3", "uuid", "webbrowser",
}  # fmt: skip
ALLOWED = {
    ("southbound.market.daily_holdings", "sys"),
    ("southbound.market.trading_calendar", "threading"),
    ("southbound.market.trading_calendar", "importlib.metadata"),
    ("southbound.presentation.messages", "io"),
}
"""What is imported of it is harmless: holdings interns its names, one thread alone makes the calendar and
asks which release of its source is installed, and the catalogues are part of the program."""
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


def pure() -> list[str]:
    """Every module of the pure rooms, and every other that says of itself that it is pure."""
    return sorted(
        name
        for name, tree in modules().items()
        if name.startswith(ROOMS) or re.search(r"\bPure[.,;](?!\w)", ast.get_docstring(tree) or "")
    )


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


@pytest.mark.parametrize("name", pure())
def test_what_is_pure_reads_nothing_from_outside_and_knows_nobody_who_does(name: str) -> None:
    assert [fault for other in sorted(reached(name)) for fault in faults(other)] == []


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


def test_what_is_pure_loads_no_library_that_reads_from_outside() -> None:
    """Also by way of other packages."""
    names = [*(name for name in pure() if name.startswith("southbound.")), *LIGHT]
    program = f"import sys, {', '.join(names)}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert not {"redis", "selenium", "streamlit", "smtplib"} & set(done.stdout.split())
    assert "southbound" in done.stdout.split()
