"""What is chosen, in a line: it stands on the page, since the sidebar can be folded away."""

from collections.abc import Mapping

from southbound.market.kinds import KindChoice
from southbound.market.ranking import USUAL_FLOORS
from southbound.market.windows import Pair
from southbound.presentation import formatting
from southbound.presentation.messages import gettext, gettext_noop
from southbound.presentation.view_state import BOTH, FALLS, RISES, ViewState

KINDS = {
    KindChoice.SHARES: gettext_noop("without funds"),
    KindChoice.FUNDS: gettext_noop("funds alone"),
    KindChoice.ALL: gettext_noop("shares and funds"),
}
"""What is said of the kinds that are shown."""

_LARGEST = {
    RISES: gettext_noop("{count} largest rises in {metric}"),
    FALLS: gettext_noop("{count} largest falls in {metric}"),
    BOTH: gettext_noop("{count} largest rises and falls in {metric}"),
}


def view_summary(chosen: ViewState, dates: Pair | None, labels: Mapping[int, str]) -> str:
    """The ranking and the trend that are shown, and what is not as on a first visit.

    Args:
        chosen: by the reader.
        dates: what is compared; None if there is nothing to compare with.
        labels: stored stocks, by their codes.
    """
    parts = [_ranking(chosen, dates), _floors(chosen), _trend(chosen, labels)]
    return " · ".join([part for part in parts if part] + _colours(chosen))


def _ranking(chosen: ViewState, dates: Pair | None) -> str:
    if dates is None:
        return ""
    scope, metric = chosen.scope, gettext(chosen.metric.label)
    since = formatting.day(dates.old)
    # A window says how long; of two chosen dates the card of the ranking tells both.
    if dates.window is None:
        period = gettext("since {day}", day=since)
    else:
        period = gettext("{window}, since {day}", window=formatting.window(dates.window), day=since)
    return gettext(
        "{ranked} ({period}), {kinds}",
        ranked=gettext(_LARGEST[scope.end], count=scope.length, metric=metric),
        period=period,
        kinds=gettext(KINDS[chosen.kind]),
    )


def _floors(chosen: ViewState) -> str:
    if chosen.floors == USUAL_FLOORS:
        return ""
    return gettext(
        "without holdings below {shares} shares or {percent}%",
        shares=formatting.shares(chosen.floors.shares),
        percent=f"{chosen.floors.percent:g}",
    )


def _colours(chosen: ViewState) -> list[str]:
    """Said where readers do not expect them."""
    if chosen.red_up is formatting.red_is_up():
        return []
    return [gettext("red is up") if chosen.red_up else gettext("green is up")]


def _trend(chosen: ViewState, labels: Mapping[int, str]) -> str:
    if chosen.stock is None or chosen.stock not in labels:
        return ""
    period = formatting.span(*chosen.zoom) if chosen.zoom else gettext(chosen.period.label)
    stock = labels[chosen.stock]
    if chosen.compare:
        others = formatting.listed(labels.get(code, formatting.code(code)) for code in chosen.compare)
        stock = gettext("{stock} compared with {others}", stock=stock, others=others)
    return gettext("{stock}, {period}", stock=stock, period=period)
