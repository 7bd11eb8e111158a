"""Texts under their headings, as real rows: what a chart shows, or a list of what happened."""

from collections.abc import Collection, Mapping, Sequence

from southbound.dashboard.views import rows
from southbound.dashboard.views.rows import Cell, Heading, Row
from southbound.presentation.lines import columns as columns_of
from southbound.presentation.messages import gettext, gettext_noop

NAME = gettext_noop("Name")
"""The column whose cells lead to the stock, where rows lead to one."""

LONGEST_LABEL = 60
"""Columns; what has more is a sentence."""


def text_table(  # noqa: PLR0913 - what a table is made of
    label: str,
    columns: Mapping[str, Sequence[str]],
    *,
    key: str,
    numbers: Collection[str] = (),
    codes: Sequence[int] = (),
    chosen: int | None = None,
) -> None:
    """Draw it; nothing where there are no rows.

    Args:
        label: what the table has, for those who do not see it.
        columns: texts by heading, all as many, from top to bottom; names of stocks in English.
        key: of the widget.
        numbers: headings of the columns whose texts are figures.
        codes: of each row, the stock that it leads to; empty if it leads to none.
        chosen: the code whose row is marked.
    """
    lines = list(zip(*columns.values(), strict=True))
    if not lines:
        return
    headings = [Heading(_looks(name, texts), name, number=name in numbers) for name, texts in columns.items()]
    led: Sequence[int | None] = codes or [None] * len(lines)
    found = [
        Row([_cell(heading, text, code) for heading, text in zip(headings, texts, strict=True)], code)
        for texts, code in zip(lines, led, strict=True)
    ]
    rows.draw(key, label, headings, found, chosen=chosen)


def _cell(heading: Heading, text: str, code: int | None) -> Cell:
    return rows.name(code, text) if heading.key == "name" and code is not None else Cell(text)


def _looks(name: str, texts: Sequence[str]) -> str:
    """How a column is set: a name leads to its stock, sentences need room, all else may break anywhere."""
    if name == gettext(NAME):
        return "name"
    return "prose" if max(map(columns_of, texts)) > LONGEST_LABEL else "text"
