"""What is chosen, in a line: it stands on the page, since the sidebar can be folded away."""

from collections.abc import Mapping

from southbound.market.kinds import KindChoice
from southbound.market.ranking import USUAL_FLOORS
from southbound.market.windows import Pair
from southbound.presentation import formatting
from southbound.presentation.view_state import ViewState

KINDS = {
    KindChoice.SHARES: "without funds",
    KindChoice.FUNDS: "funds alone",
    KindChoice.ALL: "shares and funds",
}
"""What is said of the kinds that are shown."""


def view_summary(chosen: ViewState, dates: Pair | None, labels: Mapping[int, str]) -> str:
    """The ranking and the trend that are shown, and what is not as on a first visit.

    Args:
        chosen: by the reader.
        dates: what is compared; None if there is nothing to compare with.
        labels: stored stocks, by their codes.
    """
    parts = [_ranking(chosen, dates), _floors(chosen), _trend(chosen, labels)]
    return " · ".join([part for part in parts if part] + ["red is up"] * chosen.red_up)


def _ranking(chosen: ViewState, dates: Pair | None) -> str:
    if dates is None:
        return ""
    change = chosen.metric.label
    # A window says how long; of two chosen dates the card of the ranking tells both.
    since = f"{formatting.window(dates.window)}, " if dates.window is not None else ""
    ranked = f"{chosen.scope.length} largest {chosen.scope.named} in {change}"
    return f"{ranked} ({since}since {formatting.day(dates.old)}), {KINDS[chosen.kind]}"


def _floors(chosen: ViewState) -> str:
    if chosen.floors == USUAL_FLOORS:
        return ""
    return f"without holdings below {chosen.floors.shares:,} shares or {chosen.floors.percent:g}%"


def _trend(chosen: ViewState, labels: Mapping[int, str]) -> str:
    if chosen.stock is None or chosen.stock not in labels:
        return ""
    period = (
        f"{formatting.day(chosen.zoom[0])} to {formatting.day(chosen.zoom[1])}"
        if chosen.zoom
        else chosen.period.label
    )
    others = ", ".join(labels.get(code, formatting.code(code)) for code in chosen.compare)
    beside = f" compared with {others}" if others else ""
    return f"{labels[chosen.stock]}{beside}, {period}"
