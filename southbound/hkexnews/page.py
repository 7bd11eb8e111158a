"""HTML -> one day of the list, or an error that says what is not as we know it.

Works on both generations of the form and both languages. Only the panel's heading gives the date: the date
field echoes the request. Columns are found by their class and header, never by position.
"""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from lxml import etree, html

from southbound.errors import BadHoldings, NotPublished, OtherDate, SiteChanged, SiteUnavailable, TooOld
from southbound.holdings import CODE, NAME, PERCENT, SHARES, DailyHoldings

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
"""The class of each column, and the headers that it has had: present, older, Chinese."""

_HEADING = re.compile(r"(?:Shareholding Date|持股日期)\s*[:：]\s*(\d{4})/(\d{2})/(\d{2})(?!\d)")  # noqa: RUF001
_CODE = re.compile(r"[0-9]{1,5}")
_SHARES = re.compile(r"[0-9]{1,3}(?:,?[0-9]{3}){0,5}")
_PERCENT = re.compile(r"([0-9]{1,3}(?:\.[0-9]+)?)\s*%")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the site.

    Attributes:
        site_today: the server's own day, the clock that matters.
        alert: what the page would alert; empty if nothing.
        listed: the list under its heading's date, or None if the page has none.
    """

    site_today: date
    alert: str
    listed: DailyHoldings | None

    def answer_for(self, day: date) -> DailyHoldings:
        """The list, if it is the one that was asked for.

        Raises:
            NotPublished, TooOld: no list. The page has one alert for both; its own day tells them apart.
            OtherDate: a list of another date: a Saturday's label, a holiday's eve.
        """
        if self.listed is None:
            reason = TooOld if day < _a_year_before(self.site_today) else NotPublished
            raise reason(f"no list for {day}: {self.alert!r}, the site's day is {self.site_today}")
        if self.listed.day != day:
            raise OtherDate(day, self.listed.day)
        return self.listed


def _a_year_before(day: date) -> date:
    """The oldest date that the page accepts."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year - 1, day=28)


def read_page(source: str) -> Page:
    """Read an answer.

    Raises:
        SiteUnavailable: a page cut off, or another one, without the form: maintenance, an error page.
        SiteChanged: the page, but an element or a column is missing.
        BadHoldings: a row of the list that cannot be read or cannot be true.
    """
    document = _parse(source)
    if not document.xpath("//form[@id='form1']"):
        title = " ".join(document.xpath("string(//title)").split())
        raise SiteUnavailable(f"not the page but another one, titled {title!r:.80}")
    # The parser closes what the answer leaves open: a percentage that was cut off would pass for a blank.
    if "</html>" not in source.lower():
        raise SiteUnavailable("the answer is cut off: it does not end in </html>")
    today, alert = _today(document), _hidden(document, "alertMsg")
    panels = document.xpath("//*[@id='pnlResult']")
    if panels:
        return Page(today, alert or "", _listed(panels[0]))
    if not alert:
        raise SiteChanged("no list (#pnlResult), and no alert that would say why")
    return Page(today, " ".join(alert.split()), None)


def _parse(source: str) -> html.HtmlElement:
    try:
        return html.document_fromstring(source.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, UnicodeEncodeError) as error:
        raise SiteUnavailable(f"the answer is no HTML: {error}") from error


def _hidden(document: html.HtmlElement, name: str) -> str | None:
    values: list[str] = document.xpath("//form[@id='form1']//input[@name=$name]/@value", name=name)
    return values[0] if values else None


def _today(document: html.HtmlElement) -> date:
    text = _hidden(document, "today") or ""
    if re.fullmatch(r"[0-9]{8}", text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    raise SiteChanged(f"the hidden field `today`: got {text!r:.40}, want YYYYMMDD")


def _listed(panel: html.HtmlElement) -> DailyHoldings:
    day = _heading_date(panel)
    tables = panel.xpath(".//table[@id='mutualmarket-result']")
    if not tables:
        raise SiteChanged("no table#mutualmarket-result in the panel")
    columns = _columns(tables[0])
    rows = list(_rows(tables[0], columns))
    codes = [_number(_CODE, row[CODE], "stock code", row) for row in rows]
    shares = [_number(_SHARES, row[SHARES], "holding", row) for row in rows]
    percents = [_percentage(row) for row in rows]
    return DailyHoldings.of(day, codes, [row[NAME] for row in rows], shares, percents)


def _heading_date(panel: html.HtmlElement) -> date:
    parts = (part for h in panel.xpath(".//h2[contains(@class, 'ccass-heading')]") for part in h.itertext())
    heading = " ".join(" ".join(parts).split())
    found = _HEADING.search(heading)
    if found:
        with suppress(ValueError):  # 2026/02/30 is no date either
            return date(*map(int, found.groups()))
    raise SiteChanged(f"the panel's heading: got {heading!r:.80}, want `Shareholding Date: YYYY/MM/DD`")


def _columns(table: html.HtmlElement) -> dict[str, int]:
    """Where each of our columns stands among the header's cells."""
    headers = [
        (_classes(th), " ".join(" ".join(th.itertext()).split())) for th in table.xpath("./thead/tr[1]/th")
    ]
    columns = {}
    for name, (wanted_class, wanted_texts) in HEADERS.items():
        found = [
            position
            for position, (classes, text) in enumerate(headers)
            if wanted_class in classes and text in wanted_texts
        ]
        if len(found) != 1:
            there = ", ".join(repr(text) for _, text in headers) or "no header"
            raise SiteChanged(f"want one column {name!r} of class {wanted_class}, got {there}")
        columns[name] = found[0]
    return columns


def _rows(table: html.HtmlElement, columns: dict[str, int]) -> Iterator[dict[str, str]]:
    wanted = [(name, position, HEADERS[name][0]) for name, position in columns.items()]
    for row in table.iterfind("./tbody/tr"):
        cells = row.findall("td")
        texts = {}
        for name, position, wanted_class in wanted:
            if position >= len(cells) or wanted_class not in _classes(cells[position]):
                raise SiteChanged(f"a row without a cell of class {wanted_class} under its header {name!r}")
            texts[name] = _value(cells[position])
        yield texts


def _value(cell: html.HtmlElement) -> str:
    """The text of a cell without its label, which small screens show."""
    values = [part for part in cell if "mobile-list-body" in _classes(part)]
    if len(values) != 1:
        raise SiteChanged(f"a cell with {len(values)} div.mobile-list-body, want one")
    return "".join(values[0].itertext()).strip()


def _classes(element: html.HtmlElement) -> list[str]:
    return (element.get("class") or "").split()


def _number(pattern: re.Pattern[str], text: str, what: str, row: dict[str, str]) -> int:
    if not pattern.fullmatch(text):
        raise BadHoldings(f"the {what} of {_which(row)}: got {text!r:.40}, want a whole number")
    return int(text.replace(",", ""))


def _percentage(row: dict[str, str]) -> float | None:
    if not row[PERCENT]:
        return None  # really blank for some stocks each day, and not 0
    found = _PERCENT.fullmatch(row[PERCENT])
    if not found:
        raise BadHoldings(
            f"the percentage of {_which(row)}: got {row[PERCENT]!r:.40}, want one like 3.07% or a blank"
        )
    return float(found[1])


def _which(row: dict[str, str]) -> str:
    return f"{row[CODE]!r:.10} {row[NAME]!r:.40}"
