"""`make bench`: measures everything and prints one table, and the same as JSON."""

import argparse
import sys
from pathlib import Path

from benchmarks import dashboard, mail, scraping
from benchmarks.figures import Figure, as_json, table

TOPICS = {"scraping": scraping.measure, "dashboard": dashboard.measure, "mail": mail.measure}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("topics", nargs="*", metavar="topic", help=f"some of: {', '.join(TOPICS)}")
    parser.add_argument("--smoke", action="store_true", help="a short form that only proves that it works")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where the figures go as JSON")
    arguments = parser.parse_args()
    if unknown := set(arguments.topics) - TOPICS.keys():
        parser.error(f"no such topic: {', '.join(sorted(unknown))}; want some of {', '.join(TOPICS)}")
    figures: list[Figure] = []
    for topic, measure in TOPICS.items():
        if not arguments.topics or topic in arguments.topics:
            figures += measure(smoke=arguments.smoke)
    print(table(figures))  # noqa: T201 - the answer to a command
    if arguments.json:
        arguments.json.write_text(as_json(figures), encoding="utf-8")
    # A short run on a busy machine proves nothing about speed.
    return 0 if arguments.smoke or all(figure.passed for figure in figures) else 1


if __name__ == "__main__":
    sys.exit(main())
