"""The official files over HTTP: which are out, what stands in place of one that is not, and every fault."""

from datetime import date
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from replay.file_faults import FILE_STATUS, FileFault, Source
from replay.site import ReplaySite
from southbound.common.errors import (
    BadPrices,
    NotPublished,
    OtherDate,
    SiteChanged,
    SiteUnavailable,
    SouthboundError,
)
from southbound.hkex.quotations import Board, read_quotations
from southbound.hkex.short_positions import read_short_positions, short_positions_path
from southbound.hkex.turnover import read_turnover, turnover_path

FRIDAY, MONDAY, HOLIDAY, SHUT = date(2026, 2, 27), date(2026, 3, 2), date(2026, 2, 18), date(2026, 2, 23)
PATHS = {
    Source.QUOTATIONS: f"dayquot/{Board.MAIN.path(FRIDAY)}",
    Source.TURNOVER: f"DailyStat/{turnover_path(FRIDAY)}",
    Source.SHORT_POSITIONS: f"spr/{short_positions_path(date(2026, 2, 20))}",
}


def fetched(official_url: str, path: str) -> bytes:
    with urlopen(official_url + path, timeout=10) as answer:
        content: bytes = answer.read()
        return content


def status(official_url: str, path: str) -> int:
    try:
        fetched(official_url, path)
    except HTTPError as error:
        error.close()
        return error.code
    return 200


def read(source: Source, content: bytes) -> object:
    if source is Source.QUOTATIONS:
        return read_quotations([content], FRIDAY)
    if source is Source.TURNOVER:
        return read_turnover(content, FRIDAY)
    return read_short_positions(content, date(2026, 2, 20))


def test_the_files_of_a_day_are_there_as_the_product_reads_them(site: ReplaySite, official_url: str) -> None:
    prices = read_quotations([fetched(official_url, PATHS[Source.QUOTATIONS])], FRIDAY)
    gem = read_quotations([fetched(official_url, f"dayquot/{Board.GEM.path(FRIDAY)}")], FRIDAY, Board.GEM)
    turnover = read_turnover(fetched(official_url, PATHS[Source.TURNOVER]), FRIDAY)
    short = read_short_positions(fetched(official_url, PATHS[Source.SHORT_POSITIONS]), date(2026, 2, 20))

    assert prices.closes[prices.codes == 700].tolist() == [518.0]
    assert 8328 in gem.codes.tolist()
    assert turnover.net is not None
    assert len(short) == 1187
    assert [request.source for request in site.official.requests] == [
        Source.QUOTATIONS,
        Source.QUOTATIONS,
        Source.TURNOVER,
        Source.SHORT_POSITIONS,
    ]


@pytest.mark.parametrize("path", [f"dayquot/{Board.MAIN.path(MONDAY)}", f"DailyStat/{turnover_path(MONDAY)}"])
def test_a_days_files_are_out_in_its_evening(site: ReplaySite, official_url: str, path: str) -> None:
    site.today = MONDAY
    assert status(official_url, path) == 404
    site.official.evening = True
    assert status(official_url, path) == 200


def test_short_positions_are_out_a_week_later(site: ReplaySite, official_url: str) -> None:
    path = f"spr/{short_positions_path(FRIDAY)}"
    site.today = date(2026, 3, 6)
    assert status(official_url, path) == 404
    site.official.evening = True
    assert status(official_url, path) == 200


@pytest.mark.parametrize(
    ("path", "found"),
    [
        (f"dayquot/{Board.MAIN.path(date(2026, 1, 28))}", 200),
        (f"dayquot/{Board.MAIN.path(date(2026, 1, 27))}", 404),  # older than a month
        (f"dayquot/{Board.MAIN.path(HOLIDAY)}", 200),  # the page that says so
        (f"DailyStat/{turnover_path(HOLIDAY)}", 404),
        (f"DailyStat/{turnover_path(date(2025, 12, 19))}", 404),
        (f"DailyStat/{turnover_path(SHUT)}", 200),
        (f"spr/{short_positions_path(date(2026, 2, 19))}", 404),
        ("dayquot/d260230e.htm", 404),
        ("dayquot/d20260227e.htm", 404),
        ("spr/2026/02/19/Short_Position_Reporting_Aggregated_Data_20260220.csv", 404),
        ("spr/", 404),
    ],
)
def test_a_file_is_there_or_it_is_not(official_url: str, path: str, found: int) -> None:
    assert status(official_url, path) == found


def test_what_is_not_there_can_be_told_in_other_ways(site: ReplaySite, official_url: str) -> None:
    site.official.holiday_page, site.official.shut_file, site.official.page_for_none = False, False, True

    assert status(official_url, f"dayquot/{Board.MAIN.path(HOLIDAY)}") == 404
    with pytest.raises(NotPublished):
        read_turnover(fetched(official_url, f"DailyStat/{turnover_path(SHUT)}"), SHUT)


def test_a_day_on_which_both_channels_were_shut_has_no_turnover(official_url: str) -> None:
    turnover = read_turnover(fetched(official_url, f"DailyStat/{turnover_path(SHUT)}"), SHUT)

    assert [channel.buy for channel in turnover.channels] == [None, None]
    assert turnover.net is None


@pytest.mark.parametrize("source", Source)
@pytest.mark.parametrize("fault", [*FILE_STATUS])
def test_a_status_in_place_of_a_file(
    site: ReplaySite, official_url: str, source: Source, fault: FileFault
) -> None:
    site.official.switch_on(source, fault, times=1)

    assert [status(official_url, PATHS[source]) for _ in range(2)] == [FILE_STATUS[fault], 200]
    assert all(status(official_url, PATHS[other]) == 200 for other in Source)


@pytest.mark.parametrize(
    ("fault", "errors"),
    [
        (FileFault.MAINTENANCE, (SiteUnavailable, NotPublished, NotPublished)),
        (FileFault.OTHER_DATE, (OtherDate, OtherDate, OtherDate)),
        (FileFault.RENAMED_COLUMN, (SiteChanged, SiteChanged, SiteChanged)),
        (FileFault.TEXT_IN_NUMBERS, (SiteChanged, SiteChanged, SiteChanged)),
        (FileFault.DUPLICATE_ROWS, (BadPrices, SiteChanged, SiteChanged)),
        (FileFault.FEW_ROWS, (SiteChanged, SiteChanged, SiteChanged)),
    ],
)
def test_the_product_tells_each_fault_of_the_figures_apart(
    site: ReplaySite, official_url: str, fault: FileFault, errors: tuple[type[SouthboundError], ...]
) -> None:
    for source, error in zip(Source, errors, strict=True):
        site.official.switch_on(source, fault)
        with pytest.raises(error):
            read(source, fetched(official_url, PATHS[source]))


@pytest.mark.parametrize("fault", [FileFault.CUT_OFF, FileFault.RESET])
def test_a_connection_can_break_off(site: ReplaySite, official_url: str, fault: FileFault) -> None:
    site.official.switch_on(Source.QUOTATIONS, fault)

    with pytest.raises((HTTPException, OSError)):
        fetched(official_url, PATHS[Source.QUOTATIONS])


def test_an_answer_that_hangs_comes_when_the_fault_is_cleared(site: ReplaySite, official_url: str) -> None:
    site.official.switch_on(Source.TURNOVER, FileFault.HANG)
    with pytest.raises(TimeoutError), urlopen(official_url + PATHS[Source.TURNOVER], timeout=0.2):
        pass
    site.clear()

    assert status(official_url, PATHS[Source.TURNOVER]) == 200
