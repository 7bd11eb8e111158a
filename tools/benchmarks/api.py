"""How fast programs are answered: twenty at once, each on a connection that it keeps."""

import http.client
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlsplit

from tools.benchmarks import pages
from tools.benchmarks.figures import Figure
from tools.benchmarks.stored_days import filled_store
from tools.waiting import wait_until

CLIENTS = 20
ASKED = 50
"""Answers that each client asks for, one after the other."""

RATIO = 8
"""How many times as long as one that needs no figures an answer may take: 50 ms beside 6."""

CODES = (1, 5, 388, 700, 939, 1299, 2318, 2800, 3690, 9988)
HEALTH = "/healthz"


def measure(*, smoke: bool) -> Iterator[Figure]:
    """The figures. `smoke` has a few days and asks for little."""
    days, asked = (40, 2) if smoke else (2500, ASKED)
    with (
        tempfile.TemporaryDirectory() as folder,
        filled_store(Path(folder), days) as store,
        pages.dashboard(store, Path(folder)) as server,
    ):
        wait_until("the figures", lambda: _status(server.address, "/readyz") == http.HTTPStatus.OK)
        questions = _questions(random.Random(1), CLIENTS * asked)
        least = _p95(_times(server.address, [HEALTH] * len(questions)))
        _times(server.address, questions[: len(questions) // 5])  # what is computed once a version
        yield Figure(
            name=f"an answer of the API, p95 of {CLIENTS} clients at once, {days:,} days stored, "
            f"{len(set(questions)):,} questions",
            value=_p95(_times(server.address, questions)),
            floor=least,
            floor_name=f"{HEALTH}, alike",
            ratio_limit=RATIO,
        )


def _questions(chosen: random.Random, count: int) -> list[str]:
    """Of all kinds. Most are asked several times, as where many programs look at the newest day.

    What was asked before of the same version is known, unless there was too much since to keep it.
    """
    kinds = (
        lambda: f"/stocks/{chosen.choice(CODES)}?from={2017 + chosen.randrange(9)}-01-01",
        lambda: f"/movers?window={chosen.randint(1, 20)}&metric={chosen.choice(['pct', 'shares', 'pp'])}",
        lambda: f"/movers?window=5&count={chosen.randint(1, 50)}",
        lambda: f"/changes?window={chosen.randint(1, 20)}",
        lambda: "/holdings/newest",
        lambda: "/signals/newest",
        lambda: "/stocks",
        lambda: "/dates",
        lambda: "/status",
    )
    return [f"/api/v1{chosen.choice(kinds)()}" for _ in range(count)]


def _times(address: str, questions: Sequence[str]) -> list[float]:
    """How long each answer took, the questions shared among the clients."""
    with ThreadPoolExecutor(CLIENTS) as pool:
        shares = [questions[client::CLIENTS] for client in range(CLIENTS)]
        return [each for times in pool.map(lambda share: _asked(address, share), shares) for each in times]


def _asked(address: str, questions: Sequence[str]) -> list[float]:
    """One after the other on one connection, as programs ask."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    times = []
    for question in questions:
        began = time.perf_counter()
        connection.request("GET", question)
        answer = connection.getresponse()
        answer.read()
        times.append(time.perf_counter() - began)
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(f"{question}: {answer.status}")
    connection.close()
    return times


def _status(address: str, path: str) -> int:
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status


def _p95(times: Sequence[float]) -> float:
    return quantiles(times, n=20)[-1]
