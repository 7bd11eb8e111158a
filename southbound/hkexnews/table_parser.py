"""The table of the list -> the figures of a day. Pure.

Columns are found by their class and header, never by position: where one stands among the headers,
there a row must have a cell of its class.
"""

import re
from collections.abc import Iterator
from datetime import date

from southbound.common.errors import BadHoldings, SiteChanged
from southbound.common.remark import remark
from southbound.hkexnews.markup import Element, found, has_class, only, raw_text_of, text_of
from southbound.market.daily_holdings import CODE, NAME, PERCENT, SHARES, DailyHoldings

HEADERS = {
    CODE: ("col-stock-code", {"Stock Code", "股份代號"}),
    NAME: ("col-stock-name", {"Name", "Stock Name", "名稱", "股份名稱"}),
    SHARES: ("col-shareholding", {"Shareholding in CCASS", "於中央結算系統的持股量"}),
    PERCENT: (
        "col-shareholding-percent",
        {
            "% of the total number of Issued Shares/Units",
            "% of the total number of Issued Shares",
            "佔已發行股份/單位百分比",
            "佔已發行股份百分比",
        },
    ),
}
"""The class of each column, and the headers that it has had: present, older, Chinese.

In the order in which a row's texts are handed on.
"""

_CODE = re.compile(r"[0-9]{1,5}")
_SHARES = re.compile(r"[0-9]{1,3}(?:,?[0-9]{3}){0,5}")
_PERCENT = re.compile(r"((?:[0-9]{1,5}|[0-9]{1,3},[0-9]{3}(?=\.))(?:\.[0-9]+)?)\s*%")


def read_list(panel: Element, day: date) -> DailyHoldings:
    """The list in the panel, as of a day.

    Raises:
        SiteChanged: the table, a column or a cell is missing.
        BadHoldings: a row that cannot be read or cannot be true.
    """
    lists = found("descendant::table[@id='mutualmarket-result']", panel)
    if not lists:
        there = ", ".join(
            f"table#{table.get('id')}" for table in found("descendant::table", panel)
        ) or remark("no table")
        raise SiteChanged(remark("no table#mutualmarket-result in the panel: got {there}", there=there))
    rows = list(_rows(only(lists, "table#mutualmarket-result")))
    return DailyHoldings.of(
        day,
        [_code(row) for row in rows],
        [row[1] for row in rows],
        [_holding(row) for row in rows],
        [_percentage(row[3], row) for row in rows],
    )


def _columns(table: Element) -> list[tuple[str, int, str]]:
    """Name, position among the header's cells, and class of each of our columns."""
    headers = found("./thead/tr[1]/th", table)
    texts = [text_of(header) for header in headers]
    columns = []
    for name, (wanted_class, wanted_texts) in HEADERS.items():
        places = [
            position
            for position, (header, text) in enumerate(zip(headers, texts, strict=True))
            if has_class(header, wanted_class) and text in wanted_texts
        ]
        if len(places) != 1:
            there = ", ".join(map(repr, texts)) or remark("no header")
            raise SiteChanged(
                remark(
                    "want one column {name} of class {wanted_class}, got {there}",
                    name=f"{name!r}",
                    wanted_class=wanted_class,
                    there=there,
                )
            )
        columns.append((name, places[0], wanted_class))
    return columns


def _rows(table: Element) -> Iterator[list[str]]:
    """The text of our columns' cells in each row."""
    columns = _columns(table)
    for part in table.iterchildren("*"):
        if part.tag == "tbody":
            for row in part.iterchildren("*"):
                yield _texts(row, columns)
        elif part.tag == "tr":  # broken markup; what else is lost cannot be told
            raise SiteChanged(
                remark("a row of the list outside its tbody: {text}", text=f"{text_of(part)!r:.80}")
            )


def _texts(row: Element, columns: list[tuple[str, int, str]]) -> list[str]:
    cells = list(row.iterchildren("*"))
    texts = []
    for name, position, wanted_class in columns:
        cell = cells[position] if position < len(cells) else None
        if cell is None or cell.tag != "td" or not has_class(cell, wanted_class):
            there = (
                remark("nothing")
                if cell is None
                else remark("{tag} of class {name}", tag=cell.tag, name=repr(cell.get("class")))
            )
            raise SiteChanged(
                remark(
                    "a row without a cell of class {wanted_class} under its header {name}: got {there}",
                    wanted_class=wanted_class,
                    name=f"{name!r}",
                    there=there,
                )
            )
        texts.append(_value(cell))
    return texts


def _value(cell: Element) -> str:
    """The text of a cell without its label, which small screens show."""
    values = [part for part in cell if has_class(part, "mobile-list-body")]
    if len(values) != 1:
        raise SiteChanged(
            remark(
                "a cell with {count} div.mobile-list-body, want one: it says {text}",
                count=len(values),
                text=f"{text_of(cell)!r:.80}",
            )
        )
    [value] = values
    # Asked for the text of its parts, an element takes five times as long.
    return (raw_text_of(value) if len(value) else value.text or "").strip()


def _code(row: list[str]) -> int:
    text = row[0]
    if not _CODE.fullmatch(text):
        got = f"{text!r:.40}"
        raise BadHoldings(
            remark("the stock code of {stock}: got {got}, want a whole number", stock=_which(row), got=got)
        )
    return int(text)


def _holding(row: list[str]) -> int:
    text = row[2]
    if not _SHARES.fullmatch(text):
        got = f"{text!r:.40}"
        raise BadHoldings(
            remark("the holding of {stock}: got {got}, want a whole number", stock=_which(row), got=got)
        )
    return int(text.replace(",", ""))


def _percentage(text: str, row: list[str]) -> float | None:
    if not text:
        return None  # really blank for some stocks each day, and not 0
    found = _PERCENT.fullmatch(text)
    if not found:
        raise BadHoldings(
            remark(
                "the percentage of {stock}: got {got}, want one like 3.07% or a blank",
                stock=_which(row),
                got=f"{text!r:.40}",
            )
        )
    return float(found[1].replace(",", ""))


def _which(row: list[str]) -> str:
    code, name, *_ = row
    return f"{code!r:.10} {name!r:.40}"
