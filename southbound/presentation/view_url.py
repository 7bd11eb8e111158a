"""How the page's address writes what the reader chose. A link opens the same view."""

from collections.abc import Mapping

from southbound.presentation.switches import switches
from southbound.presentation.view_state import ViewState


def read(address: Mapping[str, str]) -> ViewState:
    """Read an address. What makes no sense in it has its default, but stock and dates: the page says so."""
    return ViewState(**{field: row.from_address(address) for field, row in switches(ViewState).items()})


def written(view: ViewState) -> dict[str, str]:
    """The view as query parameters; what is as usual has none, but for those that name a view."""
    texts: dict[str, str] = {}
    for field, row in switches(view).items():
        if row.only_if(view):
            texts |= row.to_address(getattr(view, field))
    return texts


def parameters() -> tuple[str, ...]:
    """All that `written` may write."""
    return tuple(dict.fromkeys(name for row in switches(ViewState).values() for name in row.parameters))
