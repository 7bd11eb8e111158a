"""The page over HTTP: which date comes back, what counts as pressing the button, and the record of it all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from http.client import HTTPConnection
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest

from replay.faults import Fault
from replay.figures import Day
from replay.serving import page_address, serving
from replay.site import ReplaySite
from replay.visitor import Answer, Visitor
from replay.wording import GENERATIONS, INVALID_DATE, Generation

FRIDAY = date(2026, 2, 27)
MONDAY = date(2026, 3, 2)


def figures(answer: Answer) -> list[tuple[int, str, int, str]]:
    return [
        (int(code), name, int(shares.replace(",", "")), percent.removesuffix("%"))
        for code, name, shares, percent in answer.rows
    ]


def expected(day: Day) -> list[tuple[int, str, int, str]]:
    return [(row.code, row.name, row.shares, row.percent) for row in day.rows]


def assert_refused(answer: Answer) -> None:
    assert (answer.status, answer.heading, answer.rows) == (200, None, [])
    assert answer.fields["alertMsg"] == INVALID_DATE


def test_a_plain_look_shows_the_newest_list_whole(site: ReplaySite, visitor: Visitor) -> None:
    answer = visitor.look()
    assert answer.heading == "Shareholding Date: 2026/02/27"
    assert figures(answer) == expected(site.truth(FRIDAY))
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("generation", GENERATIONS)
def test_a_business_day_gives_that_day(site: ReplaySite, visitor: Visitor, generation: Generation) -> None:
    site.generation = generation
    answer = visitor.search(date(2026, 2, 16))
    assert answer.heading == "Shareholding Date: 2026/02/16"
    assert figures(answer) == expected(site.truth(date(2026, 2, 16)))


@pytest.mark.parametrize(
    ("asked", "label", "session"),
    [
        pytest.param("2026-02-28", "2026/02/28", "2026-02-27", id="Saturday"),
        pytest.param("2026-03-01", "2026/02/28", "2026-02-27", id="Sunday"),
        pytest.param("2026-02-18", "2026/02/16", "2026-02-16", id="public holiday"),
    ],
)
def test_a_day_without_trading_gives_what_the_rule_says_under_the_rules_label(
    site: ReplaySite, visitor: Visitor, asked: str, label: str, session: str
) -> None:
    site.today = MONDAY
    answer = visitor.search(date.fromisoformat(asked))
    assert answer.heading == f"Shareholding Date: {label}"
    assert figures(answer) == expected(site.truth(date.fromisoformat(session)))
    assert answer.fields["txtShareholdingDate"] == asked.replace("-", "/")


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param("2026/02/28", id="today"),
        pytest.param("2026/03/02", id="tomorrow"),
        pytest.param("2025/12/31", id="before the first day there is"),
        pytest.param("2026/01/01", id="a holiday before the first day"),
        pytest.param("yesterday", id="no date"),
        pytest.param("", id="nothing"),
    ],
)
def test_other_dates_give_the_alert_and_no_panel(visitor: Visitor, asked: str) -> None:
    answer = visitor.search(asked)
    assert_refused(answer)
    assert answer.fields["txtShareholdingDate"] == asked


def test_a_day_of_thirteen_months_ago_gives_the_alert() -> None:
    site = ReplaySite(invented=300, today=date(2027, 2, 10))
    with serving(site) as url, Visitor(url) as visitor:
        assert_refused(visitor.search(date(2026, 2, 9)))
        assert visitor.search(date(2026, 2, 10)).heading == "Shareholding Date: 2026/02/10"


def test_a_day_that_is_not_out_yet_gives_the_alert_and_so_does_its_saturday(
    site: ReplaySite, visitor: Visitor
) -> None:
    site.hold_back, site.today = True, MONDAY
    assert_refused(visitor.search(FRIDAY))
    assert_refused(visitor.search(date(2026, 2, 28)))
    assert visitor.look().heading == "Shareholding Date: 2026/02/26"


def test_a_new_day_can_be_had_once_the_site_has_moved_on(site: ReplaySite, visitor: Visitor) -> None:
    page = visitor.look()
    assert_refused(visitor.search(MONDAY, page))
    site.move_on()
    answer = visitor.search(MONDAY, page)
    assert figures(answer) == expected(site.truth(MONDAY))
    assert answer.fields["today"] == "20260303"


def test_a_plain_look_can_be_made_to_give_what_yesterday_would(site: ReplaySite, visitor: Visitor) -> None:
    site.today, site.plain_get = MONDAY, "yesterday"
    answer = visitor.look()
    assert answer.heading == "Shareholding Date: 2026/02/28"
    assert figures(answer) == expected(site.truth(FRIDAY))


@pytest.mark.parametrize("generation", GENERATIONS)
@pytest.mark.parametrize("spoilt", ["button", "__VIEWSTATE", "__EVENTVALIDATION"])
def test_a_form_without_its_button_or_its_state_is_a_plain_look(
    site: ReplaySite, visitor: Visitor, generation: Generation, spoilt: str
) -> None:
    site.generation = generation
    page = visitor.look()
    pressed = {"__EVENTTARGET": "btnSearch"} if generation == "current" else {"btnSearch": "Search"}
    fields = page.fields | {"txtShareholdingDate": "2026/02/16"}
    if spoilt == "button":
        answer = visitor.submit(page, fields)
    else:
        answer = visitor.submit(page, fields | pressed | {spoilt: "of another page"})
    ignored = generation == "current" and spoilt == "__EVENTVALIDATION"
    assert answer.heading == f"Shareholding Date: 2026/02/{16 if ignored else 27}"


def test_a_form_sent_in_parts_is_read_like_any_other(visitor: Visitor, url: str) -> None:
    fields = visitor.look().fields | {"txtShareholdingDate": "2026/02/16", "__EVENTTARGET": "btnSearch"}
    parts = "".join(
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    kind = {"Content-Type": "multipart/form-data; boundary=edge"}
    connection.request("POST", urlsplit(url).path, f"{parts}--edge--\r\n", kind)
    body = connection.getresponse().read()
    connection.close()
    assert b"Shareholding Date: 2026/02/16" in body


def test_the_chinese_twin_has_the_same_figures_under_chinese_names(site: ReplaySite, url: str) -> None:
    site.today = MONDAY
    chinese_url = page_address(f"http://{urlsplit(url).netloc}", "zh")
    with Visitor(chinese_url) as visitor:
        answer = visitor.search(date(2026, 2, 28))
    assert answer.heading == "持股日期: 2026/02/28"
    assert answer.rows[0][1] == "長和"
    assert [row[2:] for row in figures(answer)] == [row[2:] for row in expected(site.truth(FRIDAY))]


def test_every_request_is_recorded_with_what_it_asked_for_and_what_it_got(
    site: ReplaySite, visitor: Visitor
) -> None:
    looked = visitor.look()
    visitor.search(date(2026, 2, 16), looked)
    site.switch_on(Fault.UNAVAILABLE)
    visitor.look()
    visitor.look()
    first, second, third = site.requests[:3]
    assert (first.method, first.asked, first.language) == ("GET", None, "en")
    assert (first.status, first.sent) == (200, len(looked.body))
    assert (second.method, second.asked) == ("POST", date(2026, 2, 16))
    assert third.status == 503
    assert first.began < first.ended < second.began < second.ended


def test_one_client_asks_one_at_a_time_with_gaps_between(site: ReplaySite, visitor: Visitor) -> None:
    assert site.smallest_gap is None
    for _ in range(3):
        visitor.look()
    assert site.most_at_once == 1
    assert site.smallest_gap is not None
    assert site.smallest_gap > 0


def test_several_at_once_are_counted_and_have_no_gap(site: ReplaySite, url: str) -> None:
    site.latency = 0.2

    def look(_: int) -> int:
        with urlopen(url, timeout=10) as answer:
            return len(answer.read())

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(look, range(3)))
    assert site.most_at_once == 3
    assert site.smallest_gap is not None
    assert site.smallest_gap < 0


def test_an_answer_takes_the_latency_it_was_given(site: ReplaySite, visitor: Visitor) -> None:
    site.latency = 0.15
    visitor.look()
    (request,) = site.requests
    assert request.ended - request.began >= 0.15


def test_a_day_that_was_shown_before_is_answered_at_once(site: ReplaySite, visitor: Visitor) -> None:
    for _ in range(10):
        visitor.look()
    # The least of them: on a busy machine any single one may have to wait.
    assert min(request.ended - request.began for request in site.requests) < 0.05
