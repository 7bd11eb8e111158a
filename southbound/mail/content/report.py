"""What the mail of a day holds: the figures, before they take a form. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from southbound.mail.content.caveats import NOTHING_ELSE, Caveats
from southbound.mail.content.highlights import HighlightGroup, highlights_of
from southbound.mail.content.watchlist import Watched, watched
from southbound.market import trading_calendar
from southbound.market.adjustments.corrections import Correction, corrections
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.adjustments.events import AdjustmentEvent, Kind
from southbound.market.changes import Breadth, Changes
from southbound.market.companions import Companions
from southbound.market.comparison import compare
from southbound.market.day_in_money import Money, money
from southbound.market.history import History
from southbound.market.indicators import EXTREME_WINDOWS
from southbound.market.kinds import KindChoice, StockKinds
from southbound.market.metrics import MONEY, POINTS, SHARES, Metric
from southbound.market.ranking import Movers, rank
from southbound.market.signals import signals
from southbound.market.windows import Pair, pair
from southbound.presentation import formatting
from southbound.presentation.messages import gettext

SECTIONS = ((1, SHARES), (1, POINTS), (5, POINTS))
"""Which movers are shown: the window in sessions, and what they are ranked by; HK$ for shares where known."""

WINDOWS = tuple(sorted({window for window, _ in SECTIONS}))
KINDS = StockKinds()

MOVERS_SHOWN = 5
SESSIONS_COMPARED = 1 + max(WINDOWS)
SESSIONS_READ = 1 + max(EXTREME_WINDOWS)


@dataclass(frozen=True, slots=True)
class Section:
    """The movers of one window, by one metric."""

    metric: Metric
    pair: Pair
    movers: Movers

    @property
    def title(self) -> str:
        """The window and the metric, in words."""
        return gettext(
            "{window}, {metric}",
            window=formatting.window(self.pair.window).capitalize(),
            metric=gettext(self.metric.label),
        )

    @property
    def compared(self) -> str:
        """The two dates, and why they are not the ones asked for if they are not."""
        return formatting.compared(self.pair)


@dataclass(frozen=True, slots=True)
class Report:
    """The mail of one shareholding date.

    Attributes:
        day: the shareholding date.
        stocks: how many stocks are on its list.
        names: of all stocks that the mail may speak of, by code.
        sections: the movers among the shares; windows that no stored date is old enough for are left out.
        windows: the changes by window; those that there is something to compare with.
        adjustments: what moved without being traded, the newest first. Updates of the issued shares alone
            only since the session before.
        other_bases: how many other updates of issued shares there were.
        highlights: streaks, highs and lows, levels crossed.
        watched: the watchlist.
        caveats: what is missing, and what was restated.
        money: the date in HK$; None where neither prices nor official turnover are stored.
        corrected: what was reported of the session before, and is read otherwise since the day.
        of_shares, of_funds: the changes since the session before of the one kind and of the other; None if
            there is nothing to compare with. Shares alone are ranked: what funds hold of others grows and
            shrinks with the fund.
    """

    day: date
    stocks: int
    names: Mapping[int, str]
    sections: tuple[Section, ...]
    windows: Mapping[int, Changes]
    adjustments: tuple[AdjustmentEvent, ...]
    other_bases: int
    highlights: tuple[HighlightGroup, ...]
    watched: tuple[Watched, ...]
    caveats: Caveats
    money: Money | None = None
    corrected: tuple[Correction, ...] = ()
    of_shares: Changes | None = None
    of_funds: Changes | None = None

    @property
    def breadth(self) -> Breadth | None:
        """How many rose and fell since the session before; None if there is nothing to compare with."""
        return self.windows[1].breadth() if 1 in self.windows else None

    @property
    def named(self) -> tuple[int, ...]:
        """The codes of all stocks that have a line of their own, ascending."""
        movers = (mover for s in self.sections for mover in (*s.movers.top, *s.movers.bottom))
        stakes = (stake for changes in self.windows.values() for stake in (*changes.added, *changes.removed))
        highlight = (highlight for group in self.highlights for highlight in group.shown)
        codes = {
            line.code
            for lines in (movers, self.adjustments, highlight, stakes, self.watched)
            for line in lines
        }
        return tuple(sorted(codes))

    @property
    def not_compared(self) -> tuple[str, ...]:
        """The windows that nothing stored is old enough for, in words."""
        return tuple(formatting.window(window) for window in WINDOWS if window not in self.windows)


def report(
    history: History,
    day: date,
    watchlist: Sequence[int] = (),
    caveats: Caveats = NOTHING_ELSE,
    companions: Companions | None = None,
) -> Report:
    """The report of a date that is in `history`.

    Args:
        history: the days of `dates_needed`, or more.
        day: one of them.
        watchlist: stock codes, in the order in which they are shown.
        caveats: what is missing from the figures.
        companions: what is published beside the holdings, if any of it is known.

    Raises:
        ValueError: `day` is not in `history`.
    """
    stocks = int((history.shares[history.row(day)] > 0).sum())
    row = history.row(day)
    earlier = adjustment_events(history.before(row))
    events = adjustment_events(history, earlier, row)
    pairs = {window: pair(history.dates, day, window) for window in WINDOWS}
    companions = companions or Companions()
    windows = {
        window: compare(history, dates, events, companions.prices)
        for window, dates in pairs.items()
        if dates is not None
    }
    shares = {window: KINDS.only(KindChoice.SHARES, changes) for window, changes in windows.items()}
    sections = tuple(_section(shares[window], metric) for window, metric in SECTIONS if window in shares)
    found = signals(history, day, events)
    points = _points(windows[1]) if 1 in windows else {}
    adjustments, other_bases = _listed(windows)
    return Report(
        day,
        stocks,
        history.names,
        sections,
        windows,
        adjustments,
        other_bases,
        highlights_of(history, found, points),
        watched(watchlist, history, found, windows, events),
        caveats,
        money(history, day, events, companions) if companions.prices.dates or companions.official else None,
        corrections(earlier, events),
        *((shares[1], KINDS.only(KindChoice.FUNDS, windows[1])) if 1 in windows else ()),
    )


def largest_in(changes: Changes) -> Metric:
    """What the largest moves are told in: HK$, or shares where no change has a price."""
    return MONEY if changes.flow().priced else SHARES


def _section(changes: Changes, metric: Metric) -> Section:
    if metric is SHARES:
        metric = largest_in(changes)
    return Section(metric, changes.pair, rank(changes, metric, MOVERS_SHOWN))


def dates_needed(stored: Sequence[date], day: date) -> list[date]:
    """The stored dates that the report of `day` is made from, oldest first."""
    oldest = trading_calendar.before(day, SESSIONS_READ - 1)
    # One more: if the oldest session is not stored, the closest date before it stands in.
    earlier = [stored_day for stored_day in stored if stored_day < oldest][-1:]
    return earlier + [stored_day for stored_day in stored if oldest <= stored_day <= day]


def _listed(windows: Mapping[int, Changes]) -> tuple[tuple[AdjustmentEvent, ...], int]:
    """The adjustment events listed, the newest first, and how many updates of issued shares are not."""
    if not windows:
        return (), 0
    longest, newest = windows[max(windows)].events, windows[min(windows)].pair
    listed = [event for event in longest if event.kind is not Kind.NEW_BASE or event.day > newest.old]
    listed.sort(key=lambda event: (-event.day.toordinal(), event.code))
    return tuple(listed), len(longest) - len(listed)


def _points(changes: Changes) -> dict[int, float]:
    return dict(zip(changes.codes.tolist(), POINTS.change(changes).tolist(), strict=True))
