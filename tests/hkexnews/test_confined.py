"""What a page is given: nothing but its own site, and no time without end."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from replay.site import ReplaySite
from southbound.common.errors import BrowserError, SiteChanged, SiteError, SiteUnavailable, SouthboundError
from southbound.config.settings import ScraperSettings
from southbound.hkexnews.client import SiteClient, Way
from tests.hkexnews.conftest import NO_PACE, LookAt, Say

THURSDAY, FRIDAY = date(2026, 2, 26), date(2026, 2, 27)

pytestmark = pytest.mark.usefixtures("url")


def page(body: str) -> bytes:
    content = f"<!doctype html><html><body>{body}</body></html>".encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n%s" % (
        len(content),
        content,
    )


def in_the_page(browser: SiteClient, script: str) -> object:
    browser._load_if_none()
    assert browser._tab is not None
    return browser._tab.driver.run(script)


@pytest.fixture
def elsewhere(url: str) -> str:
    """The same page by another name: another host to a browser."""
    return urlsplit(url)._replace(netloc=f"localhost:{urlsplit(url).port}").geturl()


@pytest.mark.parametrize("host", ["another name", "another port"])
def test_a_list_that_a_redirect_leads_to_on_another_host_is_not_taken(
    host: str, say: Say, look_at: LookAt, url: str, elsewhere: str, site: ReplaySite
) -> None:
    target = elsewhere if host == "another name" else url
    words = f"HTTP/1.1 302 Found\r\nLocation: {target}\r\nContent-Length: 0\r\n\r\n".encode()

    with pytest.raises(SiteChanged, match="the page leads to another host: http://"):
        look_at(say(words)).newest()

    assert len(site.requests) == 0


@pytest.mark.parametrize("way", Way)
def test_a_form_that_leads_to_another_host_is_not_sent(
    way: Way, browser: SiteClient, elsewhere: str, site: ReplaySite
) -> None:
    browser._ways = (way, Way.BUTTON if way is Way.FETCH else Way.FETCH)
    in_the_page(browser, f"document.getElementById('form1').action = {elsewhere!r}")
    before = len(site.requests)

    with pytest.raises(SiteChanged, match="the page leads to another host: http://localhost"):
        browser.ask(THURSDAY)

    assert len(site.requests) == before
    assert browser.ask(THURSDAY).heading == THURSDAY


@pytest.mark.parametrize(
    "tag",
    [
        '<img src="{url}">',
        '<script src="{url}"></script>',
        '<iframe src="{url}"></iframe>',
        '<link rel="stylesheet" href="{url}">',
        '<script>fetch("{url}", {{ mode: "no-cors" }})</script>',
        '<script>navigator.sendBeacon("{url}")</script>',
        '<script>window.open("{url}")</script>',
        '<script>location = "{url}"</script>',
        '<meta http-equiv="refresh" content="0; url={url}">',
    ],
)
def test_nothing_of_another_host_is_asked_for(
    tag: str, say: Say, look_at: LookAt, elsewhere: str, site: ReplaySite
) -> None:
    browser = look_at(say(page(tag.format(url=elsewhere))))

    with pytest.raises(SiteError):
        browser.newest()
    assert browser._tab is not None
    browser._tab.driver.run("return new Promise((resolve) => setTimeout(resolve, 200))")

    assert len(site.requests) == 0


def test_a_download_lands_nowhere(browser: SiteClient) -> None:
    in_the_page(
        browser,
        "const link = document.createElement('a'); link.download = 'list.csv';"
        "link.href = URL.createObjectURL(new Blob(['1,2'])); document.body.append(link); link.click();",
    )
    in_the_page(browser, "return new Promise((resolve) => setTimeout(resolve, 300))")

    assert browser._tab is not None
    home = Path.home() / "Downloads" / "list.csv"
    assert not home.exists()
    assert [*browser._tab.driver.folder.rglob("*list*.csv*")] == []


def test_no_window_opens_and_nothing_is_permitted(browser: SiteClient) -> None:
    assert in_the_page(browser, "return window.open('/', '_blank')") is None
    asked = ["geolocation", "notifications", "clipboard-read", "camera", "microphone", "midi"]
    for name in asked:
        state = in_the_page(
            browser, f"return navigator.permissions.query({{name: {name!r}}}).then((found) => found.state)"
        )
        assert state == "denied", name


def test_no_service_worker_can_answer_in_the_sites_place(browser: SiteClient) -> None:
    assert in_the_page(browser, "return 'serviceWorker' in navigator") is False
    assert browser.newest().heading == FRIDAY


@pytest.mark.parametrize("dialog", ["alert", "confirm", "prompt", "print"])
def test_dialogs_keep_nobody_from_asking(dialog: str, browser: SiteClient) -> None:
    in_the_page(browser, f"setTimeout(() => {{ for (let i = 0; i < 99; i++) {dialog}('wait'); }})")

    assert browser.ask(THURSDAY).heading == THURSDAY


@pytest.fixture
def impatient(say: Say) -> Iterator[SiteClient]:
    browser = SiteClient(ScraperSettings(url=say(b""), timeout_seconds=1), NO_PACE, 2.0)
    yield browser
    browser.stop()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("<script>for (;;);</script>", BrowserError),
        ("<script>for (;;) confirm('again?');</script>", BrowserError),
        ("<script>for (;;) document.write('<p>')</script>", BrowserError),
        ("<script>location.reload()</script>", SouthboundError),
    ],
)
def test_a_page_whose_script_does_not_end_is_a_named_trouble_in_time(
    body: str, error: type[Exception], say: Say, impatient: SiteClient
) -> None:
    say(page(body))

    with pytest.raises(error) as caught:
        impatient.newest()

    assert str(caught.value).isprintable()


def test_an_answer_without_an_end_is_given_up_in_time(say: Say, impatient: SiteClient) -> None:
    say(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 99999999\r\n\r\n<html>" + b"<p>" * 999
    )

    with pytest.raises(SiteUnavailable):
        impatient.newest()
