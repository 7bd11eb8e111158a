"""Files in the two folders: each is told of in one line, and a bad one is not stored and costs no other."""

import gzip
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from replay.site import ReplaySite
from southbound.config.settings import ImportSettings, PricesSettings, Settings
from southbound.market.daily_holdings import DailyHoldings
from southbound.scraping import watched_folder
from southbound.scraping.folders import Folders
from southbound.store.folder_status import FileOutcome
from southbound.store.holdings_store import HoldingsStore
from southbound.store.market_figures import PRICES
from southbound.store.scraper_status import StatusBoard, read_status
from tests.bad_input.attacks import Attack, Case

FRIDAY, SATURDAY = date(2026, 2, 27), date(2026, 2, 28)
PRICES_HEAD = "date,code,close,shares_traded,turnover\n"
LIST_HEAD = "date,code,name,shares,percent\n"
LARGE = 100_000_000

GivenFile = tuple[str, bytes]
"""A name, and what stands in the file; `LARGE` of NUL where that is nothing and its name says so."""


def priced(row: str) -> bytes:
    return f"{PRICES_HEAD}2026-02-27,{row}\n".encode()


def listed(row: str) -> bytes:
    return f"{LIST_HEAD}{row}\n".encode()


FRAMES: list[Case[GivenFile, str]] = [
    Case(Attack.MISSING, "a column", ("missing.csv", b"date,close\n2026-02-27,5\n"), "want the columns"),
    Case(Attack.EMPTY, "a file", ("empty.csv", b""), "want the columns"),
    Case(Attack.EMPTY, "a page", ("empty.htm", b""), "no quotations"),
    Case(Attack.HUGE, "a cell", ("cell.csv", PRICES_HEAD.encode() + b"x" * 9_000 + b",1,1,,\n"), "a cell of"),
    Case(Attack.WRONG_TYPE, "an ending", ("words.docx", b"PK"), "want daily quotations as .htm"),
    Case(Attack.WRONG_TYPE, "packed", ("packed.csv", gzip.compress(PRICES_HEAD.encode())), "no"),
    Case(Attack.WRONG_TYPE, "a page named as Excel", ("page.xlsx", b"<html></html>"), "no Excel file"),
    Case(Attack.MARKUP, "a close", ("markup.csv", priced("5,<b>1</b>,,")), "close:"),
    Case(Attack.FORMULA, "a close", ("formula.csv", priced("5,=1+1,,")), "close:"),
    Case(Attack.CONTROL, "a code", ("control.csv", priced("5\x1b[2J,1,,")), "code"),
    Case(Attack.BROKEN_UTF8, "a frame", ("broken.csv", b"\xff\xfe\x00\n"), "no text in UTF-8"),
    Case(Attack.BEYOND_64_BITS, "a turnover", ("beyond.csv", priced(f"5,1,1,{2**64}")), "turnover:"),
    Case(Attack.HUNDRED_MEGABYTES, "quotations", ("large.htm", b""), "do not end within"),
    Case(Attack.HUNDRED_MEGABYTES, "a frame", ("large.csv", b""), "a cell of"),
    Case(Attack.JSON_BOMB, "a frame", ("bomb.json", b"[" * 100_000), "want daily quotations as .htm"),
]

LISTS: list[Case[GivenFile, str]] = [
    Case(Attack.MISSING, "a column", ("missing.csv", b"date,code\n"), "columns of no known format"),
    Case(Attack.EMPTY, "a page", ("empty.html", b""), "no HTML"),
    Case(Attack.HUGE, "a line", ("line.csv", b"x" * 100_000), "a cell of"),
    Case(Attack.WRONG_TYPE, "an ending", ("words.docx", b"PK"), "want a file that ends in .html"),
    Case(Attack.MARKUP, "shares", ("markup.csv", listed("2026-02-27,5,A,<b>,")), "no number of"),
    Case(Attack.FORMULA, "shares", ("formula.csv", listed("2026-02-27,5,A,=1,")), "no number of"),
    Case(Attack.CONTROL, "a date", ("control.csv", listed("\x1b[2J\u202e,5,A,1,")), "no date"),
    Case(Attack.BROKEN_UTF8, "a page", ("broken.html", b"\xff\xfe\x00"), "no text in UTF-8"),
    Case(Attack.BEYOND_64_BITS, "all", ("beyond.csv", listed(f"2026-02-27,5,A,{2**64},")), "no number of"),
    Case(Attack.HUNDRED_MEGABYTES, "a page", ("large.html", b""), "bytes, want at most"),
    Case(Attack.JSON_BOMB, "days", ("bomb.json", b"[" * 100_000), "no JSON"),
]


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watched_folder, "OLD_SECONDS", -1.0)


def put(folder: Path, cases: list[Case[GivenFile, str]]) -> None:
    for case in cases:
        name, content = case.given
        (folder / name).write_bytes(content)
        if case.attack is Attack.HUNDRED_MEGABYTES:
            os.truncate(folder / name, LARGE)


def told(outcomes: tuple[FileOutcome, ...]) -> dict[str, FileOutcome]:
    return {outcome.name: outcome for outcome in outcomes}


def test_every_attack_is_tried_on_both_folders() -> None:
    assert {case.attack for case in FRAMES} == {case.attack for case in LISTS} == set(Attack)


def test_each_bad_file_is_told_in_a_line_stores_nothing_and_costs_no_other(
    store: HoldingsStore, tmp_path: Path, recorded: Mapping[date, DailyHoldings]
) -> None:
    prices, lists = tmp_path / "prices", tmp_path / "lists"
    prices.mkdir()
    lists.mkdir()
    put(prices, FRAMES)
    put(lists, LISTS)
    (prices / "good.htm").write_bytes(ReplaySite().official.files.quotations(FRIDAY))
    rows = "".join(
        f"{FRIDAY},{code},A,{shares},\n" for code, (_, shares, _) in recorded[FRIDAY].rows().items()
    )
    (lists / "good.csv").write_text(LIST_HEAD + rows)
    (lists / os.fsdecode(b"\xff\x1b[2J<b>=1.csv")).write_text(LIST_HEAD + rows.replace("-27", "-28"))
    board = StatusBoard(store.client)
    chosen = Settings(prices=PricesSettings(folder=prices), imports=ImportSettings(folder=lists))

    for reader in Folders(chosen, store, board).readers:
        reader.look()
    board.say()

    status = read_status(store.client)
    assert status is not None
    assert status.price_files is not None
    assert status.import_files is not None
    frames, others = told(status.price_files.outcomes), told(status.import_files.outcomes)
    for cases, outcomes in ((FRAMES, frames), (LISTS, others)):
        for case in cases:
            outcome = outcomes[case.given[0]]
            assert case.then in outcome.told, case
            assert not outcome.is_taken, case
            assert outcome.told.isprintable()
            assert len(outcome.told) < 250
        assert outcomes[next(name for name in outcomes if name.startswith("good"))].is_taken
    [hostile] = [outcome for name, outcome in others.items() if "<b>" in name]
    assert hostile.name.isprintable()
    assert hostile.told == f"{SATURDAY} refused: no Hong Kong session"
    assert store.dates() == [FRIDAY]
    assert list(store.market_figures.origins(PRICES, [FRIDAY, SATURDAY])) == [FRIDAY]
