"""HTML -> one day of the list, or an error that says what is not as we know it.

Works on both generations of the form and both languages. Only the panel's heading gives the date: the date
field echoes the request.
"""

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from lxml import etree

from southbound.common.errors import (
    BadHoldings,
    NotPublished,
    OtherDate,
    SiteChanged,
    SiteUnavailable,
    TooOld,
)
from southbound.common.remark import remark, remark_of
from southbound.hkexnews.markup import Element, found, has_class, only, shown, text_of
from southbound.hkexnews.table_parser import read_list
from southbound.market import trading_calendar
from southbound.market.daily_holdings import DailyHoldings

_HEADING = re.compile(r"(?:Shareholding Date|持股日期)\s*[:：]\s*(\d{4})/(\d{2})/(\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of the site.

    Attributes:
        site_today: the server's own day, the clock that matters.
        alert: what the page would alert; empty if nothing.
        heading: the date of the list, from its heading; None if the page has no list.
        listed: the list, or None if there is none or it cannot be read.
        problem: what is wrong with a list that cannot be read.
    """

    site_today: date
    alert: str
    heading: date | None = None
    listed: DailyHoldings | None = None
    problem: str = ""

    def answer_for(self, day: date) -> DailyHoldings:
        """The list, if it is the one that was asked for.

        Raises:
            NotPublished, TooOld: no list. The page has one alert for both; its own day tells them apart.
            OtherDate: a list of another date: a Saturday's label, a holiday's eve.
            BadHoldings: a row of that day's list cannot be read or cannot be true.
        """
        if self.heading is None:
            reason = TooOld if day < _a_year_before(self.site_today) else NotPublished
            raise reason(f"no list for {day}: {self.alert!r}, the site's day is {self.site_today}")
        if self.heading != day:
            raise OtherDate(day, self.heading)
        if self.listed is None:
            raise BadHoldings(self.problem)
        return self.listed

    def summary(self) -> str:
        """What came, in a few words for the log."""
        if self.heading is None:
            return f"no list ({self.alert})"
        if self.listed is None:
            return f"a list of {self.heading} that cannot be read: {self.problem}"
        return f"the list of {self.heading}, {len(self.listed)} stocks"


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
    """
    document = _parse(source)
    forms = found("descendant::form[@id='form1']", document)
    if not forms:
        titles = shown(document.iter("title"))
        raise SiteUnavailable(remark("not the page but another one, titled {titles}", titles=f"{titles:.80}"))
    # The parser closes what the answer leaves open: a percentage that was cut off would pass for a blank.
    if "</html>" not in source.lower():
        raise SiteUnavailable(remark("the answer is cut off: it does not end in </html>"))
    fields = found("descendant::input", only(forms, "form#form1"))
    today, alert = _today(fields), _hidden(fields, "alertMsg")
    panels = found("descendant::*[@id='pnlResult']", document)
    if not panels:
        if not alert:
            there = shown(document.iter("h1", "h2", "h3"))
            raise SiteChanged(
                remark(
                    "no list (#pnlResult), and no alert that would say why; headings: {there}", there=there
                )
            )
        return Page(today, " ".join(alert.split()))
    panel = only(panels, "#pnlResult")
    heading = _heading_date(panel)
    try:
        return Page(today, alert, heading, read_list(panel, heading))
    except BadHoldings as error:
        return Page(today, alert, heading, problem=remark_of(error))


def _parse(source: str) -> Element:
    try:
        # Not lxml.html, whose elements are made by a function in Python, 9,000 of them for a page.
        document = etree.fromstring(source.encode(), parser=etree.HTMLParser(encoding="utf-8"))
    except (etree.ParseError, UnicodeEncodeError) as error:
        raise SiteUnavailable(remark("the answer is no HTML: {error}", error=error)) from error
    if document is None:
        raise SiteUnavailable(remark("the answer is no HTML: it has no element"))
    return document


def _hidden(fields: list[Element], name: str) -> str:
    """What stands in the field of that name; empty if there is none."""
    values = {field.get("value", "") for field in fields if field.get("name") == name}
    if len(values) > 1:
        raise SiteChanged(
            remark(
                "want one hidden field {name}, got several: {values}", name=f"{name!r}", values=sorted(values)
            )
        )
    return values.pop() if values else ""


def _today(fields: list[Element]) -> date:
    text = _hidden(fields, "today")
    if re.fullmatch(r"[0-9]{8}", text):
        with suppress(ValueError):
            today = date.fromisoformat(text)
            if trading_calendar.FIRST < today <= trading_calendar.LAST:
                return today
    want = remark("YYYYMMDD from {first} to {last}", first=trading_calendar.FIRST, last=trading_calendar.LAST)
    raise SiteChanged(
        remark("the hidden field `today`: got {text}, want {want}", text=f"{text!r:.40}", want=want)
    )


def _heading_date(panel: Element) -> date:
    headings = [text_of(h) for h in found("descendant::h2", panel) if has_class(h, "ccass-heading")]
    dates = {match.groups() for match in map(_HEADING.search, headings) if match}
    if len(dates) == 1:
        with suppress(ValueError):  # 2026/02/30 is no date either
            return date(*map(int, dates.pop()))
    raise SiteChanged(
        remark(
            "the panel's heading: got {got}, want `Shareholding Date: YYYY/MM/DD`; its headings are {there}",
            got=f"{' '.join(headings)!r:.80}",
            there=shown(panel.iter("h1", "h2", "h3")),
        )
    )
