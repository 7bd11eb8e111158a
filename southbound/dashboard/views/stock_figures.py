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
from southbound.presentation.screen_columns import change_key
from southbound.presentation.view_state import ViewState
from southbound.queries.market_view import MarketView
from southbound.queries.stock_figures import Ranked, Run, StockFigures, stock_figures as figures_of


def stock_figures(market_view: MarketView, chosen: ViewState, dates: Pair | None) -> None:
    """Holding, stake, changes, ranks, the run that counts, and mechanical moves; for each stock compared."""
    day, history = market_view.shown_day(chosen.day), market_view.history
    codes = [code for code in (chosen.stock, *chosen.compare) if code is not None]
    stored = [code for code in codes if history.column(code) is not None]
    if not stored or chosen.stock not in stored:
        widgets.title("One stock in figures")
        widgets.show(notices.unknown_stock(chosen.unknown or formatting.code(chosen.stock or 0)))
        return
    widgets.title(
        market_view.labels()[stored[0]] + (f" and {len(stored) - 1} more" if len(stored) > 1 else ""),
        formatting.day(day),
        "ranks among the stocks of the chosen kinds, 1 the largest",
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
    headings = [Heading("figure", "Figure")]
    headings += [
        Heading(str(code), f"{formatting.code(code)} {formatting.short_name(names[code])}", number=True)
        for code in codes
    ]
    day = formatting.day(market_view.shown_day(chosen.day))
    windows = (*WINDOWS, *([None] if dates is not None and dates.window is None else []))
    told: list[tuple[str, list[Cell]]] = [
        (
            "Shares held",
            [_text(each, lambda it: formatting.shares(it.shares), f"not listed on {day}") for each in found],
        ),
        (
            "Stake",
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
                    words = _with_rank(formatting.change(metric, ranked.value), ranked)
                    cells.append(rows.change(words, ranked.value))
            over = formatting.window(window) if window is not None else "between the two dates"
            told.append((f"{metric.name}, {over}", cells))
    told += [
        (
            "Bought or sold since",
            [_run(each.run) if each is not None else Cell(formatting.NONE) for each in found],
        ),
        ("First seen", [_text(each, lambda it: formatting.day(it.first_seen)) for each in found]),
        ("Mechanical moves", [_text(each, lambda it: str(len(it.events) or "none")) for each in found]),
    ]
    rows.draw(
        "stock_figures",
        "The chosen stocks in figures",
        headings,
        [Row([Cell(name), *cells]) for name, cells in told],
        red_up=chosen.red_up,
        height=700,
    )
    st.caption(
        "A run counts as long as nothing in between took back more than a quarter of its change. "
        "Its shares are those of the newest stored day."
    )


def _text(
    figures: StockFigures | None, told: Callable[[StockFigures], str], missing: str = formatting.NONE
) -> Cell:
    return Cell(missing if figures is None else told(figures))


def _with_rank(words: str, ranked: Ranked) -> str:
    return f"{words} (rank {ranked.rank} of {ranked.among})" if ranked.rank else words


def _run(run: Run | None) -> Cell:
    """`bought since Mon 2 Feb 2026 (18 days): +61.8M shares, +6.10%, +0.61 pp`."""
    if run is None:
        return Cell("neither")
    shares, percent, points = METRICS["shares"], METRICS["pct"], METRICS["pp"]
    sizes = [
        f"{formatting.change(shares, run.shares)} shares",
        formatting.change(percent, run.percent),
        formatting.change(points, run.points),
    ]
    if run.money is not None:
        unpriced = f" without {run.unpriced} days that have no price" if run.unpriced else ""
        sizes.append(f"{formatting.net_buying(run.money)}{unpriced}")
    way = "bought" if run.shares > 0 else "sold"
    days = f"{run.sessions} day{'' if run.sessions == 1 else 's'} with a change"
    return rows.change(f"{way} since {formatting.day(run.since)} ({days}): {', '.join(sizes)}", run.shares)


def _mechanical(figures: StockFigures) -> None:
    if not figures.events:
        return
    st.subheader("Mechanical moves", anchor=False)
    for event in figures.events:
        st.markdown(
            f"- {plain(phrases.dates(event))}: {plain(phrases.adjustment(event))} "
            f":gray[{plain(phrases.certainty(event))}]"
        )
