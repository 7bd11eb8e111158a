"""The store's room is a wall: outside it nobody knows redis-py, its client or its errors."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

STORE = ROOT / "southbound" / "store"
SCRIPTS = ("app.py", "backend_scraper.py", "email_automation.py")
READS_ADDRESSES = ROOT / "southbound" / "config" / "redis_url.py"
"""Judges REDIS_URL by how the library reads it, before there is a store. It makes no client of it."""
INSIDE = {"client", "store_errors", "is_wrong_type", "answers"}


def outside() -> list[Path]:
    product = [*(ROOT / "southbound").rglob("*.py"), *(ROOT / name for name in SCRIPTS)]
    return sorted(path for path in product if STORE not in path.parents)


def breaches(tree: ast.AST) -> Iterator[str]:
    """What is used of the store's inside."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            modules, names = [alias.name for alias in node.names], []
        elif isinstance(node, ast.ImportFrom):
            modules, names = [node.module or ""], [alias.name for alias in node.names]
        elif isinstance(node, ast.Attribute):
            modules, names = [], [node.attr]
        else:
            continue
        yield from (name for name in modules if name.split(".")[0] == "redis")
        yield from (name for name in modules if name == "southbound.store.client")
        yield from (name for name in names if name in INSIDE)


def test_outside_the_store_nobody_uses_the_client_of_redis_or_catches_its_errors() -> None:
    found = {path.name: used for path in outside() if (used := list(breaches(_tree(path))))}

    assert found == {READS_ADDRESSES.name: ["redis"]}


def test_who_judges_the_address_makes_no_client() -> None:
    used = {
        node.attr
        for node in ast.walk(_tree(READS_ADDRESSES))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "redis"
    }

    assert used == {"ConnectionPool", "RedisError"}


@pytest.mark.parametrize(
    "text",
    [
        "import redis",
        "import redis.exceptions",
        "from redis import Redis",
        "store.client.get('x')",
        "def f(self):\n    return self._store.client",
        "from southbound.store.client import connect",
        "from southbound.store import client",
        "with store.client.pipeline() as look: pass",
    ],
)
def test_a_breach_is_seen(text: str) -> None:
    assert list(breaches(ast.parse(text))) != []


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))
