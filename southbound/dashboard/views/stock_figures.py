"""The card of the chosen stock in figures; where stocks are compared, they stand beside it."""

from collections.abc import Callable, Sequence

import streamlit as st

from southbound.dashboard.views import notices, rows, widgets
from southbound.dashboard.views.markdown import plain
from southbound.dashboard.views.rows import Cell, Heading, Row
from southbound.market.adjustments.code_aliases import all_of, codes_of
from southbound.market.metrics import METRICS
from southbound.market.windows import WINDOWS, Pair
from southbound.presentation import formatting, phrases
from southbound.presentation.messages import gettext, ngettext
from southbound.presentation.screen_columns import change_key, under_heading
from southbound.presentation.view_state import ViewState
from southbound.queries.market_view import MarketView
from southbound.queries.stock_figures import Ranked, Run, StockFigures, stock_figures as figures_of


def stock_figures(market_view: MarketView, chosen: ViewState, dates: Pair | None) -> None:
    """Holding, stake, changes, ranks, the run that counts, and mechanical moves; for each stock compared."""
    day, history = market_view.shown_day(chosen.day), market_view.history
    codes = [code for code in (chosen.stock, *chosen.compare) if code is not None]
    stored = [code for code in codes if history.column(code) is not None]
    if not stored or chosen.stock not in stored:
        widgets.title(gettext("One stock in figures"))
        widgets.show(notices.unknown_stock(chosen.unknown or formatting.code(chosen.stock or 0)))
        return
    stock, others = market_view.labels()[stored[0]], len(stored) - 1
    widgets.title(
        ngettext("{stock} and 1 more", "{stock} and {count} more", others, stock=stock) if others else stock,
        formatting.day(day),
        gettext("ranks among the stocks of the chosen kinds, 1 the largest"),
    )
    found = [_figures(market_view, chosen, dates, code) for code in stored]
    _table(market_view, chosen, dates, stored, found)
    if found[0] is not None:
        _mechanical(found[0])


def _figures(
    market_view: MarketView, chosen: ViewState, dates: Pair | None, code: int
) -> StockFigures | None:
    day = market_view.shown_day(chosen.day)
    screen = market_view.screen(day, dates)
    listed_as = market_view.code_on(day, code, screen.codes)
    if listed_as is None:
        return None
    events = market_view.events_of
    return market_view.once(
        ("stock figures", code, day, dates, chosen.kind),
        lambda: figures_of(
            screen,
            listed_as,
            day,
            market_view.trend((code,)),
            all_of(events, codes_of(code, events)),
            net_buying=market_view.net_buying(code),
            among=market_view.kinds.chosen(chosen.kind, screen.codes, screen.names),
        ),
    )


def _table(
    market_view: MarketView,
    chosen: ViewState,
    dates: Pair | None,
    codes: Sequence[int],
    found: Sequence[StockFigures | None],
) -> None:
    """A line for each figure, and a column for each stock."""
    names = market_view.history.names
    headings = [Heading("figure", gettext("Figure"))]
    headings += [
        Heading(
            str(code),
            formatting.stock(code, formatting.short_name(names[code])),
            help=rows.name(code, names[code]).english,
            number=True,
        )
        for code in codes
    ]
    day = formatting.day(market_view.shown_day(chosen.day))
    windows = (*WINDOWS, *([None] if dates is not None and dates.window is None else []))
    told: list[tuple[str, list[Cell]]] = [
        (
            gettext("Shares held"),
            [
                _text(each, lambda it: formatting.shares(it.shares), gettext("not listed on {day}", day=day))
                for each in found
            ],
        ),
        (
            gettext("Stake"),
            [
                _text(each, lambda it: _with_rank(formatting.percent(it.stake.value), it.stake))
                for each in found
            ],
        ),
    ]
    for metric in METRICS.values():
        for window in windows:
            key = change_key(metric, window)
            if not any(each is not None and key in each.changes for each in found):
                continue
            cells = []
            for each in found:
                ranked = None if each is None else each.changes.get(key)
                if ranked is None:
                    cells.append(Cell(formatting.NONE))
                else:
                    words = _with_rank(formatting.change(under_heading(metric), ranked.value), ranked)
                    cells.append(rows.change(words, ranked.value))
            name = gettext(metric.name)
            if window is None:
                told.append((gettext("{metric}, between the two dates", metric=name), cells))
            else:
                over = formatting.window(window)
                told.append((gettext("{metric}, {window}", metric=name, window=over), cells))
    told += [
        (
            gettext("Bought or sold since"),
            [_run(each.run) if each is not None else Cell(formatting.NONE) for each in found],
        ),
        (gettext("First seen"), [_text(each, lambda it: formatting.day(it.first_seen)) for each in found]),
        (
            gettext("Mechanical moves"),
            [_text(each, lambda it: str(len(it.events) or gettext("none"))) for each in found],
        ),
    ]
    rows.draw(
        "stock_figures",
        gettext("The chosen stocks in figures"),
        headings,
        [Row([Cell(name), *cells]) for name, cells in told],
        red_up=chosen.red_up,
        height=700,
    )
    st.caption(
        gettext(
            "A run counts as long as nothing in between took back more than a quarter of its change. "
            "Its shares are those of the newest stored day."
        )
    )


def _text(
    figures: StockFigures | None, told: Callable[[StockFigures], str], missing: str = formatting.NONE
) -> Cell:
    return Cell(missing if figures is None else told(figures))


def _with_rank(words: str, ranked: Ranked) -> str:
    if not ranked.rank:
        return words
    return gettext("{figure} (rank {rank} of {among})", figure=words, rank=ranked.rank, among=ranked.among)


def _run(run: Run | None) -> Cell:
    """`bought since Mon 2 Feb 2026 (18 days): +61.8M shares, +6.10%, +0.61 pp`."""
    if run is None:
        return Cell(gettext("neither"))
    shares, percent, points = METRICS["shares"], METRICS["pct"], METRICS["pp"]
    sizes = [
        gettext("{change} shares", change=formatting.change(shares, run.shares)),
        formatting.change(percent, run.percent),
        formatting.change(points, run.points),
    ]
    if run.money is not None:
        sizes.append(_in_money(run.money, run.unpriced))
    told = {"day": formatting.day(run.since), "sizes": formatting.listed(sizes)}
    if run.shares > 0:
        words = ngettext(
            "bought since {day} (1 day with a change): {sizes}",
            "bought since {day} ({count} days with a change): {sizes}",
            run.sessions,
            **told,
        )
    else:
        words = ngettext(
            "sold since {day} (1 day with a change): {sizes}",
            "sold since {day} ({count} days with a change): {sizes}",
            run.sessions,
            **told,
        )
    return rows.change(words, run.shares)


def _in_money(bought: float, unpriced: int) -> str:
    net = formatting.net_buying(bought)
    if not unpriced:
        return net
    return ngettext(
        "{net} without 1 day that has no price",
        "{net} without {count} days that have no price",
        unpriced,
        net=net,
    )


def _mechanical(figures: StockFigures) -> None:
    if not figures.events:
        return
    st.subheader(gettext("Mechanical moves"), anchor=False)
    for event in figures.events:
        told = gettext(
            "{day}: {what_happened}", day=phrases.dates(event), what_happened=phrases.adjustment(event)
        )
        st.markdown(f"- {plain(told)} :gray[{plain(phrases.certainty(event))}]")
