"""What is chosen: the session remembers it, the page's address starts it and follows it."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl

import streamlit as st

from southbound.common.language import Language
from southbound.dashboard.state import reader
from southbound.dashboard.state.browser_history import BrowserHistory, is_navigation
from southbound.market.trading_calendar import parse_date
from southbound.market.windows import at_or_before
from southbound.presentation import address_texts, view_url
from southbound.presentation.switches import Switch, switches
from southbound.presentation.typed_dates import typed_date
from southbound.presentation.view_state import MOST_COMPARED, MOST_WATCHED, ViewState
from southbound.queries.market_view import MarketView
from southbound.queries.stock_search import StockSearch

LONGEST_ADDRESS = 4_000
"""Characters; what a browser kept may be anything."""

NEWEST, OLDEST = "newest", "oldest"
"""The options that stay the newest and the oldest date when others come."""


def language() -> Language | None:
    """The language that is chosen: in the session, else by the address; None for the reader's usual one."""
    reader.resume()
    row = switches(ViewState)["language"]
    if set(row.session_keys) <= set(st.session_state):
        chosen: Language | None = row.from_session(st.session_state)
        return chosen
    return view_url.read(st.query_params.to_dict()).language


def restore(market_view: MarketView) -> ViewState:
    """Set what the session does not know yet from the address, and put aside what is not stored (any more).

    The session forgets a switch that was not drawn, so this is not for the first run alone. An address that
    the reader chose in the browser, as by Back and Forward, chooses everything.

    Returns:
        What is chosen now.
    """
    current = st.query_params.to_dict()
    asked, anew = view_url.read(current), _history().is_chosen(current, is_navigation=is_navigation())
    if anew:
        _choose(asked)
    reader.write_page_for(language(), market_view.names)
    for row, value in _rows(asked):
        _remember(row, value)
    codes, stored = market_view.labels(), market_view.days()
    _remember_stock(asked, codes, market_view.search)
    _remember_codes("compare", asked.compare, codes, MOST_COMPARED, market_view.search)
    _remember_codes("watch", asked.watch, codes, MOST_WATCHED, market_view.search)
    _remember_date("date", asked.asked_day or str(asked.day or ""), stored, NEWEST)
    _remember_date("against", asked.asked_against or str(asked.against or ""), stored, OLDEST)
    chosen = _view(type(asked))
    if anew:
        _history().note_shown(view_url.written(chosen))
    return chosen


def write_address(chosen: ViewState) -> None:
    """Let the address open this view, if it is another one than it opened; parameters that are not ours stay.

    All at once, since the browser makes a step of its history of each message.
    """
    written = view_url.written(chosen)
    if _history().is_shown(written):
        return
    others = {
        name: st.query_params.get_all(name) for name in st.query_params if name not in view_url.parameters()
    }
    st.query_params.from_dict({**others, **written})
    _history().note_written(st.query_params.to_dict(), written)


def reset() -> None:
    """Choose everything as on a first visit, but for language and what the reader follows; in a callback."""
    followed = [*st.session_state["watch"], *st.session_state[_asked("watch")]]
    _choose(replace(view_url.read({}), watch=tuple(followed), language=language()))


def speak() -> None:
    """Another language was chosen: colours that were not chosen are those that its readers expect.

    In a callback, before which the session has the new language.
    """
    del st.session_state["red_up"]


def go(address: str) -> None:
    """Choose everything but the language as an address of ours has it, `?tab=stocks`; in a callback."""
    wanted = view_url.read(dict(parse_qsl(address.removeprefix("?")[:LONGEST_ADDRESS])))
    _choose(replace(wanted, language=language()))


def zoom(part: tuple[date, date] | None = None) -> None:
    """Show a part of the period, or all of it; in a callback."""
    st.session_state["zoom"] = part


def settle(key: str) -> None:
    """A date was chosen: none that is not stored is asked for any more; in a callback."""
    st.session_state[_asked(key)] = ""


def select(code: int) -> None:
    """Make it the stock that the trend shows; in a callback."""
    st.session_state["stock"] = code


def follow(code: int) -> None:
    """Follow a stock, or follow it no longer; in a callback."""
    followed = st.session_state["watch"]
    others = [other for other in followed if other != code]
    st.session_state["watch"] = others if code in followed else [*followed, code][-MOST_WATCHED:]


def _history() -> BrowserHistory:
    history: BrowserHistory = st.session_state.setdefault("browser_history", BrowserHistory())
    return history


def _rows(view: ViewState) -> Iterator[tuple[Switch[Any], Any]]:
    """The switches that are the same whatever is stored, and what a view chooses."""
    return ((row, getattr(view, field)) for field, row in switches(view).items() if row.session_keys)


