"""How a figure grows with what it is measured over: the order of growth that was seen."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

MOST = 1.3
"""The order that is allowed: linear, and what memory beyond the caches adds to it. Quadratic would be 2."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """A figure at several sizes.

    Attributes:
        name: of what.
        over: what there are more and more of: `days`, `stocks`.
        values: size -> figure, in `unit`.
        limit: what `order` may be at most.
    """

    name: str
    over: str
    values: Mapping[int, float]
    unit: str = "s"
    limit: float = MOST

    @property
    def order(self) -> float:
        """The k of n^k.

        Raises:
            ValueError: see `order_of_growth`.
        """
        return order_of_growth(self.values)

    @property
    def passed(self) -> bool:
        """Whether it grows no faster than allowed."""
        return self.order <= self.limit


def order_of_growth(values: Mapping[int, float]) -> float:
    """The k for which n^k grows most like the figures: the slope of a line through their logarithms.

    By least squares over all sizes. A fixed cost, which weighs most in the small sizes, makes it smaller.

    Raises:
        ValueError: fewer than two sizes, or a size or a figure that is not positive.
    """
    if len(values) < 2:
        raise ValueError(f"the order of growth: got {len(values)} sizes, want two or more")
    if any(size <= 0 or value <= 0 for size, value in values.items()):
        raise ValueError(f"the order of growth: got {dict(values)}, want positive sizes and figures")
    sizes = [math.log(size) for size in values]
    slope, _ = np.polyfit(sizes, [math.log(value) for value in values.values()], 1)
    return float(slope)
