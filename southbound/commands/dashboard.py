"""Process 2: the dashboard, at http://localhost:8501.

What `streamlit run app.py` is in a checkout; further arguments are Streamlit's: `--server.port=8502`.
"""

import sys
from collections.abc import Sequence
from pathlib import Path

from streamlit.web import cli

import southbound.dashboard
from southbound.commands.options import check_config

SCRIPT = Path(southbound.dashboard.__file__).parent / "launch" / "app.py"


def main(arguments: Sequence[str] | None = None, program: str = "southbound dashboard") -> int:
    arguments = sys.argv[1:] if arguments is None else arguments
    if {"--help", "-h"} & set(arguments):
        print(f"usage: {program} [--check-config] [OPTION OF STREAMLIT ...]\n\n{__doc__}")  # noqa: T201
        return 0
    if "--check-config" in arguments:
        return check_config()
    cli.main(["run", str(SCRIPT), *arguments], prog_name="streamlit")
    return 0
