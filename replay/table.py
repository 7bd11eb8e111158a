"""The list as columns and cells, and its markup."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from replay.figures import Day
from replay.wording import Wording

NEW_LINE = "\r\n"
# The real page has 1,364 bytes for a row; most of it is indentation such as this.
INDENT = " " * 36


@dataclass(frozen=True, slots=True)
class Column:
    """One column: `css` is the class of its cells, `heading` stands above them and, for phones, in each."""

    css: str
    heading: str


@dataclass(frozen=True, slots=True)
class Table:
    """The list; each row has the text of one cell for each column, not escaped."""

    columns: tuple[Column, ...]
    rows: Sequence[tuple[str, ...]]


def table_of(day: Day, words: Wording, names: Mapping[int, str] | None = None) -> Table:
    """The four columns of a day: codes padded with blanks to five places, thousands commas, percent signs.

    Args:
        day: the figures.
        words: the column headings.
        names: code to name where the page is to show another name than the day's.
    """
    columns = (
        Column("col-stock-code", words.code),
        Column("col-stock-name", words.name),
        Column("col-shareholding", words.shareholding),
        Column("col-shareholding-percent", words.percent),
    )
    shown = names or {}
    rows = [
        (
            f"{row.code:>5}",
            shown.get(row.code, row.name),
            f"{row.shares:,}",
            f"{row.percent}%" if row.percent else "",
        )
        for row in day.rows
    ]
    return Table(columns, rows)


def table_markup(table: Table) -> bytes:
    """The `table` element; 877 rows of four columns are 1.2 MB and take some 3 ms."""
    heads = "".join(
        f'{INDENT}<th class="{column.css}" scope="col">{escape(column.heading)}</th>{NEW_LINE}'
        for column in table.columns
    )
    row = _row_pattern(table.columns)
    body = "".join([row % tuple(map(escape, cells)) for cells in table.rows])
    markup = (
        f'<table id="mutualmarket-result" class="table table-scroll table-sort table-mobile-list">{NEW_LINE}'
        f"{INDENT}<thead>{NEW_LINE}{INDENT}<tr>{NEW_LINE}{heads}{INDENT}</tr>{NEW_LINE}{INDENT}</thead>{NEW_LINE}"
        f"{INDENT}<tbody>{NEW_LINE}{body}{INDENT}</tbody>{NEW_LINE}{INDENT}</table>"
    )
    return markup.encode()


def _row_pattern(columns: Sequence[Column]) -> str:
    """A row's markup with one `%s` for each cell."""
    deep, deeper = f"{NEW_LINE}{INDENT}    ", f"{NEW_LINE}{INDENT}        "
    cells = "".join(
        f'{deep}<td class="{column.css}">'
        f'{deeper}<div class="mobile-list-heading">{escape(column.heading).replace("%", "%%")}:</div>'
        f'{deeper}<div class="mobile-list-body">%s</div>'
        f"{deep}</td>"
        for column in columns
    )
    return f"{INDENT}<tr>{cells}{NEW_LINE}{INDENT}</tr>{NEW_LINE}"
