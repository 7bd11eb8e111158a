"""A Chromium for the tests that leave it whole, one for each that breaks it, and servers of one sentence."""

import threading
from collections.abc import Callable, Iterator
from functools import partial
from socketserver import StreamRequestHandler, ThreadingTCPServer

import psutil
import pytest

from southbound.config.settings import ScraperSettings
from southbound.hkexnews.client import SiteClient, Way
from southbound.hkexnews.rate_limit import RateLimit

NO_PACE = RateLimit(0.0)
FROZEN_AFTER_SECONDS = 2.0


@pytest.fixture(scope="module")
def shared_browser(stage_url: str) -> Iterator[SiteClient]:
    browser = SiteClient(ScraperSettings(url=stage_url, timeout_seconds=2), NO_PACE)
    yield browser
    browser.stop()


@pytest.fixture
def browser(shared_browser: SiteClient) -> SiteClient:
    """Has the page of this test's site loaded when it is asked: the last test's may have had another form."""
    shared_browser._loaded = False
    shared_browser._ways = (Way.FETCH, Way.BUTTON)
    return shared_browser


@pytest.fixture
def own_browser(url: str) -> Iterator[SiteClient]:
    """One that a test may break. It is patient with the site, and not with Chromium."""
    browser = SiteClient(ScraperSettings(url=url, timeout_seconds=20), NO_PACE, FROZEN_AFTER_SECONDS)
    yield browser
    browser.stop()


def started_by_us() -> set[int]:
    """The processes below this one that still run; a zombie in a container without an init does not."""
    below = psutil.Process().children(recursive=True)
    return {p.pid for p in below if "chrom" in _told(p.name) and _told(p.status) != psutil.STATUS_ZOMBIE}


def left_since(before: set[int]) -> set[int]:
    """What was started since and still runs, but not by what ran before.

    A Chromium that other tests use has processes of its own come and go.
    """
    return {pid for pid in started_by_us() - before if not _descends_from(before, pid)}


def _descends_from(ancestors: set[int], pid: int) -> bool:
    """So does one that has ended meanwhile: it is not left either."""
    try:
        return any(parent.pid in ancestors for parent in psutil.Process(pid).parents())
    except psutil.NoSuchProcess:
        return True


def _command(process: psutil.Process) -> str:
    return " ".join(process.cmdline())


def _told(question: Callable[[], str]) -> str:
    """What a process says; nothing if it has ended meanwhile, as Chromium's own helpers do all the time."""
    try:
        return question()
    except psutil.Error:
        return ""


LookAt = Callable[..., SiteClient]


@pytest.fixture(scope="module")
def look_at() -> Iterator[LookAt]:
    """Gives a browser of another page than the replay site's; the same one for the same address."""
    browsers: dict[str, SiteClient] = {}

    def look_at(url: str, timeout_seconds: float = 2) -> SiteClient:
        if url not in browsers:
            settings = ScraperSettings(url=url, timeout_seconds=timeout_seconds)
            browsers[url] = SiteClient(settings, NO_PACE)
        browsers[url]._loaded = False
        return browsers[url]

    yield look_at
    for browser in browsers.values():
        browser.stop()


Say = Callable[[bytes], str]


@pytest.fixture(scope="module")
def say() -> Iterator[Say]:
    """Has a server say these bytes to whoever asks, and hang up; gives its address, always the same."""
    spoken = [b""]

    class Saying(StreamRequestHandler):
        def handle(self) -> None:
            while self.rfile.readline().strip():
                pass
            self.wfile.write(spoken[0])

    def say(words: bytes) -> str:
        spoken[0] = words
        return f"http://127.0.0.1:{server.server_address[1]}/mutualmarket.aspx?t=hk"

    with ThreadingTCPServer(("127.0.0.1", 0), Saying) as server:
        server.daemon_threads = True  # Chromium may hold a connection open that it never asks over
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield say
        server.shutdown()


def part_of_chromium(browser: SiteClient, part: str) -> list[psutil.Process]:
    """Its `driver`, its `browser` process, or its `renderers`."""
    assert browser._tab is not None
    driver = browser._tab.driver.process
    if part == "driver":
        return [driver]
    if part == "browser":
        return driver.children()
    below = driver.children(recursive=True)
    return [p for p in below if "--type=renderer" in _told(partial(_command, p))]
