"""The archive is kept level with a store, and its failures delay nobody."""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from southbound.archive import keeper
from southbound.archive.archive import Archive
from southbound.archive.folders import LocalFolder
from southbound.archive.keeper import ArchiveKeeper
from southbound.archive.kinds import HOLDINGS, Kind
from southbound.common.errors import ArchiveUnavailable
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.origin import Origin
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import ArchivedKind
from tests.archive.figures import MADE_UP, PRICES, prices
from tests.archive.readings import MINUTE, READ, held, reading, session

KeeperOf = Callable[..., ArchiveKeeper]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "archive"


@pytest.fixture
def keeper_of(store: HoldingsStore, folder: Path) -> Iterator[KeeperOf]:
    def keeper_of(address: Path = folder, clock: Callable[[], float] = lambda: 0.0) -> ArchiveKeeper:
        return ArchiveKeeper(store, str(address), lambda: True, clock)

    return keeper_of  # type: ignore[return-value]


def stored(store: HoldingsStore, number: int, shares: int = 100) -> None:
    store.put(reading(number, shares).figures, Origin("tushare", READ))


def test_what_the_store_has_and_the_archive_lacks_or_has_otherwise_is_written(
    store: HoldingsStore, keeper_of: KeeperOf, folder: Path
) -> None:
    kept = keeper_of()
    for number in range(25):
        stored(store, number)
    kept.look()
    stored(store, 25)
    stored(store, 3, shares=8)
    kept.look()

    archived = held(LocalFolder(folder))
    assert archived == {session(number): [100] for number in range(26)} | {session(3): [100, 8]}
    assert (kept.state.archive_days, kept.state.archive_first) == (26, session(0))
    assert (kept.state.archive_last, kept.state.archive_behind) == (session(25), None)
    assert [each.origin for each in kept.newest_readings(HOLDINGS, [session(0)])] == [Origin("tushare", READ)]


def test_what_was_archived_by_an_earlier_process_is_not_written_again(
    store: HoldingsStore, keeper_of: KeeperOf, folder: Path
) -> None:
    stored(store, 0)
    store.put_stock_names({1: "長和"})
    keeper_of().look()
    written = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}

    keeper_of().look()

    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == written


def test_a_day_that_another_program_wrote_in_another_form_is_archived_once(
    store: HoldingsStore, keeper_of: KeeperOf, folder: Path
) -> None:
    stored(store, 0)
    text = str(store.client.get(keys.day(session(0))))
    store.client.set(keys.day(session(0)), text.replace(",", ", "))

    keeper_of().look()
    keeper_of().look()

    assert held(LocalFolder(folder)) == {session(0): [100]}


def test_a_store_that_was_emptied_empties_no_archive_and_one_with_other_figures_is_compared(
    store: HoldingsStore, keeper_of: KeeperOf, folder: Path
) -> None:
    kept = keeper_of()
    for number in range(3):
        stored(store, number)
    kept.look()
    store.client.flushall()
    stored(store, 1, shares=7)
    kept.look()

    assert held(LocalFolder(folder)) == {session(0): [100], session(1): [100, 7], session(2): [100]}


def test_a_damaged_file_is_written_anew_from_the_store(
    store: HoldingsStore, keeper_of: KeeperOf, folder: Path
) -> None:
    stored(store, 0)
    keeper_of().look()
    (folder / "holdings" / "2026-01.parquet").write_bytes(b"PAR1")

    kept = keeper_of()
    kept.look()

    assert held(LocalFolder(folder)) == {session(0): [100]}
    assert kept.state.archive_trouble == ""


def test_names_are_kept_also_of_stocks_that_the_store_has_lost(
    store: HoldingsStore, keeper_of: KeeperOf
) -> None:
    kept = keeper_of()
    store.put_stock_names({1: "長和", 5: "匯豐"})
    kept.look()
    store.client.delete(keys.NAMES)
    store.put_stock_names({1: "長江和記"})
    kept.look()

    assert kept.stock_names() == {1: "長江和記", 5: "匯豐"}


