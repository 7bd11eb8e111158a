"""The arrays under a history, with room for what is still to come."""

import numpy as np

SPARE_ROWS = SPARE_COLUMNS = 32
"""Room for what comes, so that one day more does not copy all that there are: 2,500 days are 46 MB."""


class Sheet:
    """The arrays that successive histories share: each sees the rows and columns up to its own last ones.

    A row is written once, by whichever history claims it first, and no history sees it before. A column that
    is claimed with it is empty above it.
    """

    __slots__ = ("_claimed", "names", "percents", "shares")

    def __init__(self, rows: int, columns: int) -> None:
        self.shares = np.full((rows + SPARE_ROWS, columns + SPARE_COLUMNS), np.nan)
        self.percents = np.full_like(self.shares, np.nan)
        self.names = np.full(self.shares.shape, -1, dtype=np.int32)
        self._claimed = rows, columns

    def claim(self, has: tuple[int, int], wants: tuple[int, int]) -> bool:
        """Whether a history of one size may become one of another; what is between is the caller's then."""
        rows, columns = self.shares.shape
        free = self._claimed == has and wants[0] <= rows and wants[1] <= columns
        if free:
            self._claimed = wants
        return free
