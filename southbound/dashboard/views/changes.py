"""What two lists differ by besides buying and selling: additions, removals, adjustment events."""

from collections.abc import Mapping, Sequence

import streamlit as st

from southbound.dashboard.views import widgets
from southbound.dashboard.views.text_table import text_table
from southbound.market.adjustments.events import Kind
from southbound.market.changes import Changes, Stake
from southbound.market.divergence import LEAST_HOLDING, LEAST_PRICE, Divergence
from southbound.market.metrics import PERCENT
from southbound.presentation import formatting, phrases
from southbound.presentation.messages import gettext


def additions_and_removals(changes: Changes) -> None:
    """What is on one of the two lists alone."""
    new, old = formatting.day(changes.pair.new), formatting.day(changes.pair.old)
    added, removed = st.columns(2)
    with added:
        widgets.title(
            gettext("Added to the list"),
            gettext("On the list of {new}, not on that of {old}", new=new, old=old),
        )
        _stakes("added", gettext("Added to the list"), changes.added)
    with removed:
        widgets.title(
            gettext("Gone from the list"),
            gettext("On the list of {old}, not on that of {new}; that does not mean sold", new=new, old=old),
        )
        _stakes("gone", gettext("Gone from the list"), changes.removed)


def divergences(found: Sequence[Divergence], changes: Changes) -> None:
    """The stocks that were bought while their price fell, and those that were sold while it rose."""
    widgets.title(
        gettext("Bought or sold against the price"),
        gettext(
            "The holding rose by {held}% or more while the price fell by {priced}% or more, or the reverse",
            held=f"{LEAST_HOLDING:g}",
            priced=f"{LEAST_PRICE:g}",
        ),
        formatting.compared(changes.pair),
        gettext(
            "the price from the last trades of one date to those of the other; the largest moves of it first"
        ),
    )
    if not found:
        st.caption(gettext("None."))
        return
    text_table(
        gettext("Bought or sold against the price"),
        {
            gettext("Code"): [formatting.code(stock.code) for stock in found],
            gettext("Name"): [stock.name for stock in found],
            gettext("Holding"): [formatting.change(PERCENT, stock.held) for stock in found],
            gettext("Price"): [formatting.change(PERCENT, stock.priced) for stock in found],
        },
        key="divergences",
        numbers=(gettext("Holding"), gettext("Price")),
        codes=[stock.code for stock in found],
    )


def _stakes(key: str, label: str, stakes: Sequence[Stake]) -> None:
    if not stakes:
        st.caption(gettext("None."))
        return
    text_table(
        label,
        {
            gettext("Code"): [formatting.code(stake.code) for stake in stakes],
            gettext("Name"): [stake.name for stake in stakes],
            gettext("Shares"): [formatting.shares(stake.shares) for stake in stakes],
            gettext("Stake"): [formatting.percent(stake.percent) for stake in stakes],
            gettext("Seen"): [formatting.span(stake.first_seen, stake.last_seen) for stake in stakes],
        },
        key=f"stakes {key}",
        numbers=(gettext("Shares"), gettext("Stake")),
        codes=[stake.code for stake in stakes],
    )


def adjustment_events(changes: Changes, names: Mapping[int, str]) -> None:
    """What happened between the two dates, with the evidence."""
    widgets.title(
        gettext("Mechanical moves"),
        gettext("What changed figures without anybody buying or selling"),
        formatting.compared(changes.pair),
        gettext("changes are adjusted for them; what cannot be told is not ranked"),
    )
    # The many updates of the issued shares stand last.
    events = sorted(changes.events, key=lambda event: (event.kind is Kind.NEW_BASE, event.day, event.code))
    if not events:
        st.caption(gettext("None."))
        return
    text_table(
        gettext("Mechanical moves"),
        {
            gettext("Date"): [phrases.dates(event) for event in events],
            gettext("Stock"): [formatting.stock(event.code, names.get(event.code, "")) for event in events],
            gettext("What"): [phrases.event_name(event.kind) for event in events],
            gettext("How sure"): [phrases.certainty(event) for event in events],
            gettext("Evidence"): [phrases.adjustment(event) for event in events],
            gettext("Read from"): [phrases.witnesses(event) for event in events],
        },
        key="mechanical",
    )
