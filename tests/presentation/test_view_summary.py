"""What is chosen, in a line."""

from datetime import date

import pytest

from southbound.market.kinds import KindChoice
from southbound.market.metrics import PERCENT, SHARES
from southbound.market.windows import Pair
from southbound.presentation.view_state import Period, Scope, ViewState
from southbound.presentation.view_summary import view_summary

LABELS = {700: "00700 TENCENT", 5: "00005 HSBC"}
WEEK = Pair(date(2026, 2, 20), date(2026, 2, 27), 5)
CHOSEN = Pair(date(2026, 1, 5), date(2026, 2, 27))


@pytest.mark.parametrize(
    ("chosen", "dates", "said"),
    [
        (
            ViewState(metric=SHARES, stock=5, period=Period.YEAR),
            WEEK,
            "10 largest rises in shares (5 days, since Fri 20 Feb 2026), without funds · 00005 HSBC, 1 year",
        ),
        (
            ViewState(
                scope=Scope.BOTTOM5, window=None, metric=PERCENT, kind=KindChoice.FUNDS, period=Period.ALL
            ),
            CHOSEN,
            (
                "5 largest falls in % change of the holding (since Mon 5 Jan 2026), funds alone · "
                "00700 TENCENT, all sessions"
            ),
        ),
        (
            ViewState(scope=Scope.BOTH10, metric=SHARES, kind=KindChoice.ALL, stock=9),
            WEEK,
            "10 largest rises and falls in shares (5 days, since Fri 20 Feb 2026), shares and funds",
        ),
        (
            ViewState(compare=(5, 9988), zoom=(date(2026, 1, 5), date(2026, 1, 9)), up=True),
            None,
            "00700 TENCENT compared with 00005 HSBC, 09988, Mon 5 Jan 2026 to Fri 9 Jan 2026 · red is up",
        ),
        (
            ViewState(stock=None, unknown="x", least=1_000_000, floor=0.5),
            None,
            "without holdings below 1,000,000 shares or 0.5%",
        ),
        (ViewState(stock=9), None, ""),
    ],
)
def test_a_line_says_what_is_shown(chosen: ViewState, dates: Pair | None, said: str) -> None:
    assert view_summary(chosen, dates, LABELS) == said
