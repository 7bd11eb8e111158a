"""Stocks of a day as a sheet: what is on the screen, or all of it, and what a reader must know of it."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from southbound.common.language import local_name, spoken
from southbound.market.daily_holdings import Ints
from southbound.market.day_in_money import Money
from southbound.market.metrics import METRICS
from southbound.market.settlement import trades_shown
from southbound.market.windows import WINDOWS, Pair
from southbound.presentation import formatting, phrases
from southbound.presentation.messages import gettext, gettext_noop, pgettext
from southbound.presentation.screen_columns import ScreenColumn, change_key, screen_columns
from southbound.presentation.spreadsheets import Cell
from southbound.queries.screen import Screen

SOURCES = (
    (
        gettext_noop("Holdings"),
        gettext_noop("HKEXnews, Stock Connect Southbound Shareholding; settled, as of the end of the day"),
    ),
    (gettext_noop("Prices and value"), gettext_noop("HKEX, daily quotations, where they are stored")),
    (
        gettext_noop("Short positions"),
        gettext_noop("SFC, aggregated reportable short positions, where they are stored"),
    ),
)

NOTES = (
    gettext_noop("Changes are adjusted for splits, consolidations, bonus issues and changes of code."),
    gettext_noop(
        "A blank cell: not known, not on the older list, or not to be told from a corporate action."
    ),
    gettext_noop("Not on the list is not zero."),
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
        width: in characters, in a spreadsheet.
    """

    heading: str
    dated: str
    meaning: str
    decimals: int | None = None
    width: int = 13


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
    money: Money | None,
) -> Sheet:
    """Some stocks with some figures, in the reader's language; dates as ISO 8601 writes them.

    Args:
        day: the shareholding date.
        screen: all stocks on its list.
        pairs: what the changes are between.
        places: of the stocks among those of `screen`, in the order of the rows.
        keys: of the columns, in their order; those of which nothing is known are left out.
        asked: which stocks these are.
        money: of the day, if anything is known of it.
    """
    shown = [screen_columns()[key] for key in dict.fromkeys(("kind", *keys)) if key in screen.figures]
    notes = [phrases.above_whole(value) for value in screen.figure("stake")[places].tolist()]
    named = _names(screen)
    dated = _dated(day, pairs, money)
    figures = [_column(column, dated) for column in shown]
    columns = [_text(gettext("Code"), gettext("stock code"), 8), *named, *figures]
    columns += [_text(gettext("Note"), gettext("what is the matter with a figure"), 40)] * any(notes)
    lines = []
    for line, place in enumerate(places.tolist()):
        code, english = int(screen.codes[place]), screen.names[place]
        names = (
            (local_name(code, english), english) if spoken().is_chinese else (english, screen.chinese[place])
        )
        cells: list[Cell] = [formatting.code(code), *names[: len(named)]]
        cells += [
            _cell(column, float(screen.figure(column.key)[place]), written.decimals)
            for column, written in zip(shown, figures, strict=True)
        ]
        cells += [notes[line]] * any(notes)
        lines.append(tuple(cells))
    return Sheet(day, tuple(columns), tuple(lines), tuple(_about(day, pairs, asked, columns)))


def _text(heading: str, meaning: str, width: int = 13) -> SheetColumn:
    return SheetColumn(heading, heading, meaning, width=width)


def _names(screen: Screen) -> list[SheetColumn]:
    """The reader's own first."""
    english = gettext("as the page has it")
    chinese = gettext("as the page's Chinese twin has it")
    if spoken().is_chinese:
        return [_text(gettext("Name"), chinese, 18), _text(gettext("English name"), english, 44)]
    return [
        _text(gettext("Name"), english, 44),
        *([_text(gettext("Chinese name"), chinese, 18)] * any(screen.chinese)),
    ]


def _column(column: ScreenColumn, dated: Mapping[str, str]) -> SheetColumn:
    if column.key in IN_WORDS:
        return _text(column.heading, column.label)
    written = dated.get(column.key, column.heading)
    return SheetColumn(column.heading, written, column.label, _decimals(column.key))


def _decimals(key: str) -> int:
    whole = {
        change_key(each, window)
        for each in METRICS.values()
        if not each.decimals
        for window in (*WINDOWS, None)
    }
    return 0 if key in WHOLE or key in whole else 4


def _dated(day: date, pairs: Sequence[Pair], money: Money | None) -> dict[str, str]:
    """The headings of the columns that are of a day, or between two, with these."""
    columns = screen_columns()
    found = {
        key: gettext("{heading} on {day}", heading=columns[key].heading, day=day)
        for key in ("stake", "shares")
    }
    for pair in pairs:
        for key in (change_key(metric, pair.window) for metric in METRICS.values()):
            heading = columns[key].heading
            found[key] = gettext(
                "{heading}: {new} against {old}", heading=heading, new=pair.new, old=pair.old
            )
    found["value"] = gettext("Value in HK$ at the close of {day} or the last one before", day=day)
    if money is not None and money.bought is not None:
        found["bought"] = gettext("Net buying in HK$ since {day}", day=money.bought.days[-2])
    if money is not None and money.short is not None:
        reported = money.short.day
        found["short"] = gettext("Reported short position as of {day}, % of issued shares", day=reported)
        found["cover"] = gettext("Reported short position as of {day}, days to cover", day=reported)
    return found


def _cell(column: ScreenColumn, value: float, decimals: int | None) -> Cell:
    if math.isnan(value) or (column.key in ONLY_IF_ANY and not value):
        return None
    if decimals is None:
        return column.written(value)
    return round(value, decimals) if decimals else round(value)


def _about(
    day: date, pairs: Sequence[Pair], asked: str, columns: Sequence[SheetColumn]
) -> Iterator[tuple[str, str]]:
    yield gettext("Shareholding date"), str(day)
    yield gettext("It shows"), formatting.trades(trades_shown(day), str)
    yield pgettext("which", "Stocks"), asked
    for pair in pairs:
        yield (
            gettext("Chosen dates")
            if pair.window is None
            else gettext("Change over {window}", window=formatting.window(pair.window)),
            gettext(
                "{new} against {old}, {trades}",
                new=pair.new,
                old=pair.old,
                trades=formatting.trades(pair.trades, str),
            ),
        )
    yield from ((gettext(name), gettext(told)) for name, told in SOURCES)
    yield from ((gettext("Note"), gettext(note)) for note in NOTES)
    for column in columns:
        if column.dated == column.heading:
            yield column.heading, column.meaning
        else:
            yield column.heading, gettext("{meaning}; {dated}", meaning=column.meaning, dated=column.dated)
