"""What the mail of a day says: figures and sentences, before they take a form."""

from dataclasses import dataclass
from datetime import date

from southbound import sessions, wording
from southbound.changes import Breadth, Changes, Metric, Movers, Pair, compare, pair
from southbound.history import History

SECTIONS = ((1, Metric.SHARES), (1, Metric.POINTS), (5, Metric.POINTS))
"""Which movers are shown: the window in sessions, and what they are ranked by."""

MOVERS_SHOWN = 5
SESSIONS_READ = 1 + max(window for window, _ in SECTIONS)


@dataclass(frozen=True, slots=True)
class Section:
    """The movers of one window, by one metric."""

    metric: Metric
    pair: Pair
    movers: Movers

    @property
    def title(self) -> str:
        return f"{wording.window(self.pair.window).capitalize()}, {wording.METRIC_LABELS[self.metric]}"

    @property
    def compared(self) -> str:
        return wording.compared(self.pair)


@dataclass(frozen=True, slots=True)
class Report:
    """The mail of one shareholding date.

    Attributes:
        day: the shareholding date.
        stocks: how many stocks are on its list.
        sections: the movers; windows that no stored date is old enough for are left out.
        list_changes: against the session before; None if there is nothing to compare with.
    """

    day: date
    stocks: int
    sections: tuple[Section, ...]
    list_changes: Changes | None

    @property
    def breadth(self) -> Breadth | None:
        """How many rose and fell; None if there is nothing to compare with."""
        return None if self.list_changes is None else self.list_changes.breadth()

    @property
    def headline(self) -> str:
        """The subject's figure: how many rose and fell, and the largest move in shares."""
        if self.breadth is None:
            return f"{self.stocks} stocks, nothing to compare with yet"
        text = f"{self.breadth.rose} rose, {self.breadth.fell} fell"
        by_shares = self.sections[0].movers
        moves = sorted((*by_shares.top, *by_shares.bottom), key=lambda mover: -abs(mover.change))
        if moves:
            text += f", {wording.code(moves[0].code)} {wording.change(Metric.SHARES, moves[0].change)} shares"
        return text

    @property
    def summary(self) -> str:
        """The first lines, in sentences."""
        opening = (
            f"Mainland investors held {self.stocks} Hong Kong stocks through Stock Connect on "
            f"{wording.day(self.day)}, which shows the {wording.trades_of(self.day)}."
        )
        if self.breadth is None or self.list_changes is None:
            return f"{opening} No earlier day is stored, so there is nothing to compare it with."
        moved = self.breadth
        if moved.rose == moved.fell == 0:
            return f"{opening} Not one holding changed, as on days when southbound trading is shut."
        risen = f"{moved.rose} {'holding' if moved.rose == 1 else 'holdings'} rose"
        return (
            f"{opening} Since {wording.day(self.list_changes.pair.old)}, {risen}, {moved.fell} fell "
            f"and {moved.unchanged} did not change."
        )


def report(history: History, day: date) -> Report:
    """The report of a date that is in `history`.

    Raises:
        ValueError: it is not.
    """
    stocks = int((history.shares[history.row(day)] > 0).sum())
    by_window: dict[int, Changes] = {}
    for window in sorted({window for window, _ in SECTIONS}):
        dates = pair(history.dates, day, window)
        if dates is not None:
            by_window[window] = compare(history, dates)
    sections = tuple(
        Section(metric, by_window[window].pair, by_window[window].movers(metric, MOVERS_SHOWN))
        for window, metric in SECTIONS
        if window in by_window
    )
    return Report(day, stocks, sections, list_changes=by_window.get(1))


def dates_needed(stored: list[date], day: date) -> list[date]:
    """The stored dates that the report of `day` is made from, oldest first."""
    oldest = sessions.before(day, SESSIONS_READ - 1)
    # One more: if the oldest session is not stored, the closest date before it stands in.
    earlier = [stored_day for stored_day in stored if stored_day < oldest][-1:]
    return earlier + [stored_day for stored_day in stored if oldest <= stored_day <= day]
