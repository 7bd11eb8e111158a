"""The API as an application, to be mounted under `/api/v1`."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from http import HTTPStatus
from importlib.metadata import version
from typing import Any

from fastapi import Depends, FastAPI, Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from southbound.api import compared, dates, documentation, lists, questions, status, stock, turnover
from southbound.api.errors import ErrorAnswer, answer_errors
from southbound.api.parts import Parts
from southbound.api.questions import Format
from southbound.api.serving import Answers, Now, Table, this_second, within_limit
from southbound.common.errors import StoreError
from southbound.queries.data_quality import Notes

ABOUT = (
    "How many shares of each Hong Kong stock mainland investors hold through Stock Connect, and what moved: "
    "the figures of the dashboard and of the mails, to the digit. Read-only. "
    "Every answer has an `ETag`; who sends it back in `If-None-Match` gets 304 until there are other figures."
)

ERRORS: dict[int | str, dict[str, Any]] = {
    HTTPStatus.NOT_MODIFIED: {"description": "The asker has this answer already."},
    HTTPStatus.UNAUTHORIZED: {"model": ErrorAnswer, "description": "A token or a sign-in is wanted."},
    HTTPStatus.NOT_FOUND: {"model": ErrorAnswer, "description": "There is no such date or stock."},
    HTTPStatus.UNPROCESSABLE_ENTITY: {"model": ErrorAnswer, "description": "A parameter is wrong."},
    HTTPStatus.SERVICE_UNAVAILABLE: {"model": ErrorAnswer, "description": "No figures now: ask again."},
}
CSV: dict[int | str, dict[str, Any]] = {
    HTTPStatus.OK: {"content": {"text/csv": {"schema": {"type": "string"}}}, "description": "The answer."}
}


def api(parts: Callable[[], Parts]) -> FastAPI:
    """The application. `parts` is called by its first answer."""
    app = FastAPI(
        title="Southbound",
        description=ABOUT,
        version=version("southbound"),
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        dependencies=[Depends(questions.only_known)],
        responses=ERRORS,
        separate_input_output_schemas=False,
    )
    answer_errors(app)
    app.add_middleware(answering_head)
    answers = Answers(parts)
    _of_dates(app, answers)
    _of_stocks(app, answers)
    _of_two_dates(app, answers)
    _of_money(app, answers)
    _of_the_whole(app, answers)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(documentation.page(app.openapi()))

    return app


def answering_head(app: ASGIApp) -> ASGIApp:
    """An application that answers HEAD as GET; what serves it leaves the body out."""

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        if scope.get("method") == "HEAD":
            scope = {**scope, "method": "GET"}
        await app(scope, receive, send)

    return answering


def _of_dates(app: FastAPI, answers: Answers) -> None:
    @app.get("/dates", operation_id="dates", response_model=dates.Dates, responses=CSV)
    async def all_dates(request: Request, format: Format = Format.JSON) -> Response:  # noqa: A002
        """The stored dates, and which are missing, held back or restated."""

        def answer(now: Now, parts: Parts) -> dates.Dates:
            within_limit(len(now.market_view.history.dates))
            return dates.dates(
                now.market_view, _notes(parts), now.status, parts.store.origins, is_current=now.is_current
            )

        return await answers.give(
            request,
            ("dates", this_second()),
            answer,
            _table(format, dates.StoredDate, lambda given: given.dates),
        )

    @app.get("/holdings/{date}", operation_id="holdings", response_model=lists.Holdings, responses=CSV)
    async def holdings(
        request: Request,
        date: questions.DayInPath,
        format: Format = Format.JSON,  # noqa: A002
    ) -> Response:
        """The list of a date, as HKEXnews gave it."""

        def answer(now: Now, _: Parts) -> lists.Holdings:
            day = questions.stored_day(now.market_view.history, "date", date)
            return lists.holdings(now.market_view, day, is_current=now.is_current)

        return await answers.give(
            request, ("holdings", date), answer, _table(format, lists.Holding, lambda given: given.holdings)
        )

    @app.get("/signals/{date}", operation_id="signals", response_model=lists.DaySignals, responses=CSV)
    async def signals(
        request: Request,
        date: questions.DayInPath,
        format: Format = Format.JSON,  # noqa: A002
    ) -> Response:
        """Streaks, highs and lows, unusual changes and crossings of levels."""

        def answer(now: Now, _: Parts) -> lists.DaySignals:
            day = questions.stored_day(now.market_view.history, "date", date)
            return lists.signals(now.market_view, day, is_current=now.is_current)

        return await answers.give(
            request, ("signals", date), answer, _table(format, lists.StockSignal, lambda given: given.signals)
        )


def _of_money(app: FastAPI, answers: Answers) -> None:
    @app.get("/turnover", operation_id="turnover", response_model=turnover.Turnover, responses=CSV)
    async def official(
        request: Request,
        date: questions.Day = None,
        format: Format = Format.JSON,  # noqa: A002
    ) -> Response:
        """What was bought in HK$: by the exchange's own figures, by ours, and what no holding shows yet."""

        def answer(now: Now, _: Parts) -> turnover.Turnover:
            day = questions.stored_day(now.market_view.history, "date", date)
            return turnover.turnover(now.market_view, day, is_current=now.is_current)

        table = _table(format, turnover.TradingDay, lambda given: (*given.shown, *given.on_its_way))
        return await answers.give(request, ("turnover", date), answer, table)


