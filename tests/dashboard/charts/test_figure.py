"""What of a chart is made once for all pages."""

import numpy as np
import plotly.graph_objects as go

from southbound.dashboard.charts.figure import PreparedFigure

PARTS = {
    "data": [{"type": "scatter", "x": ["Mon", "Tue"], "y": np.array([1.5, np.nan])}],
    "layout": {"height": 340, "annotations": [{"text": "Shares held"}]},
}


def test_a_drawing_is_written_as_the_figure_is_and_once() -> None:
    drawing = PreparedFigure(**PARTS)

    assert drawing.to_dict() == go.Figure(**PARTS).to_dict()
    assert drawing.to_dict() is drawing.to_dict()
    assert drawing.to_json() == go.Figure(**PARTS).to_json()


def test_one_drawing_is_not_another() -> None:
    assert PreparedFigure(**PARTS).to_dict() != PreparedFigure(data=PARTS["data"]).to_dict()
