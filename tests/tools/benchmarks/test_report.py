"""What a benchmark prints."""

import json

from tools.benchmarks.figures import Figure
from tools.benchmarks.orders import Growth
from tools.benchmarks.report import as_json, growth_table, line, table

ONE_DATE = Figure(
    name="one date", value=0.05, runs=9, floor=0.02, floor_name="HTTP", limit=0.08, ratio_limit=2
)
READ = Growth(name="history read", over="days", values={60: 0.06, 2500: 2.5})
PARSED = Growth(name="page read", over="stocks", values={900: 0.02, 9000: 2.0})


def test_the_table_has_a_line_for_each_figure() -> None:
    heads, rule, first, second, third = table(
        [
            ONE_DATE,
            Figure(name="a year", value=12.3456),
            Figure(name="ten years", value=1234.5, unit="MB", limit=2000),
        ]
    ).splitlines()

    assert heads.split() == ["figure", "ours", "runs", "floor", "or", "rival", "times", "limit"]
    assert set(rule) == {"-"}
    assert first.split() == [
        *("one", "date", "0.0500", "s", "9", "0.0200", "s", "HTTP", "2.5"),
        *("0.08", "s,", "2", "times", "FAIL"),
    ]
    assert second.split() == ["a", "year", "12.35", "s", "1"]
    assert third.split() == ["ten", "years", "1,234.50", "MB", "1", "2000", "MB", "pass"]


def test_growth_has_a_block_for_each_thing_that_there_is_more_of() -> None:
    days, stocks = growth_table([READ, PARSED]).split("\n\n")

    assert [row.split() for row in days.splitlines()[::2]] == [
        ["over", "days", "60", "2,500", "order", "limit"],
        ["history", "read", "0.0600", "s", "2.50", "s", "n^1.00", "n^1.3", "pass"],
    ]
    assert [row.split() for row in stocks.splitlines()[::2]] == [
        ["over", "stocks", "900", "9,000", "order", "limit"],
        ["page", "read", "0.0200", "s", "2.00", "s", "n^2.00", "n^1.3", "FAIL"],
    ]


def test_without_growth_there_is_no_second_table() -> None:
    assert not growth_table([])


def test_whoever_waits_sees_a_line_for_each() -> None:
    assert line(ONE_DATE) == "one date: 0.0500 s, beside 0.0200 s HTTP"
    assert line(Figure(name="a year", value=12.3456)) == "a year: 12.35 s"
    assert line(READ) == "history read, over days: n^1.00"


def test_what_takes_microseconds_is_not_nothing() -> None:
    assert line(Figure(name="two rows", value=0.0000065)) == "two rows: 6.5e-06 s"


def test_a_program_reads_the_same() -> None:
    read = json.loads(as_json([ONE_DATE], [READ]))

    [figure], [growth] = read["figures"], read["growth"]
    assert (figure["name"], figure["value"], figure["runs"]) == ("one date", 0.05, 9)
    assert (figure["ratio"], figure["passed"]) == (2.5, False)
    assert (growth["values"], growth["passed"]) == ({"60": 0.06, "2500": 2.5}, True)
    assert round(growth["order"], 2) == 1
