"""Takes days out of files into the store, judged as an answer of the site is."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum

from southbound.common.errors import DamagedDay, NotTheWriter
from southbound.common.remark import remark
from southbound.config.settings import ScraperSettings
from southbound.frames.reading import FileDay
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.origin import Origin
from southbound.scraping.ingestion import Ingestion
from southbound.scraping.schedule import Schedule
from southbound.store.holdings_store import HoldingsStore


class Outcome(StrEnum):
    """What became of a day."""

    STORED = "stored"
    REPLACED = "replaced"
    SAME = "as it is stored"
    DIFFERS = "differs"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Taken:
    """A day, and what became of it; `why` where that needs words."""

    day: date
    outcome: Outcome
    why: str = ""


@contextmanager
def only_writer(store: HoldingsStore, sleep: Callable[[float], None] = time.sleep) -> Iterator[HoldingsStore]:
    """The store as it is written by nobody else meanwhile: a scraper that is started stands by.

    So no day that a scraper has just restated is replaced by one that was judged before.

    Raises:
        NotTheWriter: a scraper runs, or takes over.
        StoreUnavailable, StoreRefused: the store's part.
    """
    lease = store.writer_lease(lambda: True)
    try:
        lease.take_soon(sleep)
    except NotTheWriter as error:
        raise NotTheWriter(
            f"{error}: stop it for the import, or put the files into its [import] folder"
        ) from None
    try:
        yield store.written_under(lease.lock)
    finally:
        lease.release()


def names_in(store: HoldingsStore) -> Callable[[int], str]:
    """By the newest stored day, for formats that have none; a stock that it lacks is called by its code.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """
    read, _damaged = store.get_many(store.dates()[-1:])
    names = {code: name for day in read for code, (name, *_) in day.rows().items()}
    return lambda code: names.get(code, f"{code:05}")


Replaces = Callable[[Origin, Origin], bool]
"""Whether a day from one origin, the stored one, gives way to other figures from the second."""


class Importer:
    """Every method raises StoreUnavailable and StoreRefused.

    Args:
        store: where the days go.
        settings: the thresholds of validation.
        replaces: when a day takes the place of a stored one with other figures.
        check: only say what would become of each.
    """

    def __init__(
        self,
        store: HoldingsStore,
        settings: ScraperSettings,
        *,
        replaces: Replaces = lambda _stored, _given: False,
        check: bool = False,
    ) -> None:
        self._store = store
        self._ingestion = Ingestion(store, Schedule(), settings)
        self._replaces = replaces
        self._check = check

    def take(self, days: Iterable[FileDay]) -> Iterator[Taken]:
        """Each day, oldest first, and what became of it."""
        stored = self._store.dates()
        for each in days:
            with self._store.turn:
                taken = self._taken(each, stored)
            if taken.outcome is Outcome.STORED and each.day not in stored:
                stored = sorted([*stored, each.day])
            yield taken

    def _taken(self, each: FileDay, stored: list[date]) -> Taken:
        if each.holdings is None:
            return Taken(each.day, Outcome.REFUSED, each.problem)
        if objection := self._ingestion.objection(each.holdings, stored):
            return Taken(each.day, Outcome.REFUSED, objection)
        try:
            held = self._store.get(each.day)
        except DamagedDay:
            held = None  # any list is better
        if held is not None and (other := _stocks_that_differ(held, each.holdings)):
            if not self._replaces(self._store.origins().get(each.day, Origin()), each.origin):
                return Taken(
                    each.day, Outcome.DIFFERS, remark("{count} stocks; the stored figures stay", count=other)
                )
            self._put(each, each.holdings)
            return Taken(each.day, Outcome.REPLACED, remark("{count} stocks", count=other))
        if held is not None:
            return Taken(each.day, Outcome.SAME)
        self._put(each, each.holdings)
        return Taken(each.day, Outcome.STORED)

    def _put(self, each: FileDay, holdings: DailyHoldings) -> None:
        if not self._check:
            origin = each.origin
            self._store.put(holdings, replace(origin, read_at=origin.read_at or datetime.now(UTC)))
        self._ingestion.stored(holdings)


def _stocks_that_differ(held: DailyHoldings, given: DailyHoldings) -> int:
    """How many have other figures. Names do not count: others write them in Chinese, or in short."""
    rows, others = ({code: figures for code, (_, *figures) in day.rows().items()} for day in (held, given))
    return sum(rows.get(code) != others.get(code) for code in rows.keys() | others.keys())
