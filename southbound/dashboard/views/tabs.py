"""What is below the charts, a part at a time: stocks, additions, mechanical moves, data status, mail."""

from collections.abc import Callable

import streamlit as st

from southbound.dashboard.views import controls, differences, status_card, stocks_card
from southbound.market.changes import Changes
from southbound.market.windows import Pair
from southbound.presentation.view import Tab, View
from southbound.queries.findings import Findings


def below(findings: Findings, chosen: View, changes: Changes | None, dates: Pair | None) -> None:
    """The part that is chosen. The others are not even reckoned."""
    with st.container(border=True):
        controls.choose_tab()
        match chosen.tab:
            case Tab.STOCKS:
                stocks_card.all_stocks(findings, chosen, dates)
            case Tab.LIST:
                _compared(changes, differences.additions_and_removals)
            case Tab.MECHANICAL:
                _compared(changes, differences.mechanical_moves)
            case Tab.DATA:
                status_card.data_status(findings.figures)
            case Tab.MAIL:
                from southbound.dashboard.views import mail_card  # noqa: PLC0415 - only who looks at it waits for it

                mail_card.newest_mail()


def _compared(changes: Changes | None, draw: Callable[[Changes], None]) -> None:
    if changes is None:
        st.caption("There are no two dates to compare yet.")
    else:
        draw(changes)
