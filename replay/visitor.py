"""The simplest client of the page: plain HTTP and the page's own form. For tests and benchmarks."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from http.client import HTTPConnection
from typing import Self
from urllib.parse import urlencode, urljoin, urlsplit

from lxml import html

FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Answer:
    """What came back, and where from."""

    url: str
    status: int
    headers: dict[str, str]
    body: bytes

    @cached_property
    def document(self) -> html.HtmlElement:
        """The page, parsed."""
        return html.document_fromstring(self.body, parser=html.HTMLParser(encoding="utf-8"))

    @cached_property
    def action(self) -> str:
        """Where the form is sent to. Raises ValueError when there is no form."""
        (action,) = self.document.xpath("//form[@id='form1']/@action")
        return urljoin(self.url, str(action))

    @cached_property
    def fields(self) -> dict[str, str]:
        """Every named input that the form would send without its button being pressed."""
        inputs = self.document.xpath("//form[@id='form1']//input[@type != 'submit']")
        return {field.get("name", ""): field.get("value", "") for field in inputs}

    @property
    def heading(self) -> str | None:
        """The first line above the list ("Shareholding Date: 2026/02/27"); None without a list."""
        found = self.document.xpath("//div[@id='pnlResult']//h2[@class='ccass-heading']/span/text()")
        return str(found[0]) if found else None

    @property
    def columns(self) -> list[str]:
        """The list's column headings."""
        return [str(head.text) for head in self.document.xpath("//table[@id='mutualmarket-result']//th")]

    @property
    def rows(self) -> list[tuple[str, ...]]:
        """The list's cells as they stand there, blanks and commas and all."""
        rows = self.document.xpath("//table[@id='mutualmarket-result']/tbody/tr")
        return [
            tuple(cell.text or "" for cell in row.xpath("td/div[@class='mobile-list-body']")) for row in rows
        ]


class Visitor:
    """Looks at one page over one connection, used as a context manager.

    Every method raises OSError or `http.client.HTTPException` when the answer does not come whole.
    """

    def __init__(self, url: str, timeout: float = 10.0) -> None:
        parts = urlsplit(url)
        self._url = url
        self._connection = HTTPConnection(parts.hostname or "", parts.port, timeout=timeout)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def look(self) -> Answer:
        """The page as it first comes."""
        return self._exchange("GET", self._url)

    def search(self, wanted: date | str, page: Answer | None = None) -> Answer:
        """Put a date or a text in the field and press the button, on a page looked at before or a new one."""
        page = page or self.look()
        text = wanted if isinstance(wanted, str) else f"{wanted:%Y/%m/%d}"
        fields = page.fields | {"txtShareholdingDate": text}
        pressed = {"__EVENTTARGET": "btnSearch"} if "__EVENTTARGET" in fields else {"btnSearch": "Search"}
        return self.submit(page, fields | pressed)

    def submit(self, page: Answer, fields: dict[str, str]) -> Answer:
        """Send the page's form with these fields and no others."""
        return self._exchange("POST", page.action, urlencode(fields))

    def _exchange(self, method: str, url: str, form: str | None = None) -> Answer:
        parts = urlsplit(url)
        headers = FORM_TYPE if form is not None else {}
        try:
            self._connection.request(method, f"{parts.path}?{parts.query}", form, headers)
            response = self._connection.getresponse()
            body = response.read()
        except Exception:
            # What is left of this exchange must not be taken for the next one's answer.
            self._connection.close()
            raise
        return Answer(url, response.status, dict(response.getheaders()), body)
