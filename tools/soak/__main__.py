"""`make soak`: runs the product under faults at random for some minutes, and says what was lost."""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from southbound.system.process_tree import end_adopted
from tools.soak.environment import running_environment
from tools.soak.kinds import StoreKind, kinds_of
from tools.soak.pages import Visits, left_behind, tabs
from tools.soak.reading import history_is_read
from tools.soak.report import Check, Report
from tools.soak.run import SoakRun
from tools.soak.schedule import Plan, planned
from tools.soak.verdict import checks
from tools.waiting import wait_until

READY_WITHIN_SECONDS = 120.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m soak", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0, help="of faults; up to five more to recover")
    parser.add_argument("--seed", type=int, help="of an earlier run, to repeat its plan")
    parser.add_argument(
        "--store",
        choices=StoreKind,
        type=StoreKind,
        help="without: of its own if the seed is even, else under Sentinel",
    )
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the counts go as JSON")
    parser.add_argument("--logs", type=Path, metavar="DIR", help="where the logs go, also if nothing fails")
    arguments = parser.parse_args()
    seed: int = random.randrange(10_000) if arguments.seed is None else arguments.seed
    store: StoreKind = arguments.store or (StoreKind.SENTINEL if seed % 2 else StoreKind.OWN)
    plan = planned(arguments.minutes * 60, seed, kinds_of(store))
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    say(f"seed {seed}, store {store}: {len(plan.faults)} faults in {arguments.minutes:g} minutes")
    with temporary_folder() as folder:
        try:
            report = soaked(folder, plan, seed, store)
        except KeyboardInterrupt:
            say("stopped")
            return 130
        if arguments.logs:
            keep_logs(folder, arguments.logs)
        kept = None if report.passed or arguments.logs else Path(tempfile.mkdtemp(prefix=f"soak-{seed}-"))
        if kept:
            keep_logs(folder, kept)
    say("\n".join(["", *report.lines()]))
    if kept:
        say(f"the logs are in {kept}")
    if arguments.json:
        arguments.json.write_text(report.as_json(), encoding="utf-8")
    return 0 if report.passed else 1


def soaked(folder: Path, plan: Plan, seed: int, store: StoreKind) -> Report:
    """One run, and what it found."""
    began = time.monotonic()
    sessions = len(plan.publications) + len(plan.faults)
    with running_environment(folder, sessions, seed, store) as running:
        wait_until("the history", lambda: history_is_read(running), READY_WITHIN_SECONDS)
        visits = Visits(running.dashboard)
        with tabs(running) as opened:
            visits.start()
            try:
                soak_run = SoakRun(running, plan, opened, say)
                soak_run.run()
            finally:
                visits.stop()
                soak_run.observer.stop()
            found = checks(running, soak_run, opened)
        end_adopted({running.stack.pid})  # what the tabs' own browser has left
    leftovers = left_behind(folder)
    end_adopted()
    found.append(Check.of("nothing is left behind", leftovers))
    return Report(seed, time.monotonic() - began, soak_run.recovery.tallies(), found)


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A folder for everything, with a name short enough for the sockets of Chromium to be in it."""
    usual = tempfile.gettempdir()
    while True:
        folder = Path(usual if len(usual) <= 6 else "/tmp", f"sk-{random.randrange(10**6):06}")  # noqa: S108
        try:
            folder.mkdir(mode=0o700)
            break
        except FileExistsError:
            continue
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep_logs(folder: Path, kept: Path) -> None:
    """Copy the logs of a run to where they stay."""
    kept.mkdir(parents=True, exist_ok=True)
    for log in [*folder.glob("*.log*"), *folder.glob("data/*.log")]:
        shutil.copy(log, kept)


def say(line: str) -> None:
    """Print at once, also into a pipe."""
    print(line, flush=True)  # noqa: T201 - the terminal's program


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    sys.exit(main())
