"""The mail of a day whose prices are known begins with the money."""

from collections.abc import Mapping
from datetime import date

import pytest

from southbound.mail.content.render import rendered
from southbound.mail.content.report import Report, report
from southbound.mail.content.summary import headline, summary
from southbound.market.companions import Companions
from southbound.market.daily_holdings import DailyHoldings
from southbound.market.history import History
from southbound.market.metrics import MONEY, POINTS, SHARES
from southbound.presentation import formatting
from southbound.presentation.links import Links
from tests import by_hand, money_by_hand

NEWEST, DAY_BEFORE = date(2026, 2, 27), date(2026, 2, 26)


@pytest.fixture(scope="module")
def history(recorded: Mapping[date, DailyHoldings]) -> History:
    return History.of(recorded.values())


@pytest.fixture(scope="module")
def written(history: History) -> Report:
    companions = Companions(money_by_hand.prices(), money_by_hand.turnover())
    return report(history, NEWEST, companions=companions)


def test_the_summary_begins_with_what_was_bought_and_what_is_on_its_way(written: Report) -> None:
    assert summary(written)[0] == (
        "Mainland investors sold Hong Kong stocks for HK$3.00B net, in trades of Wed 25 Feb 2026. 142 stocks "
        "moved without a price and are no part of it. The exchange's own figure for these trades is "
        f"{formatting.MINUS}HK$4.06B. On its way, and shown by no holding yet: +HK$7.63B of Thu 26 Feb 2026 "
        "and Fri 27 Feb 2026."
    )


def test_the_largest_moves_are_in_money_instead_of_shares(written: Report) -> None:
    rises, falls = (
        [mover for mover in movers if mover[0] not in by_hand.funds()]
        for movers in money_by_hand.largest(DAY_BEFORE, NEWEST)
    )

    assert [section.metric for section in written.sections] == [MONEY, POINTS, POINTS]
    assert [mover.code for mover in written.sections[0].movers.top] == [code for code, _ in rises[:5]]
    assert [mover.code for mover in written.sections[0].movers.bottom] == [code for code, _ in falls[:5]]
    assert f"Most money went into {rises[0][0]:05d}" in summary(written)[2]
    assert "HK$" in headline(written)
    mail = rendered(written, Links(None, NEWEST))
    assert "1 day, HK$ of net buying" in mail.text
    assert "Mainland investors sold Hong Kong stocks for HK$3.00B net" in mail.html


def test_with_official_turnover_alone_that_is_told_and_shares_stay(history: History) -> None:
    told = report(history, NEWEST, companions=Companions(official=money_by_hand.turnover()))

    assert summary(told)[0].startswith(
        "The exchange's own figure for the trades of Wed 25 Feb 2026 is "
        f"{formatting.MINUS}HK$4.06B net. On its way"
    )
    assert told.sections[0].metric is SHARES


def test_where_nothing_is_known_in_money_the_mail_is_as_before(history: History) -> None:
    assert report(history, NEWEST).money is None
    assert summary(report(history, NEWEST))[0].startswith("Mainland investors held 878 Hong Kong stocks")
