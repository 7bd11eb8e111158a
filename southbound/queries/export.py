"""The list of all stocks as a file: CSV, and Excel. What was compared stands in the headings."""

import csv
import io
import math
from collections.abc import Iterator

import xlsxwriter

from southbound.market.metrics import Metric
from southbound.market.settlement import trades_shown
from southbound.market.windows import Pair
from southbound.presentation import formatting
from southbound.presentation.spreadsheets import Cell, harmless
from southbound.queries.stock_table import StockTable


def file_name(listing: StockTable, ending: str) -> str:
    """`southbound-2026-02-27.csv`."""
    return f"southbound-{listing.day}.{ending}"


def as_csv(listing: StockTable) -> bytes:
    """Comma-separated, in UTF-8 with the mark that spreadsheets want."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_headings(listing))
    writer.writerows(["" if cell is None else harmless(cell) for cell in row] for row in _rows(listing))
    return text.getvalue().encode("utf-8-sig")


def as_excel(listing: StockTable) -> bytes:
    """One sheet; every text is written as text."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        sheet = book.add_worksheet(f"{listing.day}")
        bold, whole = (
            book.add_format({"bold": True, "text_wrap": True}),
            book.add_format({"num_format": "#,##0"}),
        )
        decimals = book.add_format({"num_format": "0.00"})
        for column, heading in enumerate(_headings(listing)):
            sheet.write_string(0, column, heading, bold)
        for number, row in enumerate(_rows(listing), start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, column, cell)
                elif cell is not None:
                    sheet.write_number(number, column, cell, whole if isinstance(cell, int) else decimals)
        sheet.set_column(1, 1, 44)
        sheet.set_column(2, len(_headings(listing)) - 1, 18)
        sheet.freeze_panes(1, 2)
    return file.getvalue()


def _headings(listing: StockTable) -> list[str]:
    day = listing.day
    return [
        "Stock code",
        "Name",
        "Chinese name",
        f"Shares held on {day}, {formatting.trades(trades_shown(day), str)}",
        f"% of issued shares on {day}",
        *(_compared(pair, listing.metric) for pair in listing.changes),
        *(column.in_files for column in listing.money),
        f"Streak in sessions up to {day}",
        *(["Note"] if any(listing.notes) else []),
    ]


def _compared(pair: Pair, metric: Metric) -> str:
    period = "" if pair.window is None else f" over {formatting.window(pair.window)}"
    shown = formatting.trades(pair.trades, str)
    return f"Change{period} in {metric.unit_in_files}: {pair.new} against {pair.old}, {shown}"


def _rows(listing: StockTable) -> Iterator[list[Cell]]:
    notes = listing.notes
    for row, code in enumerate(listing.codes.tolist()):
        yield [
            formatting.code(code),
            listing.names[row],
            listing.chinese[row],
            int(listing.shares[row]),
            _known(listing.percents[row]),
            *(_known(changes[row], listing.metric) for changes in listing.changes.values()),
            *(_known(column.values[row]) for column in listing.money),
            int(listing.streaks[row]),
            *([notes[row]] if any(notes) else []),
        ]


def _known(value: float, metric: Metric | None = None) -> float | None:
    if math.isnan(value):
        return None
    return round(float(value), 4) if metric is None or metric.decimals else round(float(value))
