"""`/dates`: which dates are stored, which are missing or restated, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from southbound.api.answer import Answer, Date, common, trade_dates
from southbound.common.errors import StoreError
from southbound.market.origin import Origin
from southbound.presentation import phrases
from southbound.queries.data_quality import Notes, missing
from southbound.queries.market_view import MarketView
from southbound.store.scraper_status import ScraperStatus


@dataclass(frozen=True, slots=True)
class StoredDate:
    """A date and the number of stocks on its list.

    Attributes:
        source: where the list was read: `hkexnews`, or the format of the file it was imported from; null
            while the store cannot be read.
        read_at: when; null where nobody noted that.
    """

    date: Date
    trade_dates: tuple[Date, ...]
    rows: int
    source: str | None
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Missing:
    """A session without figures, and why."""

    date: Date
    reason: str


@dataclass(frozen=True, slots=True)
class InQuarantine:
    """A list that did not pass validation."""

    date: Date
    since: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class Restated:
    """A date that was stored again with other figures; `rows` stocks changed, null if nobody knows."""

    date: Date
    when: datetime | None
    rows: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates(Answer):
    """All dates. What is noted beside them is null while the store cannot be read."""

    dates: tuple[StoredDate, ...]
    missing: tuple[Missing, ...] | None
    quarantined: tuple[InQuarantine, ...] | None
    restated: tuple[Restated, ...] | None


def dates(
    market_view: MarketView,
    notes: Notes | None,
    status: ScraperStatus | None,
    read_origins: Callable[[], Mapping[Date, Origin]],
    *,
    is_current: bool,
) -> Dates:
    """The stored dates, newest first; of the restatements the newest ones.

    Args:
        market_view: of the stored dates.
        notes: what is noted beside them, if it can be read.
        status: what the scraper says of itself.
        read_origins: where each date comes from; raises StoreError.
        is_current: see `Coverage`.
    """
    try:
        stored = market_view.once("api dates", lambda: _stored(market_view, read_origins()))
    except StoreError:
        stored = _stored(market_view, None)
    history, damaged = market_view.history, market_view.figures.damaged
    return Dates(
        **common(market_view, is_current=is_current, rows="stocks on the list"),
        dates=stored,
        missing=None
        if notes is None
        else tuple(
            Missing(session.day, phrases.missing(session))
            for session in missing(history.dates, damaged, notes.sessions, status)
        ),
        quarantined=None
        if notes is None
        else tuple(InQuarantine(held.day, held.when, held.reason) for held in notes.quarantined),
        restated=None
        if notes is None
        else tuple(
            Restated(noted.day, noted.when, int(noted.rows) if noted.rows.isdecimal() else None)
            for noted in notes.revisions
        ),
    )


def _stored(market_view: MarketView, origins: Mapping[Date, Origin] | None) -> tuple[StoredDate, ...]:
    history = market_view.history
    shown = trade_dates(market_view)
    rows = (~np.isnan(history.shares)).sum(axis=1).tolist()
    # What was stored before anybody noted it is the page's.
    of_days = {} if origins is None else {day: origins.get(day, Origin()) for day in history.dates}
    return tuple(
        StoredDate(day, shown[day], count, *_told(of_days.get(day)))
        for day, count in zip(reversed(history.dates), reversed(rows), strict=True)
    )


def _told(origin: Origin | None) -> tuple[str | None, datetime | None]:
    return (None, None) if origin is None else (origin.source, origin.read_at)
