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
from southbound.presentation.messages import gettext, gettext_noop, said
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
        return unexpected(trouble, gettext("The figures appear here by themselves once it is over."))
    if isinstance(trouble, StoreRefused):
        return Notice(
            "error",
            gettext("The store refuses this dashboard"),
            gettext(
                "Somebody must mend that: {trouble}. With another REDIS_URL start the dashboard again.",
                trouble=said(trouble),
            ),
        )
    if isinstance(trouble, DamagedKey):
        return Notice(
            "error",
            gettext("The store cannot be read"),
            gettext(
                "A running scraper mends it, and then the figures appear here by themselves. ({trouble})",
                trouble=said(trouble),
            ),
        )
    return Notice(
        "error",
        gettext("The store is not ready")
        if isinstance(trouble, StoreNotReady)
        else gettext("The store does not answer"),
        gettext(
            "The figures appear here by themselves as soon as it does. ({trouble})", trouble=said(trouble)
        ),
    )


def unexpected(trouble: Unexpected, what_next: str) -> Notice:
    """This process met an error of its own."""
    return Notice(
        "error",
        gettext("This dashboard has met an error of its own"),
        formatting.paragraph(
            (what_next, gettext("Its output has all of it. ({trouble})", trouble=said(trouble)))
        ),
    )


def last_figures(trouble: SouthboundError) -> Notice:
    """The store went away while figures were shown."""
    if isinstance(trouble, Unexpected):
        return unexpected(trouble, gettext("These are the last figures that were read."))
    what_next = (
        gettext("Somebody must mend that: {trouble}.", trouble=said(trouble))
        if isinstance(trouble, StoreRefused)
        else gettext("The page catches up by itself as soon as it can be read again.")
    )
    return Notice("warning", gettext("The store is away: these are the last figures read from it"), what_next)


def empty(status: ScraperStatus | None) -> Notice:
    """The store answers and holds no day."""
    if status is None or status.state is State.STOPPED:
        what_next = gettext(
            "Start the scraper: {command}. The first day appears here by itself.",
            command="python backend_scraper.py",
        )
    elif not status.asks_site:
        what_next = gettext(
            "HKEXnews is not asked: a page that is saved into the folder of imports appears here by itself."
        )
    elif status.total:
        what_next = gettext(
            "The scraper has asked for {done} of {total} days; they appear here one by one.",
            done=status.done,
            total=status.total,
        )
    else:
        what_next = gettext("The scraper is starting; the days appear here one by one.")
    return Notice("info", gettext("No shareholdings are stored yet"), what_next)


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
            gettext("{day} is the only day stored", day=formatting.day(new)),
            gettext("Movers appear with the second day; the stock's own figures are shown already."),
        )
    if window is None:
        return Notice(
            "info",
            gettext("{day} cannot be compared with itself", day=formatting.day(new)),
            gettext("Choose another date to compare it with."),
        )
    if new == stored[0]:
        return Notice(
            "info",
            gettext("{day} is the oldest day stored", day=formatting.day(new)),
            gettext("There is nothing before it to compare it with: choose a later date."),
        )
    return Notice(
        "info",
        gettext(
            "Nothing is stored from {window} before {day}",
            window=formatting.window(window),
            day=formatting.day(new),
        ),
        gettext(
            "The oldest day is {day}: choose a shorter period or a later date.", day=formatting.day(stored[0])
        ),
    )


def damaged(days: Sequence[date]) -> Notice:
    """Some stored days cannot be read."""
    return Notice(
        "warning",
        gettext("Left out, since what is stored is damaged: {days}", days=_named(days)),
        gettext("All other days are shown. The scraper's next start reads them again."),
    )


def vanished(days: Sequence[date]) -> Notice:
    """Days that were stored are gone from the store."""
    return Notice(
        "warning",
        gettext("Gone from the store: {days}", days=_named(days)),
        gettext(
            "Another program, a hand, or a store that makes room has removed them. A running scraper asks "
            "HKEXnews for them again; the data status says what became of it."
        ),
    )


def _named(days: Sequence[date]) -> str:
    return formatting.listed(map(formatting.day, days))


def unknown_stock(asked: str) -> Notice:
    """The address asks for a stock that was never on a stored list."""
    return Notice(
        "warning",
        gettext("“{asked}” is on no stored list", asked=asked),
        gettext("It appears here once it is. Choose another stock by its code or name."),
    )


def date_not_stored(asked: str, before: date | None, usual: date) -> Notice:
    """The address asks for a date that is not stored, or that is none.

    Args:
        asked: what it says.
        before: the closest stored date before it; None if there is none.
        usual: the stored date that stands in then.
    """
    day = parse_date(asked)
    shown = formatting.day(before or usual)
    return Notice(
        "warning",
        gettext("“{asked}” is no date that can be shown", asked=asked)
        if day is None
        else gettext("{day} is not stored", day=formatting.day(day)),
        gettext(
            "{day} stands in for it, the closest stored date before it. Choose any stored date.", day=shown
        )
        if before
        else gettext(
            "{day} stands in for it, as if none had been asked for. Choose any stored date.", day=shown
        ),
    )


_NONE_MOVED = {
    RISES: gettext_noop("No holding rose: {compared}"),
    FALLS: gettext_noop("No holding fell: {compared}"),
    BOTH: gettext_noop("No holding rose or fell: {compared}"),
}


def no_movers(pair: Pair, metric: Metric, end: str) -> Notice:
    """Nothing rose, nothing fell, or neither; and why, where the calendars know."""
    sentences = [gettext("Measured in {metric}.", metric=gettext(metric.label))]
    if formatting.why_no_trades(pair.trades):
        sentences.append(gettext("They show {trades}.", trades=formatting.trades(pair.trades)))
    return Notice(
        "info",
        gettext(_NONE_MOVED[end], compared=formatting.compared(pair)),
        formatting.paragraph(sentences),
    )


def no_prices() -> Notice:
    """HK$ were asked for, and no prices are stored at all."""
    return Notice(
        "info",
        gettext("No prices are stored, so nothing is known in HK$"),
        gettext(
            "HK$ need the exchange's daily quotations or price files: [prices] in config.ini switches them "
            "on."
        ),
    )


def no_price_of(shown: Trades) -> Notice:
    """HK$ were asked for, and no change between two dates has a price."""
    return Notice(
        "info",
        gettext("No change between the two dates has a price"),
        gettext(
            "They show {trades}, and the prices of none of these days are stored.",
            trades=formatting.trades(shown),
        ),
    )


def no_price_of_stocks() -> Notice:
    """Prices are stored, and none of the chosen stocks."""
    return Notice(
        "info",
        gettext("No price of what is chosen is stored"),
        gettext("Its shares and its stake are there: choose them above."),
    )