def _of_the_whole(app: FastAPI, answers: Answers) -> None:
    @app.get("/status", operation_id="status", response_model=status.Status)
    async def state(request: Request) -> Response:
        """What the scraper says of itself, and how good the data are."""

        def answer(now: Now, parts: Parts) -> status.Status:
            moment = datetime.now(UTC)
            return status.status(
                now.market_view, _notes(parts), now.status, moment, is_current=now.is_current
            )

        return await answers.give(request, ("status", this_second()), answer)


def _of_stocks(app: FastAPI, answers: Answers) -> None:
    @app.get("/stocks", operation_id="stocks", response_model=lists.Stocks, responses=CSV)
    async def stocks(request: Request, format: Format = Format.JSON) -> Response:  # noqa: A002
        """Every code that was ever on a stored list."""

        def answer(now: Now, _: Parts) -> lists.Stocks:
            within_limit(len(now.market_view.history.codes))
            return lists.stocks(now.market_view, is_current=now.is_current)

        return await answers.give(
            request, ("stocks",), answer, _table(format, lists.Stock, lambda given: given.stocks)
        )

    @app.get("/stocks/{code}", operation_id="stock", response_model=stock.StockHistory, responses=CSV)
    async def one_stock(
        request: Request,
        code: questions.Code,
        since: questions.Since = None,
        until: questions.Until = None,
        format: Format = Format.JSON,  # noqa: A002
    ) -> Response:
        """One stock over its days."""

        def answer(now: Now, _: Parts) -> stock.StockHistory:
            view = now.market_view
            first, last = questions.day("from", since), questions.day("to", until)
            number = questions.stored_code(view.history, code)
            within_limit(sum((first or day) <= day <= (last or day) for day in view.history.dates))
            return stock.stock(view, number, first, last, is_current=now.is_current)

        question = ("stock", int(code), since, until)
        return await answers.give(
            request, question, answer, _table(format, stock.StockDay, lambda given: given.days)
        )


def _of_two_dates(app: FastAPI, answers: Answers) -> None:
    @app.get("/movers", operation_id="movers", response_model=compared.Movers, responses=CSV)
    async def movers(  # noqa: PLR0913, PLR0917 - the parameters of the path
        request: Request,
        date: questions.Day = None,
        window: questions.Window = None,
        against: questions.Against = None,
        metric: questions.MetricKey = questions.USUAL.metric.key,
        count: questions.Count = questions.USUAL.scope.length,
        kind: questions.Kinds = questions.USUAL.kind,
        format: Format = Format.JSON,  # noqa: A002
    ) -> Response:
        """The largest rises and falls between two dates."""

        def answer(now: Now, _: Parts) -> compared.Movers:
            view, ranked_by = now.market_view, questions.metric(metric)
            pair = questions.compared(view.history, date, window, against)
            return compared.movers(view, pair, ranked_by, kind, count, is_current=now.is_current)

        question = ("movers", date, window, against, metric, count, kind)
        table = _table(format, compared.Ranked, lambda given: (*given.top, *given.bottom))
        return await answers.give(request, question, answer, table)

    @app.get("/changes", operation_id="changes", response_model=compared.ListChanges)
    async def changes(
        request: Request,
        date: questions.Day = None,
        window: questions.Window = None,
        against: questions.Against = None,
    ) -> Response:
        """Additions, removals, mechanical moves and breadth between two dates."""

        def answer(now: Now, _: Parts) -> compared.ListChanges:
            pair = questions.compared(now.market_view.history, date, window, against)
            return compared.changes(now.market_view, pair, is_current=now.is_current)

        return await answers.give(request, ("changes", date, window, against), answer)


def _table(written: Format, kind: type[Any], rows: Callable[[Any], Sequence[Any]]) -> Table | None:
    return Table(kind, rows) if written is Format.CSV else None


def _notes(parts: Parts) -> Notes | None:
    """What is noted beside the days; None while the store is away."""
    try:
        return parts.data_quality.notes()
    except StoreError:
        return None
