"""A server on this machine's loopback, in a thread of the process that wants it."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from threading import Thread
from typing import Self

import uvicorn
from starlette.types import ASGIApp

from replay.answering import FOLDER
from replay.connection import ConnectionInScope
from replay.site import ReplaySite
from replay.wording import Language, wording

HOST = "127.0.0.1"
STARTS_WITHIN = 10.0  # seconds
STOPS_WITHIN = 5.0
ANSWERS_MAY_TAKE = 2  # seconds, once it is to stop


class LocalServer:
    """Serves an ASGI application on 127.0.0.1 while the `with` block lasts.

    Args:
        app: what to serve.
        port: where; 0 for one that is free.

    Raises:
        OSError: on entering, when the port is taken.
        TimeoutError: when it does not start within 10 s of entering, or stop within 5 s of leaving.
    """

    def __init__(self, app: ASGIApp, port: int = 0) -> None:
        self.port = port
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=ConnectionInScope,
                ws="none",
                loop="asyncio",
                lifespan="on",
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=ANSWERS_MAY_TAKE,
            )
        )
        self._thread: Thread | None = None

    @property
    def address(self) -> str:
        """`http://127.0.0.1:PORT`, with no slash behind it; the port is known within the `with` block."""
        return f"http://{HOST}:{self.port}"

    def __enter__(self) -> Self:
        # Bound here and handed over: between finding a free port and using it another process could take it.
        listening = socket.create_server((HOST, self.port))
        self.port = listening.getsockname()[1]
        self._thread = Thread(
            target=self._server.run, args=([listening],), name=f"server on port {self.port}", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + STARTS_WITHIN
        while not self._server.started:
            if time.monotonic() > deadline or not self._thread.is_alive():
                listening.close()
                raise TimeoutError(f"{self.address}: not served within {STARTS_WITHIN:.0f} s")
            time.sleep(0.005)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        if self._thread:
            self._thread.join(STOPS_WITHIN)
            if self._thread.is_alive():
                raise TimeoutError(f"{self.address}: still served {STOPS_WITHIN:.0f} s after it was to stop")


@contextmanager
def serving(site: ReplaySite, port: int = 0) -> Iterator[str]:
    """Serve the site while the block lasts; yields the address of its English page.

    Raises:
        OSError: the port is taken.
        TimeoutError: it did not start within 10 s, or stop within 5.
    """
    with LocalServer(site.app, port) as server:
        yield page_address(server.address)


def page_address(server: str, language: Language = "en") -> str:
    """Where the page is on a server, itself given as `http://HOST:PORT`."""
    return f"{server}{FOLDER}{wording(language, 'current').file}?t=hk"


def free_ports(*preferred: int) -> list[int]:
    """As many different ports that nothing listens on: the preferred ones where they are free, 0 for any."""
    with ExitStack() as stack:
        probes = [stack.enter_context(_bound(port)) for port in preferred]
        return [probe.getsockname()[1] for probe in probes]


def _bound(port: int) -> socket.socket:
    probe = socket.socket()
    # As servers do: a connection that has just ended does not keep its port from being used again.
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind((HOST, port))
    except OSError:
        probe.bind((HOST, 0))
    return probe
