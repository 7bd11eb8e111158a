"""Texts from outside in files that spreadsheets open. Pure."""

import re

_FORMULA = re.compile(r"((?:^|[;\t])[\s\"]*)(?=[=+@＝＋－＠-])")  # noqa: RUF001 - some spreadsheets read these too
"""Where a spreadsheet would begin to compute: at the start, and behind what it may part cells by instead of
commas. A quote there may be taken for one that the file has written."""

Cell = str | int | float | None


def harmless(cell: Cell) -> Cell:
    """A text that stays one: it comes from outside, and may hold a formula. Figures stay figures."""
    return _FORMULA.sub(r"\1'", cell) if isinstance(cell, str) else cell
