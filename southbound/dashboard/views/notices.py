"""The states in which there is less to show: what is the matter, and what will happen next."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from southbound.common.errors import DamagedKey, SouthboundError, StoreNotReady, StoreRefused, Unexpected
from southbound.market.metrics import Metric
from southbound.market.settlement import Trades
from southbound.market.trading_calendar import parse_date
from southbound.market.windows import Pair
from southbound.presentation import formatting
from southbound.presentation.view_state import BOTH, FALLS, RISES
from southbound.store.scraper_status import ScraperStatus, State


@dataclass(frozen=True, slots=True)
class Notice:
    """A message to the reader."""

    kind: Literal["info", "warning", "error"]
    title: str
    what_next: str


def unreadable(trouble: SouthboundError) -> Notice:
    """The store could not be read since the page was opened."""
    if isinstance(trouble, Unexpected):
        return unexpected(trouble, "The figures appear here by themselves once it is over.")
    if isinstance(trouble, StoreRefused):
        return Notice(
            "error",
            "The store refuses this dashboard",
            f"Somebody must mend that: {trouble}. With another REDIS_URL start the dashboard again.",
        )
    if isinstance(trouble, DamagedKey):
        return Notice(
            "error",
            "The store cannot be read",
            f"A running scraper mends it, and then the figures appear here by themselves. ({trouble})",
        )
    return Notice(
        "error",
        "The store is not ready" if isinstance(trouble, StoreNotReady) else "The store does not answer",
        f"The figures appear here by themselves as soon as it does. ({trouble})",
    )


def unexpected(trouble: Unexpected, what_next: str) -> Notice:
    """This process met an error of its own."""
    return Notice(
        "error",
        "This dashboard has met an error of its own",
        f"{what_next} Its output has all of it. ({trouble})",
    )


def last_figures(trouble: SouthboundError) -> Notice:
    """The store went away while figures were shown."""
    if isinstance(trouble, Unexpected):
        return unexpected(trouble, "These are the last figures that were read.")
    what_next = (
        f"Somebody must mend that: {trouble}."
        if isinstance(trouble, StoreRefused)
        else "The page catches up by itself as soon as it can be read again."
    )
    return Notice("warning", "The store is away: these are the last figures read from it", what_next)


def empty(status: ScraperStatus | None) -> Notice:
    """The store answers and holds no day."""
    if status is None or status.state is State.STOPPED:
        what_next = "Start the scraper: python backend_scraper.py. The first day appears here by itself."
    elif not status.asks_site:
        what_next = (
            "HKEXnews is not asked: a page that is saved into the folder of imports appears here by itself."
        )
    elif status.total:
        what_next = (
            f"The scraper has asked for {status.done} of {status.total} days; they appear here one by one."
        )
    else:
        what_next = "The scraper is starting; the days appear here one by one."
    return Notice("info", "No shareholdings are stored yet", what_next)


def nothing_to_compare(stored: Sequence[date], new: date, window: int | None) -> Notice:
    """No stored date is old enough for the window, or the same date was chosen twice.

    Args:
        stored: oldest first and not empty.
        new: the date that was to be compared.
        window: in sessions; None for any two dates.
    """
    if len(stored) == 1:
        return Notice(
            "info",
            f"{formatting.day(new)} is the only day stored",
            "Movers appear with the second day; the stock's own figures are shown already.",
        )
    if window is None:
        return Notice(
            "info",
            f"{formatting.day(new)} cannot be compared with itself",
            "Choose another date to compare it with.",
        )
    if new == stored[0]:
        return Notice(
            "info",
            f"{formatting.day(new)} is the oldest day stored",
            "There is nothing before it to compare it with: choose a later date.",
        )
    return Notice(
        "info",
        f"Nothing is stored from {formatting.window(window)} before {formatting.day(new)}",
        f"The oldest day is {formatting.day(stored[0])}: choose a shorter period or a later date.",
    )


def damaged(days: Sequence[date]) -> Notice:
    """Some stored days cannot be read."""
    named = ", ".join(map(formatting.day, days))
    return Notice(
        "warning",
        f"Left out, since what is stored is damaged: {named}",
        "All other days are shown. The scraper's next start reads them again.",
    )


def vanished(days: Sequence[date]) -> Notice:
    """Days that were stored are gone from the store."""
    named = ", ".join(map(formatting.day, days))
    return Notice(
        "warning",
        f"Gone from the store: {named}",
        "Another program, a hand, or a store that makes room has removed them. A running scraper asks "
        "HKEXnews for them again; the data status says what became of it.",
    )


def unknown_stock(asked: str) -> Notice:
    """The address asks for a stock that was never on a stored list."""
    return Notice(
        "warning",
        f"“{asked}” is on no stored list",
        "It appears here once it is. Choose another stock by its code or name.",
    )


def date_not_stored(asked: str, before: date | None, usual: date) -> Notice:
    """The address asks for a date that is not stored, or that is none.

    Args:
        asked: what it says.
        before: the closest stored date before it; None if there is none.
        usual: the stored date that stands in then.
    """
    day = parse_date(asked)
    why = "the closest stored date before it" if before else "as if none had been asked for"
    return Notice(
        "warning",
        f"“{asked}” is no date that can be shown" if day is None else f"{formatting.day(day)} is not stored",
        f"{formatting.day(before or usual)} stands in for it, {why}. Choose any stored date.",
    )


_MOVED = {RISES: "rose", FALLS: "fell", BOTH: "rose or fell"}


def no_movers(pair: Pair, metric: Metric, end: str) -> Notice:
    """Nothing rose, nothing fell, or neither; and why, where the calendars know."""
    shown = f" They show {formatting.trades(pair.trades)}." if formatting.why_no_trades(pair.trades) else ""
    return Notice(
        "info",
        f"No holding {_MOVED[end]}: {formatting.compared(pair)}",
        f"Measured in {metric.label}.{shown}",
    )


def no_prices() -> Notice:
    """HK$ were asked for, and no prices are stored at all."""
    return Notice(
        "info",
        "No prices are stored, so nothing is known in HK$",
        "HK$ need the exchange's daily quotations or price files: [prices] in config.ini switches them on.",
    )


def no_price_of(shown: Trades) -> Notice:
    """HK$ were asked for, and no change between two dates has a price."""
    return Notice(
        "info",
        "No change between the two dates has a price",
        f"They show {formatting.trades(shown)}, and the prices of none of these days are stored.",
    )


def no_price_of_stocks() -> Notice:
    """Prices are stored, and none of the chosen stocks."""
    return Notice(
        "info",
        "No price of what is chosen is stored",
        "Its shares and its stake are there: choose them above.",
    )
