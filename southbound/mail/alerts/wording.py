"""Incidents in the operator's words and language."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import NamedTuple

from southbound.common.remark import read_remark
from southbound.market.trading_calendar import HONG_KONG
from southbound.presentation import formatting
from southbound.presentation.messages import gettext, translated


class Words(NamedTuple):
    """The headline, for the subject; and what happened, and what can be done."""

    headline: str
    sentence: str


def words(name: str, values: Mapping[str, str]) -> Words:
    """An incident in words.

    Args:
        name: of the incident, see `incidents`; what stands behind a colon in it is its own.
        values: that it was remembered with.

    Raises:
        KeyError, ValueError: another version of the product remembered it, or the store is damaged.
    """
    return _WORDS[name.partition(": ")[0]](values)


def at(moment: datetime) -> str:
    """A moment as the operator reads it."""
    local = moment.astimezone(HONG_KONG)
    return gettext(
        "{time} on {day} (Hong Kong time)", time=f"{local:%H:%M}", day=formatting.day(local.date())
    )


def _told(values: Mapping[str, str], name: str) -> str:
    return translated(read_remark(values.get("remark", ""), values[name]))


def _in_quarantine(values: Mapping[str, str]) -> Words:
    day = formatting.day(date.fromisoformat(values["day"]))
    return Words(
        gettext("the list of {day} is in quarantine", day=day),
        gettext(
            "The list of {day} did not pass the gate: {reason}. It is read again by itself. If the site is "
            "right, lower the threshold in config.ini.",
            day=day,
            reason=_told(values, "reason"),
        ),
    )


def _silent(values: Mapping[str, str]) -> Words:
    moment = at(datetime.fromisoformat(values["heartbeat"]))
    return Words(
        gettext("the scraper is silent"),
        gettext(
            "The scraper was stopped at {moment}. No new day will come until it runs again: see scraper.log.",
            moment=moment,
        )
        if values["stopped"]
        else gettext(
            "The scraper was last heard of at {moment}. No new day will come until it runs again: see "
            "scraper.log.",
            moment=moment,
        ),
    )


def _site_fails(values: Mapping[str, str]) -> Words:
    return Words(
        gettext("HKEXnews cannot be read"),
        gettext(
            "The scraper cannot read HKEXnews: the site refuses us or is away, or Chromium fails. It says: "
            "{said}. It goes on trying, ever more slowly.",
            said=_told(values, "said") or gettext("nothing"),
        ),
    )


def _site_changed(values: Mapping[str, str]) -> Words:
    return Words(
        gettext("the HKEXnews page has changed"),
        gettext(
            "The page is not as it was: {said}. Nothing wrong is stored, and nothing new either: "
            "southbound/hkexnews/page_parser.py must follow. The scraper tries again every few minutes.",
            said=_told(values, "said"),
        ),
    )


def _no_new_day(values: Mapping[str, str]) -> Words:
    day = formatting.day(date.fromisoformat(values["day"]))
    headline = gettext("no list of {day} yet", day=day)
    if not values["newest"]:
        return Words(
            headline,
            gettext(
                "The list of {day} should have been there by noon. No day is stored. A day on which a "
                "typhoon closed the market has none.",
                day=day,
            ),
        )
    return Words(
        headline,
        gettext(
            "The list of {day} should have been there by noon. The newest stored day is {newest}. A day on "
            "which a typhoon closed the market has none.",
            day=day,
            newest=formatting.day(date.fromisoformat(values["newest"])),
        ),
    )


_WORDS: Mapping[str, Callable[[Mapping[str, str]], Words]] = {
    "in quarantine": _in_quarantine,
    "the scraper is silent": _silent,
    "the site fails": _site_fails,
    "the site changed": _site_changed,
    "no new day": _no_new_day,
}
