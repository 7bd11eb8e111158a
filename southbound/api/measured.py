"""`/metrics`, for Prometheus: how process, scraper and mails do; no figure of a stock."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from http import HTTPStatus

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from southbound.api.parts import Parts
from southbound.common.errors import StoreError
from southbound.market.trading_calendar import HONG_KONG
from southbound.queries.store_watcher import StoreSnapshot
from southbound.store.scraper_status import State

SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)

OWN = {"/healthz", "/readyz", "/metrics"}
API = "/api/v1/"
ANSWERS = {"dates", "holdings", "stocks", "movers", "changes", "signals", "turnover", "status"}
PATHS = {*ANSWERS, "openapi.json", "docs"}
"""Behind `API`. Whatever else is asked for is counted together: nobody can make series by making up paths."""


class Measured:
    """What is measured of a process.

    Args:
        parts: of the process; called when somebody asks for what was measured.
    """

    def __init__(self, parts: Callable[[], Parts]) -> None:
        self._parts = parts
        self.registry = CollectorRegistry(auto_describe=False)
        labels = ("path", "status")
        self.counted = Counter("southbound_answers", "Answers over HTTP.", labels, registry=self.registry)
        self.seconds = Histogram(
            "southbound_answer_seconds",
            "From a request to its whole answer.",
            ("path",),
            buckets=SECONDS,
            registry=self.registry,
        )
        self.registry.register(StoreMeasures(parts))

    def answer(self, _: Request) -> Response:
        """All of it, in the text format. Not on the event loop: the store is asked."""
        return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

    def counting(self, app: ASGIApp, inside: Callable[[str], str]) -> ASGIApp:
        """An application whose answers are counted and timed.

        Args:
            app: what answers.
            inside: a path, seen from where the dashboard is served.
        """

        async def answering(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != "http":
                await app(scope, receive, send)
                return
            began, status = time.perf_counter(), [int(HTTPStatus.INTERNAL_SERVER_ERROR)]

            async def noting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    status[0] = message["status"]
                await send(message)

            path = label(inside(scope["path"]))
            try:
                await app(scope, receive, noting)
            finally:
                self.counted.labels(path, status[0]).inc()
                self.seconds.labels(path).observe(time.perf_counter() - began)

        return answering


def label(path: str) -> str:
    """What an answer is counted under."""
    if path in OWN:
        return path
    name = path.removeprefix(API).partition("/")[0]
    if path.startswith(API) and name in PATHS:
        return f"{API}{name}"
    return "/api" if path.startswith("/api/") else "dashboard"


class StoreMeasures(Collector):
    """What the store and the watcher tell, read anew each time."""

    def __init__(self, parts: Callable[[], Parts]) -> None:
        self._parts = parts

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The gauges; those that nobody knows now are left out."""
        parts, now = self._parts(), datetime.now(UTC)
        snapshot, market_view, trouble = parts.now()
        yield _gauge("southbound_store_up", "Whether the store answers.", trouble is None)
        yield _gauge(
            "southbound_sessions", "Pages that are open in this process.", parts.store_watcher.watched_by
        )
        yield from _scraper(snapshot, now)
        if market_view is not None and market_view.history.dates:
            newest = market_view.history.dates[-1]
            midnight = datetime(newest.year, newest.month, newest.day, tzinfo=HONG_KONG)
            age = (now - midnight).total_seconds()
            yield _gauge("southbound_newest_figures_age_seconds", "Since the newest date began.", age)
            yield _gauge("southbound_stored_dates", "Dates with figures.", len(market_view.history.dates))
            yield from _mails(parts, newest)


def _scraper(snapshot: StoreSnapshot, now: datetime) -> Iterator[GaugeMetricFamily]:
    status = snapshot.status
    if status is None:
        return
    states = GaugeMetricFamily("southbound_scraper_state", "1 for what it said last.", labels=["state"])
    for state in State:
        states.add_metric([str(state)], float(state is status.state))
    yield states
    yield _gauge("southbound_scraper_up", "Whether it has said so lately.", status.is_fresh(now))
    if status.heartbeat is not None:
        age = (now - status.heartbeat).total_seconds()
        yield _gauge("southbound_scraper_heartbeat_age_seconds", "Since it said anything.", age)


def _mails(parts: Parts, newest: date) -> Iterator[GaugeMetricFamily]:
    """Of the newest date: who has had its mail, and who of the configured recipients still waits."""
    try:
        entries = parts.store.delivery_log(newest).entries()
    except StoreError:
        return
    mails = GaugeMetricFamily("southbound_mails", "Mails of the newest date.", labels=["state"])
    states = [entry.state for entry in entries.values()]
    done = {recipient for recipient, entry in entries.items() if entry.state != "claimed"}
    waiting = set(parts.settings.email.recipients).union(entries) - done
    for state, count in (
        ("sent", states.count("sent")),
        ("refused", states.count("refused")),
        ("waiting", len(waiting)),
    ):
        mails.add_metric([state], count)
    yield mails


def _gauge(name: str, what: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, what, value=float(value))
