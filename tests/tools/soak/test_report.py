"""What a run prints, and its JSON."""

import json

from tools.soak.recovery import Tally
from tools.soak.report import MOST_SHOWN, Check, Report

TALLIES = {
    "store killed": Tally(made=3, survived=3, longest=4.25),
    "site: 503": Tally(made=5, survived=4, lost=1, missed=2, longest=1.0),
}


def test_it_names_each_kind_with_its_counts_and_adds_them_up() -> None:
    lines = Report(7, 660.0, TALLIES, []).lines()

    assert [line.split() for line in lines if line.startswith(("store", "site", "all"))] == [
        ["store", "killed", "3", "3", "0", "0", "4.2", "s"],
        ["site:", "503", "5", "4", "1", "2", "1.0", "s"],
        ["all", "faults", "8", "7", "1", "2", "4.2", "s"],
    ]


def test_it_passes_if_no_check_found_anything() -> None:
    report = Report(7, 660.0, TALLIES, [Check("every session is stored", (), "40 days")])

    assert report.passed
    assert "every session is stored  ok  40 days" in report.lines()
    assert report.lines()[-1] == "seed 7, 660 s: nothing was lost"


def test_it_fails_with_what_a_check_found_but_does_not_flood_the_terminal() -> None:
    problems = [f"day {n} is not stored" for n in range(MOST_SHOWN + 5)]
    report = Report(7, 660.0, {}, [Check.of("every session is stored", problems)])

    lines = report.lines()

    assert not report.passed
    assert any(line.startswith("every session is stored") and "FAIL" in line for line in lines)
    assert "    day 0 is not stored" in lines
    assert "    and 5 more" in lines
    assert f"    day {MOST_SHOWN} is not stored" not in lines
    assert lines[-1] == "seed 7, 660 s: FAIL"


def test_the_json_has_all_of_it() -> None:
    problems = tuple(f"day {n} is not stored" for n in range(20))
    report = Report(7, 660.04, TALLIES, [Check("every session is stored", problems, "0 days")])

    told = json.loads(report.as_json())

    assert (told["seed"], told["seconds"], told["passed"]) == (7, 660.0, False)
    assert told["faults"]["site: 503"] == {
        "made": 5,
        "missed": 2,
        "survived": 4,
        "lost": 1,
        "longest": 1.0,
    }
    [check] = told["checks"]
    assert (check["passed"], len(check["problems"])) == (False, 20)
