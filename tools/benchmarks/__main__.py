"""`make bench`: measures everything and prints it in tables, and the same as JSON."""

import argparse
import logging
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

from tools.benchmarks import (
    api,
    archive,
    changes,
    dashboard,
    growth,
    history,
    load,
    mail,
    memory,
    money,
    quotations,
    readings,
    rest,
    scraping,
    screener,
    store,
)
from tools.benchmarks.figures import Figure
from tools.benchmarks.orders import Growth
from tools.benchmarks.report import as_json, growth_table, line, table

log = logging.getLogger("benchmarks")

MOST_SECONDS = 15 * 60

LONGEST_SMOKED = "rest", "dashboard", "memory", "load", "scraping", "quotations"
"""What takes longest in its short form: begun first, it keeps nobody waiting at the end."""


class _Measure(Protocol):
    def __call__(self, *, smoke: bool) -> Iterator[Figure | Growth]: ...


TOPICS: dict[str, _Measure] = {
    "scraping": scraping.measure,
    "quotations": quotations.measure,
    "archive": archive.measure,
    "store": store.measure,
    "history": history.measure,
    "changes": changes.measure,
    "money": money.measure,
    "readings": readings.measure,
    "screener": screener.measure,
    "dashboard": dashboard.measure,
    "load": load.measure,
    "api": api.measure,
    "mail": mail.measure,
    "memory": memory.measure,
    "rest": rest.measure,
    "growth": growth.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="*", metavar="topic", help=f"some of: {', '.join(TOPICS)}")
    parser.add_argument("--smoke", action="store_true", help="a short form that only proves that it works")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the figures go as JSON")
    arguments = parser.parse_args()
    if unknown := set(arguments.topics) - TOPICS.keys():
        parser.error(f"no such topic: {', '.join(sorted(unknown))}; want some of {', '.join(TOPICS)}")
    _tell_progress()
    began = time.monotonic()
    run = partial(_run, smoke=arguments.smoke)
    topics = arguments.topics or list(TOPICS)
    if arguments.smoke:
        topics = list(dict.fromkeys([*filter(topics.__contains__, LONGEST_SMOKED), *topics]))
        # One of three waits for a process, mostly.
        with ThreadPoolExecutor(3) as pool:
            ran = list(pool.map(run, topics))
    else:
        ran = list(map(run, topics))
    figures = [each for topic in ran for each in topic.measured if isinstance(each, Figure)]
    growths = [each for topic in ran for each in topic.measured if isinstance(each, Growth)]
    figures.append(Figure(name="the whole run", value=time.monotonic() - began, limit=MOST_SECONDS))
    print("\n\n".join(filter(None, [table(figures), growth_table(growths)])))  # noqa: T201 - the answer to a command
    if arguments.json:
        arguments.json.parent.mkdir(parents=True, exist_ok=True)
        arguments.json.write_text(as_json(figures, growths), encoding="utf-8")
    # A short run on a busy machine proves nothing about speed.
    passed = all(each.passed for each in figures) and all(each.passed for each in growths)
    return 0 if all(topic.whole for topic in ran) and (arguments.smoke or passed) else 1


@dataclass(frozen=True, slots=True)
class _Ran:
    """What was measured of a topic, and whether that is all of it."""

    measured: list[Figure | Growth]
    whole: bool = True


def _run(topic: str, *, smoke: bool) -> _Ran:
    log.info("%s", topic)
    measured: list[Figure | Growth] = []
    try:
        for each in TOPICS[topic](smoke=smoke):
            log.info("  %s", line(each))
            measured.append(each)
    except (TimeoutError, RuntimeError) as error:
        # The figures of the other topics are still worth having.
        log.error("%s breaks off: %s", topic, error)
        return _Ran(measured, whole=False)
    return _Ran(measured)


def _tell_progress() -> None:
    """On stderr, for whoever waits."""
    telling = logging.StreamHandler()
    telling.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    log.addHandler(telling)
    log.setLevel(logging.INFO)
    log.propagate = False


if __name__ == "__main__":
    sys.exit(main())
