"""Nothing happens at import."""

import json
import subprocess
import sys
from collections.abc import Mapping

import pytest

# The page is a script that Streamlit runs: it draws as it is imported.
SCRIPTS = ["southbound.dashboard.page"]

WATCHED_IMPORTS = """
import importlib, json, pkgutil, sys, threading
import matplotlib.font_manager  # lists the fonts in a thread the first time it is imported on a machine
happened = []
def watch(event, arguments):
    # urllib3 looks for IPv6 as it is imported: a socket that is bound, to nobody.
    if event.startswith("socket.") and sys._getframe(1).f_globals["__name__"] != "urllib3.util.connection":
        happened.append(event)
    if event in ("subprocess.Popen", "os.system"):
        happened.append(event)
sys.addaudithook(watch)
import southbound
seen = {}
for module in pkgutil.walk_packages(southbound.__path__, "southbound."):
    if module.name in sys.argv[1:]:
        continue
    happened.clear()
    threads = threading.active_count()
    importlib.import_module(module.name)
    counted = [event for event in happened if event != "socket.__new__"]
    seen[module.name] = {"events": counted, "threads": threading.active_count() - threads}
print(json.dumps(seen))
"""


def python(program: str, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def imported() -> Mapping[str, dict[str, object]]:
    """What happened while each module of the product was imported."""
    result: dict[str, dict[str, object]] = json.loads(python(WATCHED_IMPORTS, *SCRIPTS).splitlines()[-1])
    return result


def test_importing_opens_no_socket_runs_no_program_and_starts_no_thread(
    imported: Mapping[str, dict[str, object]],
) -> None:
    assert len(imported) > 20
    assert {name: what for name, what in imported.items() if what != {"events": [], "threads": 0}} == {}
