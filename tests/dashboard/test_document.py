"""The document that a browser loads first."""

from importlib.resources import files
from typing import Any

import pytest
from lxml import html
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from southbound.dashboard.auth.security_headers import policy
from southbound.dashboard.document import document


def asked(address: str = "/", accepted: str = "en-GB,en;q=0.9") -> Any:
    client = TestClient(Starlette(routes=[Route("/", document)]))
    return client.get(address, headers={"accept-language": accepted})


def test_it_is_streamlits_with_our_style_in_its_head() -> None:
    plain = files("streamlit").joinpath("static/index.html").read_text(encoding="utf-8")

    answer = asked()

    before, _, after = plain.partition("</head>")
    assert answer.text.startswith(before)
    assert answer.text.endswith(f"</head>{after}")
    assert ".stMain" in answer.text.removeprefix(before).partition("</style>")[0]
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    # The scripts that may run are those of Streamlit alone.
    assert policy(answer.text) == policy(plain)


@pytest.mark.parametrize(
    ("address", "accepted", "language"),
    [
        ("/", "en-GB", "en"),
        ("/", "zh-HK,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("/?stock=700", "de,zh-CN;q=0.5", "zh-Hans"),
        ("/?lang=zh-Hans", "zh-HK", "zh-Hans"),
        ("/?lang=en&stock=5", "zh-HK", "en"),
        ("/?lang=klingon", "zh-HK", "zh-Hant"),
        ("/?lang=%22%3E%3Cscript%3E", "", "en"),
    ],
)
def test_it_says_the_language_of_the_address_else_of_the_browser(
    address: str, accepted: str, language: str
) -> None:
    answer = asked(address, accepted)
    assert html.document_fromstring(answer.text).get("lang") == language
    assert answer.headers["content-language"] == language
    # A cache between must not hand it to readers of another.
    assert "accept-language" in answer.headers["vary"].lower()
