"""A sheet as a file: CSV with dated headings; Excel with short ones and a second sheet that explains them."""

import csv
import io
from datetime import date

from southbound.presentation.messages import gettext
from southbound.presentation.spreadsheets import harmless
from southbound.queries.sheet import Sheet


def file_name(day: date, ending: str) -> str:
    """`southbound-2026-02-27.csv`."""
    return f"southbound-{day}.{ending}"


def as_csv(sheet: Sheet) -> bytes:
    """Comma-separated, in UTF-8 with the mark that spreadsheets want."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([harmless(column.dated) for column in sheet.columns])
    writer.writerows(["" if cell is None else harmless(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def as_excel(sheet: Sheet) -> bytes:
    """The figures with a filter on each column, and a sheet that says what they are. Texts stay texts."""
    import xlsxwriter  # noqa: PLC0415 - not for a page that is only looked at

    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        figures = book.add_worksheet(f"{sheet.day}")
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        formats = {
            0: book.add_format({"num_format": "#,##0"}),
            4: book.add_format({"num_format": "#,##0.00"}),
        }
        for place, column in enumerate(sheet.columns):
            figures.write_string(0, place, column.heading, bold)
            figures.set_column(place, place, column.width)
        for number, row in enumerate(sheet.rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    figures.write_string(number, place, cell)
                elif cell is not None:
                    figures.write_number(number, place, cell, formats.get(sheet.columns[place].decimals or 0))
        figures.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
        figures.freeze_panes(1, 2)
        about = book.add_worksheet(gettext("About"))
        for number, (name, told) in enumerate(sheet.about):
            about.write_string(number, 0, name, bold)
            about.write_string(number, 1, told)
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 110)
    return file.getvalue()
