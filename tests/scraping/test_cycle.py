"""One round after the other against the replay site and a real store: the right day under the right key."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from replay.faults import Fault
from replay.site import ReplaySite
from southbound.common.errors import NotComplete
from southbound.common.retry import SITE_ATTEMPTS
from southbound.config.settings import RedisSettings, ScraperSettings
from southbound.market import trading_calendar
from southbound.market.trading_calendar import HONG_KONG
from southbound.running import embedded_store
from southbound.scraping.cycle import CHROMIUM_LIVES_SECONDS
from southbound.scraping.service import Scraper
from southbound.store import keys
from southbound.store.holdings_store import HoldingsStore
from southbound.store.scraper_status import State, StatusBoard, read_status
from southbound.store.stock_names import read_names
from tests.conftest import EndOfTest, Stage, becomes_true
from tests.scraping.conftest import BareReader, ScraperOf, offered, resting_site, shown
from tools.benchmarks.stored_days import as_holdings

NEW_YEAR = date(2026, 2, 17)
THURSDAY, FRIDAY, MONDAY = date(2026, 2, 26), date(2026, 2, 27), date(2026, 3, 2)


@pytest.fixture
def scraper(scraper_of: ScraperOf) -> Scraper:
    """One with a window of two weeks, the lunar new year among them."""
    return scraper_of(backfill_days=14)


def test_the_backfill_stores_exactly_the_sessions_of_the_window(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    scraper_of().run_once()

    assert store.dates() == offered(site)
    assert len(store.dates()) == 38
    for day in store.dates():
        stored = store.get(day)
        assert stored is not None
        assert stored.rows_changed(as_holdings(site.truth(day))) == 0


def test_no_weekend_and_no_holiday_is_asked_for(site: ReplaySite, scraper: Scraper) -> None:
    scraper.run_once()

    asked = [request.asked for request in site.requests if request.asked]
    assert asked
    assert all(trading_calendar.is_session(day) for day in asked)
    assert NEW_YEAR not in asked
    assert date(2026, 2, 16) in asked


def test_the_newest_day_comes_from_the_first_load_and_each_other_is_asked_for_once(
    site: ReplaySite, scraper: Scraper
) -> None:
    scraper.run_once()

    asked = [request.asked for request in site.requests]
    assert asked[0] is None
    assert date(2026, 2, 27) not in asked
    assert len(asked) == len(set(asked))
    backfilled = [day for day in asked[1:-1] if day]
    assert backfilled == sorted(backfilled, reverse=True)
    assert site.most_at_once == 1


def test_a_second_run_asks_for_nothing_that_is_stored(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    scraper_of(backfill_days=14).run_once()
    before, version = len(site.requests), store.version()

    scraper_of(backfill_days=14).run_once()

    asked = {request.asked for request in site.requests[before:]}
    assert asked.isdisjoint(offered(site, 14))
    assert store.version() == version


def test_a_backfill_that_was_cut_off_goes_on_where_it_was(
    site: ReplaySite,
    store: HoldingsStore,
    scraper_of: ScraperOf,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    put = HoldingsStore.put

    def put_until_killed(self: HoldingsStore, holdings: Any, origin: Any) -> None:
        if len(store.dates()) == 5:
            raise EndOfTest
        put(self, holdings, origin)

    with monkeypatch.context() as patch:
        patch.setattr(HoldingsStore, "put", put_until_killed)
        with pytest.raises(EndOfTest):
            scraper_of(backfill_days=14).run_once()
    early = store.dates()
    assert early == offered(site, 14)[-5:]

    scraper_of(backfill_days=14).run_once()

    assert store.dates() == offered(site, 14)
    asked = [request.asked for request in site.requests if request.asked in early]
    assert len(asked) == len(set(asked))


def test_a_new_day_is_stored_and_published_once(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper.run_once()
    notifications = store.client.pubsub(ignore_subscribe_messages=True)  # type: ignore[no-untyped-call]
    notifications.subscribe(store.channel)
    notifications.get_message(timeout=1)
    new = site.move_on()

    scraper.cycle.look()
    scraper.cycle.look()

    heard = []
    while message := notifications.get_message(timeout=0.1):
        heard.append(message["data"])
    notifications.close()
    assert heard == [new.isoformat()]
    assert store.dates()[-1] == new


def test_a_day_that_is_not_published_yet_is_waited_for_cheaply(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper.run_once()
    before = len(site.requests)

    scraper.cycle.look()

    [request] = site.requests[before:]
    assert request.asked == date(2026, 3, 2)
    assert request.sent < 10_000
    status = shown(store)
    assert status.next_session == date(2026, 3, 2)


def test_a_held_back_day_is_asked_for_until_it_is_there(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper.run_once()
    site.hold_back = True
    late = date(2026, 3, 2)
    site.today = date(2026, 3, 3)
    scraper.cycle.look()
    scraper.cycle.look()
    assert store.dates()[-1] < late

    site.hold_back = False
    scraper.cycle.look()

    assert store.dates()[-1] == late


def test_a_machine_that_was_off_for_three_weeks_closes_the_gap_newest_day_first(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    scraper = scraper_of(backfill_days=25)
    scraper.run_once()
    for _ in range(15):
        site.move_on()
    before = len(site.requests)

    scraper.cycle.look()

    assert store.dates()[-15:] == offered(site)[-15:]
    asked = [request.asked for request in site.requests[before:]]
    assert asked[1:] == sorted(asked[1:], key=lambda day: day or NEW_YEAR, reverse=True)


def test_while_a_gap_is_closed_the_status_says_so(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper, monkeypatch: pytest.MonkeyPatch
) -> None:
    scraper.run_once()
    for _ in range(3):
        site.move_on()
    states = []
    put = HoldingsStore.put

    def noting_put(self: HoldingsStore, holdings: Any, origin: Any) -> None:
        status = read_status(self.client)
        assert status is not None
        states.append(status.state)
        put(self, holdings, origin)

    monkeypatch.setattr(HoldingsStore, "put", noting_put)

    scraper.cycle.look()

    assert states == [State.BACKFILLING] * 3
    status = shown(store)
    assert status.state is State.POLLING


def test_the_status_tells_how_far_the_backfill_is(
    store: HoldingsStore, scraper_of: ScraperOf, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    say = StatusBoard.say

    def noting_say(self: StatusBoard, **changes: Any) -> None:
        say(self, **changes)
        status = read_status(store.client)
        assert status is not None
        seen.append((status.state, status.done, status.total))

    monkeypatch.setattr(StatusBoard, "say", noting_say)

    scraper_of(backfill_days=7).run_once()

    assert list(dict.fromkeys(seen)) == [
        (State.STARTING, 0, 0),
        *((State.BACKFILLING, done, 4) for done in range(4)),
        (State.POLLING, 4, 4),
    ]


def test_a_list_with_another_date_is_never_stored(
    site: ReplaySite, store: HoldingsStore, scraper: Scraper
) -> None:
    scraper.run_once()
    site.switch_on(Fault.PREVIOUS_DAY)
    version = store.version()

    scraper.cycle.look()

    assert store.version() == version
    assert store.get(date(2026, 3, 2)) is None


@pytest.mark.parametrize("today", [date(2026, 2, 22), date(2026, 2, 18)], ids=["a Sunday", "a holiday"])
def test_a_first_load_under_a_weekend_label_is_not_stored_as_that_day(
    today: date, store: HoldingsStore, stage: Stage, scraper_of: ScraperOf
) -> None:
    stage.site = ReplaySite(today=today)
    stage.site.plain_get = "yesterday"

    scraper_of(backfill_days=14).run_once()

    assert store.dates() == offered(stage.site, 14)
    assert all(trading_calendar.is_session(day) for day in store.dates())


def test_one_unreadable_day_does_not_keep_the_others_out(
    site: ReplaySite, store: HoldingsStore, reader: BareReader, scraper_of: ScraperOf
) -> None:
    reader.then = lambda: site.switch_on(Fault.TEXT_IN_NUMBERS, times=1)

    with pytest.raises(NotComplete, match=r"2026-02-26 \(in quarantine: the holding of .* got 'N/A'"):
        scraper_of(backfill_days=5).run_once()

    assert store.dates() == [day for day in offered(site, 5) if day != THURSDAY]


def test_one_day_that_is_never_answered_does_not_keep_the_others_out(
    site: ReplaySite, store: HoldingsStore, reader: BareReader, scraper_of: ScraperOf
) -> None:
    reader.then = lambda: site.switch_on(Fault.UNAVAILABLE, times=SITE_ATTEMPTS)

    with pytest.raises(NotComplete, match=r"2026-02-26 \(HTTP 503\)"):
        scraper_of(backfill_days=5).run_once()

    assert store.dates() == [day for day in offered(site, 5) if day != THURSDAY]


def test_a_day_that_was_put_off_is_asked_for_again_when_its_time_has_come(
    site: ReplaySite, store: HoldingsStore, reader: BareReader, scraper_of: ScraperOf
) -> None:
    reader.then = lambda: site.switch_on(Fault.FORTY_ROWS, times=1)
    scraper = scraper_of(backfill_days=5, retry_seconds=0.0)
    scraper.cycle.backfill()
    assert shown(store).quarantined == (THURSDAY,)
    assert store.get(THURSDAY) is None

    scraper.cycle.look()

    assert store.dates() == offered(site, 5)
    assert shown(store).quarantined == ()
    assert not store.client.exists(keys.quarantine(THURSDAY))


def test_a_day_that_was_read_while_the_store_was_away_is_not_read_again(
    site: ReplaySite, url: str, reader: BareReader, free_port: int, tmp_path: Path
) -> None:
    server = embedded_store.serving(free_port, tmp_path)
    server.start()
    store = HoldingsStore.at(RedisSettings(url=f"redis://127.0.0.1:{free_port}/0"))
    settings = ScraperSettings(url=url, min_gap_seconds=0, backfill_days=5, chinese_names=False)
    back = []

    def come_back(seconds: float) -> None:
        if not server.is_running():
            back.append(seconds)
            server.start()

    scraper = Scraper(reader, store, StatusBoard(store.client), settings, come_back)
    scraper.run_once()
    new = site.move_on()
    reader.then = server.stop

    scraper.cycle.look()

    assert len(back) == 1
    assert store.dates()[-1] == new
    assert [request.asked for request in site.requests].count(new) == 2  # once before it was published
    scraper.close()
    store.client.close()
    server.stop()


def test_what_is_stored_is_what_any_program_reads(store: HoldingsStore, scraper_of: ScraperOf) -> None:
    scraper_of(backfill_days=2).run_once()

    stored = json.loads(store.client.get(keys.day(date(2026, 2, 27))) or "")

    assert stored["columns"][0] == "Stock Code"
    assert stored["data"][0][0] == 1


def test_what_a_site_has_no_list_for_is_asked_for_again_only_after_a_while_and_after_a_restart_too(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    """The recorded days begin on 2 January: the site has no list for the two sessions before."""
    scraper_of().run_once()
    before = len(site.requests)

    scraper_of().run_once()

    assert [request.asked for request in site.requests[before:]] == [None, MONDAY]
    assert set(store.client.hkeys(keys.NO_LIST)) == {"2025-12-30", "2025-12-31"}

    scraper_of(recheck_seconds=0.0).run_once()
    asked = [request.asked for request in site.requests[before + 2 :]]
    assert {date(2025, 12, 30), date(2025, 12, 31)} <= set(asked)


def test_a_restated_day_is_found_stored_and_noted_with_the_rows_that_changed(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    scraper = scraper_of(backfill_days=5, recheck_seconds=0.0)
    scraper.cycle.backfill()
    version = store.version()
    truth = site.truth(FRIDAY)
    first, second, *others = truth.rows
    changed = replace(first, shares=first.shares + 1), replace(second, percent="9.99")
    site.restate(replace(truth, rows=(*changed, *others)))

    scraper.cycle.look()

    stored = store.get(FRIDAY)
    assert stored is not None
    assert stored.rows_changed(as_holdings(site.truth(FRIDAY))) == 0
    [(_, note)] = cast("list[tuple[str, dict[str, str]]]", store.client.xrange(keys.REVISIONS))
    assert (note["date"], note["rows"]) == ("2026-02-27", "2")
    assert store.version() == version + 1


def test_a_day_that_was_not_restated_is_read_again_and_nothing_is_written(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    scraper = scraper_of(backfill_days=5, recheck_seconds=0.0)
    scraper.cycle.backfill()
    version, before = store.version(), len(site.requests)

    scraper.cycle.look()
    scraper.cycle.look()

    assert [request.asked for request in site.requests[before:]].count(FRIDAY) == 2
    assert store.version() == version
    assert store.client.xlen(keys.REVISIONS) == 0


def test_a_restatement_is_found_by_the_first_load_of_the_next_start(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    scraper_of(backfill_days=5).run_once()
    truth = site.truth(FRIDAY)
    site.restate(replace(truth, rows=truth.rows[1:]))
    before = len(site.requests)

    scraper_of(backfill_days=5).run_once()

    assert [request.asked for request in site.requests[before:]] == [None, MONDAY]
    stored = store.get(FRIDAY)
    assert stored is not None
    assert len(stored) == len(truth.rows) - 1


def test_a_restatement_that_does_not_pass_the_gate_leaves_the_good_day_alone(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    scraper = scraper_of(backfill_days=5, recheck_seconds=0.0)
    scraper.cycle.backfill()
    version = store.version()
    site.switch_on(Fault.FORTY_ROWS, times=1)

    scraper.cycle.look()

    assert store.version() == version
    assert shown(store).quarantined == (FRIDAY,)
    scraper.cycle.look()
    assert shown(store).quarantined == ()
    assert store.version() == version


def test_the_quarantine_of_a_day_that_was_restated_badly_ends_though_a_newer_day_has_come(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    scraper = scraper_of(backfill_days=5, recheck_seconds=0.0, retry_seconds=1.0)
    scraper.cycle.backfill()
    site.switch_on(Fault.FORTY_ROWS, times=1)
    scraper.cycle.look()
    quarantined = shown(store).quarantined
    site.move_on()

    def released() -> bool:
        scraper.cycle.look()
        return not shown(store).quarantined

    assert becomes_true(released)
    assert quarantined == (FRIDAY,)
    assert store.dates()[-1] == MONDAY
    assert not store.client.exists(keys.quarantine(FRIDAY))


def test_a_damaged_day_is_asked_for_again(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    scraper_of(backfill_days=5).run_once()
    store.client.set(keys.day(THURSDAY), "{")

    scraper_of(backfill_days=5).run_once()

    mended = store.get(THURSDAY)
    assert mended is not None
    assert mended.rows_changed(as_holdings(site.truth(THURSDAY))) == 0


def test_a_day_whose_key_was_deleted_is_asked_for_again(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    scraper_of(backfill_days=5).run_once()
    store.client.delete(keys.day(THURSDAY))

    scraper_of(backfill_days=5).run_once()

    assert store.get(THURSDAY) is not None
    assert store.dates() == offered(site, 5)


def test_while_no_list_can_be_there_nothing_is_asked(
    store: HoldingsStore, scraper_of: ScraperOf, stage: Stage
) -> None:
    """The site's day is the local one, so the clock can be trusted: today's list comes after midnight."""
    stage.site = resting_site()
    today = stage.site.today
    scraper = scraper_of(backfill_days=3)
    scraper.run_once()
    before = len(stage.site.requests)

    for _ in range(3):
        scraper.cycle.look()

    assert len(stage.site.requests) == before
    status = shown(store)
    assert status.state is State.WAITING
    assert status.next_session == trading_calendar.after(today - timedelta(days=1))
    assert status.next_try is not None
    assert status.next_try.astimezone(HONG_KONG).date() > today


def test_chromium_is_started_anew_after_a_day(reader: BareReader, scraper_of: ScraperOf) -> None:
    scraper = scraper_of(backfill_days=5)
    scraper.cycle.backfill()
    reader.age = CHROMIUM_LIVES_SECONDS - 1
    scraper.cycle.look()
    assert reader.restarts == 0

    reader.age = CHROMIUM_LIVES_SECONDS + 1
    scraper.cycle.look()

    assert reader.restarts == 1


def test_the_chinese_names_are_read_after_the_backfill(store: HoldingsStore, scraper_of: ScraperOf) -> None:
    scraper_of(backfill_days=5, chinese_names=True).run_once()

    assert read_names(store.client)[700] == "騰訊控股"


def test_without_the_setting_the_chinese_page_is_never_asked_for(
    site: ReplaySite, store: HoldingsStore, scraper_of: ScraperOf
) -> None:
    scraper_of(backfill_days=5, chinese_names=False).run_once()

    assert {request.language for request in site.requests} == {"en"}
    assert read_names(store.client) == {}


def test_the_chinese_names_are_not_read_again_by_the_next_start(
    site: ReplaySite, scraper_of: ScraperOf
) -> None:
    scraper_of(backfill_days=5, chinese_names=True).run_once()
    scraper_of(backfill_days=5, chinese_names=True).run_once()

    assert [request.language for request in site.requests].count("zh") == 1
