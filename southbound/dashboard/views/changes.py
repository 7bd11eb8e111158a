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


def additions_and_removals(changes: Changes) -> None:
    """What is on one of the two lists alone."""
    new, old = formatting.day(changes.pair.new), formatting.day(changes.pair.old)
    added, removed = st.columns(2)
    with added:
        widgets.title("Added to the list", f"On the list of {new}, not on that of {old}")
        _stakes("Added to the list", changes.added)
    with removed:
        widgets.title(
            "Gone from the list", f"On the list of {old}, not on that of {new}; that does not mean sold"
        )
        _stakes("Gone from the list", changes.removed)


def divergences(found: Sequence[Divergence], changes: Changes) -> None:
    """The stocks that were bought while their price fell, and those that were sold while it rose."""
    widgets.title(
        "Bought or sold against the price",
        f"The holding rose by {LEAST_HOLDING:g}% or more while the price fell by {LEAST_PRICE:g}% or more, "
        "or the reverse",
        formatting.compared(changes.pair),
        "the price from the last trades of one date to those of the other; the largest moves of it first",
    )
    if not found:
        st.caption("None.")
        return
    text_table(
        "Bought or sold against the price",
        {
            "Code": [formatting.code(stock.code) for stock in found],
            "Name": [stock.name for stock in found],
            "Holding": [formatting.change(PERCENT, stock.held) for stock in found],
            "Price": [formatting.change(PERCENT, stock.priced) for stock in found],
        },
        key="divergences",
        numbers=("Holding", "Price"),
        codes=[stock.code for stock in found],
    )


def _stakes(label: str, stakes: Sequence[Stake]) -> None:
    if not stakes:
        st.caption("None.")
        return
    text_table(
        label,
        {
            "Code": [formatting.code(stake.code) for stake in stakes],
            "Name": [stake.name for stake in stakes],
            "Shares": [formatting.shares(stake.shares) for stake in stakes],
            "Stake": [formatting.percent(stake.percent) for stake in stakes],
            "Seen": [
                f"{formatting.day(stake.first_seen)} to {formatting.day(stake.last_seen)}" for stake in stakes
            ],
        },
        key=f"stakes {label}",
        numbers=("Shares", "Stake"),
        codes=[stake.code for stake in stakes],
    )


def adjustment_events(changes: Changes, names: Mapping[int, str]) -> None:
    """What happened between the two dates, with the evidence."""
    widgets.title(
        "Mechanical moves",
        "What changed figures without anybody buying or selling",
        formatting.compared(changes.pair),
        "changes are adjusted for them; what cannot be told is not ranked",
    )
    # The many updates of the issued shares stand last.
    events = sorted(changes.events, key=lambda event: (event.kind is Kind.NEW_BASE, event.day, event.code))
    if not events:
        st.caption("None.")
        return
    text_table(
        "Mechanical moves",
        {
            "Date": [phrases.dates(event) for event in events],
            "Stock": [formatting.stock(event.code, names.get(event.code, "")) for event in events],
            "What": [phrases.event_name(event.kind) for event in events],
            "How sure": [phrases.certainty(event) for event in events],
            "Evidence": [phrases.adjustment(event) for event in events],
            "Read from": [phrases.witnesses(event) for event in events],
        },
        key="mechanical",
    )
