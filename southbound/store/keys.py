"""Every Redis key and channel of ours, and what each holds (the Redis contract).

A key may be damaged: of another type, or far too large, by another program or by hand. Where nothing is said
of that here, its readers take it for empty and say so once, and the scraper writes it anew.
"""

from datetime import date, timedelta

DATES = "southbound:dates"
"""Sorted set of the stored dates, scored YYYYMMDD. Rebuilt from the date keys when missing or damaged."""

VERSION = "southbound:version"
"""Integer, raised by each write of a day, of holdings or of what is kept beside them.

Damaged: the page keeps its last figures until it begins anew.
"""

FIGURES_WRITTEN = "southbound:figures_written"
"""Integer: how many of those writes were of figures beside the holdings.

So that whoever reads the holdings knows that none of them changed. Damaged: begun anew, and all is read once.
"""

STATUS = "southbound:status"
"""Hash: what the scraper is doing, see `southbound.store.scraper_status`."""

QUARANTINE_PREFIX = "southbound:quarantine:"

QUARANTINED = "southbound:quarantined"
"""Hash: a day that may be in quarantine -> when it went there; `QUARANTINE_INDEX` -> 1 once all are in it.

So that nobody looks through all keys for them. Missing or damaged: they are looked for, and the scraper's
next start writes it anew.
"""

QUARANTINE_INDEX = "complete"

VANISHED = "southbound:vanished"
"""Hash: a day that was stored, and whose key is gone -> when that was noticed. Storing it takes it out."""

SOURCES = "southbound:sources"
"""Hash: a stored date -> JSON of where it comes from and when it was read, see `southbound.store.origins`."""

REVISIONS = "southbound:revisions"
"""Stream of restated dates: date, when, rows changed."""

NO_LIST = "southbound:no_list"
"""Hash: a session that the site has no list for -> when it was asked for last."""

NAMES = "southbound:names"
"""Hash: stock code -> Chinese name, from the Chinese page."""

SCRAPER_LOCK = "southbound:lock:scraper"
"""Who may write: one scraper at a time. Expires by itself when that one is gone. Damaged: it is nobody's."""

ALERTS = "southbound:alerts"
"""Hash: what is wrong, or has just ended -> JSON of since when and whether it was reported, see
`southbound.store.alert_log`.

Damaged: begun anew, so what stands is reported once more.
"""

COUNTS = (VERSION, FIGURES_WRITTEN)
"""The integers."""

TYPES = {
    DATES: "zset",
    **dict.fromkeys(COUNTS, "string"),
    REVISIONS: "stream",
    NO_LIST: "hash",
    VANISHED: "hash",
    SOURCES: "hash",
}
"""What a day's write finds there. Were one of them of another type, the write would be done by half."""

NOTES_KEPT = timedelta(days=400)
"""How long notes of a day are kept that are made for each: longer than the site keeps its list."""

DAY_PATTERN = "[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]"
"""What `SCAN MATCH` finds the date keys by."""


def day(shareholding_date: date) -> str:
    """String: the day's DataFrame as JSON (`orient="split"`). Never expires."""
    return shareholding_date.isoformat()


def quarantine(shareholding_date: date) -> str:
    """Hash: a day that was not taken, with the reason, see `southbound.store.quarantine`. Never read as data.

    Damaged: the day is in quarantine, for that reason.
    """
    return f"{QUARANTINE_PREFIX}{shareholding_date.isoformat()}"


def prices(session: date) -> str:
    """String: the prices of a trading day as JSON, see `southbound.store.market_figures`. Never expires."""
    return f"southbound:prices:{session.isoformat()}"


def turnover(session: date) -> str:
    """String: the official southbound turnover of a trading day as JSON. Never expires."""
    return f"southbound:turnover:{session.isoformat()}"


def short(week_end: date) -> str:
    """String: the short positions that were reported as of a day, as JSON. Never expires."""
    return f"southbound:short:{week_end.isoformat()}"


def score(shareholding_date: date) -> int:
    """The score of a date in `DATES`."""
    return int(f"{shareholding_date:%Y%m%d}")


def mail(shareholding_date: date) -> str:
    """Hash: recipient -> JSON of how far the mail of that date has come, see `southbound.store.delivery_log`.

    Damaged: who has had it cannot be known, so nobody is sent it until somebody has removed the key.
    """
    return f"southbound:mail:{shareholding_date.isoformat()}"


def alert(incident: str, since: int, news: str) -> str:
    """Hash: recipient -> how far the message that an incident began, or ended, has come."""
    return f"southbound:alert:{since}:{incident}:{news}"


LONGEST_SIGN_IN_SECONDS = 720 * 3600
"""The longest that may be configured."""


def signed_out(sign_in: str) -> str:
    """Whether a sign-in of the dashboard was ended by its reader; the key goes when it would have run out.

    Damaged: it is there, so it is ended.
    """
    return f"southbound:signed_out:{sign_in}"
