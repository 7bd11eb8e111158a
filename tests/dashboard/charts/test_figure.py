"""What of a chart is made once for all pages."""

from copy import deepcopy
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest

from southbound.dashboard.charts.figure import PreparedFigure, drawn, with_blanks

PARTS: dict[str, Any] = {
    "data": [{"type": "scatter", "x": ["Mon", "Tue"], "y": np.array([1.5, np.nan])}],
    "layout": {"height": 340, "annotations": [{"text": "Shares held"}]},
}


def test_a_drawing_is_written_as_the_figure_is_and_once() -> None:
    drawing = PreparedFigure(**PARTS)

    written = deepcopy(drawing.to_dict())
    assert written["layout"].pop("datarevision")
    plain = go.Figure(**PARTS).to_dict()
    plain["layout"].pop("template")
    assert written == plain
    assert drawing.to_dict() is drawing.to_dict()


def test_figures_of_one_content_have_one_revision() -> None:
    moved = {**PARTS, "data": [{**PARTS["data"][0], "y": np.array([1.5, 2.5])}]}
    first, again, other = (PreparedFigure(**parts).to_dict()["layout"] for parts in (PARTS, PARTS, moved))

    assert first["datarevision"] == again["datarevision"] != other["datarevision"]


def test_a_chart_looks_as_the_page_does_unless_it_says_otherwise() -> None:
    layout = {"margin": {"l": 0}, "xaxis": {"visible": False}, "yaxis2": {"gridcolor": "red"}}

    written = drawn(PARTS["data"], layout, "dark").to_dict()["layout"]

    assert written["hoverlabel"]["bgcolor"] == "#10151c"
    assert written["margin"] == {"pad": 7.5, "l": 0}
    assert (written["xaxis"]["showgrid"], written["xaxis"]["visible"]) == (False, False)
    assert (written["yaxis2"]["showgrid"], written["yaxis2"]["gridcolor"]) == (True, "red")


def test_unknown_figures_are_blank() -> None:
    assert with_blanks(np.array([1.5, np.nan])) == [1.5, None]


def test_one_drawing_is_not_another() -> None:
    assert PreparedFigure(**PARTS).to_dict() != PreparedFigure(data=PARTS["data"]).to_dict()


def test_a_chart_that_plotly_does_not_know_fails_here() -> None:
    with pytest.raises(ValueError, match="Invalid property"):
        drawn([{"type": "scatter", "colour": "red"}], {}, None)
