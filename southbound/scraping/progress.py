"""How far a backfill is, as a bar on a terminal."""

from collections.abc import Iterator, Sequence
from datetime import date

from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

tqdm.monitor_interval = 0  # no thread beside ours, only to draw a bar that stands still


def shown(days: Sequence[date]) -> Iterator[date]:
    """The days one after the other, with a bar if the output is a terminal."""
    with logging_redirect_tqdm():
        yield from tqdm(days, desc="backfill", unit="day", disable=None, leave=False)
