"""What two lists differ by besides buying and selling: additions, removals, mechanical moves."""

from collections.abc import Sequence

import streamlit as st

from southbound.dashboard.views import cards
from southbound.market.adjustments.events import Kind
from southbound.market.changes import Changes, Stake
from southbound.presentation import sentences, wording


def additions_and_removals(changes: Changes) -> None:
    """What is on one of the two lists alone."""
    new, old = wording.day(changes.pair.new), wording.day(changes.pair.old)
    added, removed = st.columns(2)
    with added:
        cards.title("Added to the list", f"On the list of {new}, not on that of {old}")
        _stakes(changes.added)
    with removed:
        cards.title(
            "Gone from the list", f"On the list of {old}, not on that of {new}; that does not mean sold"
        )
        _stakes(changes.removed)


def _stakes(stakes: Sequence[Stake]) -> None:
    if not stakes:
        st.caption("None.")
        return
    cards.table(
        {
            "Code": [wording.code(stake.code) for stake in stakes],
            "Name": [stake.name for stake in stakes],
            "Shares": [wording.shares(stake.shares) for stake in stakes],
            "Stake": [wording.percent(stake.percent) for stake in stakes],
            "Seen": [
                f"{wording.day(stake.first_seen)} to {wording.day(stake.last_seen)}" for stake in stakes
            ],
        }
    )


def mechanical_moves(changes: Changes) -> None:
    """What happened between the two dates, with the evidence."""
    cards.title(
        "Mechanical moves",
        "What changed figures without anybody buying or selling",
        wording.compared(changes.pair),
        "changes are adjusted for them; what cannot be told is not ranked",
    )
    # The many updates of the issued shares stand last.
    moves = sorted(changes.moves, key=lambda move: (move.kind is Kind.NEW_BASE, move.day, move.code))
    if not moves:
        st.caption("None.")
        return
    cards.table(
        {
            "Date": [sentences.dates(move) for move in moves],
            "What": [sentences.MOVE_NAMES[move.kind] for move in moves],
            "How sure": [sentences.certainty(move) for move in moves],
            "Evidence": [sentences.mechanical(move) for move in moves],
            "Read from": [sentences.witnesses(move) for move in moves],
        }
    )
