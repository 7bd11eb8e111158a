"""Stocks of a day as a sheet: what is on the screen, or all of it, and what a reader must know of it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from southbound.market.daily_holdings import Ints
from southbound.market.metrics import METRICS
from southbound.market.settlement import trades_shown
from southbound.market.windows import Pair
from southbound.presentation import formatting, phrases
from southbound.presentation.screen_columns import ScreenColumn, change_key, screen_columns
from southbound.presentation.spreadsheets import Cell
from southbound.queries.screen import Screen

SOURCES = (
    ("Holdings", "HKEXnews, Stock Connect Southbound Shareholding; settled, as of the end of the day"),
    ("Prices and value", "HKEX, daily quotations, where they are stored"),
    ("Short positions", "SFC, aggregated reportable short positions, where they are stored"),
)

NOTES = (
    "Changes are adjusted for splits, consolidations, bonus issues and changes of code.",
    "A blank cell: not known, not on the older list, or not to be told from a corporate action.",
    "Not on the list is not zero.",
)

IN_WORDS = ("kind", "first")
"""Columns whose figures stand for a word or a date."""

ONLY_IF_ANY = ("high", "low", "crossed")
"""Columns in which 0 says that there is nothing."""

WHOLE = ("shares", "streak", "high", "low", "crossed", "added")


@dataclass(frozen=True, slots=True)
class SheetColumn:
    """One column.

    Attributes:
        heading: short.
        dated: the same with the dates that were compared, for a file that has no other place for them.
        meaning: in words.
        decimals: of its figures; None where it has texts.
    """

    heading: str
    dated: str
    meaning: str
    decimals: int | None = None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows under their columns.

    Attributes:
        day: the shareholding date.
        about: what a reader must know, a name and a text each.
    """

    day: date
    columns: tuple[SheetColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    about: tuple[tuple[str, str], ...]


def sheet(  # noqa: PLR0913 - what it is made of
    day: date,
    screen: Screen,
    pairs: Sequence[Pair],
    *,
    places: Ints,
    keys: Sequence[str],
    asked: str,
    money_headings: Mapping[str, str],
) -> Sheet:
    """Some stocks with some figures.

    Args:
        day: the shareholding date.
        screen: all stocks on its list.
        pairs: what the changes are between.
        places: of the stocks among those of `screen`, in the order of the rows.
        keys: of the columns, in their order; those of which nothing is known are left out.
        asked: which stocks these are.
        money_headings: for headings of the page that are of money, those that have unit and day.
    """
    shown = [screen_columns()[key] for key in dict.fromkeys(("kind", *keys)) if key in screen.figures]
    has_chinese = any(screen.chinese)
    notes = [phrases.above_whole(value) for value in screen.figure("stake")[places].tolist()]
    columns = [_text("Code", "stock code"), _text("Name", "as the page has it")]
    columns += [_text("Chinese name", "as the page's Chinese twin has it")] * has_chinese
    figures = [_column(column, day, pairs, money_headings) for column in shown]
    columns += figures
    columns += [_text("Note", "what is the matter with a figure")] * any(notes)
    lines = []
    for line, place in enumerate(places.tolist()):
        cells: list[Cell] = [formatting.code(int(screen.codes[place])), screen.names[place]]
        cells += [screen.chinese[place]] * has_chinese
        cells += [
            _cell(column, float(screen.figure(column.key)[place]), written.decimals)
            for column, written in zip(shown, figures, strict=True)
        ]
        cells += [notes[line]] * any(notes)
        lines.append(tuple(cells))
    return Sheet(day, tuple(columns), tuple(lines), tuple(_about(day, pairs, asked, columns)))


def _text(heading: str, meaning: str) -> SheetColumn:
    return SheetColumn(heading, heading, meaning)


def _column(
    column: ScreenColumn, day: date, pairs: Sequence[Pair], money_headings: Mapping[str, str]
) -> SheetColumn:
    if column.key in IN_WORDS:
        return _text(column.heading, column.label)
    dated, decimals = column.heading, 0 if column.key in WHOLE else 4
    for pair in pairs:
        for metric in METRICS.values():
            if column.key == change_key(metric, pair.window):
                dated = f"{column.heading}: {pair.new} against {pair.old}"
                decimals = 4 if metric.decimals else 0
    if column.key in {"stake", "shares"}:
        dated = f"{column.heading} on {day}"
    return SheetColumn(column.heading, money_headings.get(column.heading, dated), column.label, decimals)


def _cell(column: ScreenColumn, value: float, decimals: int | None) -> Cell:
    if math.isnan(value) or (column.key in ONLY_IF_ANY and not value):
        return None
    if decimals is None:
        return column.written(value)
    return round(value, decimals) if decimals else round(value)


def _about(
    day: date, pairs: Sequence[Pair], asked: str, columns: Sequence[SheetColumn]
) -> Iterator[tuple[str, str]]:
    yield "Shareholding date", str(day)
    yield "It shows", formatting.trades(trades_shown(day), str)
    yield "Stocks", asked
    for pair in pairs:
        period = "Chosen dates" if pair.window is None else f"Change over {formatting.window(pair.window)}"
        yield period, f"{pair.new} against {pair.old}, {formatting.trades(pair.trades, str)}"
    yield from SOURCES
    yield from (("Note", note) for note in NOTES)
    for column in columns:
        yield (
            column.heading,
            column.meaning if column.dated == column.heading else f"{column.meaning}; {column.dated}",
        )
