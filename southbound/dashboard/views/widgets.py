"""What the cards of the page are made of, and those at its top."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from southbound.dashboard.charts import palette
from southbound.dashboard.views.markdown import plain
from southbound.dashboard.views.notices import Notice
from southbound.market.changes import Changes
from southbound.market.day_in_money import Money
from southbound.market.kinds import KindChoice
from southbound.market.ranking import Mover, rank
from southbound.presentation import formatting
from southbound.presentation.messages import gettext
from southbound.presentation.view_state import ViewState

MOST_CARDS, CARD_WIDTH = 6, 148
"""In a row, and the least in pixels: six fit beside each other on a laptop, two on a telephone."""


class _Look(NamedTuple):
    """Of what stands beside a figure."""

    colour: Literal["green", "red", "off"]
    arrow: Literal["up", "down", "off"]


_PLAIN = _Look("off", "off")

MODEBAR = {"displayModeBar": False}


def show(notice: Notice) -> None:
    """A message instead of figures, or above them."""
    box = {"info": st.info, "warning": st.warning, "error": st.error}[notice.kind]
    icon = {"info": ":material/info:", "warning": ":material/warning:", "error": ":material/error:"}[
        notice.kind
    ]
    box(f"**{plain(notice.title)}**  \n{plain(notice.what_next)}", icon=icon)


def title(text: str, *below: str) -> None:
    """What a card shows, and what it compares."""
    st.header(plain(text), anchor=False)
    said = gettext("; ").join(part for part in below if part)
    if said:
        st.caption(plain(said[:1].upper() + said[1:]))


def as_table(key: str) -> ExpanderContainer:
    """Below a chart, where its figures are read; what is in it is drawn when it is open."""
    return st.expander(gettext("As a table"), key=f"{key}_table", icon=":material/table:", on_change="rerun")


def key_figures(changes: Changes, chosen: ViewState, money: Money | None = None) -> None:
    """Equal cards in one row: the list, its breadth, its two extremes; and what is known in HK$."""
    breadth = changes.breadth()
    extremes = rank(changes, chosen.metric, 1, chosen.floors)
    on_both = len(changes.codes)
    untold = f", {breadth.suspect} cannot be told" if breadth.suspect else ""
    listed = {KindChoice.SHARES: "Shares", KindChoice.FUNDS: "Funds", KindChoice.ALL: "Stocks"}[chosen.kind]
    cards = 4 if money is None else MOST_CARDS
    with st.grid(cards, min_column_width=CARD_WIDTH, gap="xsmall", border=True, key="figures"):
        _key_figure(
            f"{listed} on the list",
            f"{on_both + breadth.added:,}",
            f"{breadth.added} added, {breadth.removed} gone",
            f"{on_both + breadth.removed:,} on {formatting.day(changes.pair.old)}",
        )
        _key_figure(
            "Rose / fell",
            f"{breadth.rose:,} / {breadth.fell:,}",
            f"{breadth.unchanged:,} unchanged",
            f"of {on_both:,} on both lists{untold}",
        )
        _extreme("Largest rise", extremes.top, breadth.rose, chosen)
        _extreme("Largest fall", extremes.bottom, breadth.fell, chosen)
        if money is not None:
            _money_figures(money)


def _money_figures(money: Money) -> None:
    """What was bought by the date, by us and by the exchange; what all of it is worth, and is on its way."""
    newest, worth = money.newest, money.valuation
    if newest is not None:
        trades = formatting.trades(newest.trades)
        _key_figure(
            "Net buying",
            formatting.net_buying(newest.ours),
            f"gap {formatting.net_buying(newest.gap)}",
            f"official {formatting.net_buying(newest.official)}, {trades}",
            more=f"{newest.unpriced} not priced. Official: HKEX, both channels"
            + (", of the same days" if newest.trades.sessions else ""),
        )
    days = ", ".join(formatting.day(session) for session, _ in money.on_the_way)
    on_its_way = sum(bought for _, bought in money.on_the_way) if days else math.nan
    if 0 < worth.stale < worth.priced:
        closes = f"At the close of {formatting.day(money.day)}; {worth.stale} at an older one"
    else:
        closes = f"At the last close {'before' if worth.stale else 'of'} {formatting.day(money.day)}"
    _key_figure(
        "Market value",
        formatting.money(worth.total),
        f"{worth.priced} of {worth.listed} priced",
        f"on its way {formatting.net_buying(on_its_way)}",
        more=f"{closes}. On its way: "
        + (f"traded on {days}; no holding shows it yet" if days else "no turnover of later days is stored"),
    )


def _extreme(label: str, ranked: Sequence[Mover], moved: int, chosen: ViewState) -> None:
    if not ranked:
        none = "No price is known" if chosen.metric.needs_prices and moved else "No holding moved that way"
        _key_figure(label, formatting.NONE, "none", none)
        return
    mover = ranked[0]
    change, code = formatting.change(chosen.metric, mover.change), formatting.code(mover.code)
    rises = mover.change > 0
    look = _Look(palette.side_name(rises=rises, red_up=chosen.red_up), "up" if rises else "down")
    _key_figure(label, change, code, formatting.short_name(mover.name), look)


def _key_figure(  # noqa: PLR0913, PLR0917 - what a card has
    label: str, figure: str, beside: str, below: str, look: _Look = _PLAIN, more: str = ""
) -> None:
    # The last line is no part of the metric, which would cut it off instead of breaking it.
    with st.container(gap=None):
        st.metric(
            label,
            figure,
            beside,
            delta_color=look.colour,
            delta_arrow=look.arrow,
            help=plain(more) if more else None,
        )
        st.caption(plain(below))
