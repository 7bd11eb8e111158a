"""What the scraper says of itself, for the dashboard, the e-mailer and `--check`."""

import json
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import redis

from southbound.common.errors import StoreError, StoreRefused, StoreUnavailable
from southbound.common.text import one_line
from southbound.common.timestamps import parse_moment
from southbound.market.strict_json import read_strictly
from southbound.market.trading_calendar import parse_date
from southbound.store import keys, status_remarks
from southbound.store.client import store_errors
from southbound.store.folder_status import FolderStatus, folder_text, read_folder
from southbound.store.integrity import fields_at, put_hash, unless_damaged

log = logging.getLogger(__name__)

SAME_CLOCK = timedelta(seconds=5)
"""Two clocks that differ by less are taken for one."""

LONGEST_SOURCE = 20_000
"""Characters of what it says of a source beside the holdings."""

LONGEST_SENTENCE = 500
"""Characters of what the scraper says of its last error."""


class State(StrEnum):
    """What the scraper is doing."""

    STARTING = "starting"
    BACKFILLING = "backfilling"
    POLLING = "polling"
    WAITING = "waiting"
    FAILING = "failing"
    STOPPED = "stopped"


class Circuit(StrEnum):
    """Whether the site is asked: closed as in a circuit through which the current flows."""

    CLOSED = "closed"
    OPEN = "open"
    PROBING = "probing"


class Form(NamedTuple):
    """How a value stands in the hash.

    Attributes:
        read: of the text; raises ValueError if that is no such value.
        write: to text.
    """

    read: Callable[[str], Any]
    write: Callable[[Any], str] = str


def _said(text: str) -> str:
    """In one line and in short."""
    return one_line(text, LONGEST_SENTENCE)


def _count(text: str) -> int:
    # Not by int() alone, which would also take "1_0" and a number of a thousand digits.
    if not re.fullmatch("[0-9]{1,6}", text):
        raise ValueError(text)
    return int(text)


def _days(text: str) -> tuple[date, ...]:
    days = [parse_date(part) for part in text.split(",")] if text else []
    known = tuple(day for day in days if day is not None)
    if len(known) < len(days):
        raise ValueError(text)
    return known


def _truth(text: str) -> bool:
    if text not in {"yes", "no"}:
        raise ValueError(text)
    return text == "yes"


def _truth_text(value: object) -> str:
    return "yes" if value else "no"


def _or_empty(value: object) -> str:
    return "" if value is None else str(value)


def _listed(days: Iterable[date]) -> str:
    return ",".join(map(str, days))


def form(read: Callable[[str], Any], write: Callable[[Any], str] = str) -> Mapping[str, Form]:
    """What makes a field of `ScraperStatus` a row of its table."""
    return {"form": Form(read, write)}


MOST_TOLD = 40
"""Days that a source's status names: it looks for those of a month."""

LONGEST_REASON = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """What the scraper says of a source that it reads beside the holdings.

    Attributes:
        newest: the newest day that is stored of it.
        missing: the days that it may have and that are not stored, newest first, and why.
        breaker: open while it is left alone after failures.
        next_try: when it is asked next, if its breaker is open.
    """

    newest: date | None = None
    missing: tuple[tuple[date, str], ...] = ()
    breaker: Circuit = Circuit.CLOSED
    next_try: datetime | None = None


@dataclass(frozen=True, slots=True)
class ArchivedKind:
    """What the archive has of one kind beside the holdings.

    Attributes:
        kind: by the name of its folder.
        days: how many.
        first, last: the oldest and the newest of them.
    """

    kind: str
    days: int
    first: date
    last: date


MOST_KINDS, LONGEST_KIND = 10, 40


def _kinds_text(kinds: Iterable[ArchivedKind]) -> str:
    return json.dumps([[each.kind, each.days, str(each.first), str(each.last)] for each in kinds])


def _kinds(text: str) -> tuple[ArchivedKind, ...]:
    """Raises ValueError for what `_kinds_text` does not write."""
    if len(text) > LONGEST_SOURCE:
        raise ValueError(f"{len(text):,} characters")
    try:
        rows = read_strictly(text) if text else []
        return tuple(
            ArchivedKind(
                one_line(kind, LONGEST_KIND),
                _count(str(days)),
                date.fromisoformat(first),
                date.fromisoformat(last),
            )
            for kind, days, first, last in rows[:MOST_KINDS]
        )
    except (TypeError, AttributeError, KeyError, RecursionError) as error:
        raise ValueError(f"no archived kinds: {error}") from error


