"""A site whose answers do not end where a page does: as they are, or packed so that few bytes become many."""

import threading
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random

MEGABYTE = 2**20


@dataclass
class Flood:
    """What the site answers, and how much of it somebody took.

    Attributes:
        page: the answer to a visit; empty if that is the flood as well.
        opening: what a flood begins with, so that it looks like the page.
        megabytes: how long it goes on.
        packed: whether it goes out as gzip.
        random: whether it cannot be packed.
        sent: bytes that went out of the floods.
        ended: whether all of a flood went out.
    """

    page: bytes = b""
    opening: bytes = b""
    megabytes: int = 100
    packed: bool = False
    random: bool = False
    sent: int = 0
    ended: bool = field(default=False)

    def parts(self) -> Iterator[bytes]:
        """The flood, piece by piece."""
        block = b"<tr><td>flood</td></tr>".ljust(1024) * 1024
        if self.random:
            block = Random(1).randbytes(MEGABYTE)
        zipped = zlib.compressobj(wbits=zlib.MAX_WBITS | 16) if self.packed else None
        for part in (self.opening, *([block] * self.megabytes)):
            yield part if zipped is None else zipped.compress(part)
        if zipped is not None:
            yield zipped.flush()


@contextmanager
def flooding(flood: Flood) -> Iterator[str]:
    """Serve it; gives the address of its page."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if flood.page:
                self._begin()
                self.end_headers()
                self.wfile.write(flood.page)
            else:
                self._flood()

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self._flood()

        def _begin(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")

        def _flood(self) -> None:
            self._begin()
            if flood.packed:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            try:
                for part in flood.parts():
                    self.wfile.write(part)
                    flood.sent += len(part)
                flood.ended = True
            except OSError:
                self.close_connection = True  # whoever asked has had enough

        def log_message(self, *_: object) -> None:
            """Nothing: what came is counted."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/mutualmarket.aspx?t=hk"
    finally:
        server.shutdown()
        server.server_close()
