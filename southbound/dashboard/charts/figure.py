"""A chart as all pages get it."""

from functools import cached_property
from typing import Any

import plotly.graph_objects as go


class PreparedFigure(go.Figure):  # type: ignore[misc] # plotly has no types
    """A figure that is not changed any more: what browsers get of it is made once, and not for each page."""

    def to_dict(self) -> dict[str, Any]:
        return self._written

    @cached_property
    def _written(self) -> dict[str, Any]:
        written: dict[str, Any] = super().to_dict()
        return written
