"""`/status`: what the scraper says of itself, and how good the data are."""

from dataclasses import dataclass
from datetime import datetime

from southbound.api.answer import Answer, Date, common
from southbound.presentation import phrases
from southbound.queries.data_quality import Notes, folders, missing, sources
from southbound.queries.market_view import MarketView
from southbound.store.folder_status import FolderStatus
from southbound.store.scraper_status import Circuit, ScraperStatus, SourceStatus


@dataclass(frozen=True, slots=True)
class Scraper:
    """What the scraper said last.

    Attributes:
        asks_site: whether HKEXnews is asked; else its pages come from a folder.
        is_alive: whether it has said something lately.
        done, total: days of its backfill.
        site_today: the site's own day.
        next_session: the date that it waits for.
        next_try: when the site is asked next, if that is not soon.
    """

    state: str
    asks_site: bool
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
class ArchivedKind:
    """What the archive has of one kind beside the holdings."""

    kind: str
    days: int
    first: Date
    last: Date


@dataclass(frozen=True, slots=True)
class Archive:
    """The files beside the store.

    Attributes:
        days: how many days of holdings they have, from `first` to `last`.
        beside: what they have beside these.
        behind_since: since when the store has what they lack, or they cannot be reached; null if they are
            level with it.
        trouble: what is wrong with them; empty if nothing.
    """

    days: int
    first: Date | None
    last: Date | None
    beside: tuple[ArchivedKind, ...]
    behind_since: datetime | None
    trouble: str


@dataclass(frozen=True, slots=True)
class AbsentDay:
    """A day that a source may have and that is not stored, and why."""

    date: Date
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """What is read beside the holdings, where it is switched on.

    Attributes:
        name: as in the configuration.
        newest: the newest day that is stored of it.
        missing: newest first.
        is_asked: false while it is left alone after failures, until `next_try`.
    """

    name: str
    newest: Date | None
    missing: tuple[AbsentDay, ...]
    is_asked: bool
    next_try: datetime | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a file; `is_taken` is false if somebody should look at it."""

    file: str
    read_at: datetime
    says: str
    is_taken: bool


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder that people put files into.

    Attributes:
        name: its section in the configuration.
        files: how many were read.
        trouble: why it cannot be looked into; empty if it can.
        outcomes: of those that were not wholly taken, and of the newest others, the newest first.
    """

    name: str
    files: int
    trouble: str
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """How many sessions are missing, held back or restated; null while the store cannot be read."""

    missing: int | None
    quarantined: int | None
    restated: int | None
    warning: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status(Answer):
    """The state of the whole; null is a scraper that never reported, and an archive that is not kept."""

    scraper: Scraper | None
    archive: Archive | None
    sources: tuple[Source, ...]
    folders: tuple[Folder, ...]
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
            said.asks_site,
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
        archive=_archive(said),
        sources=tuple(_source(name, source) for name, source in sources(said)),
        folders=tuple(_folder(name, folder) for name, folder in folders(said)),
        data_quality=Quality(None, None, None, "")
        if notes is None
        else Quality(
            len(missing(days, damaged, notes.sessions, said)),
            len(notes.quarantined),
            len(notes.revisions),
            notes.warning,
        ),
    )


def _archive(said: ScraperStatus | None) -> Archive | None:
    if said is None or not said.has_archive:
        return None
    return Archive(
        said.archive_days,
        said.archive_first,
        said.archive_last,
        tuple(ArchivedKind(each.kind, each.days, each.first, each.last) for each in said.archive_beside),
        said.archive_behind,
        said.archive_trouble,
    )


def _source(name: str, source: SourceStatus) -> Source:
    return Source(
        name,
        source.newest,
        tuple(AbsentDay(day, phrases.source_missing(why)) for day, why in source.missing),
        source.breaker is not Circuit.OPEN,
        source.next_try,
    )


def _folder(name: str, folder: FolderStatus) -> Folder:
    outcomes = (Outcome(each.name, each.read_at, each.told, each.is_taken) for each in folder.outcomes)
    return Folder(name, folder.files, folder.trouble, tuple(outcomes))
