"""What is put into the folder of prices: official figures win, a later file does, and outcomes are told."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from replay.quotations import no_trading_page
from replay.site import ReplaySite
from southbound.frames.prices import read_price_frame
from southbound.hkex.quotations import read_quotations
from southbound.scraping import watched_folder
from southbound.scraping.download import download
from southbound.scraping.folder_reader import FolderReader
from southbound.scraping.price_files import PriceFiles
from southbound.scraping.schedule import SiteClock
from southbound.scraping.source_reader import Access, SourceReader
from southbound.scraping.sources import SOURCES
from southbound.scraping.watched_folder import WatchedFolder
from southbound.store.folder_status import FolderStatus
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import PRICES, SHORT_POSITIONS

THURSDAY, FRIDAY, WEEK_END = date(2026, 2, 26), date(2026, 2, 27), date(2026, 2, 20)
MAIN, GEM = "d260227e.htm", "GEM/e_G260227.htm"
NOW = datetime(2026, 2, 27, 12, 30, tzinfo=UTC)


class Folder:
    """A folder of prices as the scraper reads it, without its waits."""

    def __init__(self, path: Path, store: HoldingsStore) -> None:
        self.path = path
        self.store = store
        self.said = FolderStatus()
        self.begin()

    def begin(self) -> None:
        """As the next process does."""
        self.files = PriceFiles(self.store.market_figures, self.store.turn)
        self._reader = FolderReader(
            WatchedFolder(self.path), self.files.take, self._hear, self.files.to_compare
        )

    def _hear(self, status: FolderStatus) -> None:
        self.said = status

    def put(self, **files: str | bytes) -> None:
        """`name_csv` becomes `name.csv`."""
        for name, content in files.items():
            file = self.path / ".".join(name.rsplit("_", 1))
            file.write_bytes(content if isinstance(content, bytes) else content.encode())
        self.look()

    def look(self) -> None:
        self._reader.look()

    def told(self, name: str) -> tuple[str, bool]:
        [outcome] = [outcome for outcome in self.said.outcomes if outcome.name == name]
        return outcome.told, outcome.is_taken

    def source(self, day: date) -> str:
        return self.store.market_figures.origins(PRICES, [day])[day].source

    def close(self, code: int, day: date = FRIDAY) -> float | None:
        [prices] = self.store.market_figures.get_many(PRICES, [day])[0]
        found: list[float] = prices.closes[prices.codes == code].tolist()
        return found[0] if found else None


@pytest.fixture
def folder(tmp_path: Path, store: HoldingsStore, monkeypatch: pytest.MonkeyPatch) -> Folder:
    monkeypatch.setattr(watched_folder, "OLD_SECONDS", -1.0)
    monkeypatch.setattr(watched_folder, "AT_REST_SECONDS", 0.0)
    monkeypatch.setattr(watched_folder, "UNENDED_SECONDS", 0.0)
    return Folder(tmp_path, store)


@pytest.fixture(scope="module")
def official() -> Any:
    return ReplaySite().official.files


def frame(*rows: str) -> str:
    return "date,code,close,shares_traded,turnover\n" + "".join(f"{row}\n" for row in rows)


def test_saved_quotations_of_both_boards_are_one_day_under_whatever_name(
    folder: Folder, official: Any
) -> None:
    folder.put(saved_html=official.quotations(FRIDAY), other_htm=official.quotations(FRIDAY, gem=True))

    assert folder.told("saved.html") == ("Main Board of 2026-02-27: 2,400 counters stored", True)
    assert folder.told("other.htm") == ("GEM of 2026-02-27: 320 counters stored", True)
    assert {MAIN, GEM} <= set(folder.source(FRIDAY).replace(" from", ";").split("; "))
    assert folder.close(700) == 518.0
    assert folder.close(8328) is not None
    version = folder.store.version()
    folder.begin()
    folder.look()
    assert folder.told("saved.html") == ("Main Board of 2026-02-27: as it is stored", True)
    assert folder.store.version() == version


def test_short_positions_of_the_sfc_are_stored(folder: Folder, official: Any) -> None:
    folder.put(sfc_csv=official.short_positions(WEEK_END))

    assert folder.told("sfc.csv") == ("short positions as of 2026-02-20: 1,187 counters stored", True)
    assert len(folder.store.market_figures.get_many(SHORT_POSITIONS, [WEEK_END])[0][0]) == 1187
    folder.begin()
    folder.look()
    assert folder.told("sfc.csv") == ("short positions as of 2026-02-20: as it is stored", True)


def test_one_bad_file_is_named_with_what_was_expected_and_spoils_no_other(
    folder: Folder, official: Any
) -> None:
    whole = official.quotations(FRIDAY)
    folder.put(
        cut_htm=whole[: whole.index(b"\n", len(whole) // 4) + 1],
        page_html=b"<html><title>Maintenance</title></html>",
        holiday_htm=no_trading_page(),
        short_csv=official.short_positions(WEEK_END)[:4_000],
        column_csv="a,b\n1,2\n",
        words_txt="x",
        empty_parquet=b"",
        good_csv=frame("2026-02-27,0700.HK,518,,"),
    )

    assert folder.told("good.csv") == (
        "prices of 1 day, 2026-02-27 to 2026-02-27: 1 day stored",
        True,
    )
    for name, why in {
        "cut.htm": "the file is cut off",
        "page.html": "no quotations, but a page that begins with 'Maintenance'",
        "short.csv": "line",
        "column.csv": "want the columns date, code, close",
        "words.txt": "want daily quotations as .htm, or prices as",
        "empty.parquet": "no Parquet",
    }.items():
        told, is_taken = folder.told(name)
        assert why in told
        assert not is_taken
    assert folder.told("holiday.htm")[1]
    assert folder.said.files == 8
    folder.put(cut_htm=whole)
    assert folder.told("cut.htm") == ("Main Board of 2026-02-27: 2,400 counters stored", True)


def test_official_figures_win_whichever_comes_first_and_differences_are_told(
    folder: Folder, official: Any
) -> None:
    rows = ("2026-02-26,700,512.5,,", "2026-02-27,700,519,,", "2026-02-27,8328,9.99,,")
    folder.put(frame_csv=frame(*rows))
    assert folder.close(700) == 519.0

    folder.put(main_htm=official.quotations(FRIDAY))

    assert folder.close(700) == 518.0
    assert folder.close(8328) == 9.99
    assert folder.source(FRIDAY) == "d260227e.htm from main.htm; frame frame.csv"
    told, _ = folder.told("main.htm")
    assert told == (
        "Main Board of 2026-02-27: 2,400 counters stored; in place of a frame, 1 figure of it differs, first "
        "00700 on 2026-02-27: close 519, official 518"
    )
    folder.look()
    told, is_taken = folder.told("frame.csv")
    assert told == (
        "prices of 2 days, 2026-02-26 to 2026-02-27: as it is stored; of 1 day the official figures stay; "
        "1 figure of it differs, first 00700 on 2026-02-27: close 519, official 518"
    )
    assert not is_taken
    folder.put(frame_csv=frame(*rows, "2026-02-27,5,1,,"), gem_htm=official.quotations(FRIDAY, gem=True))
    folder.look()
    assert folder.close(5) != 1
    assert folder.close(8328) != 9.99
    assert folder.close(700, THURSDAY) == 512.5
    assert "frame" not in folder.source(FRIDAY)
    assert "of 1 day the official figures stay; 3 figures of it differ" in folder.told("frame.csv")[0]


def test_of_two_frames_the_one_that_came_later_counts_also_for_the_next_process(folder: Folder) -> None:
    folder.put(b_csv=frame("2026-02-27,700,518,,", "2026-02-27,5,91,,"))
    folder.put(a_csv=frame("2026-02-27,700,520,,"))
    version = folder.store.version()
    for _ in range(2):
        assert (folder.close(700), folder.close(5)) == (520.0, 91.0)
        folder.begin()
        folder.look()
    assert folder.store.version() == version

    folder.put(b_csv=frame("2026-02-27,700,521,,"))

    assert (folder.close(700), folder.close(5)) == (521.0, 91.0)
    (folder.path / "b.csv").unlink()
    folder.look()
    assert [outcome.name for outcome in folder.said.outcomes] == ["a.csv"]
    [read] = folder.store.market_figures.get_many(PRICES, [FRIDAY])[0]
    folder.store.market_figures.put(PRICES, read, "frame b.csv", datetime.now(UTC) + timedelta(hours=1))
    folder.begin()
    folder.look()
    assert folder.close(700) == 521.0


def test_a_copy_of_official_files_that_is_older_than_what_was_read_since_stays_out(
    folder: Folder, official: Any
) -> None:
    read = read_quotations([official.quotations(FRIDAY)], FRIDAY)
    later = datetime.now(UTC) + timedelta(hours=1)
    folder.store.market_figures.put(PRICES, read, f"{MAIN} at https://example.org/", later)
    changed = official.quotations(FRIDAY).replace(b"518.00", b"517.00")

    folder.put(main_htm=changed)

    assert folder.told("main.htm") == (
        "Main Board of 2026-02-27: other figures; what was read later stays",
        False,
    )
    assert folder.close(700) == 518.0


def test_the_site_replaces_a_frame_asks_not_for_what_was_saved_and_the_frame_is_compared_anew(
    folder: Folder, site: ReplaySite, official_url: str
) -> None:
    folder.put(
        gem_htm=site.official.files.quotations(FRIDAY, gem=True), frame_csv=frame("2026-02-27,700,519,,")
    )
    access = Access(f"{official_url}dayquot/", lambda url: download(url, 5.0), 60.0, 900.0)
    reader: SourceReader[Any] = SourceReader(
        SOURCES[0],
        access,
        folder.store.market_figures,
        turn=folder.store.turn,
        stored=folder.files.official_came,
    )

    reader.look(SiteClock(FRIDAY + timedelta(days=1), agrees=False), NOW)
    folder.look()

    assert [request.path for request in site.official.requests] == [f"dayquot/{MAIN}"]
    assert folder.close(700) == 518.0
    assert folder.source(FRIDAY) == f"{MAIN}; {GEM} from gem.htm"
    assert "close 519, official 518" in folder.told("frame.csv")[0]
    assert reader.status(SiteClock(FRIDAY, agrees=False), NOW).newest == FRIDAY


def test_the_name_of_a_file_cannot_pass_for_a_source(folder: Folder) -> None:
    name = f"; {MAIN}.csv"
    (folder.path / name).write_text(frame("2026-02-27,700,519,,"))
    folder.look()
    (folder.path / "b.csv").write_text(frame("2026-02-27,700,520,,"))
    folder.look()

    assert folder.close(700) == 520.0


def test_a_file_that_is_written_anew_while_it_is_read_is_read_again(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def changed_meanwhile(path: Path) -> Any:
        prices = read_price_frame(path)
        path.write_text(frame("2026-02-27,700,518,,"))
        return prices

    with monkeypatch.context() as patched:
        patched.setattr("southbound.scraping.price_files.read_price_frame", changed_meanwhile)
        folder.put(a_csv=frame("2026-02-27,700,51,,"))
    assert folder.store.market_figures.origins(PRICES, [FRIDAY]) == {}

    folder.look()

    assert folder.close(700) == 518.0
