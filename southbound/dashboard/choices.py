"""What is chosen: the session remembers it, the page's address starts it and follows it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import streamlit as st

from southbound.dashboard import address
from southbound.dashboard.findings import Findings
from southbound.dashboard.view import ANY_TWO, AVERAGES, MOST_COMPARED, Scope, View
from southbound.keys import parse_date
from southbound.movers import Floors
from southbound.windows import at_or_before

NEWEST, OLDEST = "newest", "oldest"
"""The options that stay the newest and the oldest date when others come."""

RISES, FALLS = "Rises", "Falls"


def restore(findings: Findings) -> View:
    """Set what the session does not know yet from the address, and put aside what is not stored (any more).

    The session forgets a switch that was not drawn, so this is not for the first run alone.

    Returns:
        What is chosen now.
    """
    asked = address.read(st.query_params.to_dict())
    codes, stored = findings.labels(), findings.days()
    if st.session_state.get("stock") not in codes:
        st.session_state["stock"] = asked.stock if asked.stock in codes else None
    compared = st.session_state.get("compare", asked.compare)
    if "compare" not in st.session_state or not codes.keys() >= set(compared):
        st.session_state["compare"] = [code for code in compared if code in codes]
    _remember("show", asked.show)
    _remember("period", asked.period)
    st.session_state.setdefault("zoom", asked.zoom)
    _remember("average", list(asked.averages))
    _remember("window", asked.window or ANY_TWO)
    _remember_date("date", asked.asked_day or str(asked.day or ""), stored, NEWEST)
    _remember_date("against", asked.asked_against or str(asked.against or ""), stored, OLDEST)
    _remember("metric", asked.metric)
    _remember("end", RISES if asked.scope.rises else FALLS)
    _remember("length", asked.scope.length)
    _remember("least", asked.floors.shares)
    _remember("floor", asked.floors.percent)
    _remember("red_up", asked.red_up)
    _remember("tab", asked.tab)
    _remember("find", asked.find)
    return _view(asked, [code for code in asked.compare if code not in codes])


def write_address(chosen: View) -> None:
    """Let the address open this view; parameters that are not ours stay."""
    written = address.written(chosen)
    current = st.query_params.to_dict()
    for name in address.PARAMETERS:
        if name in current and name not in written:
            del st.query_params[name]
    if any(current.get(name) != value for name, value in written.items()):
        st.query_params.update(written)


def zoom(part: tuple[date, date] | None = None) -> None:
    """Show a part of the period, or all of it; in a callback."""
    st.session_state["zoom"] = part


def settle(key: str) -> None:
    """A date was chosen: none that is not stored is asked for any more; in a callback."""
    st.session_state[_asked(key)] = ""


def select(code: int) -> None:
    """Make it the stock that the trend shows; in a callback."""
    st.session_state["stock"] = code


def _view(asked: View, not_stored: Sequence[int]) -> View:
    """What is chosen. Stocks that are not stored (yet) stay asked for."""
    state = st.session_state
    stock = state["stock"]
    return View(
        stock=asked.stock if stock is None else stock,
        unknown=asked.unknown if stock is None else "",
        compare=(*(code for code in state["compare"] if code != stock), *not_stored)[:MOST_COMPARED],
        show=state["show"],
        period=state["period"],
        zoom=state["zoom"],
        averages=tuple(count for count in AVERAGES if count in state["average"]),
        window=None if state["window"] == ANY_TWO else state["window"],
        day=None if state["date"] == NEWEST else date.fromisoformat(state["date"]),
        against=None if state["against"] == OLDEST else date.fromisoformat(state["against"]),
        asked_day=state[_asked("date")],
        asked_against=state[_asked("against")],
        metric=state["metric"],
        scope=Scope.of(state["length"], rises=state["end"] == RISES),
        floors=Floors(state["least"], state["floor"]),
        red_up=state["red_up"],
        tab=state["tab"],
        find=state["find"],
    )


def _remember(key: str, asked: Any) -> None:
    """Give a switch its state unless it has one.

    A browser whose page was being drawn when it was to be drawn again may say that nothing is pressed in a
    switch, which no reader can do.
    """
    if st.session_state.get(key) is None:
        st.session_state[key] = asked


def _remember_date(key: str, asked: str, stored: Mapping[str, str], usual: str) -> None:
    """The same for a date. One that is not stored (yet) stays asked for, and another stands in for it."""
    state = st.session_state
    chosen = state.get(key)
    if chosen != usual and chosen not in stored:
        state[_asked(key)] = chosen or asked or state.get(_asked(key), "")
    wanted = state.setdefault(_asked(key), "")
    if wanted in stored:
        state[key], state[_asked(key)] = wanted, ""
    elif wanted:
        day = parse_date(wanted)
        stands_in = at_or_before(sorted(map(date.fromisoformat, stored)), day) if day else None
        state[key] = str(stands_in or usual)
    elif key not in state:
        state[key] = usual


def _asked(key: str) -> str:
    """Where the session keeps what was asked for instead of a stored date."""
    return f"asked_{key}"
