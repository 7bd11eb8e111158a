"""A chart as all pages get it."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any

import numpy as np
import plotly.graph_objects as go

from southbound.dashboard.charts import palette
from southbound.dashboard.charts.palette import Mode
from southbound.market.daily_holdings import Floats

NONE = "rgba(0, 0, 0, 0)"
FONT = '"Source Sans", var(--chinese), sans-serif'
"""The theme's, in .streamlit/config.toml; page.css says whose the glyphs of Chinese are."""

SIZE = 11.5
"""In pixels: of what nothing else is said."""

PAD = 7.5
"""In pixels, between a panel and the labels of its axes."""


class PreparedFigure(go.Figure):  # type: ignore[misc] # plotly has no types
    """A figure that is not changed any more: what browsers get of it is made once, and not for each page.

    Streamlit has plotly draw each figure twice, the second time with the width of the page. Plotly leaves it
    at the first where nothing else differs: so there is no template, whose copies always do, and
    `datarevision` says of all the data that they are the same.
    """

    def to_dict(self) -> dict[str, Any]:
        return self._written

    @cached_property
    def _written(self) -> dict[str, Any]:
        written: dict[str, Any] = super().to_dict()
        layout = written["layout"]
        layout.pop("template", None)
        layout["datarevision"] = blake2b(repr(written).encode(), digest_size=8).hexdigest()
        return written


def drawn(data: Sequence[Any], layout: Mapping[str, Any], mode: Mode | None) -> PreparedFigure:
    """A chart that looks as the page does: its letters, grid and hover, unless `layout` says otherwise.

    In one piece: changing a figure part by part takes plotly ten times as long; and without its look at each
    value, which is as long as all the rest.
    """
    text, strong = palette.text(mode), palette.strong(mode)
    axis = {"automargin": True, "zeroline": False, "gridcolor": palette.GRID}
    looks: dict[str, Any] = {
        "font": {"family": FONT, "size": SIZE, "color": text},
        "paper_bgcolor": NONE,
        "plot_bgcolor": NONE,
        "hoverlabel": {**palette.hover(mode), "font": {"family": FONT, "size": SIZE, "color": strong}},
    }
    for key, value in layout.items():
        if key.startswith(("xaxis", "yaxis")):
            looks[key] = {**axis, "showgrid": key.startswith("y"), **value}
        else:
            looks[key] = {"pad": PAD, **value} if key == "margin" else value
    return PreparedFigure(data=data, layout=looks, _validate=False)


def with_blanks(values: Floats) -> list[float | None]:
    """As plotly compares them with others: an array in its own writing always counts as a new one."""
    return [None if np.isnan(value) else value for value in values.tolist()]
