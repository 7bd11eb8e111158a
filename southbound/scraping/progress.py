"""How far a backfill is, as a bar on a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date

from tqdm import tqdm
from tqdm.contrib.logging import logging_redirect_tqdm

tqdm.monitor_interval = 0  # no thread beside ours, only to draw a bar that stands still


@contextmanager
def bar(days: Sequence[date], what: str = "backfill") -> Iterator[Iterable[date]]:
    """The days to go through, with a bar that moves with them if the output is a terminal.

    It is gone at the end, however that comes, and log lines stand above it meanwhile.
    """
    with logging_redirect_tqdm(), tqdm(days, desc=what, unit="day", disable=None, leave=False) as drawn:
        yield drawn


@contextmanager
def aside() -> Iterator[None]:
    """For what is printed while a bar is drawn: it stands above it."""
    with tqdm.external_write_mode():
        yield
