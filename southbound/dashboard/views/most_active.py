"""The ten most active stocks of each channel, as the exchange names them, each the way to its stock."""

from datetime import date

import streamlit as st

from southbound.dashboard.views import rows
from southbound.dashboard.views.rows import Cell, Heading, Row
from southbound.market.metrics import MONEY
from southbound.market.official_turnover import Channel
from southbound.presentation import formatting
from southbound.presentation.messages import gettext, gettext_noop
from southbound.presentation.view_state import ViewState
from southbound.queries.market_view import MarketView

CHANNELS = {Channel.SHANGHAI: gettext_noop("Shanghai"), Channel.SHENZHEN: gettext_noop("Shenzhen")}

HEIGHT = 330


def most_active(market_view: MarketView, day: date, chosen: ViewState) -> None:
    """Of the last trading day up to a date; nothing where the exchange's turnover is not stored."""
    official = market_view.companions.official
    known = [
        traded
        for traded, each in official.items()
        if traded <= day and any(channel.most_active for channel in each.channels)
    ]
    if not known:
        return
    traded = max(known)
    title = gettext("Most active southbound on {day}", day=formatting.day(traded))
    st.subheader(title, anchor=False)
    st.caption(gettext("By HKEX, for each channel alone; no holding shows the trades of the last days yet"))
    headings = [
        Heading("channel", gettext("Channel")),
        Heading("rank", gettext("Rank"), number=True),
        *rows.code_and_name(),
        Heading("bought", gettext("Net buying"), number=True),
        Heading("turnover", gettext("Turnover"), number=True),
    ]
    names = market_view.history.names
    lines = [
        Row(
            [
                Cell(gettext(CHANNELS[channel.channel])),
                Cell(str(rank)),
                Cell(formatting.code(stock.code)),
                rows.name(stock.code, formatting.short_name(names.get(stock.code, stock.name))),
                rows.change(formatting.change(MONEY, stock.buy - stock.sell), stock.buy - stock.sell),
                Cell(formatting.money(stock.buy + stock.sell)),
            ],
            stock.code if stock.code in names else None,
        )
        for channel in official[traded].channels
        for rank, stock in enumerate(channel.most_active, 1)
    ]
    rows.draw("most_active", title, headings, lines, chosen=chosen.stock, red_up=chosen.red_up, height=HEIGHT)