def test_an_archive_out_of_reach_is_told_since_when_and_tried_again_after_pauses(
    store: HoldingsStore, keeper_of: KeeperOf, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder.write_bytes(b"no folder")
    stored(store, 0)
    kept = keeper_of()
    before = datetime.now(UTC)

    kept.look()
    kept.look()

    behind = kept.state.archive_behind
    assert behind is not None
    assert behind >= before
    assert "Not a directory" in kept.state.archive_trouble
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    folder.unlink()
    kept.look()
    assert (kept.state.archive_behind, kept.state.archive_trouble) == (None, "")
    assert "can be written again" in caplog.text


def test_its_thread_pauses_after_a_failure_and_whoever_waits_for_it_goes_on(
    store: HoldingsStore, keeper_of: KeeperOf, folder: Path
) -> None:
    now = [0.0]
    folder.write_bytes(b"no folder")
    stored(store, 0)
    kept = keeper_of(clock=lambda: now[0])
    kept.start()
    kept.await_open(5)
    folder.unlink()

    kept.await_look(5)
    assert not folder.exists()
    now[0] = keeper.FIRST_PAUSE_SECONDS
    kept.await_look(5)
    kept.stop()

    assert held(LocalFolder(folder)) == {session(0): [100]}


def test_since_when_it_is_behind_outlives_its_process(
    store: HoldingsStore, keeper_of: KeeperOf, folder: Path
) -> None:
    folder.write_bytes(b"no folder")
    store.status_board(60).say(archive_behind=READ)
    kept = keeper_of()

    kept.look()

    assert kept.state.archive_behind == READ


def test_recorded_days_are_archived_to_the_digit(
    store: HoldingsStore, keeper_of: KeeperOf, recorded: Mapping[date, DailyHoldings]
) -> None:
    for holdings in recorded.values():
        store.put(holdings)
    kept = keeper_of()
    kept.look()

    archived = {each.day: each.figures.to_json() for each in kept.newest_readings(HOLDINGS, recorded)}

    assert archived == {day: holdings.to_json() for day, holdings in recorded.items()}
    assert replace(kept.state, archive_behind=None) == kept.state


def texts(folder: Path, kind: Kind[Any]) -> dict[date, list[str]]:
    """Each reading of each archived day, as the store holds it."""
    archive = Archive.opened(LocalFolder(folder))
    return {
        day: [kind.text(each.figures, each.origin) for each in readings]
        for name in {kind.file(day) for day in archive.days(kind)}
        for day, readings in archive.readings(kind, name).items()
    }


@pytest.mark.parametrize(("kind", "stored_as", "make"), MADE_UP, ids=lambda each: getattr(each, "name", ""))
def test_what_stands_beside_the_holdings_is_archived_likewise(
    store: HoldingsStore, keeper_of: KeeperOf, folder: Path, kind: Kind[Any], stored_as: Any, make: Any
) -> None:
    figures, days = store.market_figures, [session(number) for number in (0, 1, 2, 3, 24)]
    stored(store, 0)
    for day in days[:4]:
        figures.put(stored_as, make(day), "https://host/file", READ)
    kept = keeper_of()
    kept.look()
    figures.put(stored_as, make(days[4]), "https://host/file", READ)
    figures.put(stored_as, make(days[3], 8), "another", READ + MINUTE)
    kept.look()

    wanted = {day: [make(day).to_json("https://host/file", READ)] for day in days}
    wanted[days[3]].append(make(days[3], 8).to_json("another", READ + MINUTE))
    assert texts(folder, kind) == wanted
    assert kept.state.archive_beside == (ArchivedKind(kind.name, 5, days[0], days[4]),)
    assert (kept.state.archive_days, kept.state.archive_behind) == (1, None)

    written = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    keeper_of().look()
    store.client.flushall()
    kept.look()
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == written


def test_an_archive_that_lacks_only_what_stands_beside_the_holdings_is_behind(
    store: HoldingsStore, keeper_of: KeeperOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    stored(store, 0)
    kept = keeper_of()
    kept.look()
    store.market_figures.put(PRICES[1], prices(session(0)), "a file", READ)

    def full(*_: object) -> None:
        raise ArchiveUnavailable("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(LocalFolder, "write", full)
        kept.look()
        assert kept.state.archive_behind is not None
        assert "no space left" in kept.state.archive_trouble
        assert kept.state.archive_beside == ()
    kept.look()

    state = kept.state.fields()
    assert (state["archive_behind"], state["archive_trouble"]) == (None, "")
    assert [each.kind for each in state["archive_beside"]] == ["prices"]


def test_the_same_figures_read_again_are_not_archived_again(
    store: HoldingsStore, keeper_of: KeeperOf, folder: Path
) -> None:
    stored(store, 0)
    for minutes in range(3):
        store.market_figures.put(PRICES[1], prices(session(0)), "a file", READ + minutes * MINUTE)
        keeper_of().look()

    assert texts(folder, PRICES[0]) == {session(0): [prices(session(0)).to_json("a file", READ)]}


def test_a_damaged_day_beside_the_holdings_is_left_out_and_hides_no_other(
    store: HoldingsStore, keeper_of: KeeperOf, folder: Path
) -> None:
    for number in range(3):
        store.market_figures.put(PRICES[1], prices(session(number)), "a file", READ)
    text = str(store.client.get(keys.prices(session(1))))
    store.client.set(keys.prices(session(1)), text.replace("441.4", "-441.4"))
    store.client.incr(keys.FIGURES_WRITTEN)

    keeper_of().look()

    assert sorted(texts(folder, PRICES[0])) == [session(0), session(2)]
