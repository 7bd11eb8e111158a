"""`python -m replay`: the page on this machine until Ctrl-C, to look at and to point the product to.

Beside it the official files: `/dayquot/`, `/DailyStat/` and `/spr/` below the address of the server.
"""

import argparse
import signal
import sys
from collections.abc import Sequence
from datetime import date
from threading import Event

from replay.quotations import COUNTERS, SIZE
from replay.serving import serving
from replay.site import ReplaySite
from replay.wording import GENERATIONS


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted or terminated; the page's address is the first line printed."""
    wanted = _parser().parse_args(arguments)
    # Not an event: the handler would wait for its lock for ever, if it interrupts who holds that.
    asked_to_stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda number, _: asked_to_stop.append(number))
    try:
        site = ReplaySite(
            today=wanted.today,
            invented=wanted.invented,
            seed=wanted.seed,
            generation=wanted.generation,
            latency=wanted.latency,
        )
        if wanted.full_files:
            site.official.files.counters, site.official.files.size = COUNTERS, SIZE
        with serving(site, wanted.port) as address:
            sys.stdout.write(f"{address}\n")
            sys.stdout.flush()
            pause = Event()
            while not asked_to_stop:
                pause.wait(0.2)
    except (OSError, ValueError) as problem:
        sys.stderr.write(f"replay: {problem}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m replay", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: one that is free")
    parser.add_argument(
        "--today", type=date.fromisoformat, default=date(2026, 2, 28), help="YYYY-MM-DD, default %(default)s"
    )
    parser.add_argument("--invented", type=int, default=0, metavar="N", help="made-up sessions to add")
    parser.add_argument("--seed", type=int, default=1, help="of the made-up sessions")
    parser.add_argument("--generation", choices=GENERATIONS, default="current", help="of the form")
    parser.add_argument("--full-files", action="store_true", help="daily quotations of the real 27 MB")
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="before each answer")
    return parser


if __name__ == "__main__":
    sys.exit(main())
