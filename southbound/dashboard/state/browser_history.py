"""The steps of the browser's history: each choice is one, and Back and Forward choose everything anew.

Streamlit runs the page with the address that the browser shows. That may be one that the page wrote, one from
before that since what was written is still on its way, or one that the reader went back to. Only the last is
a choice.
"""

from collections.abc import Mapping

from streamlit.runtime.scriptrunner import get_script_run_ctx

Address = Mapping[str, str]


class BrowserHistory:
    """What one open page knows of its addresses; the session keeps it."""

    def __init__(self) -> None:
        self._on_their_way: list[Address] = []
        self._shown: Address = {}

    def is_chosen(self, current: Address, *, is_navigation: bool) -> bool:
        """Whether the reader chose this address in the browser: opened the page with it, or went to it.

        Args:
            current: the address that the browser shows, as it says.
            is_navigation: whether it says that it went there by Back or Forward.
        """
        if not is_navigation and current in self._on_their_way:
            del self._on_their_way[: self._on_their_way.index(current)]
            return False
        # It may also have gone there while it was not connected, which it does not say later.
        self._on_their_way = [current]
        return True

    def note_shown(self, view: Address) -> None:
        """The page shows this view under the address that the reader chose, which may write it otherwise."""
        self._shown = view

    def is_shown(self, view: Address) -> bool:
        """Whether this view needs no step, since it is the last one that was noted."""
        return view == self._shown

    def note_written(self, written: Address, view: Address) -> None:
        """This address was sent to the browser, for this view."""
        self._on_their_way.append(written)
        self._shown = view


def is_navigation() -> bool:
    """Whether this run of the page was asked for by the browser's Back or Forward."""
    context = get_script_run_ctx()
    return context is not None and context.is_history_navigation
