"""The history of the reconciliation: our net buying as bars, the exchange's as marks, by date."""

from collections.abc import Sequence

from southbound.dashboard.charts import palette
from southbound.dashboard.charts.figure import PreparedFigure, drawn
from southbound.dashboard.charts.palette import Mode
from southbound.market.reconciliation import Reconciled
from southbound.presentation import formatting, time_axis
from southbound.presentation.messages import gettext

BILLION = 1e9


def reconciliation(dates: Sequence[Reconciled], mode: Mode | None = None) -> PreparedFigure:
    """Both in HK$, in short; a date without a figure is a gap."""
    days = [time_axis.name(each.day) for each in dates]
    told = [
        [
            formatting.trades(each.trades),
            formatting.net_buying(each.ours),
            formatting.net_buying(each.official),
            formatting.net_buying(each.gap),
        ]
        for each in dates
    ]
    said = (
        "%{x}",
        "%{customdata[0]}",
        gettext("ours {net}", net="%{customdata[1]}"),
        gettext("official {net}", net="%{customdata[2]}"),
        gettext("gap {net}", net="%{customdata[3]}"),
    )
    hover = f"{'<br>'.join(said)}<extra></extra>"
    unit, size = formatting.counted_in(BILLION)
    both = {"x": days, "customdata": told, "hovertemplate": hover}
    bars = both | {
        "type": "bar",
        "name": gettext("ours"),
        "y": [each.ours / size for each in dates],
        "marker": {"color": palette.LINES[0]},
    }
    marks = both | {
        "type": "scatter",
        "mode": "markers",
        "name": gettext("official"),
        "y": [each.official / size for each in dates],
        "marker": {"color": palette.LINES[1], "symbol": "line-ew-open", "size": 11, "line": {"width": 3}},
    }
    ticks = time_axis.ticks([each.day for each in dates])
    layout = {
        "height": 240,
        "margin": {"l": 0, "r": 8, "t": 8, "b": 0},
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"color": palette.text(mode)},
        },
        "yaxis": {"tickfont": {"color": palette.text(mode)}, "ticksuffix": unit, "fixedrange": True},
        "xaxis": {
            "type": "category",
            "categoryorder": "array",
            "categoryarray": days,
            "tickmode": "array",
            "tickvals": [time_axis.name(day) for day in ticks],
            "ticktext": time_axis.labels(ticks),
            "tickangle": 0,
            "tickfont": {"color": palette.text(mode)},
            "fixedrange": True,
        },
    }
    return drawn([bars, marks], layout, mode)