def _source_text(source: SourceStatus | None) -> str:
    if source is None:
        return ""
    return json.dumps(
        {
            "newest": _or_empty(source.newest),
            "missing": [[str(day), one_line(why, LONGEST_REASON)] for day, why in source.missing[:MOST_TOLD]],
            "breaker": source.breaker,
            "next_try": _or_empty(source.next_try),
        },
        ensure_ascii=False,
    )


def _source(text: str) -> SourceStatus | None:
    """Raises ValueError for what `_source_text` does not write."""
    if not text:
        return None
    if len(text) > LONGEST_SOURCE:
        raise ValueError(f"{len(text):,} characters")
    try:
        told = read_strictly(text)
        missing = [(date.fromisoformat(day), one_line(why, LONGEST_REASON)) for day, why in told["missing"]]
        return SourceStatus(
            newest=parse_date(told["newest"]),
            missing=tuple(missing[:MOST_TOLD]),
            breaker=Circuit(told["breaker"]),
            next_try=parse_moment(told["next_try"]),
        )
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError(f"no status of a source: {error}") from error


STATE, CIRCUIT, TRUTH = form(State), form(Circuit), form(_truth, _truth_text)
SOURCE, FOLDER = form(_source, _source_text), form(read_folder, folder_text)
KINDS = form(_kinds, _kinds_text)
COUNT, SENTENCE, SECONDS = form(_count), form(_said), form(float)
MOMENT, DATE, DAYS = form(parse_moment, _or_empty), form(parse_date, _or_empty), form(_days, _listed)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScraperStatus:
    """The status hash: a row for each field, with its default and its form. A new one needs no other place.

    Attributes:
        done, total: days that the backfill has asked for, and has to ask for.
        heartbeat: when the scraper last said anything. In the store by the store's clock, here by our own.
        fresh_seconds: after how long a silence the scraper must be taken for dead.
        last_success: when the site last gave a usable answer.
        last_error: what went wrong last; empty once it goes well again.
        trouble: what kind of error that was: the name of its class, see `southbound.common.errors`.
        site_today: the site's own day.
        next_session: the shareholding date that is waited for.
        breaker: open while the site is left alone after failures.
        next_try: when the site is asked next, if that is not soon.
        quarantined: the days in quarantine, see `southbound.store.quarantine`.
        names_read: when the Chinese names were read last.
        archive_days: how many days of holdings the archive has; 0 without one.
        archive_first, archive_last: the oldest and the newest of them.
        archive_beside: what it has beside them.
        archive_behind: since when the store has what the archive lacks, or it cannot be reached.
        archive_trouble: what is wrong with the archive.
        prices, turnover, short_positions: of the sources beside the holdings; None while one is off.
        price_files, import_files: of the two folders that people put files into; None without one.
        asks_site: whether HKEXnews is asked; else its pages come from a folder.
    """

    state: State = field(default=State.STARTING, metadata=STATE)
    done: int = field(default=0, metadata=COUNT)
    total: int = field(default=0, metadata=COUNT)
    heartbeat: datetime | None = field(default=None, metadata=MOMENT)
    fresh_seconds: float = field(default=120.0, metadata=SECONDS)
    last_success: datetime | None = field(default=None, metadata=MOMENT)
    last_error: str = field(default="", metadata=SENTENCE)
    trouble: str = field(default="", metadata=SENTENCE)
    site_today: date | None = field(default=None, metadata=DATE)
    next_session: date | None = field(default=None, metadata=DATE)
    breaker: Circuit = field(default=Circuit.CLOSED, metadata=CIRCUIT)
    next_try: datetime | None = field(default=None, metadata=MOMENT)
    quarantined: tuple[date, ...] = field(default=(), metadata=DAYS)
    names_read: datetime | None = field(default=None, metadata=MOMENT)
    archive_days: int = field(default=0, metadata=COUNT)
    archive_first: date | None = field(default=None, metadata=DATE)
    archive_last: date | None = field(default=None, metadata=DATE)
    archive_beside: tuple[ArchivedKind, ...] = field(default=(), metadata=KINDS)
    archive_behind: datetime | None = field(default=None, metadata=MOMENT)
    archive_trouble: str = field(default="", metadata=SENTENCE)
    prices: SourceStatus | None = field(default=None, metadata=SOURCE)
    turnover: SourceStatus | None = field(default=None, metadata=SOURCE)
    short_positions: SourceStatus | None = field(default=None, metadata=SOURCE)
    price_files: FolderStatus | None = field(default=None, metadata=FOLDER)
    import_files: FolderStatus | None = field(default=None, metadata=FOLDER)
    asks_site: bool = field(default=True, metadata=TRUTH)

    @property
    def has_archive(self) -> bool:
        """Whether anything is known of one."""
        return bool(self.archive_days or self.archive_behind)

    def is_fresh(self, now: datetime) -> bool:
        """Whether a scraper is alive."""
        if self.state is State.STOPPED or self.heartbeat is None:
            return False
        return (now - self.heartbeat).total_seconds() < self.fresh_seconds


