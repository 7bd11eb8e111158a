"""What is missing and why, and what was restated, in words."""

from datetime import date

from southbound.mail.content.caveats import Caveats, Restated, sentences_of
from southbound.market import trading_calendar
from southbound.market.missing_sessions import MissingSession

MONDAY, WEDNESDAY, FRIDAY = date(2026, 2, 23), date(2026, 2, 25), date(2026, 2, 27)


def test_of_nothing_nothing_is_told() -> None:
    assert sentences_of(Caveats()) == ()


def test_a_missing_session_is_named_with_its_reason() -> None:
    lacking = (MissingSession(MONDAY, "not read yet"), MissingSession(WEDNESDAY, "in quarantine: 12 rows"))

    assert sentences_of(Caveats(lacking)) == (
        "Missing from the figures: Mon 23 Feb 2026 (not read yet); Wed 25 Feb 2026 (in quarantine: 12 rows).",
    )


def test_restated_days_are_named_once_the_newest_first() -> None:
    restated = (
        Restated(MONDAY, "3"),
        Restated(WEDNESDAY, "1"),
        Restated(MONDAY, "12"),
        Restated(FRIDAY, "damaged"),
    )

    [told] = sentences_of(Caveats(restated=restated))

    assert told == (
        "Restated since the last mail: Fri 27 Feb 2026 (it was damaged), "
        "Wed 25 Feb 2026 (1 stock changed), Mon 23 Feb 2026 (3 and 12 stocks changed)."
    )


def test_of_many_restated_days_the_newest_are_named() -> None:
    days = trading_calendar.between(date(2026, 1, 2), date(2026, 1, 15))
    [told] = sentences_of(Caveats(restated=tuple(Restated(day, "2") for day in days)))

    assert told.count("stocks changed") == 6
    assert told.endswith(f", and {len(days) - 6} earlier dates.")
