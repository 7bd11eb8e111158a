"""What was done to whom and when, as far as it decides what the product may do. In seconds of the clock."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from replay.figures import Day


class Flush(NamedTuple):
    """The store lost everything.

    Attributes:
        began, ended: between which moments; on a busy machine its answer to that comes after later ones.
        newest: the dates that may have been the newest then.
    """

    began: float
    ended: float
    newest: Collection[date]


@dataclass(slots=True)
class Journal:
    """Filled in while a run goes on.

    Attributes:
        mailer_kills: when an e-mailer was killed.
        store_kills: when the store was killed, without a chance to write to the disk.
        flushes: when the store lost everything.
        versions: of each restated day, all that the site has shown, the last one now.
        duties: the days that had to be mailed.
        acknowledged: when the store took a write of ours, and which.
    """

    mailer_kills: list[float] = field(default_factory=list)
    store_kills: list[float] = field(default_factory=list)
    flushes: list[Flush] = field(default_factory=list)
    versions: dict[date, list[Day]] = field(default_factory=dict)
    duties: list[date] = field(default_factory=list)
    acknowledged: list[tuple[float, int]] = field(default_factory=list)

    def mailer_killed(self) -> None:
        """An e-mailer is killed now."""
        self.mailer_kills.append(time.time())

    def store_killed(self) -> None:
        """The store is killed now."""
        self.store_kills.append(time.time())

    @contextmanager
    def store_flushed(self, newest: Sequence[date]) -> Iterator[None]:
        """The store loses everything within the `with` block; nothing is noted of one that it raises in."""
        began = time.time()
        yield
        self.flushes.append(Flush(began, time.time(), newest))

    def restated(self, old: Day, new: Day) -> None:
        """The site shows other figures for a day from now on."""
        self.versions.setdefault(new.date, [old]).append(new)

    def store_took(self, number: int) -> None:
        """The store has just acknowledged a write."""
        self.acknowledged.append((time.time(), number))

    def shown(self, days: Mapping[date, Day]) -> dict[date, Sequence[Day]]:
        """All versions of these days, the last one now."""
        return {day: self.versions.get(day, [figures]) for day, figures in days.items()}
