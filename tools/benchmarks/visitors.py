"""Many sessions of the dashboard at once: no browsers, only their sockets."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import cast

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

SECONDS = 60


class Visitor:
    """One open page, as the server sees it."""

    def __init__(self, address: str) -> None:
        socket = address.replace("http", "ws") + "/_stcore/stream"
        self._socket: ClientConnection = connect(
            socket,
            origin=Origin(address),
            subprotocols=[Subprotocol("streamlit")],
            max_size=None,
            legacy=True,
        )

    def rerun(self, query: str = "") -> float:
        """Ask for a rerun; the moment at which the script has finished."""
        message = BackMsg()
        message.rerun_script.query_string = query
        self._socket.send(message.SerializeToString())
        answer, finished = ForwardMsg(), False
        while not finished:
            answer.ParseFromString(cast("bytes", self._socket.recv(SECONDS)))
            # A page that sees a newer edition while it is drawn begins again; that is not its end.
            finished = (
                answer.WhichOneof("type") == "script_finished"
                and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            )
        return time.perf_counter()

    def close(self) -> None:
        self._socket.close()


@contextmanager
def visitors(address: str, count: int) -> Iterator[list[Visitor]]:
    """So many open pages, each drawn once."""
    opened: list[Visitor] = []
    try:
        for _ in range(count):
            opened.append(Visitor(address))
            opened[-1].rerun()
        yield opened
    finally:
        for visitor in opened:
            visitor.close()


def all_at_once(opened: list[Visitor]) -> list[float]:
    """Rerun every page in the same moment; the seconds that each took."""
    start = threading.Barrier(len(opened) + 1)

    def rerun(visitor: Visitor) -> float:
        start.wait()
        return visitor.rerun()

    with ThreadPoolExecutor(len(opened)) as pool:
        runs = [pool.submit(rerun, visitor) for visitor in opened]
        start.wait()
        began = time.perf_counter()
        return [run.result() - began for run in runs]
