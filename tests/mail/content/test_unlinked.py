"""Addresses in the text of a mail: whole, and none that a mail program would make a link of."""

import re
from typing import Any

import pytest
from hypothesis import given, strategies as st
from lxml import html as parser
from markupsafe import escape

from southbound.mail.content.unlinked import unlinked

ADDRESSES = [
    "https://evil.example/1?a=b&c=d",
    "HTTP://EVIL.EXAMPLE",
    "ftp://evil.example/x",
    "http://192.0.2.1/x",
    "www.evil.example",
    "WWW.1.EXAMPLE",
    "evil.example",
    "evil.com/login",
    "EVIL.CO.LTD",
    "sales@evil.example",
    "mailto:sales@evil.example",
    "a.b+c@d.evil.example",
    "https://sales@evil.example:8080/",
    "evil\uff0eexample",
    "evil\u3002com",
    "騰訊.公司",
]
LINKED = re.compile(
    r"[a-z][a-z0-9+.-]*://\S|www[.．。｡]\S|[^\s@]@[^\s@]|[\w-][.．。｡][^\W\d_]",  # noqa: RUF001
    re.IGNORECASE,
)
"""Whatever any mail program is known to make a link of, in a run of text, and more."""


def runs(page: str) -> list[str]:
    """Each run of text that is in no link of ours."""
    tree: Any = parser.document_fromstring(page)
    return [str(text) for text in tree.xpath("//body//text()[not(ancestor::a)]")]


def page_of(text: str) -> str:
    return f'<html><body><p class="a.b">{escape(text)}</p><a href="https://our.example/?a=1">our.example</a></body></html>'


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_whole_and_in_no_run(text: str) -> None:
    assert LINKED.search(text)

    page = unlinked(page_of(f"A {text}, B"))

    assert "".join(runs(page)) == f"A {text}, B"
    assert not [run for run in runs(page) if LINKED.search(run)]


@given(st.lists(st.sampled_from([*ADDRESSES, *"@.:/<>&\"'-_ a1", "www", "http"]), max_size=8).map("".join))
def test_texts_of_addresses_and_signs_are_whole_and_have_none_in_a_run(text: str) -> None:
    page = unlinked(page_of(text))

    assert "".join(runs(page)) == text
    assert not [run for run in runs(page) if LINKED.search(run)]


def test_our_own_links_attributes_and_styles_stay() -> None:
    page = (
        "<head><title>a@b.example</title><style>p.quiet { color: red }</style></head>"
        '<p title="a@b.example"><a href="https://our.example">our.example</a> 3.07%, 1,234.50</p>'
    )

    assert unlinked(page) == page


def test_figures_cost_no_byte() -> None:
    assert unlinked("<p>+3.07% of 1,234,567.89 on Fri 27 Feb 2026. And more.</p>") == (
        "<p>+3.07% of 1,234,567.89 on Fri 27 Feb 2026. And more.</p>"
    )
