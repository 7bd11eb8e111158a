"""The card of all stocks: the table, a search in it, and its downloads."""

from collections.abc import Callable, Sequence
from functools import partial

import pyarrow as pa
import streamlit as st

from southbound.dashboard.charts import palette
from southbound.dashboard.state import session_state
from southbound.dashboard.views import controls, widgets
from southbound.dashboard.views.markdown import plain
from southbound.market.daily_holdings import Ints
from southbound.market.metrics import Metric
from southbound.market.windows import Pair
from southbound.presentation import formatting
from southbound.presentation.view_state import ViewState
from southbound.queries import export
from southbound.queries.market_view import MarketView
from southbound.queries.stock_table import StockTable, heading

TABLE_HEIGHT = 431
"""Twelve rows in full."""


def all_stocks(market_view: MarketView, chosen: ViewState, dates: Pair | None) -> None:
    """All stocks on the list of the chosen day, or those that are searched for."""
    day = market_view.shown_day(chosen.day)
    listing = market_view.stock_table(day, chosen.metric, dates)
    against = ", ".join(f"{formatting.day(pair.old)} ({heading(pair)})" for pair in listing.changes)
    widgets.title(
        f"All stocks on {formatting.day(day)}",
        f"{chosen.metric.label}, against {against}" if against else "",
        "a click on a row shows its trend",
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        controls.find_in_table()
        _download("CSV", listing, export.as_csv, "text/csv", "csv")
        excel = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        _download("Excel", listing, export.as_excel, excel, "xlsx")
    question = "rows", day, chosen.metric, dates, chosen.kind, chosen.find
    rows, table = market_view.once(question, lambda: _found(market_view, listing, chosen))
    if not rows.size:
        st.caption(f"No stock on this list has “{plain(chosen.find)}” in its code or name.")
        return
    changed = st.column_config.NumberColumn(format=_written(chosen.metric))
    st.dataframe(
        table,
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
            **{
                column.heading: st.column_config.NumberColumn(
                    format=column.written, width="small", help=column.in_files
                )
                for column in listing.money
            },
            "Streak": st.column_config.NumberColumn(
                format="%+d", width="small", help="Sessions in a row in which the holding rose or fell"
            ),
            "Trend": st.column_config.LineChartColumn(
                help="Shares held on the last 30 stored days", color=palette.ACCENT
            ),
        },
        alt="All stocks on the list",
    )


def _written(metric: Metric) -> str:
    """How the table writes a change, in the words of Streamlit."""
    suffix = metric.suffix.replace("%", "%%")
    if metric.needs_prices:
        return "compact"
    return f"%+.{metric.decimals}f{suffix}" if metric.decimals else "localized"


def _found(market_view: MarketView, listing: StockTable, chosen: ViewState) -> tuple[Ints, pa.Table]:
    rows = listing.found(chosen.find)
    rows = rows[market_view.kinds.chosen(chosen.kind, listing.codes, listing.names)[rows]]
    return rows, listing.table(rows)


def _select_row(codes: Sequence[int]) -> None:
    cells = st.session_state["listing"].selection.cells
    if cells:
        session_state.select(codes[cells[0][0]])


def _download(
    label: str, listing: StockTable, write: Callable[[StockTable], bytes], mime: str, ending: str
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
