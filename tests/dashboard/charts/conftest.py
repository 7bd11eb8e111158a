from typing import Any

import plotly.graph_objects as go
import pytest

from southbound.dashboard.charts import figure


@pytest.fixture(autouse=True)
def _as_plotly_knows_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have plotly look at each value of each chart that is drawn here: the page spares that."""
    build = figure.PreparedFigure

    def looked_at(**parts: Any) -> figure.PreparedFigure:
        go.Figure(data=parts["data"], layout=parts["layout"])
        return build(**parts)

    monkeypatch.setattr(figure, "PreparedFigure", looked_at)
