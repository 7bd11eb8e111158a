"""What is below the charts, a part at a time: stocks, additions, mechanical moves, data status, mail."""

from collections.abc import Callable, Sequence
from functools import partial

import pandas as pd
import streamlit as st

from southbound import sentences, wording
from southbound.changes import Changes, Metric, Pair, Stake
from southbound.dashboard import cards, controls, export, palette, status_card
from southbound.dashboard.address import Tab, View
from southbound.dashboard.findings import Findings
from southbound.dashboard.listing import Listing, heading
from southbound.moves import Kind

ROWS_AT_ONCE = 8
"""Of a table; more of them scroll inside its card."""

TABLE_HEIGHT = 431
"""Twelve rows in full."""


_FORMATS = {Metric.PERCENT: "%+.2f%%", Metric.SHARES: "localized", Metric.POINTS: "%+.2f pp"}
"""How the table writes a change."""


def below(findings: Findings, chosen: View, changes: Changes | None, dates: Pair | None) -> None:
    """The part that is chosen. The others are not even reckoned."""
    with st.container(border=True):
        controls.choose_tab()
        match chosen.tab:
            case Tab.STOCKS:
                _all_stocks(findings, chosen, dates)
            case Tab.LIST:
                _compared(changes, _additions_and_removals)
            case Tab.MECHANICAL:
                _compared(changes, _mechanical_moves)
            case Tab.DATA:
                status_card.data_status(findings.figures)
            case Tab.MAIL:
                from southbound.dashboard import mail_tab  # noqa: PLC0415 - only who looks at it waits for it

                mail_tab.newest_mail()


def _compared(changes: Changes | None, draw: Callable[[Changes], None]) -> None:
    if changes is None:
        st.caption("There are no two dates to compare yet.")
    else:
        draw(changes)


def _all_stocks(findings: Findings, chosen: View, dates: Pair | None) -> None:
    day = chosen.day or findings.history.dates[-1]
    listing = findings.listing(day, chosen.metric, dates)
    against = ", ".join(f"{wording.day(pair.old)} ({heading(pair)})" for pair in listing.changes)
    cards.title(
        f"All stocks on {wording.day(day)}",
        f"{wording.METRIC_LABELS[chosen.metric]}, against {against}" if against else "",
        "a click on a row shows its trend",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        controls.find_in_table()
        _download("CSV", listing, export.as_csv, "text/csv", "csv")
        excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        _download("Excel", listing, export.as_excel, excel, "xlsx")
    rows = listing.found(chosen.find)
    if not rows.size:
        st.caption(f"No stock on this list has “{cards.plain(chosen.find)}” in its code or name.")
        return
    changed = st.column_config.NumberColumn(format=_FORMATS[chosen.metric])
    st.dataframe(
        listing.table(rows),
        key="listing",
        height=TABLE_HEIGHT,
        hide_index=True,
        placeholder="",
        on_select=partial(_select_row, listing.codes[rows].tolist()),
        selection_mode="single-cell",
        column_config={
            "Code": st.column_config.NumberColumn(format="%05d", width=70, pinned=True),
            "Name": st.column_config.TextColumn(width=320),
            "Shares": st.column_config.NumberColumn(format="localized"),
            "Stake": st.column_config.NumberColumn(format="%.2f%%", width="small"),
            **{heading(pair): changed for pair in listing.changes},
            "Streak": st.column_config.NumberColumn(
                format="%+d", width="small", help="Sessions in a row in which the holding rose or fell"
            ),
            "Trend": st.column_config.LineChartColumn(
                help="Shares held on the last 30 stored days", color=palette.ACCENT
            ),
        },
        alt="All stocks on the list",
    )


def _select_row(codes: Sequence[int]) -> None:
    cells = st.session_state["listing"].selection.cells
    if cells:
        controls.select(codes[cells[0][0]])


def _download(
    label: str, listing: Listing, write: Callable[[Listing], bytes], mime: str, ending: str
) -> None:
    st.download_button(
        label,
        # Written when it is clicked, not on every rerun.
        partial(write, listing),
        export.file_name(listing, ending),
        mime,
        key=f"download_{ending}",
        icon=":material/download:",
        on_click="ignore",
    )


def _additions_and_removals(changes: Changes) -> None:
    new, old = wording.day(changes.pair.new), wording.day(changes.pair.old)
    added, removed = st.columns(2)
    with added:
        cards.title("Added to the list", f"On the list of {new}, not on that of {old}")
        _stakes(changes.added)
    with removed:
        cards.title(
            "Gone from the list", f"On the list of {old}, not on that of {new}; that does not mean sold"
        )
        _stakes(changes.removed)


def _stakes(stakes: Sequence[Stake]) -> None:
    if not stakes:
        st.caption("None.")
        return
    _table(
        {
            "Code": [wording.code(stake.code) for stake in stakes],
            "Name": [cards.plain(stake.name) for stake in stakes],
            "Shares": [wording.shares(stake.shares) for stake in stakes],
            "Stake": [wording.percent(stake.percent) for stake in stakes],
            "Seen": [
                f"{wording.day(stake.first_seen)} to {wording.day(stake.last_seen)}" for stake in stakes
            ],
        }
    )


def _mechanical_moves(changes: Changes) -> None:
    cards.title(
        "Mechanical moves",
        "What changed figures without anybody buying or selling",
        wording.compared(changes.pair),
        "changes are adjusted for them; what cannot be told is not ranked",
    )
    # The many updates of the issued shares stand last.
    moves = sorted(changes.moves, key=lambda move: (move.kind is Kind.NEW_BASE, move.day, move.code))
    if not moves:
        st.caption("None.")
        return
    _table(
        {
            "Date": [wording.day(move.day) for move in moves],
            "What": [sentences.MOVE_NAMES[move.kind] for move in moves],
            "Evidence": [cards.plain(sentences.mechanical(move)) for move in moves],
        }
    )


def _table(columns: dict[str, list[str]]) -> None:
    rows = len(next(iter(columns.values())))
    with st.container(height=360 if rows > ROWS_AT_ONCE else "content", border=False):
        st.table(pd.DataFrame(columns), border="horizontal", hide_index=True)
