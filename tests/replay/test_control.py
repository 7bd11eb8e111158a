"""The switches from outside the process."""

import json
from datetime import date
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from replay.faults import Fault
from replay.site import ReplaySite


def ask(url: str, method: str, path: str, body: str | None = None) -> tuple[int, dict[str, Any]]:
    connection = HTTPConnection(urlsplit(url).netloc, timeout=10)
    connection.request(method, path, body)
    response = connection.getresponse()
    answer = json.loads(response.read())
    connection.close()
    return response.status, answer


def order(url: str, **command: object) -> tuple[int, dict[str, Any]]:
    return ask(url, "POST", "/replay/control", json.dumps(command))


def test_the_state_tells_the_day_the_faults_and_the_counts(site: ReplaySite, url: str) -> None:
    site.switch_on(Fault.UNAVAILABLE, times=2)
    site.switch_on(Fault.ALERT)
    status, state = ask(url, "GET", "/replay/state")
    assert (status, state | {"files": None}) == (
        200,
        {
            "files": None,
            "today": "2026-02-28",
            "newest": "2026-02-27",
            "hold_back": False,
            "latency": 0.0,
            "generation": "current",
            "faults": {"503": 2, "alert": None},
            "requests": 0,
            "at_once": 0,
            "most_at_once": 0,
            "smallest_gap": None,
        },
    )


def test_faults_are_switched_on_and_off(site: ReplaySite, url: str) -> None:
    assert order(url, fault="503", times=2)[1]["faults"] == {"503": 2}
    assert order(url, fault="reset")[1]["faults"] == {"503": 2, "reset": None}
    assert order(url, clear="503")[1]["faults"] == {"reset": None}
    assert order(url, clear=True)[1]["faults"] == {}
    assert site.switches.on == {}


def test_the_day_is_moved_on_and_set(site: ReplaySite, url: str) -> None:
    assert order(url, move_on=True)[1]["newest"] == "2026-03-02"
    assert order(url, today="2026-02-16")[1]["newest"] == "2026-02-13"
    assert order(url, hold_back=True)[1]["newest"] == "2026-02-12"
    assert site.today == date(2026, 2, 16)


def test_the_latency_is_set(site: ReplaySite, url: str) -> None:
    assert order(url, latency=0.25)[1]["latency"] == 0.25
    assert site.latency == 0.25


@pytest.mark.parametrize(
    ("command", "complaint"),
    [
        ({"fault": "404"}, "fault: got '404', want one of reset, hang, cut_off, 403, 429"),
        ({"fault": ["reset"]}, "fault: got ['reset'], want one of"),
        ({"fault": "reset", "times": 0}, "times: got 0, want 1 or more"),
        ({"fault": "reset", "times": "two"}, "times: got 'two', want a whole number"),
        ({"clear": "everything"}, "clear: got 'everything', want one of"),
        ({"clear": False}, "clear: got False, want one of"),
        ({"move_on": 3}, "move_on: got 3, want true"),
        ({"today": "tomorrow"}, "today: got 'tomorrow', want YYYY-MM-DD"),
        ({"today": "2020-01-01"}, "today: got 2020-01-01, want a day after 2026-01-02"),
        ({"hold_back": "yes"}, "hold_back: got 'yes', want true or false"),
        ({"latency": -1}, "latency: got -1, want seconds, 0 or more"),
        ({"latency": "slow"}, "latency: got 'slow', want seconds"),
        ({"move_on": True, "clear": True}, "want an object with one of fault, clear, move_on"),
        ({"move_on": True, "twice": True}, "got twice beside move_on"),
        ({}, "got {}, want an object with one of fault, clear, move_on, today, hold_back, latency"),
        ([], "got [], want an object"),
    ],
)
def test_a_command_that_is_not_understood_names_what_was_expected_and_changes_nothing(
    site: ReplaySite, url: str, command: object, complaint: str
) -> None:
    status, answer = ask(url, "POST", "/replay/control", json.dumps(command))
    assert status == 400
    assert complaint in answer["error"]
    assert (site.today, site.hold_back, site.switches.on) == (date(2026, 2, 28), False, {})


def test_what_is_no_json_is_refused(url: str) -> None:
    status, answer = ask(url, "POST", "/replay/control", "move on!")
    assert (status, answer["error"][:15]) == (400, "body: want JSON")


def test_moving_on_beyond_the_figures_is_refused(site: ReplaySite, url: str) -> None:
    while site.published()[-1] != site.archive.sessions[-1]:
        site.move_on()
    status, answer = order(url, move_on=True)
    assert status == 400
    assert "no session has figures after" in answer["error"]


def test_the_files_have_a_state_and_switches_of_their_own(site: ReplaySite, url: str) -> None:
    order(url, fault="503", of="turnover", times=2)
    _, state = order(url, fault="other_date", of="quotations")

    assert state["faults"] == {}
    assert {
        name: state["files"][name] for name in ("evening", "quotations", "turnover", "short_positions")
    } == {
        "evening": False,
        "quotations": {"newest": "2026-02-27", "faults": {"other_date": None}, "requests": 0},
        "turnover": {"newest": "2026-02-27", "faults": {"503": 2}, "requests": 0},
        "short_positions": {"newest": "2026-02-20", "faults": {}, "requests": 0},
    }
    assert order(url, clear="503", of="turnover")[1]["files"]["turnover"]["faults"] == {}
    assert order(url, clear=True, of="quotations")[1]["files"]["quotations"]["faults"] == {}
    assert order(url, evening=True)[1]["files"]["evening"] is True
    assert site.official.evening


@pytest.mark.parametrize(
    ("command", "told"),
    [
        ({"fault": "alert", "of": "turnover"}, "fault: got 'alert', want one of reset"),
        ({"fault": "503", "of": "prices"}, "of: got 'prices', want one of quotations"),
        ({"evening": "yes"}, "evening: got 'yes', want true or false"),
        ({"evening": True, "of": "turnover"}, "got of beside evening"),
    ],
)
def test_what_the_files_do_not_have_is_refused(url: str, command: dict[str, object], told: str) -> None:
    status, answer = order(url, **command)

    assert status == 400
    assert told in answer["error"]
