"""Every Redis key and channel of ours, and what each holds (the Redis contract)."""

from datetime import date

DATES = "southbound:dates"
"""Sorted set of the stored dates, scored YYYYMMDD. Rebuilt from the date keys when it is missing."""

VERSION = "southbound:version"
"""Integer, raised by each write of a day."""

STATUS = "southbound:status"
"""Hash: what the scraper is doing, see `southbound.status`."""

REVISIONS = "southbound:revisions"
"""Stream of restated dates: date, when, rows changed."""

DAY_PATTERN = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
"""What `SCAN MATCH` finds the date keys by."""


def day(shareholding_date: date) -> str:
    """String: the day's DataFrame as JSON (`orient="split"`). Never expires."""
    return shareholding_date.isoformat()


def parse_date(text: str) -> date | None:
    """A date exactly as our keys and messages write it, else None."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    # fromisoformat also takes 20260213 and 2026-W07-5.
    return day if day.isoformat() == text else None


def score(shareholding_date: date) -> int:
    """The score of a date in `DATES`."""
    return int(f"{shareholding_date:%Y%m%d}")


def mail(shareholding_date: date) -> str:
    """Hash: recipient -> JSON of how far the mail of that date has come, see `southbound.mail.ledger`."""
    return f"southbound:mail:{shareholding_date.isoformat()}"
