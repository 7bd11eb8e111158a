"""The API's answers as tools of an assistant: a Model Context Protocol server on stdin and stdout."""

import argparse
import sys
from collections.abc import Sequence
from importlib.util import find_spec

from southbound.commands.options import parse
from southbound.common.logs import start_logging
from southbound.running.startup import end_on_signal, settings_or_exit

WANTS_EXTRA = 2


def main(arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    parser = argparse.ArgumentParser(program, description=__doc__)
    parse(parser, arguments)
    settings = settings_or_exit()
    if find_spec("mcp") is None:
        print("mcp is not installed: pip install 'southbound[mcp]'", file=sys.stderr)  # noqa: T201
        return WANTS_EXTRA
    from southbound.assistant.app import run  # noqa: PLC0415 - only where the extra is installed

    start_logging()
    end_on_signal()
    run(settings)
    return 0
