"""What the cards of the page are made of, and those at its top."""

import math
from collections.abc import Sequence
from typing import Literal, NamedTuple

import streamlit as st
from streamlit.elements.lib.mutable_expander_container import ExpanderContainer

from southbound.common.language import local_name
from southbound.dashboard.charts import palette
from southbound.dashboard.views.markdown import plain
from southbound.dashboard.views.notices import Notice
from southbound.market.changes import Changes
from southbound.market.day_in_money import Money
from southbound.market.kinds import KindChoice
from southbound.market.ranking import Mover, rank
from southbound.presentation import formatting
from southbound.presentation.messages import gettext, gettext_noop
from southbound.presentation.view_state import ViewState

MOST_CARDS, CARD_WIDTH = 6, 148
"""In a row, and the least in pixels: six fit beside each other on a laptop, two on a telephone."""


class _Look(NamedTuple):
    """Of what stands beside a figure."""

    colour: Literal["green", "red", "off"]
    arrow: Literal["up", "down", "off"]


_PLAIN = _Look("off", "off")

_ON_THE_LIST = {
    KindChoice.SHARES: gettext_noop("Shares on the list"),
    KindChoice.FUNDS: gettext_noop("Funds on the list"),
    KindChoice.ALL: gettext_noop("Stocks on the list"),
}

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
    cards = 4 if money is None else MOST_CARDS
    with st.grid(cards, min_column_width=CARD_WIDTH, gap="xsmall", border=True, key="figures"):
        _key_figure(
            gettext(_ON_THE_LIST[chosen.kind]),
            f"{on_both + breadth.added:,}",
            gettext("{added} added, {removed} gone", added=breadth.added, removed=breadth.removed),
            gettext(
                "{count} on {day}",
                count=f"{on_both + breadth.removed:,}",
                day=formatting.day(changes.pair.old),
            ),
        )
        both = f"{on_both:,}"
        _key_figure(
            gettext("Rose / fell"),
            f"{breadth.rose:,} / {breadth.fell:,}",
            gettext("{count} unchanged", count=f"{breadth.unchanged:,}"),
            gettext("of {count} on both lists, {suspect} cannot be told", count=both, suspect=breadth.suspect)
            if breadth.suspect
            else gettext("of {count} on both lists", count=both),
        )
        _extreme(gettext("Largest rise"), extremes.top, breadth.rose, chosen)
        _extreme(gettext("Largest fall"), extremes.bottom, breadth.fell, chosen)
        if money is not None:
            _money_figures(money)


def _money_figures(money: Money) -> None:
    """What was bought by the date, by us and by the exchange; what all of it is worth, and is on its way."""
    newest, worth = money.newest, money.valuation
    if newest is not None:
        _key_figure(
            gettext("Net buying"),
            formatting.net_buying(newest.ours),
            gettext("gap {net}", net=formatting.net_buying(newest.gap)),
            gettext(
                "official {net}, {trades}",
                net=formatting.net_buying(newest.official),
                trades=formatting.trades(newest.trades),
            ),
            more=formatting.paragraph(
                (
                    gettext("{count} not priced.", count=newest.unpriced),
                    gettext("Official: HKEX, both channels, of the same days")
                    if newest.trades.sessions
                    else gettext("Official: HKEX, both channels"),
                )
            ),
        )
    days = formatting.listed(formatting.day(session) for session, _ in money.on_the_way)
    on_its_way = sum(bought for _, bought in money.on_the_way) if days else math.nan
    _key_figure(
        gettext("Market value"),
        formatting.money(worth.total),
        gettext("{priced} of {listed} priced", priced=worth.priced, listed=worth.listed),
        gettext("on its way {net}", net=formatting.net_buying(on_its_way)),
        more=formatting.paragraph(
            (
                _closes(money),
                gettext("On its way: traded on {days}; no holding shows it yet", days=days)
                if days
                else gettext("On its way: no turnover of later days is stored"),
            )
        ),
    )


def _closes(money: Money) -> str:
    """Of which days the prices are that the market value is computed with."""
    day, stale = formatting.day(money.day), money.valuation.stale
    if 0 < stale < money.valuation.priced:
        return gettext("At the close of {day}; {count} at an older one.", day=day, count=stale)
    if stale:
        return gettext("At the last close before {day}.", day=day)
    return gettext("At the last close of {day}.", day=day)


def _extreme(label: str, ranked: Sequence[Mover], moved: int, chosen: ViewState) -> None:
    if not ranked:
        is_unpriced = chosen.metric.needs_prices and moved
        none = gettext("No price is known") if is_unpriced else gettext("No holding moved that way")
        _key_figure(label, formatting.NONE, gettext("none"), none)
        return
    mover = ranked[0]
    change, code = formatting.change(chosen.metric, mover.change), formatting.code(mover.code)
    rises, name = mover.change > 0, local_name(mover.code, formatting.short_name(mover.name))
    look = _Look(palette.side_name(rises=rises, red_up=chosen.red_up), "up" if rises else "down")
    _key_figure(label, change, code, name, look)


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
