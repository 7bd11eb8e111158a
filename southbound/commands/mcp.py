"""The API's answers as tools of an assistant: a Model Context Protocol server on stdin and stdout."""

import argparse
import sys
from collections.abc import Sequence

from southbound.commands.options import parse
from southbound.common.logs import start_logging
from southbound.running.ending import end_on_signal
from southbound.running.startup import settings_or_exit

WANTS_EXTRA = 2

PACKAGES = {"mcp", "mcp_types"}
"""Of the extra; an earlier one has not all that is imported."""


def main(arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    parser = argparse.ArgumentParser(program, description=__doc__)
    parse(parser, arguments)
    settings = settings_or_exit()
    try:
        from southbound.assistant.app import run  # noqa: PLC0415 - only where the extra is installed
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in PACKAGES:
            raise
        print("mcp 2 is not installed: pip install 'southbound[mcp]'", file=sys.stderr)  # noqa: T201
        return WANTS_EXTRA
    start_logging()
    end_on_signal()
    run(settings)
    return 0
