"""Each fault, as a client meets it."""

import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from datetime import date
from http.client import HTTPConnection, IncompleteRead, RemoteDisconnected
from urllib.parse import urlsplit

import pytest

from replay.faults import Fault, Switches
from replay.serving import serving
from replay.site import ReplaySite
from replay.visitor import Visitor
from replay.wording import INVALID_DATE


def waited_for_request(site: ReplaySite) -> None:
    deadline = time.monotonic() + 5
    while not site.journal.at_once:
        assert time.monotonic() < deadline, "no request arrived within 5 s"
        time.sleep(0.005)


@pytest.mark.parametrize("status", [403, 429, 500, 503])
def test_a_status_fault_answers_with_that_status_and_a_short_page(
    site: ReplaySite, visitor: Visitor, status: int
) -> None:
    site.switch_on(Fault(str(status)))
    answer = visitor.look()
    assert answer.status == status
    assert len(answer.body) < 200


@pytest.mark.parametrize(("mode", "status"), [("navigate", 200), ("cors", 403), (None, 403)])
def test_scripts_can_be_refused_where_a_browser_is_let_in(
    site: ReplaySite, url: str, mode: str | None, status: int
) -> None:
    site.switch_on(Fault.SCRIPTS_REFUSED)
    headers = {"Sec-Fetch-Mode": mode} if mode else {}
    parts = urlsplit(url)
    with closing(HTTPConnection(parts.netloc, timeout=5)) as connection:
        connection.request("GET", f"{parts.path}?{parts.query}", headers=headers)
        assert connection.getresponse().status == status


def test_a_reset_connection_is_reset_and_not_merely_closed(site: ReplaySite, visitor: Visitor) -> None:
    site.switch_on(Fault.RESET, times=1)
    with pytest.raises(ConnectionResetError) as caught:
        visitor.look()
    assert not isinstance(caught.value, RemoteDisconnected)
    assert site.requests[0].status is None
    assert visitor.look().status == 200


def test_a_hanging_answer_comes_when_the_fault_is_cleared(site: ReplaySite, visitor: Visitor) -> None:
    site.switch_on(Fault.HANG)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(visitor.look)
        waited_for_request(site)
        assert not answer.done()
        site.clear(Fault.HANG)
        assert answer.result(timeout=5).heading == "Shareholding Date: 2026/02/27"


def test_a_client_that_gives_up_on_a_hanging_answer_ends_it(site: ReplaySite, url: str) -> None:
    site.switch_on(Fault.HANG, times=1)
    with Visitor(url, timeout=0.1) as visitor:
        with pytest.raises(TimeoutError):
            visitor.look()
        deadline = time.monotonic() + 5
        while site.journal.at_once:
            assert time.monotonic() < deadline, "the site still answers 5 s after the client left"
            time.sleep(0.005)
    assert site.requests[0].status is None


def test_a_hanging_answer_does_not_keep_the_site_from_stopping(site: ReplaySite) -> None:
    site.switch_on(Fault.HANG)
    with ThreadPoolExecutor(1) as pool, ExitStack() as visitors:
        with serving(site) as url:
            # Closed behind the site: its own end would be another error.
            visitor = visitors.enter_context(Visitor(url))
            answer = pool.submit(visitor.look)
            waited_for_request(site)
            leaving = time.monotonic()
        assert time.monotonic() - leaving < 3
        assert isinstance(answer.exception(timeout=5), RemoteDisconnected)


def test_a_cut_off_answer_announces_more_than_comes(site: ReplaySite, visitor: Visitor) -> None:
    site.switch_on(Fault.CUT_OFF, times=1)
    with pytest.raises(IncompleteRead) as caught:
        visitor.look()
    received, missing = len(caught.value.partial), caught.value.expected
    assert missing is not None
    assert abs(received - missing) <= 1
    assert received > 500_000


def test_maintenance_is_a_good_status_and_no_form(site: ReplaySite, visitor: Visitor) -> None:
    site.switch_on(Fault.MAINTENANCE)
    answer = visitor.look()
    assert (answer.status, answer.fields) == (200, {})
    assert b"maintenance" in answer.body


def test_a_missing_panel_leaves_the_form_and_no_alert(site: ReplaySite, visitor: Visitor) -> None:
    site.switch_on(Fault.NO_PANEL)
    answer = visitor.look()
    assert (answer.heading, answer.rows) == (None, [])
    assert answer.fields["alertMsg"] == ""


def test_an_empty_table_has_its_headings_and_no_row(site: ReplaySite, visitor: Visitor) -> None:
    site.switch_on(Fault.EMPTY_TABLE)
    answer = visitor.look()
    assert answer.heading == "Shareholding Date: 2026/02/27"
    assert len(answer.columns) == 4
    assert answer.rows == []


def test_a_renamed_column_keeps_its_place_and_figures(site: ReplaySite, visitor: Visitor) -> None:
    whole = visitor.look()
    site.switch_on(Fault.RENAMED_COLUMN)
    answer = visitor.look()
    assert answer.columns == [*whole.columns[:2], "Holding", whole.columns[3]]
    assert answer.rows == whole.rows


