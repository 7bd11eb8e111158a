"""One measured figure, and how a run is printed."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """What was measured.

    Attributes:
        name: of what.
        value: ours, in `unit`; less is better.
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


def table(figures: Sequence[Figure]) -> str:
    """The figures as they are printed."""
    heads = ("figure", "ours", "floor or rival", "times", "limit", "")
    rows = [heads, *map(_row, figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(heads))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def as_json(figures: Iterable[Figure]) -> str:
    """The figures for a program."""
    return json.dumps([asdict(f) | {"ratio": f.ratio, "passed": f.passed} for f in figures], indent=2)


def _row(figure: Figure) -> tuple[str, ...]:
    floor = f"{_short(figure.floor)} {figure.unit} {figure.floor_name}" if figure.floor is not None else ""
    limits = [f"{figure.limit:g} {figure.unit}"] if figure.limit is not None else []
    if figure.ratio_limit is not None:
        limits.append(f"{figure.ratio_limit:g} times")
    verdict = ("pass" if figure.passed else "FAIL") if limits else ""
    times = f"{figure.ratio:.1f}" if figure.ratio else ""
    return figure.name, f"{_short(figure.value)} {figure.unit}", floor, times, ", ".join(limits), verdict


def _short(value: float) -> str:
    return f"{value:.4f}" if value < 0.1 else f"{value:.2f}"
