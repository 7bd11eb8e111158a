"""The panels of the trend's chart, holdings above, then stakes and prices: their places, axes and titles."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from southbound.common.language import spoken
from southbound.dashboard.charts import palette
from southbound.dashboard.charts.palette import Mode
from southbound.market.daily_holdings import Floats
from southbound.presentation import formatting, time_axis
from southbound.presentation.messages import gettext, gettext_noop
from southbound.presentation.view_state import Show
from southbound.queries.trend import Line, Trend, rebased

LEAST_SPAN = 0.005
"""Of the figure itself: what moved less in all the days shown is drawn as nearly flat, as it is."""

TITLES = {
    Show.SHARES: gettext_noop("Shares held"),
    Show.STAKE: gettext_noop("Stake in % of the issued shares"),
    Show.PRICE: gettext_noop("Close in HK$, by trading day"),
    Show.VALUE: gettext_noop("Value of the holding in HK$"),
}

_PARTS = {1: [[0.0, 1.0]], 2: [[0.56, 1.0], [0.0, 0.44]], 3: [[0.74, 1.0], [0.37, 0.63], [0.0, 0.26]]}
"""Of the chart's height, from the bottom, that each of so many panels has."""

Trace = dict[str, object]


@dataclass(frozen=True, slots=True)
class Panel:
    """One of the charts that stand above each other.

    Attributes:
        days: the sessions of the period, as the axis names them.
        compared: whether there are several stocks.
        rebased: whether each begins at 100.
        place: 0 for the upper one, whose lines are in the legend.
    """

    show: Show
    trend: Trend
    period: slice
    days: list[str]
    compared: bool
    place: int
    rebased: bool = False

    @property
    def axis(self) -> str:
        """What plotly puts behind the names of its axes."""
        return str(self.place + 1) if self.place else ""

    @property
    def axes(self) -> Trace:
        """All panels have the sessions in common, so that one hover tells of all."""
        return {"xaxis": "x", "yaxis": f"y{self.axis}"}

    def domain(self, panels: int) -> list[float]:
        """Which part of the chart's height it has, from the bottom."""
        return _PARTS[panels][self.place]

    @property
    def title(self) -> str:
        title = gettext(TITLES[self.show])
        if not self.rebased:
            return title
        return gettext("{title}: 100 is the first session that all have", title=title)

    def values(self, line: Line) -> Floats:
        """All figures of a stock, before the period too."""
        of_line = {
            Show.SHARES: line.shares,
            Show.STAKE: line.percents,
            Show.PRICE: line.prices,
            Show.VALUE: line.values,
        }
        return of_line[self.show]

    def drawn(self) -> list[Floats]:
        """What is drawn of each stock."""
        values = [self.values(line)[self.period] for line in self.trend.lines]
        return rebased(values) if self.rebased else values


def heading(panel: Panel, mode: Mode | None) -> dict[str, object]:
    """What the panel shows, above its left edge."""
    return {
        "text": panel.title,
        "xref": "paper",
        "yref": f"y{panel.axis} domain",
        "x": 0,
        "y": 1,
        "xanchor": "left",
        "yanchor": "bottom",
        "yshift": 6,
        "showarrow": False,
        "font": {"size": 13, "color": palette.strong(mode)},
    }


def sessions(panel: Panel, mode: Mode | None) -> dict[str, object]:
    """The axis of the sessions."""
    ticks = time_axis.ticks(panel.trend.days[panel.period])
    # Categories, since a time axis would draw weekends and holidays as gaps too.
    return {
        "type": "category",
        "categoryorder": "array",
        "categoryarray": panel.days,
        "tickmode": "array",
        "tickvals": [time_axis.name(day) for day in ticks],
        "ticktext": time_axis.labels(ticks),
        "tickangle": 0,
        "tickfont": {"color": palette.text(mode)},
    }


def figures(panel: Panel, drawn: Sequence[Floats]) -> dict[str, object]:
    """The axis of what is drawn, which a change of a ten-thousandth does not fill."""
    known = np.concatenate(drawn)
    known = known[~np.isnan(known)]
    if not known.size:
        return {}
    low, high = float(known.min()), float(known.max())
    least = LEAST_SPAN * high
    axis: dict[str, object] = {}
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least, middle + least
        axis["range"] = [low, high]
    # What plotly writes by itself ends in thousands, millions and billions.
    if spoken().is_chinese and panel.show in {Show.SHARES, Show.VALUE} and not panel.rebased:
        at = ticks(low, high)
        axis |= {"tickmode": "array", "tickvals": at, "ticktext": formatting.in_one_unit(at)}
    return axis


def ticks(low: float, high: float, most: int = 6) -> list[float]:
    """At most so many round figures from one to another: multiples of 1, 2 or 5 times a power of ten."""
    least = max((high - low) / (most - 1), np.spacing(high))
    power = 10.0 ** math.floor(math.log10(least))
    step = next(times * power for times in (1, 2, 5, 10) if times * power >= least)
    first, last = math.ceil(low / step), math.floor(high / step)
    return [number * step for number in range(first, last + 1)]
