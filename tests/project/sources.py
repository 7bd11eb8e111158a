"""The modules of this repository as they are written: what each imports, also within its functions."""

import ast
from collections.abc import Iterator
from functools import cache

from tests.conftest import ROOT

PACKAGES = ("southbound", "replay", "demo", "tools")


@cache
def modules() -> dict[str, ast.Module]:
    """All modules of the packages, by name."""
    found = {}
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
            found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def imported(name: str) -> Iterator[str]:
    """The full names of what a module imports."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None, f"{name} imports by a relative name"
            within = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (full if full in modules() else node.module for full in within)


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
