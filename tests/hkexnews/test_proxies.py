"""Chromium behind real proxies: the site is reached through one, and the driver never is."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from urllib.parse import urlsplit

import psutil
import pytest

from replay.site import ReplaySite
from southbound.common.errors import BrowserError, SiteUnavailable
from southbound.config.settings import ScraperSettings
from southbound.hkexnews.client import SiteClient
from tests.hkexnews.conftest import NO_PACE
from tests.small_proxy import SmallProxy

FRIDAY, THURSDAY = date(2026, 2, 27), date(2026, 2, 26)
VARIABLES = [f"{kind}_proxy" for kind in ("http", "https", "all", "no")]


@pytest.fixture
def proxy(url: str) -> Iterator[SmallProxy]:
    """It alone knows where `hkex.test` is: the replay site."""
    with SmallProxy({"hkex.test": urlsplit(url).port or 0}) as proxy:
        yield proxy


@pytest.fixture
def page(url: str) -> str:
    """The page's address for whoever asks the proxy."""
    return urlsplit(url)._replace(netloc="hkex.test").geturl()


@contextmanager
def behind(monkeypatch: pytest.MonkeyPatch, url: str, **variables: str) -> Iterator[SiteClient]:
    """A browser with these proxy variables and no others."""
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    browser = SiteClient(ScraperSettings(url=url, timeout_seconds=10), NO_PACE)
    try:
        yield browser
    finally:
        browser.stop()


def test_the_site_is_reached_through_the_proxy_by_every_way_and_nothing_else_is(
    monkeypatch: pytest.MonkeyPatch, proxy: SmallProxy, page: str, site: ReplaySite
) -> None:
    with behind(monkeypatch, page, HTTP_PROXY=f"http://127.0.0.1:{proxy.port}") as browser:
        assert browser.newest().heading == FRIDAY
        assert browser.ask(THURSDAY).heading == THURSDAY
        browser._ways = browser._ways[1], browser._ways[0]
        assert browser.ask(THURSDAY).heading == THURSDAY
        assert browser.chinese_page().heading == FRIDAY

    assert len(site.requests) == 4
    assert {urlsplit(asked).hostname for asked in proxy.asked} == {"hkex.test"}


@pytest.mark.parametrize("excepted", ["", "localhost", "example.com"])
def test_a_site_on_this_machine_and_the_driver_are_reached_although_the_proxy_is_dead(
    monkeypatch: pytest.MonkeyPatch, url: str, free_port: int, excepted: str
) -> None:
    dead = f"http://127.0.0.1:{free_port}"
    every = {"HTTP_PROXY": dead, "http_proxy": dead, "ALL_PROXY": dead, "NO_PROXY": excepted}
    with behind(monkeypatch, url, **every) as browser:
        assert browser.newest().heading == FRIDAY


def test_a_proxy_that_wants_a_password_is_given_it_and_nobody_else_sees_it(
    monkeypatch: pytest.MonkeyPatch,
    proxy: SmallProxy,
    page: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG", logger="southbound")
    proxy.login = "me@office:s3cret/word"
    address = f"http://me%40office:s3cret%2Fword@127.0.0.1:{proxy.port}"
    with behind(monkeypatch, page, http_proxy=address) as browser:
        assert browser.newest().heading == FRIDAY
        assert browser.ask(THURSDAY).heading == THURSDAY
        assert browser._tab is not None
        driver = browser._tab.driver.process
        for process in (driver, *driver.children(recursive=True)):
            shown = [*process.cmdline()] if process.status() != psutil.STATUS_ZOMBIE else []
            assert "s3cret" not in " ".join(shown)
        assert "s3cret" not in str(driver.environ())
    assert "s3cret" not in caplog.text


@pytest.mark.parametrize("login", ["", "me:wrong@"])
def test_a_password_that_is_lacking_or_wrong_is_named(
    monkeypatch: pytest.MonkeyPatch, proxy: SmallProxy, page: str, login: str
) -> None:
    proxy.login = "me:right"
    with (
        behind(monkeypatch, page, ALL_PROXY=f"http://{login}127.0.0.1:{proxy.port}") as browser,
        pytest.raises(SiteUnavailable, match="proxy wants another user or password"),
    ):
        browser.newest()


def test_a_dead_proxy_is_named(monkeypatch: pytest.MonkeyPatch, page: str, free_port: int) -> None:
    with (
        behind(monkeypatch, page, HTTP_PROXY=f"127.0.0.1:{free_port}") as browser,
        pytest.raises(SiteUnavailable, match="the proxy that the environment names does not answer"),
    ):
        browser.newest()


def test_a_proxy_that_cannot_be_used_is_refused_before_anything_starts(
    monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    with behind(monkeypatch, page, ALL_PROXY="socks5://me:s3cret@127.0.0.1:1080") as browser:
        with pytest.raises(
            BrowserError, match=r"ALL_PROXY: Chromium does not log in at a SOCKS proxy"
        ) as caught:
            browser.newest()
        assert "s3cret" not in str(caught.value)
        assert not [p for p in psutil.Process(os.getpid()).children() if p.name() == "chromedriver"]