def test_swapped_columns_are_swapped_in_headings_and_cells(site: ReplaySite, visitor: Visitor) -> None:
    whole = visitor.look()
    site.switch_on(Fault.SWAPPED_COLUMNS)
    answer = visitor.look()
    assert answer.columns == [*whole.columns[:2], whole.columns[3], whole.columns[2]]
    assert answer.rows == [(code, name, percent, shares) for code, name, shares, percent in whole.rows]


def test_an_added_column_stands_before_the_holding(site: ReplaySite, visitor: Visitor) -> None:
    whole = visitor.look()
    site.switch_on(Fault.ADDED_COLUMN)
    answer = visitor.look()
    assert answer.columns == [*whole.columns[:2], "Market", *whole.columns[2:]]
    assert [(*row[:2], *row[3:]) for row in answer.rows] == whole.rows


def test_text_stands_in_the_number_cells_of_some_rows(site: ReplaySite, visitor: Visitor) -> None:
    whole = visitor.look()
    site.switch_on(Fault.TEXT_IN_NUMBERS)
    answer = visitor.look()
    assert [row[2:] for row in answer.rows[:5]] == [("N/A", "see note")] * 5
    assert answer.rows[5:] == whole.rows[5:]


def test_duplicate_rows_are_the_same_row_twice(site: ReplaySite, visitor: Visitor) -> None:
    whole = visitor.look()
    site.switch_on(Fault.DUPLICATE_ROWS)
    rows = visitor.look().rows
    assert len(rows) == len(whole.rows) + 5
    assert rows[0] == rows[1]
    assert sorted(set(rows)) == sorted(whole.rows)


def test_forty_rows_are_the_first_forty(site: ReplaySite, visitor: Visitor) -> None:
    whole = visitor.look()
    site.switch_on(Fault.FORTY_ROWS)
    assert visitor.look().rows == whole.rows[:40]


def test_an_alert_can_stand_beside_a_whole_list(site: ReplaySite, visitor: Visitor) -> None:
    whole = visitor.look()
    site.switch_on(Fault.ALERT)
    answer = visitor.look()
    assert answer.fields["alertMsg"] == INVALID_DATE
    assert answer.rows == whole.rows


def test_the_banner_comes_with_the_page(site: ReplaySite, visitor: Visitor) -> None:
    assert b"onetrust-banner-sdk'" not in visitor.look().body
    site.switch_on(Fault.BANNER)
    answer = visitor.look()
    assert b"banner.id = 'onetrust-banner-sdk'" in answer.body
    assert answer.heading == "Shareholding Date: 2026/02/27"


def test_today_can_answer_with_the_previous_days_list(site: ReplaySite, visitor: Visitor) -> None:
    site.switch_on(Fault.PREVIOUS_DAY)
    answer = visitor.search(site.today)
    assert answer.heading == "Shareholding Date: 2026/02/27"
    assert answer.fields["alertMsg"] == ""
    assert answer.fields["txtShareholdingDate"] == "2026/02/28"
    assert visitor.search(date(2026, 2, 16)).heading == "Shareholding Date: 2026/02/16"
    assert visitor.search(date(2025, 12, 31)).heading is None


def test_several_faults_spoil_one_list(site: ReplaySite, visitor: Visitor) -> None:
    site.switch_on(Fault.FORTY_ROWS)
    site.switch_on(Fault.ADDED_COLUMN)
    site.switch_on(Fault.DUPLICATE_ROWS)
    answer = visitor.look()
    assert (len(answer.rows), len(answer.columns)) == (45, 5)


def test_a_fault_for_the_next_few_answers_is_over_after_them(site: ReplaySite, visitor: Visitor) -> None:
    site.switch_on(Fault.UNAVAILABLE, times=2)
    assert [visitor.look().status for _ in range(3)] == [503, 503, 200]


def test_a_fault_without_a_number_lasts_until_it_is_cleared(site: ReplaySite, visitor: Visitor) -> None:
    site.switch_on(Fault.UNAVAILABLE)
    assert [visitor.look().status for _ in range(3)] == [503, 503, 503]
    site.clear(Fault.UNAVAILABLE)
    assert visitor.look().status == 200


def test_clearing_all_leaves_none_on() -> None:
    switches = Switches(Fault)
    switches.switch_on(Fault.ALERT)
    switches.switch_on(Fault.RESET, times=3)
    assert switches.on == {Fault.ALERT: None, Fault.RESET: 3}
    switches.clear()
    assert switches.on == {}
    assert switches.take() == frozenset()


def test_less_than_one_time_is_refused() -> None:
    with pytest.raises(ValueError, match="got 0, want 1 or more"):
        Switches(Fault).switch_on(Fault.ALERT, times=0)


def test_a_fault_does_not_close_the_door_to_other_connections(
    site: ReplaySite, visitor: Visitor, url: str
) -> None:
    site.switch_on(Fault.HANG, times=1)
    with socket.create_connection(("127.0.0.1", urlsplit(url).port or 0), timeout=5) as hanging:
        hanging.sendall(b"GET /sdw/search/mutualmarket.aspx?t=hk HTTP/1.1\r\nHost: x\r\n\r\n")
        waited_for_request(site)
        assert visitor.look().status == 200
