"""Shows the configuration in force, secrets masked: status 0, or 2 if it is wrong."""

import argparse
from collections.abc import Sequence

from southbound.commands.options import check_config


def main(arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    argparse.ArgumentParser(program, description=__doc__).parse_args(arguments)
    return check_config()
