"""The server in a thread, and the site as a process of its own."""

import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.request import urlopen

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from replay.serving import LocalServer, serving
from replay.site import ReplaySite


def fetched(url: str) -> bytes:
    with urlopen(url, timeout=10) as answer:
        return bytes(answer.read())


@contextmanager
def site_process(*arguments: str) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "replay", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def test_it_answers_as_soon_as_the_block_begins_and_no_longer_when_it_ends(site: ReplaySite) -> None:
    with serving(site) as url:
        assert url.startswith("http://127.0.0.1:")
        assert url.endswith("/sdw/search/mutualmarket.aspx?t=hk")
        assert b"Shareholding Date: 2026/02/27" in fetched(url)
    with pytest.raises(OSError, match="refused"):
        fetched(url)


def test_it_leaves_no_thread_behind(site: ReplaySite) -> None:
    before = threading.active_count()
    with serving(site):
        assert threading.active_count() == before + 1
    assert threading.active_count() == before


def test_it_serves_where_it_is_told_to(site: ReplaySite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with serving(site, port) as url:
        assert f":{port}/" in url


def test_a_port_that_is_taken_is_refused(site: ReplaySite) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        serving(site, taken.getsockname()[1]).__enter__()


def test_two_sites_are_served_at_a_time() -> None:
    first, second = ReplaySite(), ReplaySite(generation="2018")
    with serving(first) as one, serving(second) as other:
        assert b"__EVENTTARGET" in fetched(one)
        assert b"__EVENTVALIDATION" in fetched(other)


def test_a_site_can_be_mounted_beside_other_routes(site: ReplaySite) -> None:
    def inbox(_: Request) -> PlainTextResponse:
        return PlainTextResponse("no mail")

    app = Starlette(routes=[Route("/inbox", inbox), Mount("/", site.app)])
    with LocalServer(app) as server:
        assert fetched(f"{server.address}/inbox") == b"no mail"
        assert b"pnlResult" in fetched(f"{server.address}/sdw/search/mutualmarket.aspx?t=hk")


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_as_a_process_it_prints_its_address_and_serves_until_it_is_interrupted(
    ending: signal.Signals,
) -> None:
    with site_process("--today", "2026-03-04", "--invented", "5", "--generation", "2018") as process:
        assert process.stdout is not None
        page = fetched(process.stdout.readline().strip())
        assert b'value="20260304"' in page
        assert b"Shareholding Date: 2026/03/03" in page
        process.send_signal(ending)
        assert process.wait(60) == 0


def test_as_a_process_it_says_in_a_line_what_it_was_told_wrong() -> None:
    with site_process("--today", "2020-01-01") as process:
        assert process.stderr is not None
        complaint = process.stderr.read()
        assert process.wait(60) == 1
    assert complaint == "replay: today: got 2020-01-01, want a day after 2026-01-02, the first with figures\n"
