"""What detection may ask of prices, where they are known: a split shows in them."""

from datetime import date
from typing import Protocol


class PriceWitness(Protocol):
    """Closing prices, where they are known."""

    def __call__(self, code: int, since: date, day: date) -> float | None:
        """The ratio of the closing price that goes with `day` to that of `since`; None if one is unknown."""
