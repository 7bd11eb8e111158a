"""A store if none answers, then the scraper, the dashboard and the e-mailer, as one."""

import argparse
from collections.abc import Sequence

from southbound.commands.options import parse
from southbound.running.all_in_one import DASHBOARD_PORT, run
from southbound.running.startup import settings_or_exit


def main(arguments: Sequence[str] | None = None, program: str | None = None) -> int:
    parser = argparse.ArgumentParser(program, description=__doc__)
    parser.add_argument("--port", type=int, default=DASHBOARD_PORT, help="where the dashboard listens")
    port: int = parse(parser, arguments).port
    return run(settings_or_exit(), port)
