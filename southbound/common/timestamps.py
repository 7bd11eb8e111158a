"""Moments as our notes in the store write them, read with care: anybody may have written there. Pure."""

from datetime import MAXYEAR, MINYEAR, UTC, datetime


def parse_moment(text: str) -> datetime | None:
    """A moment as our notes write it, else None. Without a zone it is in universal time.

    In the first and the last year that there is a moment may have no time in another zone.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if not MINYEAR < moment.year < MAXYEAR:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_seconds(value: object) -> int:
    """Seconds since 1970 as our notes write them: a whole number that is some moment of this or next century.

    Raises:
        ValueError: it is something else.
    """
    if type(value) is not int or not 0 <= value < 2**32:
        raise ValueError(f"got {value!r:.20}, want seconds since 1970")
    return value
