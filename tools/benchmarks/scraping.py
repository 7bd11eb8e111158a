"""How fast the page is read: a date, 60 days and a year, beside bare HTTP and lxml on the same answers."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from lxml import html

from replay.serving import LocalServer, page_address
from replay.site import ReplaySite
from replay.visitor import Visitor
from southbound.config.settings import ScraperSettings, variables
from southbound.hkexnews.client import SiteClient
from southbound.hkexnews.rate_limit import RateLimit
from tools.benchmarks.figures import Figure
from tools.benchmarks.stored_days import address, empty_store
from tools.viewer import viewer

ROOT = Path(__file__).parents[2]
ONE_DAY = timedelta(days=1)
MADE_UP = 260
"""Sessions after the recorded ones, so that each session of a year's window has a list."""

COLD = 4.0
"""How many times as long as a bare Chromium, HTTP and lxml 60 days may take: 4.5 s beside 0.6 and 0.5."""

COLD_STARTS = 3
"""Of the short window; the long one takes long enough to be the same each time."""


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` asks for a few dates alone."""
    site = ReplaySite(invented=MADE_UP)
    site.today = site.archive.sessions[-1] + ONE_DAY
    with LocalServer(site.app) as server:
        url = page_address(server.address)
        days = site.days_offered(site.today - timedelta(days=7 if smoke else 60), site.today)
        bare, lxml, ours = one_date(url, days)
        yield Figure(
            name="one date, steady state",
            value=ours,
            runs=len(days),
            floor=lxml,
            floor_name=f"HTTP + lxml ({bare:.4f} s HTTP alone)",
            ratio_limit=3,
        )
        for window in [7] if smoke else [60, 365]:
            offered = site.days_offered(site.today - timedelta(days=window), site.today)
            runs = COLD_STARTS if window == 60 else 1
            took = [(bare_chromium(url), from_a_cold_start(url, window, len(offered))) for _ in range(runs)]
            started, value = map(median, zip(*took, strict=True))
            yield Figure(
                name=f"{window} days from a cold start ({len(offered)} sessions)",
                value=value,
                runs=runs,
                floor=started + lxml * len(offered),
                floor_name=f"a bare Chromium at the page ({started:.2f} s), HTTP + lxml",
                ratio_limit=COLD if window == 60 else None,
            )


def one_date(url: str, days: list[date]) -> tuple[float, float, float]:
    """The median seconds for a date: plain HTTP alone, plain HTTP and lxml, and Chromium in the loaded page.

    Each date is asked for by all of them in turn, so that the site is in the same state for each.
    """
    took: list[tuple[float, float, float]] = []
    browser = SiteClient(ScraperSettings(url=url), RateLimit(0.0))
    with ExitStack() as stack:
        stack.callback(browser.stop)
        visitor = stack.enter_context(Visitor(url))
        browser.newest()
        page = visitor.look()  # now: the site ends a connection that waits while Chromium starts
        for day in days:
            visitor.search(day, page)  # the site makes each list once; that is not what is measured
            began = time.perf_counter()
            answer = visitor.search(day, page)
            answered = time.perf_counter()
            columns(answer.body)
            read = time.perf_counter()
            browser.ask(day).answer_for(day)
            took.append((answered - began, read - began, time.perf_counter() - read))
    alone, with_lxml, ours = map(median, zip(*took, strict=True))
    return alone, with_lxml, ours


def columns(body: bytes) -> tuple[list[int], list[str], list[int], list[float | None]]:
    """The figures by lxml alone, by position and without a check: the least that has to be done."""
    document: html.HtmlElement = html.document_fromstring(body, parser=html.HTMLParser(encoding="utf-8"))
    bodies = document.iterfind(".//table[@id='mutualmarket-result']/tbody//div[@class='mobile-list-body']")
    texts = [value.text or "" for value in bodies]
    return (
        [int(text) for text in texts[0::4]],
        texts[1::4],
        [int(text.replace(",", "")) for text in texts[2::4]],
        [float(text.strip().rstrip("%")) if text.strip() else None for text in texts[3::4]],
    )


def bare_chromium(url: str) -> float:
    """The seconds from no Chromium to one that has loaded a page; its end is not among them."""
    began = time.perf_counter()
    with viewer() as driver:
        driver.get(url)
        return time.perf_counter() - began


def from_a_cold_start(url: str, window: int, sessions: int) -> float:
    """The seconds of `backend_scraper.py --once` on an empty store.

    Raises:
        RuntimeError: it stored another number of sessions.
    """
    with tempfile.TemporaryDirectory() as folder, empty_store(Path(folder) / "store") as store:
        inherited = {name: value for name, value in os.environ.items() if name not in variables()}
        environment = inherited | {
            "HKEX_URL": url,
            "REDIS_URL": address(store),
            "SCRAPING_MIN_GAP_SECONDS": "0",
            "SCRAPING_BACKFILL_DAYS": str(window),
        }
        command = [sys.executable, str(ROOT / "backend_scraper.py"), "--once"]
        began = time.perf_counter()
        subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
        took = time.perf_counter() - began
        if len(store.dates()) != sessions:
            raise RuntimeError(f"a window of {window} days: {len(store.dates())} stored, want {sessions}")
        return took
