"""One measured figure, beside its floor and within its limits."""

from dataclasses import dataclass

MEGABYTE = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured.

    Attributes:
        name: of what.
        value: ours, in `unit`; less is better.
        runs: of how many `value` is the median, if its name says nothing else.
        floor: what the least that has to be done took, or a rival, in the same run and unit; None without.
        floor_name: what that was.
        limit: what `value` may be at most; None if there is no limit.
        ratio_limit: how many times `floor` it may be at most; None if there is no limit.

    Raises:
        ValueError: a limit to the ratio without a floor.
    """

    name: str
    value: float
    unit: str = "s"
    runs: int = 1
    floor: float | None = None
    floor_name: str = ""
    limit: float | None = None
    ratio_limit: float | None = None

    def __post_init__(self) -> None:
        if self.ratio_limit is not None and not self.floor:
            raise ValueError(f"{self.name}: a limit to the ratio, and no floor")

    @property
    def ratio(self) -> float | None:
        """How many times the floor."""
        return self.value / self.floor if self.floor else None

    @property
    def passed(self) -> bool:
        """Whether it keeps within its limits."""
        within_limit = self.limit is None or self.value <= self.limit
        within_ratio = self.ratio_limit is None or self.ratio is None or self.ratio <= self.ratio_limit
        return within_limit and within_ratio