def forms_of(kind: type[ScraperStatus]) -> dict[str, Form]:
    """How each field stands in the hash.

    Raises:
        TypeError: one has none, and would be lost on the way.
    """
    forms: dict[str, Form] = {}
    for option in fields(kind):
        if "form" not in option.metadata:
            raise TypeError(f"{kind.__name__}.{option.name} has no form")
        forms[option.name] = option.metadata["form"]
    return forms


class StatusBoard:
    """Writes the status hash.

    Attributes:
        trouble: why the store did not take it the last time.
    """

    def __init__(self, client: redis.Redis, fresh_seconds: float = 120.0) -> None:
        self._client = client
        self.status = ScraperStatus(fresh_seconds=fresh_seconds)
        self._said = time.monotonic()
        self._refused = ""
        self._noting = threading.Lock()
        self.trouble: StoreError | None = None

    def silent_seconds(self) -> float:
        """How long nothing was said, whether or not the store could take it."""
        return time.monotonic() - self._said

    def touch(self) -> None:
        """Something is being done, though there is nothing to say of it: the store is waited for."""
        self._said = time.monotonic()

    def note(self, **changes: Any) -> None:
        """Change some fields, from any thread, to be shown with what is said next: it is no heartbeat."""
        with self._noting:
            self.status = replace(self.status, **changes)

    def say(self, **changes: Any) -> None:
        """Change some fields and show all of them, with a new heartbeat.

        A store that is away, or does not take it, must not stop the work for its status: the next call
        shows it.
        """
        before = self.status.state
        self.note(**changes)
        self._said = time.monotonic()
        if self.status.state is not before:
            log.info("state: %s, was %s", self.status.state, before)
        try:
            self.note(heartbeat=_store_now(self._client))
            forms = forms_of(type(self.status))
            shown = {name: form.write(getattr(self.status, name)) for name, form in forms.items()}
            shown[status_remarks.FIELD] = status_remarks.remarks_text(self.status)
            put_hash(self._client, keys.STATUS, shown)
            self._refused = ""
            self.trouble = None
        except StoreUnavailable as error:
            self.trouble = error
            log.debug("status not shown: %s", error)
        except StoreRefused as error:
            self.trouble = error
            # The work itself may have all the rights it needs, and then nothing else would say it.
            log.log(logging.DEBUG if self._refused == str(error) else logging.ERROR, "no status: %s", error)
            self._refused = str(error)


def read_status(client: redis.Redis) -> ScraperStatus | None:
    """What the scraper said last, or None if it never said anything.

    A field that cannot be read has its default: a status is no figure, and must not hide the rest.
    """
    forms = forms_of(ScraperStatus)
    names = [*forms, status_remarks.FIELD]
    texts = unless_damaged(lambda: fields_at(client, keys.STATUS, names)) or ()
    stored = {name: text for name, text in zip(names, texts, strict=False) if text is not None}
    remarks = stored.pop(status_remarks.FIELD, "")
    if not stored:
        return None
    values: dict[str, Any] = {}
    for name, text in stored.items():
        with suppress(ValueError):
            values[name] = forms[name].read(text)
    status = status_remarks.with_remarks(ScraperStatus(**values), remarks)
    off = datetime.now(UTC) - _store_now(client)
    if status.heartbeat is None or abs(off) < SAME_CLOCK:
        return status
    try:
        return replace(status, heartbeat=status.heartbeat + off)
    except OverflowError:
        return replace(status, heartbeat=None)


def check(client: redis.Redis) -> tuple[bool, str]:
    """Whether a scraper is alive, and what it says of itself in a line (`--check`)."""
    status = read_status(client)
    if status is None:
        return False, "no scraper has ever written to this store"
    line = f"{status.state}, heartbeat {status.heartbeat}, the site's day {status.site_today}"
    if status.quarantined:
        line += f", in quarantine: {_listed(status.quarantined)}"
    if status.breaker is not Circuit.CLOSED:
        line += f", the site is left alone until {status.next_try}"
    if status.last_error:
        line += f", last error: {status.last_error}"
    fresh = status.is_fresh(datetime.now(UTC))
    return fresh, line if fresh else f"not alive: {line}"


def _store_now(client: redis.Redis) -> datetime:
    """By the store's clock: a scraper and whoever asks whether it is alive need not agree on the time.

    Raises:
        StoreUnavailable, StoreRefused: the store's part.
    """
    with store_errors(client):
        seconds, microseconds = client.time()
    return datetime.fromtimestamp(seconds, UTC) + timedelta(microseconds=microseconds)
