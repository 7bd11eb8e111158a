"""The page for those who did not sign in or are not let in, in Streamlit's own test harness."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from southbound.config.settings import Settings, load
from southbound.dashboard.auth import sign_in_page
from southbound.store.holdings_store import HoldingsStore
from tests.chinese import english_left
from tests.dashboard.reading import messages, text

OpenPage = Callable[..., AppTest]

ENVIRONMENT = {
    "DASHBOARD_SIGN_IN_METADATA_URL": "https://accounts.example.org/.well-known/openid-configuration",
    "DASHBOARD_SIGN_IN_CLIENT_ID": "southbound",
    "DASHBOARD_SIGN_IN_CLIENT_SECRET": "the client's secret",
    "DASHBOARD_SIGN_IN_COOKIE_SECRET": "0123456789abcdef0123456789abcdef",
    "DASHBOARD_SIGN_IN_ALLOWED": "reader@example.org",
}
FIGURES = ["Shareholdings of", "27 Feb", "TENCENT", "00700", "no scraper yet"]

Claims = dict[str, object]


@pytest.fixture
def guarded(
    filled: HoldingsStore, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., AppTest]:
    """Opens the page of a dashboard that asks for a sign-in; the keywords are the reader's claims."""
    assert filled.dates()
    for variable, value in ENVIRONMENT.items():
        monkeypatch.setenv(variable, value)

    def opened(**claims: object) -> AppTest:
        page = open_page()
        page.user = claims
        return page.run()

    return opened


def signed_in(**others: object) -> Claims:
    usual = {"is_logged_in": True, "email": "reader@example.org", "email_verified": True, "iat": time.time()}
    return usual | others


def buttons(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def shows_figures(page: AppTest) -> bool:
    assert not page.exception
    drawn = [*page.metric, *page.selectbox, *page.dataframe, *page.get("plotly_chart")]
    return bool(drawn) or any(figure in text(page) for figure in FIGURES)


def test_who_did_not_sign_in_sees_the_way_in_and_no_figures(guarded: OpenPage) -> None:
    page = guarded()

    assert not shows_figures(page)
    assert page.title[0].value == "Mainland ownership of Hong Kong stocks"
    assert page.header[0].value == "Sign in to see the figures"
    assert "You sign in at **accounts.example.org** and come back here" in text(page)
    assert buttons(page) == ["Sign in"]
    assert messages(page) == []


def test_a_reader_sees_the_figures_and_the_way_out(guarded: OpenPage) -> None:
    page = guarded(**signed_in())

    assert shows_figures(page)
    assert "Shareholdings of **Fri 27 Feb 2026**" in text(page)
    assert page.text[0].value == "reader@example.org"
    assert "Sign out" in buttons(page)


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"email": "other@example.org"}, "You may not see the figures"),
        ({"email": "reader@example.org.evil.example"}, "You may not see the figures"),
        ({"email_verified": False}, "Your e-mail address is not verified"),
        ({"email_verified": None}, "Your e-mail address is not verified"),
        ({"email": None}, "Your account tells no e-mail address"),
    ],
    ids=["not named", "looks like it", "not verified", "verified by nobody", "no address"],
)
def test_who_is_not_let_in_sees_why_and_no_figures(guarded: OpenPage, claims: Claims, said: str) -> None:
    page = guarded(**signed_in(**claims))

    assert not shows_figures(page)
    (message,) = messages(page)
    assert said in message
    assert page.text[0].value == (signed_in(**claims)["email"] or "")
    assert buttons(page) == ["Sign out"]


def test_a_sign_in_that_has_run_out_is_said_and_asked_for_again(guarded: OpenPage) -> None:
    page = guarded(**signed_in(iat=time.time() - 12 * 3600))

    assert not shows_figures(page)
    assert page.header[0].value == "Your sign-in has run out"
    assert "It is good for 12 hours" in text(page)
    assert buttons(page) == ["Sign in"]


def test_the_way_in_is_in_the_language_of_the_browser(
    guarded: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ContextProxy, "locale", "zh-HK")
    for claims in ({}, signed_in(iat=time.time() - 12 * 3600), signed_in(email_verified=False)):
        page = guarded(**claims)
        assert not shows_figures(page)
        told = "\n".join((text(page), *messages(page), *buttons(page)))
        assert set(english_left(told)) <= {"accounts", "example", "org"}


def test_the_figures_go_when_the_reader_signs_out(guarded: OpenPage) -> None:
    page = guarded(**signed_in())
    assert shows_figures(page)

    next(button for button in page.button if button.label == "Sign out").click().run()

    assert not shows_figures(page)
    assert "Signing out" in text(page)
    assert page.user == {"is_logged_in": False}
    assert buttons(page) == []


def test_the_figures_go_when_the_sign_in_runs_out(guarded: OpenPage) -> None:
    page = guarded(**signed_in())
    assert shows_figures(page)

    page.user = signed_in(iat=time.time() - 12 * 3600)
    page.run()

    assert not shows_figures(page)


def test_without_the_settings_nobody_is_asked(filled: HoldingsStore, open_page: OpenPage) -> None:
    page = open_page()

    assert filled.dates()
    assert shows_figures(page)
    assert "Sign out" not in buttons(page)


@pytest.mark.parametrize(
    ("dashboard_url", "expected"),
    [
        (None, "http://localhost:{port}/oauth2callback"),
        ("https://southbound.example.org", "https://southbound.example.org/oauth2callback"),
        ("https://example.org/southbound/?up=red#top", "https://example.org/southbound/oauth2callback"),
    ],
)
def test_the_provider_sends_its_users_back_to_where_the_dashboard_is(
    dashboard_url: str | None, expected: str
) -> None:
    assert sign_in_page.callback(dashboard_url) == expected


def test_streamlit_gets_its_secrets_in_memory(tmp_path: Path) -> None:
    settings = load(tmp_path, ENVIRONMENT)

    assert sign_in_page.secrets(settings) == {
        "auth": {
            "redirect_uri": "http://localhost:{port}/oauth2callback",
            "cookie_secret": ENVIRONMENT["DASHBOARD_SIGN_IN_COOKIE_SECRET"],
            "client_id": "southbound",
            "client_secret": "the client's secret",
            "server_metadata_url": ENVIRONMENT["DASHBOARD_SIGN_IN_METADATA_URL"],
        }
    }
    assert sign_in_page.secrets(Settings()) is None
