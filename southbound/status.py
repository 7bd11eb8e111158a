"""What the scraper says of itself, for the dashboard, the e-mailer and `--check`."""

import logging
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any, cast

import redis

from southbound import keys
from southbound.connection import store_errors
from southbound.errors import StoreUnavailable

log = logging.getLogger(__name__)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ScraperStatus:
    """The status hash.

    Attributes:
        done, total: days that the backfill has asked for, and has to ask for.
        heartbeat: when the scraper last said anything.
        fresh_seconds: after how long a silence the scraper must be taken for dead.
        last_success: when the site last gave a usable answer.
        last_error: what went wrong last; empty once it goes well again.
        trouble: what kind of error that was: the name of its class, see `southbound.errors`.
        site_today: the site's own day.
        next_session: the shareholding date that is waited for.
        breaker: open while the site is left alone after failures.
        next_try: when the site is asked next, if that is not soon.
        quarantined: the days in quarantine, see `southbound.absences`.
        names_read: when the Chinese names were read last.
    """

    state: State = State.STARTING
    done: int = 0
    total: int = 0
    heartbeat: datetime | None = None
    fresh_seconds: float = 120.0
    last_success: datetime | None = None
    last_error: str = ""
    trouble: str = ""
    site_today: date | None = None
    next_session: date | None = None
    breaker: Circuit = Circuit.CLOSED
    next_try: datetime | None = None
    quarantined: tuple[date, ...] = ()
    names_read: datetime | None = None

    def is_fresh(self, now: datetime) -> bool:
        """Whether a scraper is alive."""
        if self.state is State.STOPPED or self.heartbeat is None:
            return False
        return (now - self.heartbeat).total_seconds() < self.fresh_seconds


class StatusBoard:
    """Writes and reads the status hash."""

    def __init__(self, client: redis.Redis, fresh_seconds: float = 120.0) -> None:
        self._client = client
        self.status = ScraperStatus(fresh_seconds=fresh_seconds)
        self._said = time.monotonic()

    def silent_seconds(self) -> float:
        """How long nothing was said, whether or not the store could take it."""
        return time.monotonic() - self._said

    def say(self, **changes: Any) -> None:
        """Change some fields and show all of them, with a new heartbeat.

        A store that is away must not stop the work for its status: the next call shows it.
        """
        before = self.status.state
        self.status = replace(self.status, heartbeat=datetime.now(UTC), **changes)
        self._said = time.monotonic()
        if self.status.state is not before:
            log.info("state: %s, was %s", self.status.state, before)
        shown: dict[Any, Any] = {name: _shown(value) for name, value in asdict(self.status).items()}
        try:
            with store_errors(self._client):
                self._client.hset(keys.STATUS, mapping=shown)
        except StoreUnavailable as error:
            log.debug("status not shown: %s", error)


def read_status(client: redis.Redis) -> ScraperStatus | None:
    """What the scraper said last, or None if it never said anything.

    A field that cannot be read has its default: a status is no figure, and must not hide the rest.
    """
    with store_errors(client):
        stored = cast("dict[str, str]", client.hgetall(keys.STATUS))
    if not stored:
        return None
    values = {}
    for option in fields(ScraperStatus):
        try:
            values[option.name] = _READ[option.name](stored[option.name])
        except (KeyError, ValueError):
            values[option.name] = option.default
    return ScraperStatus(**values)


def check(client: redis.Redis) -> tuple[bool, str]:
    """Whether a scraper is alive, and what it says of itself in a line (`--check`)."""
    status = read_status(client)
    if status is None:
        return False, "no scraper has ever written to this store"
    line = f"{status.state}, heartbeat {status.heartbeat}, the site's day {status.site_today}"
    if status.quarantined:
        line += f", in quarantine: {_shown(status.quarantined)}"
    if status.breaker is not Circuit.CLOSED:
        line += f", the site is left alone until {status.next_try}"
    if status.last_error:
        line += f", last error: {status.last_error}"
    fresh = status.is_fresh(datetime.now(UTC))
    return fresh, line if fresh else f"not alive: {line}"


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return "" if value is None else str(value)


def _days(text: str) -> tuple[date, ...]:
    return tuple(map(date.fromisoformat, text.split(","))) if text else ()


_READ: dict[str, Callable[[str], Any]] = {
    "state": State,
    "done": int,
    "total": int,
    "heartbeat": keys.parse_moment,
    "fresh_seconds": float,
    "last_success": keys.parse_moment,
    "last_error": str,
    "trouble": str,
    "site_today": date.fromisoformat,
    "next_session": date.fromisoformat,
    "breaker": Circuit,
    "next_try": keys.parse_moment,
    "quarantined": _days,
    "names_read": keys.parse_moment,
}
