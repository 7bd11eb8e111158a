"""What is put into the folder of imports, and a scraper that lives on it alone."""

import os
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
import time_machine

from replay import official_site
from replay.site import ReplaySite
from replay.visitor import Visitor
from southbound.common.errors import NotComplete
from southbound.config.settings import ImportSettings, PricesSettings, ScraperSettings, Settings
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.origin import Origin
from southbound.scraping import folder_reader, watched_folder
from southbound.scraping.folder_reader import FolderReader
from southbound.scraping.folders import Folders
from southbound.scraping.import_folder import ImportFolder, supersedes
from southbound.scraping.market_data import market_data
from southbound.scraping.watched_folder import WatchedFolder
from southbound.store.folder_status import FolderStatus
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import PRICES
from southbound.store.scraper_status import StatusBoard
from tests.conftest import EndOfTest, becomes_true
from tests.scraping.conftest import ScraperOf, offered, shown

Days = Mapping[date, DailyHoldings]
THURSDAY, FRIDAY = date(2026, 2, 26), date(2026, 2, 27)
HEAD = "date,code,name,shares,percent\n"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file is waited for."""
    for name, seconds in {"OLD_SECONDS": -1.0, "AT_REST_SECONDS": 0.0, "UNENDED_SECONDS": 0.0}.items():
        monkeypatch.setattr(watched_folder, name, seconds)
    monkeypatch.setattr(folder_reader, "LOOKS_EVERY_SECONDS", 0.05)
    monkeypatch.setattr(folder_reader, "BEAT_SECONDS", 0.05)


@pytest.fixture
def said() -> list[FolderStatus]:
    """All that was told of the folder."""
    return []


@pytest.fixture
def imports(store: HoldingsStore, tmp_path: Path, said: list[FolderStatus]) -> FolderReader:
    take = ImportFolder(store, ScraperSettings()).take
    return FolderReader(WatchedFolder(tmp_path), take, said.append)


def told(status: FolderStatus) -> dict[str, str]:
    return {outcome.name: outcome.told for outcome in status.outcomes}


def save_page(url: str, file: Path, day: date) -> None:
    """As a browser does."""
    with Visitor(url, 10) as visitor:
        file.write_bytes(visitor.search(day, visitor.look()).body)


def rows(day: DailyHoldings, begin: int = 0, end: int | None = None) -> str:
    lines = [
        f"{day.day},{code:05},{name.replace(',', ' ')},{shares},{'' if percent is None else percent}\n"
        for code, (name, shares, percent) in list(day.rows().items())[begin:end]
    ]
    return HEAD + "".join(lines)


def test_saved_pages_are_stored_and_each_files_outcome_is_told(
    imports: FolderReader, store: HoldingsStore, tmp_path: Path, url: str, said: list[FolderStatus]
) -> None:
    save_page(url, tmp_path / "a page.html", FRIDAY)
    content = (tmp_path / "a page.html").read_text()
    (tmp_path / "cut.htm").write_text(content[: len(content) // 2])
    (tmp_path / "saturday.html").write_text(content.replace("2026/02/27", "2026/02/28"))
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")

    imports.look()

    assert store.dates() == [FRIDAY]
    assert told(said[-1]) == {
        "a page.html": "2026-02-27: stored",
        "cut.htm": "the answer is cut off: it does not end in </html>",
        "saturday.html": "2026-02-28 refused: no Hong Kong session",
        "bad.csv": "columns of no known format: a, b",
    }
    assert {outcome.name for outcome in imports.not_taken()} == {"cut.htm", "saturday.html", "bad.csv"}
    assert store.origins()[FRIDAY].source == "page file"
    (tmp_path / "cut.htm").write_text(content)
    imports.look()
    assert told(said[-1])["cut.htm"] == "2026-02-27: as it is stored"


def test_a_day_that_comes_in_several_files_one_after_the_other_is_put_together(
    imports: FolderReader, store: HoldingsStore, tmp_path: Path, recorded: Days, said: list[FolderStatus]
) -> None:
    (tmp_path / "a.csv").write_text(rows(recorded[FRIDAY], 0, 250))
    imports.look()
    assert store.dates() == []
    assert "refused" in told(said[-1])["a.csv"]

    (tmp_path / "b.csv").write_text(rows(recorded[FRIDAY], 250))
    imports.look()

    assert store.dates() == [FRIDAY]
    assert told(said[-1]) == dict.fromkeys(("a.csv", "b.csv"), "2026-02-27: stored")


def test_what_the_scraper_read_stays_and_a_page_wins_over_a_list(
    imports: FolderReader,
    store: HoldingsStore,
    tmp_path: Path,
    recorded: Days,
    url: str,
    said: list[FolderStatus],
) -> None:
    store.put(recorded[THURSDAY], Origin())
    other = rows(recorded[THURSDAY]).replace("00001,", "99001,", 1)
    (tmp_path / "list.csv").write_text(other + other.replace(str(THURSDAY), str(FRIDAY)).partition("\n")[2])
    imports.look()
    assert "2 stocks; the stored figures stay" in told(said[-1])["list.csv"]
    listed = store.digests([FRIDAY])

    save_page(url, tmp_path / "page.html", FRIDAY)
    imports.look()

    assert "replaced" in told(said[-1])["page.html"]
    assert store.digests([FRIDAY]) != listed
    (tmp_path / "list.csv").touch()
    imports.look()
    held, _ = store.get_many([THURSDAY, FRIDAY])
    assert [day.shares.tolist() for day in held] == [
        recorded[day].shares.tolist() for day in (THURSDAY, FRIDAY)
    ]


def test_a_store_that_was_emptied_is_filled_from_the_folder_again(
    store: HoldingsStore, tmp_path: Path, url: str
) -> None:
    chosen = Settings(imports=ImportSettings(folder=tmp_path))
    save_page(url, tmp_path / "page.html", FRIDAY)
    [reader] = Folders(chosen, store, StatusBoard(store.client)).readers
    reader.look()
    reader.look()
    assert (store.dates(), reader.count) == ([FRIDAY], 1)
    store.client.flushall()

    reader.look()

    assert (store.dates(), reader.count) == ([FRIDAY], 2)


def test_of_two_pages_of_a_day_the_one_that_was_saved_later_counts_also_for_the_next_process(
    imports: FolderReader, store: HoldingsStore, tmp_path: Path, url: str, said: list[FolderStatus]
) -> None:
    save_page(url, tmp_path / "new.html", FRIDAY)
    content = (tmp_path / "new.html").read_text()
    (tmp_path / "old.html").write_text(content.replace("CKH HOLDINGS", "CKH").replace("117,", "118,", 3))
    os.utime(tmp_path / "old.html", (1_772_200_000, 1_772_200_000))
    imports.look()
    first = store.digests([FRIDAY]), store.version()

    again = FolderReader(WatchedFolder(tmp_path), ImportFolder(store, ScraperSettings()).take, said.append)
    again.look()

    assert (store.digests([FRIDAY]), store.version()) == first
    assert told(said[-1])["new.html"] == "2026-02-27: as it is stored"


def test_pages_win_over_lists_and_nothing_over_the_site() -> None:
    site, page, listed = Origin(), Origin("page file"), Origin("tushare")

    assert [supersedes(site, given) for given in (site, page, listed)] == [False] * 3
    assert supersedes(listed, page)
    assert not supersedes(page, listed)


def test_without_the_site_a_page_is_stored_while_the_scraper_runs_and_nobody_is_asked(
    scraper_of: ScraperOf, store: HoldingsStore, site: ReplaySite, url: str, tmp_path: Path
) -> None:
    chosen = Settings(
        imports=ImportSettings(folder=tmp_path), prices=PricesSettings(folder=tmp_path / "none")
    )
    save_page(url, tmp_path / "page.html", FRIDAY)
    asked = len(site.requests)

    def sleep(_seconds: float) -> None:
        status = shown(store)
        if status.import_files is not None and status.import_files.files:
            raise EndOfTest
        assert becomes_true(lambda: store.dates() == [FRIDAY])

    scraper = scraper_of(sleep, enabled=False, interval_seconds=30.0)
    scraper.ask_nobody()
    scraper.watch(partial(Folders, chosen))
    with pytest.raises(EndOfTest):
        scraper.run()

    status = shown(store)
    assert status.import_files is not None
    assert told(status.import_files) == {"page.html": "2026-02-27: stored"}
    assert status.price_files == FolderStatus(trouble="the folder cannot be read: No such file or directory")
    assert (status.asks_site, status.state, len(site.requests)) == (False, "waiting", asked)


def test_once_reads_the_folder_and_fails_if_a_file_was_not_taken(
    scraper_of: ScraperOf, store: HoldingsStore, url: str, tmp_path: Path
) -> None:
    chosen = Settings(imports=ImportSettings(folder=tmp_path))
    save_page(url, tmp_path / "page.html", FRIDAY)
    for files in ("page.html", "bad.csv"):
        scraper = scraper_of(enabled=False)
        scraper.ask_nobody()
        scraper.watch(partial(Folders, chosen))
        if files == "page.html":
            scraper.run_once()
            (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
        else:
            with pytest.raises(NotComplete, match=r"not taken: bad\.csv \(columns of no known format"):
                scraper.run_once()

    assert store.dates() == [FRIDAY]


def test_a_scraper_that_ends_after_the_past_days_reads_the_folders_before_it_does(
    scraper_of: ScraperOf, store: HoldingsStore, site: ReplaySite, tmp_path: Path
) -> None:
    (tmp_path / "prices.csv").write_text("date,code,close\n2026-02-27,700,518\n")
    scraper = scraper_of(enabled=False, backfill_days=5)
    scraper.watch(partial(Folders, Settings(prices=PricesSettings(folder=tmp_path))))

    scraper.run()

    assert store.dates() == offered(site, 5)
    assert list(store.market_figures.origins(PRICES, [FRIDAY])) == [FRIDAY]
    assert shown(store).asks_site


def test_without_the_site_other_sources_are_asked_by_this_machines_date(
    scraper_of: ScraperOf,
    store: HoldingsStore,
    site: ReplaySite,
    official_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(official_site, "KEPT", timedelta(days=1))  # the newest day alone is quick to read
    prices = PricesSettings(enabled=True, url=f"{official_url}dayquot/")
    chosen = Settings(scraper=ScraperSettings(min_gap_seconds=0.0), prices=prices)
    scraper = scraper_of(enabled=False)
    scraper.ask_nobody()
    scraper.read_beside(partial(market_data, chosen))

    with time_machine.travel(datetime(2026, 2, 27, 13, tzinfo=UTC), tick=True):
        scraper.run_once()

    assert list(store.market_figures.origins(PRICES, [FRIDAY])) == [FRIDAY]
    assert site.official.requests[0].path == "dayquot/d260227e.htm"
    assert not site.requests
