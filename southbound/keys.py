"""Every Redis key and channel of ours, and what each holds (the Redis contract)."""

from datetime import UTC, date, datetime

DATES = "southbound:dates"
"""Sorted set of the stored dates, scored YYYYMMDD. Rebuilt from the date keys when it is missing."""

VERSION = "southbound:version"
"""Integer, raised by each write of a day."""

STATUS = "southbound:status"
"""Hash: what the scraper is doing, see `southbound.status`."""

QUARANTINE_PREFIX = "southbound:quarantine:"

REVISIONS = "southbound:revisions"
"""Stream of restated dates: date, when, rows changed."""

NO_LIST = "southbound:no_list"
"""Hash: a session that the site has no list for -> when it was asked for last."""

NAMES = "southbound:names"
"""Hash: stock code -> Chinese name, from the page's Chinese twin."""

SCRAPER_LOCK = "southbound:lock:scraper"
"""Who may write: one scraper at a time. Expires by itself when that one is gone."""

ALERTS = "southbound:alerts"
"""Hash: what is wrong, or has just ended -> JSON of since when and whether it was told, see `mail.book`."""

DAY_PATTERN = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
"""What `SCAN MATCH` finds the date keys by."""


def day(shareholding_date: date) -> str:
    """String: the day's DataFrame as JSON (`orient="split"`). Never expires."""
    return shareholding_date.isoformat()


def quarantine(shareholding_date: date) -> str:
    """Hash: a day that failed the gate, with the reason, see `southbound.absences`. Never read as data."""
    return f"{QUARANTINE_PREFIX}{shareholding_date.isoformat()}"


def parse_date(text: str) -> date | None:
    """A date exactly as our keys and messages write it, else None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # fromisoformat also takes 20260213 and 2026-W07-5.
    return day if day.isoformat() == text else None


def parse_moment(text: str) -> datetime | None:
    """A moment as our notes write it, else None. Without a zone it is in universal time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def score(shareholding_date: date) -> int:
    """The score of a date in `DATES`."""
    return int(f"{shareholding_date:%Y%m%d}")


def mail(shareholding_date: date) -> str:
    """Hash: recipient -> JSON of how far the mail of that date has come, see `southbound.mail.ledger`."""
    return f"southbound:mail:{shareholding_date.isoformat()}"


def alert(incident: str, since: int, news: str) -> str:
    """Hash: recipient -> how far the message that an incident began, or ended, has come."""
    return f"southbound:alert:{since}:{incident}:{news}"
