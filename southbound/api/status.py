"""`/status`: what the scraper says of itself, and how good the data are."""

from dataclasses import dataclass
from datetime import datetime

from southbound.api.answer import Answer, Date, common
from southbound.queries.data_quality import Notes, missing
from southbound.queries.market_view import MarketView
from southbound.store.scraper_status import ScraperStatus


@dataclass(frozen=True, slots=True)
class Scraper:
    """What the scraper said last.

    Attributes:
        is_alive: whether it has said something lately.
        done, total: days of its backfill.
        site_today: the site's own day.
        next_session: the date that it waits for.
        next_try: when the site is asked next, if that is not soon.
    """

    state: str
    is_alive: bool
    heartbeat: datetime | None
    done: int
    total: int
    last_success: datetime | None
    last_error: str
    site_today: Date | None
    next_session: Date | None
    next_try: datetime | None


@dataclass(frozen=True, slots=True)
class Quality:
    """How many sessions are missing, held back or restated; null while the store cannot be read."""

    missing: int | None
    quarantined: int | None
    restated: int | None
    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Answer):
    """The state of the whole. Without a scraper that ever reported, that is null."""

    scraper: Scraper | None
    data_quality: Quality


def status(
    market_view: MarketView,
    notes: Notes | None,
    said: ScraperStatus | None,
    now: datetime,
    *,
    is_current: bool,
) -> Status:
    """The state at a moment."""
    days, damaged = market_view.history.dates, market_view.figures.damaged
    return Status(
        **common(market_view, is_current=is_current),
        scraper=None
        if said is None
        else Scraper(
            str(said.state),
            said.is_fresh(now),
            said.heartbeat,
            said.done,
            said.total,
            said.last_success,
            said.last_error,
            said.site_today,
            said.next_session,
            said.next_try,
        ),
        data_quality=Quality(None, None, None, "")
        if notes is None
        else Quality(
            len(missing(days, damaged, notes.sessions, said)),
            len(notes.quarantined),
            len(notes.revisions),
            notes.warning,
        ),
    )
