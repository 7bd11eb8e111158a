"""What is asked for: parameters as programs write them, and which dates, stock and metric they mean."""

from datetime import date
from enum import StrEnum
from http import HTTPStatus
from typing import Annotated

from fastapi import Path, Query, Request

from southbound.api.errors import ApiError
from southbound.market.history import History
from southbound.market.kinds import KindChoice
from southbound.market.metrics import METRICS, Metric
from southbound.market.trading_calendar import parse_date
from southbound.market.windows import Pair, free_pair, pair
from southbound.presentation import formatting
from southbound.presentation.view_state import ViewState

DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
NEWEST = "newest"

USUAL = ViewState()
"""What a page shows that nobody has changed: an answer without parameters is of the same."""

LONGEST_WINDOW, MOST_RANKED = 250, 200

DayInPath = Annotated[
    str, Path(pattern=rf"{DAY}|^{NEWEST}$", description=f"A stored date, or `{NEWEST}`.", examples=[NEWEST])
]
Day = Annotated[str | None, Query(pattern=DAY, description="A stored date; the newest if it is not given.")]
Against = Annotated[
    str | None,
    Query(
        pattern=DAY,
        description="In place of a window: any other date, or the closest stored one before it.",
    ),
]
Since = Annotated[str | None, Query(alias="from", pattern=DAY, description="The first date; else all.")]
Until = Annotated[str | None, Query(alias="to", pattern=DAY, description="The last date; else the newest.")]
Window = Annotated[
    int | None,
    Query(ge=1, le=LONGEST_WINDOW, description=f"In sessions; {USUAL.window} if no date is given either."),
]
Count = Annotated[int, Query(ge=1, le=MOST_RANKED, description="Of rises, and of falls, at most.")]
Kinds = Annotated[KindChoice, Query(description="Which securities are ranked.")]
Code = Annotated[str, Path(pattern=r"^[0-9]{1,5}$", description="A stock code, as `700` or `00700`.")]
MetricKey = Annotated[
    str, Query(description="What stocks are ranked by.", json_schema_extra={"enum": list(METRICS)})
]


class Format(StrEnum):
    """How an answer is written; CSV has its table alone."""

    JSON = "json"
    CSV = "csv"


def bad(name: str, wanted: str) -> ApiError:
    """The error of a parameter."""
    return ApiError(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_parameter", f"{name}: want {wanted}")


def only_known(request: Request) -> None:
    """See that every parameter is one that the path has, and is given once: a slip of the pen is said.

    Raises:
        ApiError: one is not.
    """
    names = {str(field.alias) for field in request.scope["route"].dependant.query_params}
    given = [name for name, _ in request.query_params.multi_items()]
    if set(given) - names:
        wanted = ", ".join(sorted(names)) or "none"
        raise ApiError(
            HTTPStatus.UNPROCESSABLE_ENTITY, "unknown_parameter", f"This path has the parameters: {wanted}."
        )
    repeated = [name for name in names if given.count(name) > 1]
    if repeated:
        raise bad(repeated[0], "it once")


def day(name: str, text: str | None) -> date | None:
    """A date that is given; None if none is.

    Raises:
        ApiError: there is no such day.
    """
    if text is None:
        return None
    found = parse_date(text)
    if found is None:
        raise bad(name, "a date like 2026-02-27")
    return found


def stored_day(history: History, name: str, text: str | None) -> date:
    """The stored date that is asked for; the newest, if none is named.

    Raises:
        ApiError: it is no date, or not stored.
    """
    if text is None or text == NEWEST:
        return history.dates[-1]
    found = day(name, text)
    if found not in history.dates:
        raise ApiError(
            HTTPStatus.NOT_FOUND,
            "unknown_date",
            f"There are no figures of {found}. Those of /dates have some.",
        )
    return found


def stored_code(history: History, text: str) -> int:
    """The code that is asked for.

    Raises:
        ApiError: no stored list has it.
    """
    code = int(text)
    if history.column(code) is None:
        raise ApiError(
            HTTPStatus.NOT_FOUND, "unknown_stock", f"{formatting.code(code)} is on no stored list."
        )
    return code


def metric(key: str) -> Metric:
    """The metric that is asked for.

    Raises:
        ApiError: there is none of that name.
    """
    if key not in METRICS:
        raise bad("metric", f"one of {', '.join(METRICS)}")
    return METRICS[key]


def compared(history: History, new: str | None, window: int | None, against: str | None) -> Pair:
    """The two dates that are asked for.

    Raises:
        ApiError: they cannot be compared.
    """
    newer, older = stored_day(history, "date", new), day("against", against)
    if window is not None and older is not None:
        raise bad("against", "a window or a date, not both")
    if older is not None:
        found = free_pair(history.dates, older, newer)
    else:
        found = pair(history.dates, newer, window or USUAL.window or 1)
    if found is None:
        raise ApiError(HTTPStatus.NOT_FOUND, "nothing_to_compare", f"No stored date to compare {newer} with.")
    return found
