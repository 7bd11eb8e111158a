"""Links from the mail to the dashboard."""

from datetime import date
from urllib.parse import parse_qsl, urlsplit

import pytest

from southbound.common.language import Language, speaking
from southbound.market.metrics import POINTS, SHARES
from southbound.presentation import view_url
from southbound.presentation.links import Links

DAY = date(2026, 2, 27)


def test_without_an_address_there_are_none() -> None:
    links = Links(None, DAY)

    assert (links.view(), links.stock(700)) == (None, None)


@pytest.mark.parametrize(
    ("dashboard", "begin"),
    [
        ("https://southbound.example.org", "https://southbound.example.org/?"),
        ("https://example.org/southbound/", "https://example.org/southbound/?"),
        ("http://127.0.0.1:8501/?theme=a%26b", "http://127.0.0.1:8501/?theme=a%26b&"),
    ],
)
def test_a_link_opens_the_view_on_the_dashboard(dashboard: str, begin: str) -> None:
    link = Links(dashboard, DAY).stock(5)

    assert link is not None
    assert link.startswith(f"{begin}stock=5&window=5&metric=pp&")
    opened = view_url.read(dict(parse_qsl(urlsplit(link).query)))
    assert (opened.stock, opened.window, opened.metric, opened.day) == (5, 5, POINTS, DAY)


def test_the_days_view_is_the_first_ranking_of_the_mail() -> None:
    link = Links("https://southbound.example.org", DAY).view()

    assert link is not None
    opened = view_url.read(dict(parse_qsl(urlsplit(link).query)))
    assert (opened.window, opened.metric, opened.day) == (1, SHARES, DAY)


def test_a_chinese_mails_link_opens_the_page_in_its_language_and_an_english_ones_in_the_readers() -> None:
    for language, tag in ((Language.TRADITIONAL, "zh-Hant"), (Language.SIMPLIFIED, "zh-Hans")):
        with speaking(language):
            link = Links("https://southbound.example.org", DAY).stock(5)
            assert dict(parse_qsl(urlsplit(link or "").query))["lang"] == tag
    assert "lang=" not in str(Links("https://southbound.example.org", DAY).view())
