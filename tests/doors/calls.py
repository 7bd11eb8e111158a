"""What a process of ours looks up and calls, as Python's own audit events tell."""

import os
from collections.abc import Mapping
from pathlib import Path

from tests.conftest import ROOT

LISTENS_TO_ITSELF = """
import os, sys

def hear(event, arguments):
    if event in {"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}:
        shown = arguments[1] if event in {"socket.connect", "socket.sendto"} else arguments
        with open(os.environ["CALLED"], "a") as file:
            file.write(f"{event} {shown}\\n")

sys.addaudithook(hear)
"""


def listening(folder: Path) -> Mapping[str, str]:
    """Variables with which a process notes its calls in that folder."""
    (folder / "sitecustomize.py").write_text(LISTENS_TO_ITSELF)
    return {"PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]), "CALLED": str(folder / "called")}


def calls(folder: Path) -> set[str]:
    """All calls that were noted there."""
    return set((folder / "called").read_text().splitlines())