def _choose(wanted: ViewState) -> None:
    """Choose everything as a view has it; what is not stored is only asked for, until `restore` finds it."""
    state = st.session_state
    reader.write_page_for(wanted.language)
    for row, value in _rows(wanted):
        for key, held in row.to_session(value).items():
            state[key] = held
    state["stock"], state[_asked("stock")] = None, (wanted.stock, wanted.unknown)
    state["compare"], state[_asked("compare")] = list(wanted.compare), []
    state["watch"], state[_asked("watch")] = list(wanted.watch), []
    state["date"], state[_asked("date")] = NEWEST, wanted.asked_day or str(wanted.day or "")
    state["against"], state[_asked("against")] = OLDEST, wanted.asked_against or str(wanted.against or "")


def _view(kind: type[ViewState]) -> ViewState:
    """What is chosen. Stocks and dates that are not stored (yet) stay asked for."""
    state = st.session_state
    stock, unknown = state[_asked("stock")]
    compared = (code for code in state["compare"] if code != stock)
    return kind(
        stock=stock,
        unknown=unknown,
        compare=(*compared, *state[_asked("compare")])[:MOST_COMPARED],
        watch=(*state["watch"], *state[_asked("watch")])[:MOST_WATCHED],
        day=None if state["date"] == NEWEST else date.fromisoformat(state["date"]),
        against=None if state["against"] == OLDEST else date.fromisoformat(state["against"]),
        asked_day=state[_asked("date")],
        asked_against=state[_asked("against")],
        **{field: row.from_session(state) for field, row in switches(kind).items() if row.session_keys},
    )


def _remember(row: Switch[Any], asked: Any) -> None:
    """Give a switch its state unless it has one.

    A browser whose page was being drawn when it was to be drawn again may say that nothing is pressed in a
    switch, which no reader can do.
    """
    usual = row.to_session(row.default)
    for key, held in row.to_session(asked).items():
        if key not in st.session_state or (st.session_state[key] is None and usual[key] is not None):
            st.session_state[key] = held


def _remember_stock(asked: ViewState, codes: Collection[int], search: StockSearch) -> None:
    """The same for the stock. One that is not stored (yet) stays asked for, and none is chosen.

    Of several that are typed the first is the stock, and the others stand beside it.
    """
    state = st.session_state
    typed = state.get("stock")
    state["stock"] = _code(typed, search)
    if isinstance(typed, str) and not _is_offered(typed) and len(several := search.several(typed)) > 1:
        state["stock"], state["compare"] = several[0], several[1 : 1 + MOST_COMPARED]
    if state["stock"] is not None:
        state[_asked("stock")] = state["stock"], ""
    elif isinstance(typed, str):
        state[_asked("stock")] = None, address_texts.plain(typed)
    wanted, _ = state.setdefault(_asked("stock"), (asked.stock, asked.unknown))
    if state["stock"] not in codes:
        state["stock"] = wanted if wanted in codes else None


def _code(chosen: int | str | None, search: StockSearch) -> int | None:
    """The stock of a choice.

    An open page sends the words that it offered, or what the reader typed. Where a stock has another name
    since, Streamlit finds no option with its words and gives them; they begin with the code.
    """
    if not isinstance(chosen, str):
        return chosen
    return int(chosen[:5]) if _is_offered(chosen) else search.best(chosen)


def _is_offered(words: str) -> bool:
    """Whether they are those of an option, and not what a reader typed."""
    code, _, name = words.partition(" ")
    return len(code) == 5 and code.isascii() and code.isdecimal() and not name.strip()[:1].isdecimal()


def _remember_codes(
    key: str, asked: Sequence[int], codes: Collection[int], most: int, search: StockSearch
) -> None:
    """The same for several stocks: those beside it, and those that are followed."""
    state = st.session_state
    known = state.get(key)
    if known is not None:
        known = list(dict.fromkeys(code for one in known if (code := _code(one, search)) is not None))
        if known != state[key]:
            state[key] = known
    wanted = list(asked) if known is None else [*known, *state[_asked(key)]]
    stored = [code for code in wanted if code in codes][:most]
    if stored != known:
        state[key] = stored
    state[_asked(key)] = [code for code in wanted if code not in codes]


def _remember_date(key: str, asked: str, stored: Mapping[str, str], usual: str) -> None:
    """The same for a date. One that is not stored (yet) stays asked for, and another stands in for it."""
    state = st.session_state
    chosen = state.get(key)
    if chosen != usual and chosen not in stored:
        typed = typed_date(chosen, sorted(map(date.fromisoformat, stored))) if chosen else None
        state[_asked(key)] = str(typed or chosen or asked or state.get(_asked(key), ""))
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
    """Where the session keeps what was asked for instead of what is stored."""
    return f"asked_{key}"
