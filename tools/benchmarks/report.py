"""How a run is printed: a table of the figures, one of their growth, and both as JSON."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from itertools import groupby

from tools.benchmarks.figures import Figure
from tools.benchmarks.orders import Growth

HEADS = ("figure", "ours", "runs", "floor or rival", "times", "limit", "")


def table(figures: Iterable[Figure]) -> str:
    """The figures as they are printed."""
    return _aligned([HEADS, *map(_row, figures)])


def growth_table(growths: Iterable[Growth]) -> str:
    """A block for each thing that figures grow over."""
    blocks = groupby(growths, key=lambda growth: (growth.over, tuple(growth.values)))
    return "\n\n".join(_block(over, sizes, list(block)) for (over, sizes), block in blocks)


def line(measured: Figure | Growth) -> str:
    """One of them, for whoever waits."""
    if isinstance(measured, Growth):
        return f"{measured.name}, over {measured.over}: {_order(measured)}"
    floor = _floor(measured)
    return f"{measured.name}: {_short(measured.value)} {measured.unit}" + (
        f", beside {floor}" if floor else ""
    )


def as_json(figures: Iterable[Figure], growths: Iterable[Growth] = ()) -> str:
    """The same for a program."""
    return json.dumps(
        {
            "figures": [asdict(each) | {"ratio": each.ratio, "passed": each.passed} for each in figures],
            "growth": [asdict(each) | {"order": each.order, "passed": each.passed} for each in growths],
        },
        indent=2,
    )


def _row(figure: Figure) -> tuple[str, ...]:
    limits = [f"{figure.limit:g} {figure.unit}"] if figure.limit is not None else []
    if figure.ratio_limit is not None:
        limits.append(f"{figure.ratio_limit:g} times")
    return (
        figure.name,
        f"{_short(figure.value)} {figure.unit}",
        str(figure.runs),
        _floor(figure),
        f"{figure.ratio:.1f}" if figure.ratio else "",
        ", ".join(limits),
        _verdict(passed=figure.passed) if limits else "",
    )


def _block(over: str, sizes: Sequence[int], growths: Sequence[Growth]) -> str:
    heads = (f"over {over}", *(f"{size:,}" for size in sizes), "order", "limit", "")
    rows = [
        (
            growth.name,
            *(f"{_short(value)} {growth.unit}" for value in growth.values.values()),
            _order(growth),
            f"n^{growth.limit:g}",
            _verdict(passed=growth.passed),
        )
        for growth in growths
    ]
    return _aligned([heads, *rows])


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
    ]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _floor(figure: Figure) -> str:
    return "" if figure.floor is None else f"{_short(figure.floor)} {figure.unit} {figure.floor_name}"


def _order(growth: Growth) -> str:
    return f"n^{growth.order:.2f}"


def _verdict(*, passed: bool) -> str:
    return "pass" if passed else "FAIL"


def _short(value: float) -> str:
    if 0 < value < 0.001:
        return f"{value:.2g}"
    return f"{value:.4f}" if value < 0.1 else f"{value:,.2f}"
