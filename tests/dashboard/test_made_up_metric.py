"""A metric more is a row more: what the rest of the product makes of one that nobody has heard of."""

import csv
import io
from collections.abc import Callable, Mapping
from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from southbound.mail.content import report
from southbound.mail.content.render import rendered
from southbound.market.adjustments.detection import adjustment_events
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import METRICS, Metric
from southbound.presentation import formatting
from southbound.presentation.links import Links
from southbound.queries import export
from southbound.queries.figures import Figures
from southbound.queries.market_view import MarketView
from southbound.queries.store_watcher import DataVersion
from tests import by_hand
from tests.dashboard.reading import address, bar_codes, chart, choose, numbers, rows, text

NEWEST, DAY_BEFORE, FIVE_BEFORE = date(2026, 2, 27), date(2026, 2, 26), date(2026, 2, 20)


@pytest.fixture(autouse=True)
def dozens(monkeypatch: pytest.MonkeyPatch) -> Metric:
    made_up = Metric(
        key="doz",
        name="Dozens",
        label="dozens of shares",
        unit_in_files="dozens, by count",
        change=lambda both: (both.new_shares - both.old_shares) / 12,
        suffix=" doz",
        decimals=1,
    )
    monkeypatch.setitem(METRICS, "doz", made_up)
    return made_up


def dozens_by_hand(old: date) -> dict[int, float]:
    return {code: shares / 12 for code, shares in by_hand.changes("shares", old, NEWEST).items()}


@pytest.mark.usefixtures("filled")
def test_the_page_offers_it_draws_it_and_writes_it_in_table_and_address(
    open_page: Callable[..., AppTest],
) -> None:
    page = choose(open_page(kind="all"), "metric", "doz")

    offered = ["% change", "Shares", "% points", ":gray[HK$]", "Dozens"]
    assert page.segmented_control(key="metric").options == offered
    assert "10 largest rises in dozens of shares" in text(page)
    assert "Dozens of shares, Fri 27 Feb 2026 against Fri 20 Feb 2026" in text(page)
    bars = chart(page, 0)["data"][0]
    rises = [(code, shares / 12) for code, shares in by_hand.largest("shares", FIVE_BEFORE, NEWEST)[0][:10]]
    codes = [code for code, _ in rises]
    assert bar_codes(page) == codes
    assert numbers(bars["x"]) == pytest.approx([change for _, change in rises])
    assert bars["text"] == [f"+{change:,.1f} doz" for _, change in rises]
    shown = {
        int(row["Code"]): row["Dozens, 5 days"]
        for row in rows(choose(page, "find", " ".join(map(str, codes[:6]))))
    }
    assert shown == {code: f"+{change:,.1f} doz" for code, change in rises[:6]}
    assert address(page)["metric"] == "doz"
    assert bar_codes(open_page(metric="doz", kind="all")) == bar_codes(page)


@pytest.mark.usefixtures("dozens")
def test_the_files_have_it_under_its_unit(recorded: Mapping[date, DailyHoldings]) -> None:
    history = History.of(recorded.values())
    view = MarketView(Figures(DataVersion(0, 1), history, (), adjustment_events(history)), {})

    written = export.as_csv(view.sheet(NEWEST, None)).decode("utf-8-sig")

    heading, *rows = csv.reader(io.StringIO(written))
    at = heading.index("Dozens, 1 day: 2026-02-27 against 2026-02-26")
    expected = dozens_by_hand(DAY_BEFORE)
    shown = {int(row[0]): float(row[at]) for row in rows if row[at]}
    assert {code: shown[code] for code in expected} == pytest.approx(expected, abs=0.0001)


def test_a_section_of_the_mail_can_rank_by_it(
    dozens: Metric, recorded: Mapping[date, DailyHoldings], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(report, "SECTIONS", ((1, dozens),))

    mail = rendered(
        report.report(History.of(recorded.values()), NEWEST), Links("https://example.org", NEWEST)
    )

    largest = max(dozens_by_hand(DAY_BEFORE).values())
    assert "1 day, dozens of shares" in mail.text
    assert formatting.change(dozens, largest) == f"+{largest:,.1f} doz"
    assert f"+{largest:,.1f} doz" in mail.text
    assert f"+{largest:,.1f} doz" in mail.html
    assert list(mail.pictures) == ["movers-1.png"]
