"""The made-up companions fit the holdings, and each other, and what is recorded."""

from collections.abc import Mapping
from datetime import date

import pytest

from replay.calendar import is_mainland_shut, settling
from replay.events import Consolidation
from replay.figures import Row
from replay.invented import RECORDED_CONSOLIDATION
from replay.official import OfficialFiles
from replay.recorded_official import implied_closes, recorded_short_positions, recorded_turnover
from replay.site import ReplaySite
from replay.statistics import CHANNELS

FRIDAY = date(2026, 2, 27)


@pytest.fixture(scope="module")
def whole_site() -> ReplaySite:
    return ReplaySite(invented=30)


@pytest.fixture(scope="module")
def files(whole_site: ReplaySite) -> OfficialFiles:
    return whole_site.official.files


def listed(site: ReplaySite, day: date) -> Mapping[int, Row]:
    return {row.code: row for row in site.truth(day).rows}


@pytest.mark.parametrize("place", [5, 20, 45, 60])
def test_net_buying_of_the_trade_dates_is_what_the_holdings_changed_by(
    whole_site: ReplaySite, files: OfficialFiles, place: int
) -> None:
    sessions = whole_site.archive.sessions
    before, now = (listed(whole_site, sessions[place - step]) for step in (1, 0))
    turning = {code for event in whole_site.archive.invented.events for code in event.codes}
    bought: dict[int, int] = {}
    for traded in settling()[sessions[place]]:
        for each in files.days[traded]:
            bought[each.code] = bought.get(each.code, 0) + each.net

    both = (before.keys() & now.keys()) - turning
    assert len(both) > 800
    assert {code: now[code].shares - before[code].shares for code in both} == {
        code: bought[code] for code in both
    }


def test_official_net_buying_of_a_made_up_day_is_its_changes_at_average_prices(files: OfficialFiles) -> None:
    day = date(2026, 3, 12)
    money = sum(each.net * each.turnover / each.shares_traded for each in files.days[day])
    channels = [files.southbound(day, channel) for channel in CHANNELS]

    official = sum(each.buy - each.sell for each in channels if each) * 1e4
    assert official == pytest.approx(money, abs=1e6)


def test_recorded_turnover_and_closes_stand_where_they_are_recorded(files: OfficialFiles) -> None:
    day = date(2026, 2, 13)
    turnovers = [files.southbound(day, channel) for channel in CHANNELS]

    assert [(each.buy, each.sell) for each in turnovers if each] == list(recorded_turnover()[day].values())
    closes = files.days.closes(day)
    known = closes.keys() & implied_closes()[day].keys()
    assert len(known) > 500
    assert all(closes[code] / 1000 == implied_closes()[day][code] for code in known)
    assert files.positions(day) == recorded_short_positions()[day]


def test_the_recorded_consolidation_is_in_the_price_two_settlement_days_before_the_shares(
    files: OfficialFiles,
) -> None:
    """02160 became 02918, five to one, in the list of 25 February, which shows the trades of the 23rd."""
    before, after = files.days.closes(date(2026, 2, 20)), files.days.closes(date(2026, 2, 23))

    assert 2918 not in before
    assert 2160 not in after
    assert after[2918] / before[2160] == pytest.approx(5, rel=0.12)
    [since] = [each for each in files.days[date(2026, 2, 23)] if each.code == 2918]
    assert since.previous_close == 5 * before[2160]


@pytest.mark.parametrize("which", [0, 1])
def test_a_made_up_action_is_in_the_price_with_the_trades_that_settle_in_new_shares(
    whole_site: ReplaySite, files: OfficialFiles, which: int
) -> None:
    event = whole_site.archive.invented.events[which]
    assert event != RECORDED_CONSOLIDATION
    code = event.temporary if isinstance(event, Consolidation) else event.code  # type: ignore[attr-defined]
    held = whole_site.archive.invented.dates[event.session]  # type: ignore[attr-defined]
    [ex_date, *_] = settling()[held]
    dates = files.days.dates
    [old] = [each for each in files.days[dates[dates.index(ex_date) - 1]] if each.code == event.code]  # type: ignore[attr-defined]
    [new] = [each for each in files.days[ex_date] if each.code == code]

    factor = event.factor if isinstance(event, Consolidation) else 1 / event.factor  # type: ignore[attr-defined]
    assert new.close / old.close == pytest.approx(factor, rel=0.12)


def test_nothing_is_traded_southbound_while_the_mainland_is_shut(files: OfficialFiles) -> None:
    shut = [day for day in files.days.dates if is_mainland_shut(day)]

    assert len(shut) >= 4
    assert all(each.bought == each.sold == each.net == 0 for day in shut for each in files.days[day])
    assert all(files.southbound(day, channel) is None for day in shut for channel in CHANNELS)


def test_the_same_seed_gives_the_same_files(files: OfficialFiles) -> None:
    again = ReplaySite(invented=30).official.files

    assert again.quotations(FRIDAY) == files.quotations(FRIDAY)
    assert again.statistics(FRIDAY) == files.statistics(FRIDAY)
    assert ReplaySite(invented=30, seed=2).official.files.quotations(FRIDAY) != files.quotations(FRIDAY)
