"""The walls of the rooms: who may import whom, from the ground up."""

import ast
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.conftest import ROOT
from tests.project.sources import imported, modules

ROOMS = {
    "southbound": "",
    "southbound.common": "",
    "southbound.system": "common",
    "southbound.config": "common system",
    "southbound.market": "common",
    "southbound.presentation": "common market",
    "southbound.store": "common config market",
    "southbound.queries": "common market presentation store",
    "southbound.archive": "common market store",
    "southbound.api": "common config market presentation store queries",
    "southbound.assistant": "common config store queries api",
    "southbound.hkexnews": "common system config market",
    "southbound.hkex": "common market",
    "southbound.frames": "common market presentation archive hkexnews",
    "southbound.scraping": "common system config market store archive hkexnews frames hkex",
    "southbound.mail.content": "common system config market presentation store",
    "southbound.mail.delivery": "common config store",
    "southbound.mail.alerts": "common config market presentation store mail.content mail.delivery",
    "southbound.mail": "common config market presentation store mail.content mail.delivery mail.alerts",
    "southbound.dashboard.state": "common config market presentation store queries",
    "southbound.dashboard.charts": "common market presentation queries",
    "southbound.dashboard.views": "common config market presentation store queries mail"
    " dashboard.state dashboard.charts",
    "southbound.dashboard.live": "common presentation queries"
    " dashboard.state dashboard.charts dashboard.views",
    "southbound.dashboard.auth": "common config presentation store"
    " dashboard.state dashboard.views dashboard.live",
    "southbound.dashboard": "common system config market presentation store queries api"
    " dashboard.state dashboard.views dashboard.live dashboard.auth",
    "southbound.running": "common system config store",
    "southbound.dashboard.launch": "dashboard dashboard.state running",
    "southbound.commands": "common system config market archive frames store queries assistant scraping mail"
    " dashboard running",
    "southbound.cli": "commands",
    "southbound.__main__": "cli",
    "replay": "",
    "demo": "replay southbound",
    "tools": "replay demo southbound",
}
"""Each room with those that it may import: of the product, only such as stand above it in this table.

A module belongs to the room with the longest name that its own begins with.
"""
APART = {
    "store queries api assistant": {"selenium", "streamlit", "smtplib"},
    "hkexnews scraping": {"streamlit", "smtplib"},
    "mail": {"selenium", "streamlit"},
}
"""Rooms, and libraries that importing them must not load by any way; test_purity.py has the pure."""


def room_of(module: str) -> str:
    """The room of a module of ours."""
    return max((room for room in ROOMS if f"{module}.".startswith(f"{room}.")), key=len)


def may_import(room: str) -> set[str]:
    """The rooms that are open to a room beside itself."""
    opened = set(ROOMS[room].split())
    product = {other for other in ROOMS if other.startswith("southbound")}
    return (
        product | opened
        if "southbound" in opened
        else {other for other in ROOMS if other in opened or other.removeprefix("southbound.") in opened}
    )


def trespasses() -> Iterator[str]:
    """Every import through a wall."""
    for module in sorted(modules()):
        room = room_of(module)
        for other in imported(module):
            if other in modules() and room_of(other) not in may_import(room) | {room}:
                yield f"{module} imports {other}"


def test_each_room_imports_only_what_the_table_opens_to_it() -> None:
    assert list(trespasses()) == []


def test_each_room_stands_on_those_above_it_in_the_table() -> None:
    order = list(ROOMS)

    assert [
        (room, other)
        for room in order
        for other in may_import(room)
        if order.index(other) >= order.index(room)
    ] == []


def test_every_folder_of_the_product_is_a_room_of_the_table() -> None:
    folders = {file.parent.name for file in (ROOT / "southbound").glob("*/__init__.py")}

    assert {f"southbound.{folder}" for folder in folders} <= set(ROOMS)


@pytest.mark.parametrize(
    ("module", "text"),
    [
        ("southbound.market.windows", "from southbound.config.settings import Settings"),
        ("southbound.market.windows", "def f():\n    import southbound.presentation.formatting"),
        ("southbound.presentation.links", "from southbound.store import keys"),
        ("southbound.queries.trend", "from southbound.dashboard.views import freshness"),
        ("southbound.hkexnews.tab", "from southbound.mail.app import preview"),
        ("southbound.hkex.quotations", "from southbound.store import keys"),
        ("southbound.scraping.cycle", "from southbound.dashboard.state import resources"),
        ("southbound.mail.worker", "import southbound.dashboard.page"),
        ("southbound.mail.delivery.backoff", "from southbound.mail.worker import keep_looking"),
        ("southbound.dashboard.state.paths", "from southbound.dashboard.views import tabs"),
        ("southbound.store.keys", "from replay.market import Market"),
        ("southbound.running.supervisor", "import demo"),
        ("replay.site", "from southbound.market import windows"),
        ("replay.site", "import tools.viewer"),
    ],
)
def test_an_import_through_a_wall_is_seen(module: str, text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(modules(), module, ast.parse(text))

    assert any(found.startswith(f"{module} imports ") for found in trespasses())


@pytest.mark.parametrize("rooms", APART)
def test_a_room_loads_no_library_that_is_the_business_of_another(rooms: str) -> None:
    within = tuple(f"southbound.{room}" for room in rooms.split())
    names = [module for module in modules() if module.startswith(within)]
    program = f"import sys, {', '.join(names)}; print(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert "southbound" in done.stdout.split()
    assert APART[rooms] & set(done.stdout.split()) == set()
