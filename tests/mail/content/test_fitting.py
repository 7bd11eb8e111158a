"""The page of a mail stays below what Gmail cuts off, whatever the reader watches; the plain text has all."""

import re
from collections.abc import Mapping
from datetime import date
from email import policy
from email.message import EmailMessage
from typing import Any

import pytest
from hypothesis import example, given, settings, strategies as st
from lxml import html

from southbound.mail.content import render
from southbound.mail.content.fitting import MOST_BYTES, Shown, encoding, fitted, size
from southbound.mail.content.message import RenderedMail, addressed
from southbound.mail.content.render import rendered
from southbound.mail.content.report import report
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.presentation.links import Links

Days = Mapping[date, DailyHoldings]
DAY = date(2026, 2, 26)
LONG_URL = "https://southbound.example.org/a/long/path/to/where/the/dashboard/is"


@pytest.fixture(autouse=True)
def no_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are parts of their own, and take long to draw."""
    monkeypatch.setattr(render, "movers_chart", lambda _section: b"png")


def sizes(made: RenderedMail) -> tuple[int, int]:
    """Bytes of the page as it is read, and of the part as it is sent."""
    mail = addressed(made, "southbound@example.org", "ada@example.org")
    [part] = [part for part in mail.walk() if part.get_content_type() == "text/html"]
    return len(part.get_payload(decode=True)), len(part.as_bytes())


@pytest.mark.parametrize("url", [None, LONG_URL])
@pytest.mark.parametrize("watched", [0, 1, 40, 884])
def test_the_page_stays_below_what_is_cut_off_and_the_text_has_every_stock(
    watched: int, url: str | None, recorded: Days
) -> None:
    history = History.of(recorded.values())
    codes = tuple(history.codes.tolist()[:watched])

    made = rendered(report(history, DAY, codes), Links(url, DAY))

    as_read, as_sent = sizes(made)
    assert as_read < MOST_BYTES
    assert as_sent < MOST_BYTES
    page: Any = html.document_fromstring(made.html)
    cards = page.xpath("//div[@class='card'][h2='Your watchlist']")
    assert bool(cards) == (watched > 0)
    if cards:
        shown = len(cards[0].xpath(".//tr"))
        said = re.search(r"And (\d+) more, in the plain text", cards[0].text_content())
        assert shown + int(said[1] if said else 0) == watched
        assert watched > 40 or said is None
    part = made.text.partition("Your watchlist\n")[2].partition("\n\n")[0]
    assert len(re.findall(r"(?m)^  \d{5} ", part)) == watched


@pytest.mark.parametrize("name", ["W" * 200, "股" * 200, "<&" * 100])
def test_it_stays_so_with_the_longest_names_and_links(name: str) -> None:
    codes = list(range(1, 900))
    old = DailyHoldings.of(date(2026, 2, 25), codes, [name] * 899, [10_000_000] * 899, [1.0] * 899)
    changed = [10_000_000 + (code - 450) * 10_000 for code in codes]
    new = DailyHoldings.of(
        DAY, codes, [name] * 899, changed, [round(1 + (code - 450) / 1000, 2) for code in codes]
    )

    made = rendered(report(History.of([old, new]), DAY, codes), Links(LONG_URL, DAY))

    assert max(sizes(made)) < MOST_BYTES


def test_lines_are_left_out_only_as_far_as_needed() -> None:
    tried: list[Shown] = []

    def page(shown: Shown) -> str:
        tried.append(shown)
        return "x" * 2_000 * shown.watched

    assert size(fitted(page)) <= MOST_BYTES
    assert [shown.watched for shown in tried] == [60, 45, 33]
    assert fitted(lambda _shown: "short") == "short"


def test_a_page_that_is_too_large_without_any_list_ends_the_search() -> None:
    assert len(fitted(lambda _shown: "x" * 200_000)) == 200_000


@given(st.text(max_size=300), st.integers(1, 200))
@example("<p>+1</p>", 1)
@example("股", 20_000)
@example("=", 60_000)
@example("é<b> \n", 10_000)
@example("x", 90_000)
@settings(deadline=None, max_examples=50)
def test_the_size_is_never_taken_for_less_than_it_is(text: str, times: int) -> None:
    page = text.replace("\r", "").encode("utf-8", "ignore").decode() * times
    part = EmailMessage()
    part.set_content(page, subtype="html", cte=encoding(page))

    sent = part.as_bytes(policy=policy.SMTP).partition(b"\r\n\r\n")[2]

    assert len(sent) <= size(page) + 2  # an empty line at its end
