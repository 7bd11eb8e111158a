"""The reader's watchlist in the browser's storage: it is there again when the page is opened without one."""

from southbound.dashboard.state.component import component, rerun_alone
from southbound.presentation import address_texts
from southbound.presentation.view_state import ViewState


def keep(chosen: ViewState) -> None:
    """Store a list that has changed; the stored one chooses by the address, as a link would."""
    storage = component("southbound.watchlist_storage", "southbound.dashboard.state", "watchlist_storage")
    watched = address_texts.listed(chosen.watch)
    storage(key="watchlist_storage", data={"watch": watched}, on_found_change=rerun_alone)
